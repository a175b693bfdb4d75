"""What happened to a case, as its reader may see it.

Promise: a reader who may not see an event gets a stub in its place (TY22), and the chain still verifies.
"""

from pydantic import Field

from chalicelib.api.schemas.base import Answer, FreeObject, InstantText
from chalicelib.domain.events import Channel, Event, Link
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import EventType


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
    channel: Channel
    facts: FreeObject = Field(description="Ids, codes, numbers")
    chain_version: int = Field(description="How the hash is computed: 2 is salted")
    salt: str = Field(description="32 hex digits; empty in version 1")
    talk: str | None = Field(description="The last hash of the case's log of talk by then")


class EventListOut(Answer):
    """One page of events, oldest first."""

    items: list[EventOut | EventStubOut]
    next: str | None


def link_out(link: Link) -> EventOut | EventStubOut:
    """Show an event or its stub."""
    return EventOut.of(link) if isinstance(link, Event) else EventStubOut.of(link)
