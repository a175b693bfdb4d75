"""Payments outside the performance of an agreement: recorded by their day, wherever the case stands."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import pytest

from chalicelib.domain.agreement.errors import (
    OverpaymentDiffers,
    PaymentDateImpossible,
    PaymentDeducted,
    ReferenceReused,
)
from chalicelib.domain.commands import Drop, Withdraw
from chalicelib.domain.errors import ActionNotAvailable, CourtUnavailable
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.use_cases.dispatch_to_court import dispatch_to_court
from chalicelib.use_cases.read_case import read_case
from chalicelib.use_cases.read_settlement import read_settlement
from chalicelib.use_cases.read_statement import read_statement
from chalicelib.use_cases.record_repayment import record_repayment, reverse_repayment
from chalicelib.use_cases.request_transfer import request_transfer
from tests.support.desk import Desk
from tests.support.fakes.samples import INSTITUTION
from tests.support.settling import accepts, all_sign, lump_sum, offers, pays, settles, today
from tests.unit.domain.loan.support import g1
from tests.unit.use_cases.agreements import again, defaulted, events_of, position_of

PART: Final = Money(2_000_00)
EVERYWHERE: Final = [stage for stage in Stage if stage not in {Stage.PAID, Stage.PERFORMED, Stage.CORRECTED}]
TOLD: Final = {Stage.SUBMITTED, Stage.RETURNED, Stage.DOCKETED}


def remains(desk: Desk, case_id: str) -> Money:
    """Return what the parties are shown."""
    return read_settlement(desk.hub, INSTITUTION, case_id).outstanding


def reverses(desk: Desk, case_id: str, reference: str = "PAY-1") -> None:
    """Let the institution take a payment back."""
    reverse_repayment(desk.hub, INSTITUTION, case_id, reference)


@pytest.mark.parametrize("stage", [stage for stage in EVERYWHERE if stage is not Stage.PERFORMING])
def test_a_payment_counts_wherever_the_case_stands_and_moves_no_stage(stage: Stage) -> None:
    """It is told to a court that has the case, can be taken back, and its reference stays used."""
    desk = Desk()
    case_id = desk.file() if stage is Stage.FILED else desk.reach(stage)
    before, remaining = desk.case(case_id), remains(desk, case_id)
    assert Action.RECORD_REPAYMENT in read_case(desk.hub, INSTITUTION, case_id).allowed_actions
    assert Action.REVERSE_REPAYMENT not in read_case(desk.hub, INSTITUTION, case_id).allowed_actions
    on = today(desk.hub) - timedelta(days=100)
    case = pays(desk.hub, case_id, PART, "PAY-1", on)
    assert pays(desk.hub, case_id, PART, "PAY-1", on) == case, "the same again changes nothing"
    with pytest.raises(ReferenceReused):
        pays(desk.hub, case_id, PART, "PAY-1", on + timedelta(days=1))
    assert (case.stage, case.step, case.deadline) == (stage, before.step, before.deadline)
    assert remains(desk, case_id) == remaining - PART
    assert Action.REVERSE_REPAYMENT in read_case(desk.hub, INSTITUTION, case_id).allowed_actions
    reverses(desk, case_id)
    reverses(desk, case_id)
    assert remains(desk, case_id) == remaining
    assert desk.case(case_id).stage is stage
    facts = {"reference": "PAY-1", "amount": "2000.00", "on": on.isoformat()}
    told = [(event.type, dict(event.facts)) for event in events_of(desk.hub, case_id)[-2:]]
    assert told == [(EventType.REPAYMENT_RECORDED, facts), (EventType.REPAYMENT_REVERSED, facts)]
    desk.run()
    bodies = [notice.body for notice in desk.hub.court.notices.values()]
    notices = [(body["type"], body["payment"]) for body in bodies if "payment" in body]
    expected = [("transfer.payment_recorded", facts), ("transfer.payment_reversed", facts)]
    assert notices == (expected if stage in TOLD else [])


@pytest.mark.parametrize("stage", [Stage.IN_MEDIATION, Stage.DOCKETED, Stage.CLOSED])
def test_more_than_what_remains_is_stated(stage: Stage) -> None:
    """A mistyped sum is refused with its excess; what was paid too much is recorded if it is said."""
    desk = Desk()
    case_id = desk.reach(stage)
    remaining = remains(desk, case_id)
    with pytest.raises(OverpaymentDiffers):
        pays(desk.hub, case_id, remaining + PART, "PAY-1")
    paid = Payment(on=today(desk.hub), amount=remaining + PART, reference="PAY-1")
    assert record_repayment(desk.hub, INSTITUTION, case_id, paid, PART).stage is stage
    assert remains(desk, case_id) == ZERO


def test_the_next_offer_is_about_what_remains() -> None:
    """And what an offer that stands deducts can't be taken back under it."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    claimed = desk.case(case_id).claim.total
    pays(desk.hub, case_id, PART, "PAY-1")
    offers(desk.hub, case_id, lump_sum(desk.hub))
    settlement = read_settlement(desk.hub, INSTITUTION, case_id).settlement
    assert settlement.negotiation.owed.total == claimed - PART
    pays(desk.hub, case_id, Money(5), "PAY-2")
    with pytest.raises(PaymentDeducted):
        reverses(desk, case_id)
    accepts(desk.hub, case_id)
    with pytest.raises(PaymentDeducted):
        reverses(desk, case_id)
    settles(desk.hub, case_id)
    with pytest.raises(PaymentDeducted):
        reverses(desk, case_id)
    pays(desk.hub, case_id, Money(7), "PAY-3")
    all_sign(desk.hub, case_id)
    agreed = position_of(desk.hub, case_id)
    assert (desk.case(case_id).stage, desk.case(case_id).repayments) == (Stage.PERFORMING, 2)
    assert agreed.paid == Money(12), "what was paid after the offer was paid under it"
    assert remains(desk, case_id) == agreed.agreed - Money(12)
    with pytest.raises(ReferenceReused):
        pays(desk.hub, case_id, Money(1), "PAY-1")
    with pytest.raises(PaymentDeducted):
        reverses(desk, case_id)


