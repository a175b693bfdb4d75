"""What an open case waits for, and the limits of each wait.

Promise: one step per wait; the state machine has it under the same name, or, if it is WATCHED, the due index
keeps it. A step is identified by its name and by the event with which it was (re-)entered; see `deadlines`
for when it expires.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.domain.loan.comparison import A_FEW_FEN, Tolerance
from chalicelib.domain.money import Money


class Step(StrEnum):
    """The waits of an open case; ENDED is where a finished case stands."""

    SCREENING = "screening"
    ASSIGNMENT = "assignment"
    ACCEPTANCE = "acceptance"
    CONSENT = "consent"
    MEDIATION = "mediation"
    SIGNING = "signing"
    PERFORMANCE = "performance"
    DEFAULT = "default"
    DECISION = "decision"
    SUBMISSION = "submission"
    COURT_REVIEW = "court_review"
    CORRECTION = "correction"
    RESUBMISSION = "resubmission"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtLimits:
    """Limits per court. Days are calendar days unless named otherwise; the source stands beside each."""

    inclusive_finance_ceiling: Money = Money(200_000_00)  # 本金及利息合计, published scope of the model (M2)
    screening_working_days: int = 1  # [policy]
    assignment_working_days: int = 3  # OL10: appointed within 3 working days
    choice_working_days: int = 2  # OL10: the parties choose together within 2 working days
    acceptance_working_days: int = 3  # OL12: the mediator accepts or declines within 3 working days
    consent_days: int = 7  # [policy]: silence of a party ends the attempt (TY11)
    mediation_days: int = 30  # TY27, OL24: referral before filing (委派)
    extension_cap_days: int = 30  # TY27, OL24: by agreement; no statutory cap, some courts cap at +30
    signing_days: int = 15  # [policy]
    decision_days: int = 15  # [policy]: whether the institution insists on a suit
    submission_working_days: int = 1  # [policy]
    court_review_days: int = 7  # 民事诉讼法 art. 126: registers or refuses; [policy]: rules on a confirmation
    correction_days: int = 15  # [policy]
    resubmission_working_days: int = 1  # [policy]
    default_decision_days: int = 90  # [policy]: whether the institution sues after a default
    enforcement_years: int = 2  # 民事诉讼法 art. 250: a confirmed agreement is enforced within 2 years
    objection_working_days: int = 3  # [policy]: to object to what was recorded in one's name
    objection_decision_working_days: int = 5  # [policy]: the centre decides an objection
    second_record_hours: int = 24  # [policy]: an act recorded in a person's name waits for its second record
    application_answer_working_days: int = 10  # [policy]: an institution answers a borrower's own application
    claim_tolerance: Tolerance = A_FEW_FEN  # [policy]; may claim less: 民事诉讼法 art. 13


WATCHED: Final = frozenset({Step.PERFORMANCE, Step.DEFAULT})
"""Waits of months and years: the due index keeps them, not an execution (design §3.4)."""
AUTOMATIC: Final = frozenset({Step.SCREENING, Step.RESUBMISSION})
"""Steps the hub takes itself, as soon as the workflow arrives at them."""
