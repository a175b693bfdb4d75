"""What a refused action waits for, by name: from the law for each action, and over every state of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.awaited import WAYS
from chalicelib.domain.errors import ActionNotAvailable, RuleViolated
from chalicelib.domain.parties import Side
from chalicelib.domain.pending_act import Objection, RecordedAct
from chalicelib.domain.roles import Role
from chalicelib.domain.settlement_outcome import OfferStanding, SettlementOutcome
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.transitions import TRANSITIONS, transitions_for
from tests.support.atlas import atlas
from tests.support.builders import START as AT
from tests.support.builders import attempt, commands_for, context_of, filed, insiders

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.case import Case

CASE = replace(filed("a1", "r1", "r2").case, mediator_id="m-1", deadline=AT + timedelta(days=30))
OFFER = OfferStanding(number=1, side=Side.APPLICANT, expires_at=AT + timedelta(days=3))
ACCEPTED = replace(OFFER, accepted=True, expires_at=AT)
EVERYBODY = frozenset({"a1", "r1", "r2"})
ACT = RecordedAct(
    number=2,
    action=Action.CONSENT,
    party_id="r1",
    stage=Stage.SCREENED,
    at=AT,
    until=AT + timedelta(days=3),
    recorded_by=frozenset({"m-1"}),
)
BOTH = ("consent:r1", "consent:r2")
LATE = {"deadline": AT}


def missing(case: Case, action: Action, at: datetime = AT) -> tuple[str, ...] | None:
    """Return what the refusal of an action names; None where the stage has the action."""
    try:
        transitions_for(case, action, at)
    except ActionNotAvailable as refused:
        return refused.missing
    return None


@pytest.mark.parametrize(
    ("action", "stage", "changes", "names"),
    [
        # TY11, TY12, OL12: mediation begins once a mediator is appointed and accepts and the parties consent.
        (Action.APPOINT, Stage.FILED, {}, ("screening",)),
        (Action.ACCEPT, Stage.FILED, {}, ("screening", "appointment")),
        (Action.ACCEPT, Stage.SCREENED, {}, ("appointment",)),
        (Action.OFFER, Stage.FILED, {}, ("screening", *BOTH, "mediation")),
        (Action.OFFER, Stage.SCREENED, {}, ("appointment", *BOTH, "mediation")),
        (Action.OFFER, Stage.ASSIGNED, {}, ("mediator_acceptance", *BOTH)),
        (Action.OFFER, Stage.ASSIGNED, {"accepted_at": AT}, BOTH),
        (Action.OFFER, Stage.ASSIGNED, {"consents": EVERYBODY}, ("mediator_acceptance",)),
        (Action.CONSENT, Stage.IN_MEDIATION, {}, ()),
        # 民法典 490, TY24: an agreement is drawn up from the offer that all have accepted, then signed.
        (Action.SIGN, Stage.SCREENED, {}, ("appointment", *BOTH, "agreement")),
        (Action.SIGN, Stage.IN_MEDIATION, {}, ("offer", "agreement")),
        (Action.SIGN, Stage.IN_MEDIATION, {"offer": replace(OFFER, expires_at=AT)}, ("offer", "agreement")),
        (
            Action.SIGN,
            Stage.IN_MEDIATION,
            {"offer": replace(OFFER, awaits=frozenset({"r2"}))},
            ("answer:r2", "agreement"),
        ),
        (Action.SIGN, Stage.IN_MEDIATION, {"offer": OFFER}, ("answer:r1", "answer:r2", "agreement")),
        (Action.SIGN, Stage.IN_MEDIATION, {"offer": ACCEPTED}, ("agreement",)),
        (Action.SIGN, Stage.IN_MEDIATION, {"offer": ACCEPTED, **LATE}, ("agreement",)),
        (Action.SIGN, Stage.IN_MEDIATION, LATE, ()),
        (
            Action.SIGN,
            Stage.IN_MEDIATION,
            {"offer": replace(ACCEPTED, in_parts=True, sign_by=AT)},
            (),
        ),
        (Action.SIGN, Stage.UNRESOLVED, {}, ()),
        # 民事诉讼法 205: the parties to an agreement in force apply together.
        (Action.APPLY_FOR_CONFIRMATION, Stage.IN_MEDIATION, {}, ("offer", "agreement_in_force")),
        (
            Action.APPLY_FOR_CONFIRMATION,
            Stage.SETTLED,
            {"signatures": frozenset({"r1"})},
            ("signature:a1", "signature:r2"),
        ),
        # TY15: another mediator comes first.
        (
            Action.APPLY_FOR_CONFIRMATION,
            Stage.SETTLED,
            {"mediator_id": None, "signatures": frozenset({"a1", "r1"})},
            ("appointment", "signature:r2"),
        ),
        (
            Action.APPLY_FOR_CONFIRMATION,
            Stage.SETTLED,
            {"offer": replace(ACCEPTED, left_out=frozenset({"r2"}))},
            ("signature:a1", "signature:r1"),
        ),
        (Action.APPLY_FOR_CONFIRMATION, Stage.SETTLED, {"offer": replace(ACCEPTED, sign_by=AT)}, ()),
        # Paid on the spot: nothing is left that a court could confirm.
        (
            Action.APPLY_FOR_CONFIRMATION,
            Stage.SETTLED,
            {"outcome": SettlementOutcome.PAID_ON_THE_SPOT},
            (),
        ),
        # M16: enforced, or given up, is what a party is in default with.
        (Action.ENFORCE, Stage.PERFORMING, {}, ("default",)),
        (Action.ENFORCE, Stage.IN_MEDIATION, {}, ("offer", "default")),
        (Action.DROP, Stage.PERFORMING, {}, ("default",)),
        # TY21, OL21: the suit follows when mediation has ended without an agreement, however it ended.
        (Action.TRANSFER, Stage.FILED, {}, ("mediation_ended",)),
        (Action.TRANSFER, Stage.ASSIGNED, {}, ("mediation_ended",)),
        (Action.TRANSFER, Stage.IN_MEDIATION, {"offer": OFFER}, ("mediation_ended",)),
        (Action.TRANSFER, Stage.SETTLED, {}, ("mediation_ended",)),
        (Action.TRANSFER, Stage.DOCKETED, {}, ()),
        (Action.DROP, Stage.IN_MEDIATION, {}, ("mediation_ended",)),
        # One-network contract: receipt, return, correction, the way back to the court.
        (Action.RECORD_DOCKETING, Stage.UNRESOLVED, {}, ("transfer",)),
        (Action.RECORD_DOCKETING, Stage.IN_MEDIATION, {}, ("mediation_ended", "transfer")),
        (Action.CORRECT, Stage.SUBMITTED, {}, ("return",)),
        (Action.RETRANSFER, Stage.RETURNED, {}, ("correction",)),
        (Action.RECORD_RECEIPT, Stage.CORRECTED, {}, ("resubmission",)),
        # OL25: an agreement in force is performed, sued on or enforced; the case can't be taken back.
        (Action.WITHDRAW, Stage.PERFORMING, {}, ()),
        # 民法典 143: until an objection is decided the case stands still.
        (
            Action.SIGN,
            Stage.IN_MEDIATION,
            {"objection": Objection(act=ACT, at=AT)},
            ("objection_decision", "agreement"),
        ),
        (Action.DECIDE_OBJECTION, Stage.FILED, {}, ("screening", "objection")),
        (Action.OBJECT, Stage.SUBMITTED, {}, ()),
        (Action.DECIDE_CHALLENGE, Stage.SCREENED, {}, ("appointment", "challenge")),
        (Action.CHALLENGE, Stage.PERFORMING, {}, ()),
    ],
)
def test_a_refused_action_names_what_it_waits_for(
    action: Action, stage: Stage, changes: dict[str, Any], names: object
) -> None:
    """First what has to come now, last what the action itself lacks; of what is past, nothing."""
    assert missing(replace(CASE, stage=stage, **changes), action) == names


def test_a_rule_that_misses_somebodys_word_names_that_and_nothing_else() -> None:
    """Consents don't keep a mediator from ending the attempt: its own acceptance does."""
    case = replace(CASE, stage=Stage.ASSIGNED, mediator_id="m-1")
    mediator = next(actor for actor in insiders(case) if actor.role is Role.MEDIATOR)
    [*refused] = [
        attempt(case, command, context_of(mediator, AT))
        for command in commands_for(case, context_of(mediator, AT).limits)
        if command.action is Action.FAIL
    ]
    assert refused
    assert {error.missing for error in refused if isinstance(error, RuleViolated)} == {
        ("mediator_acceptance",)
    }


