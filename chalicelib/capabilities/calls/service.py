"""Read the calls that a centre has to make, and record that one was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chalicelib.capabilities.calls.declaration import END_CALL, READ_CALLS
from chalicelib.domain.errors import NotPermitted
from chalicelib.domain.permissions import authorise

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.capabilities.calls.model import CallPage
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Action
    from chalicelib.use_cases.ports import Hub


class Calls(Protocol):
    """The calls that centres have to make; the notices' store puts them there."""

    def page(self, court_id: str, after: str | None, limit: int) -> CallPage:
        """Read at most `limit` calls of a court's centre that come after a place."""
        ...

    def end(self, court_id: str, call_id: str, subject: str, at: datetime) -> None:
        """Take a call off the list and keep beside the case who made it; a second time changes nothing."""
        ...


def read_calls(hub: Hub, actor: Actor, after: str | None, limit: int) -> CallPage:
    """Return a page of the calls that the actor's centre has to make; raises NotPermitted."""
    return hub.part(Calls).page(_court_of(actor, READ_CALLS), after, limit)


def end_call(hub: Hub, actor: Actor, call_id: str) -> None:
    """Record that the person was told by telephone; raises NotPermitted. An unknown call changes nothing."""
    hub.part(Calls).end(_court_of(actor, END_CALL), call_id, actor.subject, hub.clock.now())


def _court_of(actor: Actor, action: Action) -> str:
    authorise(actor, action)
    if actor.court_id is None:
        raise NotPermitted(actor.role, action)
    return actor.court_id
