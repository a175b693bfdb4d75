"""Cases at the stages of an agreement, and its confirmation in each state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.confirmation import (
    Application,
    Confirmation,
    ConfirmationState,
    RejectionGround,
    Ruling,
)
from chalicelib.domain.errors import RuleViolated
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.settlement_outcome import OfferStanding, SettlementOutcome
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import Step
from tests.support.builders import (
    FAR,
    FOLLOW_UP_ON,
    SHA256,
    START,
    context_of,
    filed,
    insiders,
)

if TYPE_CHECKING:
    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.commands import Command

CASE: Final = filed().case
BANK: Final = next(actor for actor in insiders(CASE) if actor.role is Role.INSTITUTION)
BORROWER: Final = next(actor for actor in insiders(CASE) if actor.role is Role.BORROWER)
SYSTEM: Final = next(actor for actor in insiders(CASE) if actor.role is Role.SYSTEM)
MEDIATOR: Final = next(actor for actor in insiders(CASE) if actor.role is Role.MEDIATOR)
OPEN: Final = OfferStanding(number=1, side=Side.APPLICANT, expires_at=START + timedelta(days=3))
IN_FORCE: Final = Confirmation(in_force_at=START)
BOTH: Final = tuple(Application(side=side, party_id="p", at=START) for side in Side)
APPLIED: Final = replace(IN_FORCE, applications=BOTH, transfer_id="C-0001-C1")
CONFIRMED: Final = replace(APPLIED, ruling=Ruling(on=date(2026, 3, 9)))
REJECTED: Final = replace(
    APPLIED, ruling=Ruling(on=date(2026, 3, 9), rejected_for=RejectionGround.CONTENT_UNCLEAR)
)
STATES: Final = {
    ConfirmationState.NONE: IN_FORCE,
    ConfirmationState.APPLIED: APPLIED,
    ConfirmationState.TRANSFERRED: replace(APPLIED, transferred_at=START),
    ConfirmationState.CONFIRMED: CONFIRMED,
    ConfirmationState.REJECTED: REJECTED,
}


def at(stage: Stage, **changes: Any) -> Case:
    """Return a case at a stage, its agreement signed by all where there is one."""
    step = {
        Stage.IN_MEDIATION: Step.MEDIATION,
        Stage.SETTLED: Step.SIGNING,
        Stage.PERFORMING: Step.PERFORMANCE,
        Stage.DEFAULTED: Step.DEFAULT,
    }[stage]
    values: dict[str, Any] = {
        "stage": stage,
        "step": step,
        "accepted_at": START,
        "mediator_id": "m1",
        "judge_id": "j1",
        "consents": CASE.party_ids,
        "deadline": FAR,
    }
    if stage in {Stage.PERFORMING, Stage.DEFAULTED}:
        values |= {
            "confirmation": IN_FORCE,
            "signatures": CASE.party_ids,
            "outcome": SettlementOutcome.INSTALMENTS,
            "agreement_sha256": SHA256,
            "follow_up_on": FOLLOW_UP_ON,
        }
    return replace(CASE, **values | changes)


def act(case: Case, command: Command, actor: Actor = SYSTEM, when: datetime = START) -> Change:
    """Apply a command."""
    return lifecycle.apply(case, command, context_of(actor, when))


def refused(case: Case, command: Command, actor: Actor, when: datetime = START) -> str:
    """Return the rule that refuses."""
    with pytest.raises(RuleViolated) as refusal:
        act(case, command, actor, when)
    return refusal.value.rule
