"""Read a case: the record, what the caller may do to it next, and, where shown, its parties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import local_date
from chalicelib.domain.lifecycle import allowed_actions
from chalicelib.domain.permissions import authorise, authorise_on, may
from chalicelib.domain.stages import Action
from chalicelib.use_cases.situation import onlooker

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.case import Case
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as one caller sees it; `details` is empty for a role that has no need of names.

    `today` and `calendar` tell how long the window for judicial confirmation stays open.
    """

    case: Case
    details: tuple[PartyDetails, ...]
    allowed_actions: tuple[Action, ...]
    today: date
    calendar: WorkingCalendar


def read_case(hub: Hub, actor: Actor, case_id: str) -> CaseView:
    """Read a case; raises CaseNotFound for what the caller may not know of."""
    authorise(actor, Action.READ)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.READ, case)
    details = hub.cases.details(case) if may(actor, Action.READ_PARTIES) else ()
    return view_of(hub, actor, case, details)


def view_of(hub: Hub, actor: Actor, case: Case, details: tuple[PartyDetails, ...] = ()) -> CaseView:
    """Return a case that is at hand as the actor sees it."""
    context = onlooker(hub, actor, case.court_id)
    return CaseView(
        case=case,
        details=details,
        allowed_actions=allowed_actions(case, context),
        today=local_date(context.at),
        calendar=context.calendar,
    )
