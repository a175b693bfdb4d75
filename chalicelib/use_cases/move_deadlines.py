"""Move stored deadlines when a year's holidays are published: each by an act of the hub, in one transaction.

Promise: a deadline is moved only if it is the one that the calendar before gives and the new calendar gives
another; what was set by hand stays. A second run finds what is moved already as the new calendar has it, so a
run that was cut off is simply begun again. A dry run says what would move, and changes nothing. Downside: the
days to object, to choose a mediator and to answer an offer are part of what people were told, and stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chalicelib.domain import deadlines
from chalicelib.domain.calendar import first_difference
from chalicelib.domain.court_commands import MoveDeadline
from chalicelib.domain.errors import Contended, RuleViolated, StaleVersion
from chalicelib.domain.permissions import authorise
from chalicelib.domain.roles import SYSTEM, Actor, Role
from chalicelib.domain.stages import Action, EventType
from chalicelib.domain.transitions import TRANSITIONS
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.loading import change_by, context_of

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.case import Case
    from chalicelib.domain.stages import Stage
    from chalicelib.use_cases.ports import Hub

_ATTEMPTS: Final = 5
BUSY: Final = "busy"
"""Why the deadline of a case stays on which others act all the time."""
UNCLEAR: Final = "entry_unclear"
"""Why a deadline stays of which the events do not tell from when on it counts."""
UNREADABLE: Final = "unreadable"
"""Why the deadline of a case stays that this release can't read."""
ACTS: Final = frozenset({row.event for row in TRANSITIONS} | {EventType.CASE_FILED, EventType.ACT_RECORDED})
"""The events that stand for an act, each of which makes a version of the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPage:
    """What became of a page of a court's cases; `after` continues the list, None ends it.

    `moved` has the acts by case, `left` why a deadline stays: a rule's name, or a code of this module.
    """

    looked_at: int
    moved: dict[str, MoveDeadline] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    after: str | None = None


def move_deadlines(
    hub: Hub,
    court_id: str,
    stage: Stage,
    before: WorkingCalendar,
    *,
    after: str | None,
    limit: int,
    dry_run: bool,
) -> MovedPage:
    """Move the deadlines of at most `limit` of a court's cases to the hub's calendar; raises StoreBusy."""
    authorise(SYSTEM, Action.MOVE_DEADLINE)
    reader = Actor(role=Role.CENTRE, subject=SYSTEM.subject, court_id=court_id)
    page = hub.cases.list_for(reader, stage, after, limit)
    found = MovedPage(
        looked_at=len(page.cases) + len(page.unreadable),
        left={each.case_id: UNREADABLE for each in page.unreadable},
        after=page.after,
    )
    first_day = first_difference(before, hub.calendar)
    for case in page.cases:
        if first_day is not None and deadlines.could_move(case, first_day):
            _move(hub, case.case_id, before, found, dry_run=dry_run)
    return found


def _move(hub: Hub, case_id: str, before: WorkingCalendar, found: MovedPage, *, dry_run: bool) -> None:
    for _ in range(_ATTEMPTS):
        case = hub.cases.get(case_id)
        entered = deadlines.entered_by(case, hub.cases.events(case_id, after=0), ACTS)
        if entered is None:
            found.left[case_id] = UNCLEAR
            return
        act = _due(hub, case, *entered, before)
        if act is None:
            return
        try:
            _carry_out(hub, case, act, dry_run=dry_run)
        except (StaleVersion, Contended):
            continue  # somebody acted on the case: look again
        except RuleViolated as refused:
            found.left[case_id] = refused.rule
            return
        found.moved[case_id] = act
        return
    found.left[case_id] = BUSY


def _due(hub: Hub, case: Case, since: int, at: datetime, before: WorkingCalendar) -> MoveDeadline | None:
    stored, limits = case.deadline, hub.limits_of(case.court_id)
    now = deadlines.recomputed(case, at, limits, before, hub.calendar)
    if stored is None or now is None:
        return None
    return MoveDeadline(rule=deadlines.rule_of(case), before=stored, after=now, since=since)


def _carry_out(hub: Hub, case: Case, act: MoveDeadline, *, dry_run: bool) -> None:
    if dry_run:
        change_by(hub, case, act, context_of(hub, SYSTEM, case.court_id))
    else:
        act_on_case(hub, SYSTEM, case.case_id, act, as_read=case)
