"""Commands of the confirmation: who applies until when, what is recorded once, which ways lead out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.agreement.confirmation import (
    ConfirmationState,
    last_day,
)
from chalicelib.domain.calendar import WorkingCalendar, end_of
from chalicelib.domain.confirmation_commands import (
    ApplyForConfirmation,
    RecordApplicationReceipt,
    confirmation_of,
)
from chalicelib.domain.court_commands import Expire
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_commands import (
    RequestEnforcement,
)
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import Dispatch, DispatchKind, Matter
from tests.support.builders import (
    FAR,
    START,
    claim_of,
)
from tests.unit.domain.agreed import (
    APPLIED,
    BANK,
    BORROWER,
    IN_FORCE,
    STATES,
    SYSTEM,
    act,
    at,
    refused,
)


def test_confirmation_is_applied_for_by_both_in_the_window() -> None:
    """The first application asks nobody, the second asks the court; no side twice, nobody for the other."""
    case = at(Stage.PERFORMING)
    bank, debtor = (
        ApplyForConfirmation(side=Side.APPLICANT, party_id="a1"),
        ApplyForConfirmation(side=Side.RESPONDENT, party_id="r1"),
    )
    first = act(case, bank, BANK)
    assert (first.records, first.case.deadline) == ((), case.deadline)
    assert dict(first.event.facts) == {"side": "applicant", "party_id": "a1"}
    assert refused(first.case, bank, BANK) == "party_applies_once"
    wrong = ApplyForConfirmation(side=Side.RESPONDENT, party_id="a1")
    assert refused(first.case, wrong, BORROWER) == "speaks_for_itself"
    assert refused(first.case, debtor, BANK) == "own_side"
    second = act(first.case, debtor, BORROWER)
    (owed,) = second.of(Dispatch)
    assert (owed.kind, owed.transfer_id) == (DispatchKind.CONFIRMATION, "C-0001-C1")
    assert confirmation_of(second.case).transfer_id == "C-0001-C1"
    closes = end_of(last_day(IN_FORCE, WorkingCalendar()))
    in_time = act(case, bank, BANK, closes - timedelta(microseconds=1))
    assert confirmation_of(in_time.case).applied_by == {Side.APPLICANT}
    assert refused(case, bank, BANK, closes) == "confirmation_within_30_days"


def test_a_receipt_is_recorded_once_and_for_this_application() -> None:
    """Not for another round's, not after the ruling."""
    receipt = RecordApplicationReceipt(transfer_id="C-0001-C1", receipt_id="R-1")
    case = at(Stage.PERFORMING, confirmation=APPLIED)
    change = act(case, receipt)
    assert confirmation_of(change.case).transferred_at == START
    assert dict(change.event.facts) == {"transfer_id": "C-0001-C1", "receipt_id": "R-1"}
    other = replace(receipt, transfer_id="C-0001-C2")
    assert refused(case, other, SYSTEM) == "speaks_of_the_application"
    for state, confirmation in STATES.items():
        if state is not ConfirmationState.APPLIED:
            told = replace(case, confirmation=confirmation)
            assert refused(told, receipt, SYSTEM) == "application_awaits_receipt"


@pytest.mark.parametrize("state", STATES)
def test_the_confirmation_decides_which_way_out_of_a_default(state: ConfirmationState) -> None:
    """Confirmed: enforcement; before the court: none, and no silence either; else a suit."""
    case = at(Stage.DEFAULTED, confirmation=STATES[state])
    enforce = RequestEnforcement(claim=claim_of())
    if state is ConfirmationState.CONFIRMED:
        change = act(case, enforce, BANK)
        assert change.case.transfer is not None
        assert (change.case.transfer.matter, change.case.claim) == (Matter.ENFORCEMENT, claim_of())
        assert dict(change.event.facts) == {"claim_total": str(claim_of().total)}
        assert change.follow_up_at == START
    else:
        assert refused(case, enforce, BANK) == "agreement_confirmed"
    waiting = state in {ConfirmationState.APPLIED, ConfirmationState.TRANSFERRED}
    expired = act(case, Expire(), when=FAR).case
    assert expired.stage is (Stage.DEFAULTED if waiting else Stage.CLOSED)
    assert (expired.deadline or FAR) >= FAR