def test_taking_back_is_offered_only_for_what_no_offer_deducts() -> None:
    """From the offer to the agreement in force; a payment since then is another matter."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)

    def listed() -> bool:
        return Action.REVERSE_REPAYMENT in read_case(desk.hub, INSTITUTION, case_id).allowed_actions

    pays(desk.hub, case_id, PART, "PAY-1")
    assert listed()
    offers(desk.hub, case_id, lump_sum(desk.hub))
    assert not listed()
    pays(desk.hub, case_id, Money(5), "PAY-2")
    assert listed()
    reverses(desk, case_id, "PAY-2")
    assert not listed()
    accepts(desk.hub, case_id)
    assert not listed()
    settles(desk.hub, case_id)
    assert not listed()
    all_sign(desk.hub, case_id)
    assert not listed()
    pays(desk.hub, case_id, Money(7), "PAY-3")
    assert listed()


def test_an_offer_that_lapsed_deducts_nothing_any_more() -> None:
    """Then the payment can be taken back."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    claimed = desk.case(case_id).claim.total
    pays(desk.hub, case_id, PART, "PAY-1")
    offers(desk.hub, case_id, lump_sum(desk.hub))
    desk.hub.clock.advance(days=16)
    reverses(desk, case_id)
    assert remains(desk, case_id) == claimed


def test_who_paid_everything_before_the_last_signature_has_performed() -> None:
    """The case ends with it, and goes on if the payment bounces."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    offers(desk.hub, case_id, lump_sum(desk.hub))
    accepts(desk.hub, case_id)
    settles(desk.hub, case_id)
    agreed = read_settlement(desk.hub, INSTITUTION, case_id).settlement.performance.agreement.plan.total
    pays(desk.hub, case_id, agreed, "PAY-1")
    all_sign(desk.hub, case_id)
    assert (desk.case(case_id).stage, desk.case(case_id).repayments) == (Stage.PAID, 1)
    reverses(desk, case_id)
    assert (desk.case(case_id).stage, remains(desk, case_id)) == (Stage.PERFORMING, agreed)


def test_a_payment_on_the_spot_is_counted_once() -> None:
    """Recorded by the institution and named as the receipt of the agreement, it is one payment."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    offers(desk.hub, case_id, lump_sum(desk.hub))
    accepts(desk.hub, case_id)
    total = read_settlement(desk.hub, INSTITUTION, case_id).settlement.negotiation.accepted
    assert total is not None
    pays(desk.hub, case_id, total.plan.total, "PAY-1")
    settles(desk.hub, case_id, receipt="PAY-1")
    all_sign(desk.hub, case_id)
    assert (desk.case(case_id).stage, position_of(desk.hub, case_id).overpaid) == (Stage.PAID, ZERO)


