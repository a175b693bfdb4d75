"""Read what happened to a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import names_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import Event
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """Events, the oldest first; `names` are those of the court's people by their subjects."""

    events: tuple[Event, ...]
    names: Mapping[str, str]

    def __repr__(self) -> str:
        return f"EventPage({len(self.events)} events)"


def read_events(hub: Hub, actor: Actor, case_id: str, after: int, limit: int) -> EventPage:
    """Return the events after a sequence number, oldest first; raises CaseNotFound."""
    authorise(actor, Action.READ)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.READ, case)
    events = hub.cases.events(case_id, after, limit)
    return EventPage(events=events, names=names_by(hub, actor, case, events))
