"""Which step a case stands at, and when that step expires.

Promise: both follow from the case alone, so that a lost execution restarts where the case stands.
A deadline that a table of holidays moves is found here (`recomputed`); moving it is an act of the hub
(`court_commands.MoveDeadline`). Downside: which act entered a step is counted in the case's events; where a
release has recorded them otherwise, the deadline stays as it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement.confirmation import ConfirmationState
from chalicelib.domain.calendar import (
    WorkingCalendar,
    after_days,
    after_working_days,
    end_of,
    local_date,
    morning_of,
)
from chalicelib.domain.loan.dates import years_after
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.steps import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime

    from chalicelib.domain.case import Case
    from chalicelib.domain.events import Event
    from chalicelib.domain.steps import CourtLimits

_ONE_DAY: Final = timedelta(days=1)
_STEP_OF: Final[Mapping[Stage, Step]] = {
    Stage.FILED: Step.SCREENING,
    Stage.SCREENED: Step.ASSIGNMENT,
    Stage.ASSIGNED: Step.ACCEPTANCE,
    Stage.IN_MEDIATION: Step.MEDIATION,
    Stage.SETTLED: Step.SIGNING,
    Stage.PERFORMING: Step.PERFORMANCE,
    Stage.DEFAULTED: Step.DEFAULT,
    Stage.UNRESOLVED: Step.DECISION,
    Stage.TRANSFERRING: Step.SUBMISSION,
    Stage.SUBMITTED: Step.COURT_REVIEW,
    Stage.RETURNED: Step.CORRECTION,
    Stage.CORRECTED: Step.RESUBMISSION,
}


def steps_at(stage: Stage) -> tuple[Step, ...]:
    """Return what a case at this stage may wait for, in order."""
    first = _STEP_OF.get(stage, Step.ENDED)
    return (first, Step.CONSENT) if stage is Stage.ASSIGNED else (first,)


def step_of(case: Case) -> Step:
    """Return what the case waits for."""
    if case.stage is Stage.ASSIGNED and case.accepted_at is not None:
        return Step.CONSENT
    return _STEP_OF.get(case.stage, Step.ENDED)


def _assignment_ends(case: Case, at: datetime, limits: CourtLimits, calendar: WorkingCalendar) -> datetime:
    # First the parties choose, then the centre appoints (OL10): the day after their last one is its first.
    begins = max(at, case.choice.until - timedelta.resolution) if case.choice else at
    return after_working_days(begins, limits.assignment_working_days, calendar)


def _mediation_ends(case: Case, at: datetime, limits: CourtLimits, calendar: WorkingCalendar) -> datetime:
    # The clock starts when the mediator accepts (TY27), even if a consent comes later.
    days = limits.mediation_days + case.extended_days + (case.held_days or 0)
    return after_days(case.accepted_at or at, days, calendar)


def _follow_up(case: Case, at: datetime, limits: CourtLimits, _calendar: WorkingCalendar) -> datetime:
    # If no next day is stored, the agreement is looked at tomorrow, so that it is never forgotten.
    day = case.follow_up_on or local_date(at) + _ONE_DAY
    if case.confirmation is not None and case.confirmation.before_the_court:
        day = min(day, local_date(at) + timedelta(days=limits.court_review_days))
    return morning_of(day)


def _default_ends(case: Case, at: datetime, limits: CourtLimits, calendar: WorkingCalendar) -> datetime:
    if case.confirmation is not None and case.confirmation.before_the_court:
        return after_days(at, limits.court_review_days, calendar)
    if case.confirmation is not None and case.confirmation.state is ConfirmationState.CONFIRMED:
        return end_of(calendar.roll(years_after(local_date(at), limits.enforcement_years)))
    return after_days(at, limits.default_decision_days, calendar)


_DEADLINES: Final[Mapping[Step, Callable[[Case, datetime, CourtLimits, WorkingCalendar], datetime]]] = {
    Step.SCREENING: lambda _c, at, p, cal: after_working_days(at, p.screening_working_days, cal),
    Step.ASSIGNMENT: _assignment_ends,
    Step.ACCEPTANCE: lambda _c, at, p, cal: after_working_days(at, p.acceptance_working_days, cal),
    Step.CONSENT: lambda _c, at, p, cal: after_days(at, p.consent_days, cal),
    Step.MEDIATION: _mediation_ends,
    Step.SIGNING: lambda _c, at, p, cal: after_days(at, p.signing_days, cal),
    Step.PERFORMANCE: _follow_up,
    Step.DEFAULT: _default_ends,
    Step.DECISION: lambda _c, at, p, cal: after_days(at, p.decision_days, cal),
    Step.SUBMISSION: lambda _c, at, p, cal: after_working_days(at, p.submission_working_days, cal),
    Step.COURT_REVIEW: lambda _c, at, p, cal: after_days(at, p.court_review_days, cal),
    Step.CORRECTION: lambda _c, at, p, cal: after_days(at, p.correction_days, cal),
    Step.RESUBMISSION: lambda _c, at, p, cal: after_working_days(at, p.resubmission_working_days, cal),
}


def deadline_of(case: Case, at: datetime, limits: CourtLimits, calendar: WorkingCalendar) -> datetime | None:
    """Return the instant (UTC) at which the case's present step, entered at `at`, expires."""
    if case.objection is not None:
        return after_working_days(at, limits.objection_decision_working_days, calendar)
    compute = _DEADLINES.get(step_of(case))
    if compute is None:
        return None
    # What is held leaves for the court first; its own limit starts then.
    at_last = case.held_until if step_of(case) is Step.SUBMISSION else None
    limit = at_last or compute(case, at, limits, calendar)
    return min(limit, case.held_until or limit)


