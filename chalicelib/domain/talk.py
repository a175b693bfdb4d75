"""Talk: what is said or done beside a case without being part of its record, in an append-only log.

Notes, messages, looks at personal data and deliveries are talk; `docs/decisions/0016` says why they are no
events. Promise: each entry's hash covers its content and its predecessor's hash, and the case's next event
carries the log's head, so that an entry can neither be changed nor taken away unseen. An entry holds ids,
codes and salted digests; the words themselves are stored sealed, elsewhere. Downside: what was said after
the case's last event is protected by the log alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.errors import ChainBroken
from chalicelib.domain.hashing import GENESIS, salted_digest
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable


LOG_VERSION: Final = 1
"""The version of the hashing of entries."""


@dataclass(frozen=True, slots=True)
class Head:
    """The place of a log's last entry; that of an empty log by default."""

    sequence: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One link of a case's talk; `sequence` starts at 1, `kind` is the name its capability gives it."""

    case_id: str
    sequence: int
    kind: str
    at: datetime
    role: Role
    subject: str
    data: Mapping[str, Any]
    salt: str
    previous: str = GENESIS
    log_version: int = LOG_VERSION
    hash: str = ""

    @property
    def place(self) -> Head:
        """The head of the log after this entry."""
        return Head(self.sequence, self.hash)

    def sealed(self) -> Entry:
        """Return the entry with its hash filled in."""
        return replace(self, hash=self.digest())

    def digest(self) -> str:
        """SHA-256 (hex) over the canonical JSON of everything but the hash itself."""
        return salted_digest(
            self.salt,
            {
                "log_version": self.log_version,
                "case_id": self.case_id,
                "sequence": self.sequence,
                "kind": self.kind,
                "at": self.at.isoformat(),
                "role": self.role,
                "subject": self.subject,
                "data": self.data,
                "previous": self.previous,
            },
        )


def verify_talk(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Check a case's whole log from its first entry on; return all hashes in order, or raise ChainBroken."""
    hashes: list[str] = []
    case_id: str | None = None
    for expected, entry in enumerate(entries, start=1):
        if entry.sequence != expected:
            raise ChainBroken(entry.sequence, f"expected entry {expected} of the talk")
        if entry.case_id != (case_id or entry.case_id):
            raise ChainBroken(entry.sequence, "this entry of the talk belongs to another case")
        if entry.previous != (hashes[-1] if hashes else GENESIS):
            raise ChainBroken(entry.sequence, "this entry of the talk does not follow its predecessor")
        if entry.hash != entry.digest():
            raise ChainBroken(entry.sequence, "this entry of the talk was altered")
        hashes.append(entry.hash)
        case_id = entry.case_id
    return tuple(hashes)
