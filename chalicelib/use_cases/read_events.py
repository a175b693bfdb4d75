"""Read what happened to a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from chalicelib.domain.events import Event
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def read_events(hub: Hub, actor: Actor, case_id: str, after: int, limit: int) -> tuple[Event, ...]:
    """Return the events after a sequence number, oldest first; raises CaseNotFound."""
    authorise(actor, Action.READ)
    authorise_on(actor, Action.READ, hub.cases.get(case_id))
    return hub.cases.events(case_id, after, limit)