def rule_of(case: Case) -> str:
    """Return the name of the court's limit that sets the deadline of the case's present step."""
    if case.objection is not None:
        return "objection_decision_working_days"
    if step_of(case) is Step.DEFAULT and (confirmation := case.confirmation) is not None:
        if confirmation.before_the_court:
            return "court_review_days"
        if confirmation.state is ConfirmationState.CONFIRMED:
            return "enforcement_years"
    return _LIMITS.get(step_of(case), str(step_of(case)))


_LIMITS: Final[Mapping[Step, str]] = {
    Step.SCREENING: "screening_working_days",
    Step.ASSIGNMENT: "assignment_working_days",
    Step.ACCEPTANCE: "acceptance_working_days",
    Step.CONSENT: "consent_days",
    Step.MEDIATION: "mediation_days",
    Step.SIGNING: "signing_days",
    Step.DEFAULT: "default_decision_days",
    Step.DECISION: "decision_days",
    Step.SUBMISSION: "submission_working_days",
    Step.COURT_REVIEW: "court_review_days",
    Step.CORRECTION: "correction_days",
    Step.RESUBMISSION: "resubmission_working_days",
}


def could_move(case: Case, first_day: date) -> bool:
    """Tell whether a calendar that is another one from `first_day` on can move the case's deadline.

    A deadline that ends before it was computed from days that are the same in both.
    """
    return case.deadline is not None and local_date(case.deadline - timedelta.resolution) >= first_day


def entered_by(
    case: Case, events: Iterable[Event], acts: frozenset[EventType]
) -> tuple[int, datetime] | None:
    """Return the number and the time of the act with which the case entered its step; None if it is unclear.

    `acts` are the events that stand for an act, in contrast to what is only recorded. An act that moved the
    deadline entered the step again, but what it counts from stays.
    """
    done = [event for event in events if event.type in acts]
    if len(done) != case.version:
        return None
    number = case.entered_at_version
    while done[number - 1].type is EventType.DEADLINE_MOVED:
        number = int(done[number - 1].facts["since"])
    return number, done[number - 1].at


def recomputed(
    case: Case, entered: datetime, limits: CourtLimits, before: WorkingCalendar, after: WorkingCalendar
) -> datetime | None:
    """Return the deadline by the new calendar if the stored one is that of the old, and they differ.

    So what an act has set by hand, or limits that a court had then, stay as they are.
    """
    if case.deadline is None or deadline_of(case, entered, limits, before) != case.deadline:
        return None
    now = deadline_of(case, entered, limits, after)
    return None if now == case.deadline else now