BRINGS = {
    Action.SCREEN: "screening",
    Action.APPOINT: "appointment",
    Action.NAME_MEDIATOR: "appointment",
    Action.ACCEPT: "mediator_acceptance",
    Action.CONSENT: "consent",
    Action.OFFER: "offer",
    Action.ACCEPT_OFFER: "answer",
    Action.SETTLE: "agreement",
    Action.SIGN: "signature",
    Action.DECLARE_DEFAULT: "default",
    Action.FAIL: "mediation_ended",
    Action.END_MEDIATION: "mediation_ended",
    Action.REFUSE_CONSENT: "mediation_ended",
    Action.REFUSE_TO_SIGN: "mediation_ended",
    Action.RECORD_RECEIPT: "receipt",
    Action.CORRECT: "correction",
    Action.RETRANSFER: "resubmission",
    Action.DECIDE_OBJECTION: "objection_decision",
}
"""What each act brings, written by hand."""
BACK = {
    Action.DECIDE_OBJECTION,
    Action.DECIDE_CHALLENGE,
    Action.REVERSE_REPAYMENT,
    Action.REPLACE_MEDIATOR,
    Action.DECLINE,
    Action.EXPIRE,
}
"""Acts that lead back to a stage which the case has left, and limits that pass: nobody waits for them."""