def test_a_suit_claims_what_remains() -> None:
    """And what is paid later comes off that, also after a payment before it bounced."""
    desk = Desk()
    case_id = desk.reach(Stage.UNRESOLVED)
    filed = desk.case(case_id).claim
    pays(desk.hub, case_id, PART, "PAY-1")
    version = desk.case(case_id).version
    case = request_transfer(desk.hub, INSTITUTION, case_id, expected_version=version)
    assert (case.claim.total, case.claim.as_of) == (filed.total - PART, filed.as_of)
    assert remains(desk, case_id) == filed.total - PART
    pays(desk.hub, case_id, Money(100), "PAY-2")
    assert remains(desk, case_id) == filed.total - PART - Money(100)
    reverses(desk, case_id)
    assert remains(desk, case_id) == filed.total - Money(100)


def test_a_default_that_is_sued_on_counts_what_comes_later() -> None:
    """Also once the institution lets it rest."""
    desk, case_id = defaulted()
    pays(desk.hub, case_id, PART, "PAY-1")
    owed = remains(desk, case_id)
    assert desk.act(case_id, Role.INSTITUTION, Drop()).stage is Stage.CLOSED
    pays(desk.hub, case_id, Money(100), "PAY-2")
    assert remains(desk, case_id) == owed - Money(100)
    desk, case_id = defaulted()
    pays(desk.hub, case_id, PART, "PAY-1")
    version = desk.case(case_id).version
    case = request_transfer(desk.hub, INSTITUTION, case_id, expected_version=version)
    assert remains(desk, case_id) == case.claim.total
    pays(desk.hub, case_id, Money(100), "PAY-2")
    assert remains(desk, case_id) == case.claim.total - Money(100)


def test_with_the_debt_known_what_remains_is_computed_to_the_day() -> None:
    """By the day on which it was paid; a day before the loan was paid out is impossible."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    desk.hub.memory.debts[case_id] = Debt(contract=g1())
    pays(desk.hub, case_id, PART, "PAY-1", date(2022, 3, 21))
    as_of = today(desk.hub)
    owed = read_statement(desk.hub, INSTITUTION, case_id, as_of).statement.owed.total
    assert remains(desk, case_id) == owed
    reverses(desk, case_id)
    without = read_statement(desk.hub, INSTITUTION, case_id, as_of).statement.owed.total
    assert without - owed > PART, "what was paid long ago bears no penalty since"
    with pytest.raises(PaymentDateImpossible):
        pays(desk.hub, case_id, PART, "PAY-2", date(2021, 3, 21))


def test_a_withdrawn_case_is_paid_on_and_a_paid_one_is_not() -> None:
    """Whoever pays after all is on record."""
    desk = Desk()
    case_id = desk.file()
    desk.act(case_id, Role.INSTITUTION, Withdraw())
    assert pays(desk.hub, case_id, PART, "PAY-1").stage is Stage.WITHDRAWN
    case_id = desk.reach(Stage.IN_MEDIATION, "LOAN-2")
    again(desk, case_id, lump_sum(desk.hub))
    pays(desk.hub, case_id, remains(desk, case_id), "PAY-1")
    with pytest.raises(ActionNotAvailable):
        pays(desk.hub, case_id, PART, "PAY-2")


def test_a_court_that_does_not_know_the_transfer_yet_is_told_again() -> None:
    """The submission says nothing of the payment; one that will never have the transfer needs no notice."""
    desk = Desk()
    case_id = desk.reach(Stage.UNRESOLVED)
    version = desk.case(case_id).version
    request_transfer(desk.hub, INSTITUTION, case_id, expected_version=version)
    case = pays(desk.hub, case_id, PART, "PAY-1")
    owed = f"{case_id}-D{case.version}"
    with pytest.raises(CourtUnavailable):
        dispatch_to_court(desk.hub, case_id, owed)
    desk.act(case_id, Role.INSTITUTION, Withdraw())
    dispatch_to_court(desk.hub, case_id, owed)
    assert desk.hub.court.notices == {}
