"""What happened to a case, as its reader may see it.

Promise: a reader who may not see an event gets a stub in its place (TY22), and the chain still verifies.
"""

from collections.abc import Mapping

from pydantic import Field

from chalicelib.api.schemas.base import Answer, FreeObject, InstantText
from chalicelib.domain.events import Channel, Event, Link
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import EventType
from chalicelib.use_cases.loading import name_by


class EventStubOut(Answer):
    """A link that this reader may not see: something happened, and nothing is said of what."""

    sequence: int
    previous: str
    hash: str


class EventOut(EventStubOut):
    """One link of the case's chain: the SHA-256 covers the content and the predecessor's hash."""

    type: EventType
    at: InstantText
    role: Role
    subject: str
    name: str | None = Field(description="Of one of the court's people: the roster's name for it · 姓名")
    channel: Channel
    facts: FreeObject = Field(description="Ids, codes, numbers")
    chain_version: int = Field(description="How the hash is computed: 2 is salted")
    salt: str = Field(description="32 hex digits; empty in version 1")
    talk: str | None = Field(description="The last hash of the case's log of talk by then")


class EventListOut(Answer):
    """One page of events, oldest first."""

    items: list[EventOut | EventStubOut]
    next: str | None


def link_out(link: Link, names: Mapping[str, str]) -> EventOut | EventStubOut:
    """Show an event, with the name of who did it, or its stub."""
    if isinstance(link, Event):
        return EventOut.of(link, name=name_by(names, link))
    return EventStubOut.of(link)
