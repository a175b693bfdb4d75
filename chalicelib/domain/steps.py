"""What an open case waits for, and until when.

Promise: the step and its deadline follow from the case alone; the state machine has one waiting state
per step and asks nothing else, so that a lost execution restarts where the case stands. A step is
identified by its name and `step_since`, the event with which it was (re-)entered. Downside: deadlines
are recorded when a step is entered; a calendar published later does not move them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.calendar import WorkingCalendar, after_days, after_working_days
from chalicelib.domain.money import Money
from chalicelib.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.domain.case import Case


class Step(StrEnum):
    """The waits of an open case; ENDED is where a finished case stands."""

    SCREENING = "screening"
    ASSIGNMENT = "assignment"
    ACCEPTANCE = "acceptance"
    CONSENT = "consent"
    MEDIATION = "mediation"
    SIGNING = "signing"
    DECISION = "decision"
    SUBMISSION = "submission"
    COURT_REVIEW = "court_review"
    CORRECTION = "correction"
    RESUBMISSION = "resubmission"
    ENDED = "ended"


_STEP_OF: Final[Mapping[Stage, Step]] = {
    Stage.FILED: Step.SCREENING,
    Stage.SCREENED: Step.ASSIGNMENT,
    Stage.ASSIGNED: Step.ACCEPTANCE,
    Stage.IN_MEDIATION: Step.MEDIATION,
    Stage.SETTLED: Step.SIGNING,
    Stage.UNRESOLVED: Step.DECISION,
    Stage.TRANSFERRING: Step.SUBMISSION,
    Stage.SUBMITTED: Step.COURT_REVIEW,
    Stage.RETURNED: Step.CORRECTION,
    Stage.CORRECTED: Step.RESUBMISSION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Limits per court. Days are calendar days unless named otherwise; the source stands beside each."""

    inclusive_finance_ceiling: Money = Money(200_000_00)  # 本金及利息合计, published scope of the model (M2)
    screening_working_days: int = 1  # [policy]
    assignment_working_days: int = 3  # OL10: appointed within 3 working days
    acceptance_working_days: int = 3  # OL12: the mediator accepts or declines within 3 working days
    consent_days: int = 7  # [policy]: silence of a party ends the attempt (TY11)
    mediation_days: int = 30  # TY27, OL24: referral before filing (委派)
    extension_cap_days: int = 30  # TY27, OL24: by agreement; no statutory cap, some courts cap at +30
    signing_days: int = 15  # [policy]
    decision_days: int = 15  # [policy]: whether the institution insists on a suit
    submission_working_days: int = 1  # [policy]
    court_review_days: int = 7  # 民事诉讼法 art. 126: registers or refuses within 7 days
    correction_days: int = 15  # [policy]
    resubmission_working_days: int = 1  # [policy]


def steps_at(stage: Stage) -> tuple[Step, ...]:
    """Return what a case at this stage may wait for, in order."""
    first = _STEP_OF.get(stage, Step.ENDED)
    return (first, Step.CONSENT) if stage is Stage.ASSIGNED else (first,)


def step_of(case: Case) -> Step:
    """Return what the case waits for."""
    if case.stage is Stage.ASSIGNED and case.accepted_at is not None:
        return Step.CONSENT
    return _STEP_OF.get(case.stage, Step.ENDED)


def _mediation_ends(case: Case, at: datetime, policy: Policy, calendar: WorkingCalendar) -> datetime:
    # The clock starts when the mediator accepts (TY27), even if a consent comes later.
    return after_days(case.accepted_at or at, policy.mediation_days + case.extended_days, calendar)


_DEADLINES: Final[Mapping[Step, Callable[[Case, datetime, Policy, WorkingCalendar], datetime]]] = {
    Step.SCREENING: lambda _c, at, p, cal: after_working_days(at, p.screening_working_days, cal),
    Step.ASSIGNMENT: lambda _c, at, p, cal: after_working_days(at, p.assignment_working_days, cal),
    Step.ACCEPTANCE: lambda _c, at, p, cal: after_working_days(at, p.acceptance_working_days, cal),
    Step.CONSENT: lambda _c, at, p, cal: after_days(at, p.consent_days, cal),
    Step.MEDIATION: _mediation_ends,
    Step.SIGNING: lambda _c, at, p, cal: after_days(at, p.signing_days, cal),
    Step.DECISION: lambda _c, at, p, cal: after_days(at, p.decision_days, cal),
    Step.SUBMISSION: lambda _c, at, p, cal: after_working_days(at, p.submission_working_days, cal),
    Step.COURT_REVIEW: lambda _c, at, p, cal: after_days(at, p.court_review_days, cal),
    Step.CORRECTION: lambda _c, at, p, cal: after_days(at, p.correction_days, cal),
    Step.RESUBMISSION: lambda _c, at, p, cal: after_working_days(at, p.resubmission_working_days, cal),
}

AUTOMATIC: Final = frozenset({Step.SCREENING, Step.RESUBMISSION})
"""Steps the hub takes itself, as soon as the workflow arrives at them."""


def deadline_of(case: Case, at: datetime, policy: Policy, calendar: WorkingCalendar) -> datetime | None:
    """Return the instant (UTC) at which the case's present step, entered at `at`, expires."""
    compute = _DEADLINES.get(step_of(case))
    return compute(case, at, policy, calendar) if compute else None
