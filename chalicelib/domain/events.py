"""Events: what happened to a case, chained by hash so that a later alteration shows.

Promise: each event's hash covers its content and its predecessor's hash; `verify_chain` needs nothing
but the events. An event holds ids and codes only, nothing personal. A reader who may not see an event gets
a `Stub`, with which the chain still verifies. Downside: the chain proves what happened after it was
recorded, not that what was recorded was true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from chalicelib.domain.errors import ChainBroken
from chalicelib.domain.hashing import GENESIS, digest, salted_digest
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import EventType

if TYPE_CHECKING:
    from collections.abc import Iterable


CHAIN_VERSION: Final = 2
"""The version of the hashing. Version 1 had neither salt nor talk; its chains still verify."""


class Channel(StrEnum):
    """How a step was taken; the report counts trips per party (最多跑一趟)."""

    ONLINE = "online"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One link of a case's chain; `sequence` starts at 1.

    `talk` is the head of the case's log of talk as it was known then (see `talk`), None without any. An event
    of chain version 2 has a salt, so that a reader who gets only its hash can't guess its content.
    """

    case_id: str
    sequence: int
    type: EventType
    at: datetime
    role: Role
    subject: str
    channel: Channel
    facts: Mapping[str, Any]
    previous: str
    chain_version: int = 1
    salt: str = ""
    talk: str | None = None
    hash: str = ""

    def sealed(self) -> Event:
        """Return the event with its hash filled in."""
        return replace(self, hash=self.digest())

    def digest(self) -> str:
        """SHA-256 (hex) over the canonical JSON of everything but the hash itself.

        Raises ChainBroken for a chain version that this release does not know.
        """
        content = {
            "case_id": self.case_id,
            "sequence": self.sequence,
            "type": self.type,
            "at": self.at.isoformat(),
            "role": self.role,
            "subject": self.subject,
            "channel": self.channel,
            "facts": self.facts,
            "previous": self.previous,
        }
        if self.chain_version == CHAIN_VERSION:
            return salted_digest(self.salt, {**content, "chain_version": CHAIN_VERSION, "talk": self.talk})
        if self.chain_version != 1:
            raise ChainBroken(
                self.sequence, f"chain version {self.chain_version} is not known to this release"
            )
        if self.salt or self.talk is not None:
            raise ChainBroken(self.sequence, "an event of chain version 1 has neither salt nor talk")
        return digest(content)

    def stub(self) -> Stub:
        """Return the stub for a reader who may not see the event."""
        return Stub(sequence=self.sequence, previous=self.previous, hash=self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A link whose content is hidden: the reader learns only that something happened."""

    sequence: int
    previous: str
    hash: str


Link: TypeAlias = Event | Stub


def verify_chain(links: Iterable[Link]) -> str:
    """Check a case's whole chain from its first link on; return the last hash, or raise ChainBroken.

    Of a stub only the place can be checked, not the content; its altered hash is noticed at the next link.
    """
    previous, case_id = GENESIS, None
    for expected, link in enumerate(links, start=1):
        if link.sequence != expected:
            raise ChainBroken(link.sequence, f"expected event {expected}")
        if link.previous != previous:
            raise ChainBroken(link.sequence, "does not follow its predecessor")
        if isinstance(link, Event):
            if link.case_id != (case_id or link.case_id):
                raise ChainBroken(link.sequence, "belongs to another case")
            if link.hash != link.digest():
                raise ChainBroken(link.sequence, "its content was altered")
            case_id = link.case_id
        previous = link.hash
    return previous
