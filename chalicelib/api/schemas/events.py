"""What happened to a case, as its reader may see it.

Promise: a court's people are not told of offers, nor what was agreed before it is in force (TY22); the chain
still verifies around what is left out. Downside: their list skips sequence numbers.
"""

from collections.abc import Iterable

from pydantic import Field

from chalicelib.api.schemas.base import Answer, FreeObject, InstantText
from chalicelib.domain.events import CONFIDENTIAL, Channel, Event
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import IS_TOLD_NO_OFFER, EventType


class EventOut(Answer):
    """One link of the case's chain: the SHA-256 covers the content and the predecessor's hash."""

    sequence: int
    type: EventType
    at: InstantText
    role: Role
    subject: str
    channel: Channel
    facts: FreeObject | None = Field(description="Ids, codes, numbers; null where withheld from this reader")
    previous: str
    hash: str

    @classmethod
    def of(cls, event: Event, reader: Actor) -> "EventOut":
        """Show an event to its reader."""
        withheld = reader.role in IS_TOLD_NO_OFFER and event.type is EventType.SETTLEMENT_REACHED
        return cls(
            sequence=event.sequence,
            type=event.type,
            at=event.at.isoformat(),
            role=event.role,
            subject=event.subject,
            channel=event.channel,
            facts=None if withheld else dict(event.facts),
            previous=event.previous,
            hash=event.hash,
        )


class EventListOut(Answer):
    """One page of events, oldest first."""

    items: list[EventOut]
    next: str | None

    @classmethod
    def of(cls, events: Iterable[Event], reader: Actor, following: str | None) -> "EventListOut":
        """Show a page to its reader; a court's people are not told that offers were made (TY22)."""
        hidden = CONFIDENTIAL if reader.role in IS_TOLD_NO_OFFER else frozenset[EventType]()
        told = (event for event in events if event.type not in hidden)
        return cls(items=[EventOut.of(event, reader) for event in told], next=following)