def test_what_brings_an_action_about_was_named_before() -> None:
    """Over all steps of all states: who was refused, and then not any more, had been told what would help."""
    offered = {stage: {row.action for row in TRANSITIONS if row.source is stage} for stage in Stage}
    told: dict[tuple[Case, Action], set[bool]] = {}
    for step in atlas().steps:
        done, before, after = step.move.command.action, step.before, step.change.case
        if done not in BRINGS or done in BACK:
            continue
        for action in offered[after.stage] - offered[before.stage]:
            if named := missing(before, action, step.move.at):
                kinds = {name.partition(":")[0] for name in named}
                told.setdefault((before, action), set()).add(BRINGS[done] in kinds)
    assert {action for _, action in told} >= {Action.APPOINT, Action.OFFER, Action.SIGN, Action.ENFORCE}
    assert {(case.stage, action) for (case, action), found in told.items() if True not in found} == set()


def test_what_is_named_can_be_done_and_changes_the_answer() -> None:
    """In every state, for every refused action that names something, some act changes what is named."""
    after: dict[Case, list[Case]] = {}
    for step in atlas().steps:
        after.setdefault(step.before, []).append(step.change.case)
    actions = {row.action for row in TRANSITIONS}
    stuck = set()
    for case, nexts in after.items():
        for action in actions:
            named = missing(case, action, case.updated_at)
            if named and all(missing(each, action, case.updated_at) == named for each in nexts):
                stuck.add((case.stage, action, named))
    assert stuck == set()


def test_every_way_is_a_row_of_the_table() -> None:
    """No way that a refusal names is invented: from each stage some row leads on to the next."""
    ways = {(source, target) for source, steps in WAYS.items() for target, _ in steps}
    assert ways <= {(row.source, row.target) for row in TRANSITIONS}
