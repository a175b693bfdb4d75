"""Leave an agreement behind: enforce it, sue for what is still owed, or mediate again after a rejection.

What is claimed then follows from the settlement, never from the request: only the remaining sum.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.confirmation import ConfirmationState
from chalicelib.domain.agreement.settlement import claimable, owed_again, reopened
from chalicelib.domain.commands import RequestTransfer
from chalicelib.domain.permissions import authorise
from chalicelib.domain.settlement_commands import Renegotiate, RequestEnforcement, confirmation_of
from chalicelib.domain.stages import Action, Stage
from chalicelib.use_cases.situation import next_check, sit

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.claim import Claim
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.situation import Sitting


def request_enforcement(hub: Hub, actor: Actor, case_id: str, *, expected_version: int) -> Case:
    """Apply for enforcement of a confirmed agreement in default, for the remaining sum (民事诉讼法 250)."""
    authorise(actor, Action.ENFORCE)
    sitting = sit(hub, actor, Action.ENFORCE, case_id, expected_version=expected_version)
    command = RequestEnforcement(claim=_remaining(sitting))
    change = lifecycle.apply(sitting.case, command, sitting.context)
    hub.cases.save(change, next_check(hub))
    return change.case


def request_transfer(hub: Hub, actor: Actor, case_id: str, *, expected_version: int) -> Case:
    """Insist on a suit: for the claim, or for what is still owed where an agreement was in force."""
    authorise(actor, Action.TRANSFER)
    sitting = sit(hub, actor, Action.TRANSFER, case_id, expected_version=expected_version)
    change = lifecycle.apply(sitting.case, RequestTransfer(claim=_owed(sitting)), sitting.context)
    hub.cases.save(change, next_check(hub))
    return change.case


def renegotiate(hub: Hub, actor: Actor, case_id: str, *, expected_version: int) -> Case:
    """Mediate again after a rejected confirmation, about the debt less what was paid (民事诉讼法 206)."""
    authorise(actor, Action.RENEGOTIATE)
    sitting = sit(hub, actor, Action.RENEGOTIATE, case_id, expected_version=expected_version)
    claim = owed_again(sitting.settlement).as_claim(sitting.today)
    change = lifecycle.apply(sitting.case, Renegotiate(claim=claim), sitting.context)
    hub.cases.save(replace(change, settlement=reopened(sitting.settlement)), next_check(hub))
    return change.case


def _owed(sitting: Sitting) -> Claim | None:
    match sitting.case.stage:
        case Stage.DEFAULTED if confirmation_of(sitting.case).state is not ConfirmationState.REJECTED:
            return _remaining(sitting)
        case Stage.PERFORMING | Stage.DEFAULTED:
            return owed_again(sitting.settlement).as_claim(sitting.today)
        case _:
            return None


def _remaining(sitting: Sitting) -> Claim:
    return claimable(sitting.settlement, sitting.today).as_claim(sitting.today)
