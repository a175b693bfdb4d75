"""Credit-card debt: daily interest on what was drawn, billed each statement day, fees on top."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.loan.card import MissedMinimum, Overdraft, ServiceFee
from chalicelib.domain.loan.card_terms import assess_card
from chalicelib.domain.loan.components import STATUTORY_ORDER, Component
from chalicelib.domain.loan.errors import (
    AllocationOrderIncomplete,
    AmountOutOfBounds,
    DatesOutOfOrder,
    InvalidSchedule,
    LoanError,
    PaymentBeforeDisbursement,
    RateOutOfBounds,
    TermMissing,
)
from chalicelib.domain.loan.legal import CARD_DRAWN
from chalicelib.domain.loan.limits import CardLimits
from chalicelib.domain.loan.rates import Per
from tests.unit.domain.loan.support import card, day, nonzero, pay, refuses, rows, yuan

DAILY = Decimal("0.05")


def _drawn(posted: str, due: str, amount: str) -> Overdraft:
    return Overdraft(posted=day(posted), due=day(due), amount=yuan(amount))


def test_interest_runs_daily_and_billed_interest_compounds() -> None:
    """0.05 % a day on 10,000 yuan; each bill bears interest from its statement day to the cut-off."""
    statement = assess_card(card(), [], day("2024-03-15"))
    assert rows(statement, Component.INTEREST) == [
        ("2024-01-10", "2024-02-05", 26, "10000.00", DAILY, "130.00"),
        ("2024-02-05", "2024-03-05", 29, "10000.00", DAILY, "145.00"),
        ("2024-03-05", "2024-03-15", 10, "10000.00", DAILY, "50.00"),
    ]
    assert rows(statement, Component.COMPOUND_INTEREST) == [
        ("2024-02-05", "2024-03-15", 39, "130.00", DAILY, "2.54"),
        ("2024-03-05", "2024-03-15", 10, "145.00", DAILY, "0.73"),
    ]
    assert [(part.line.rule.name, part.line.due) for part in statement.segments] == [
        ("card_compound", day("2024-02-05")),
        ("card_compound", day("2024-03-05")),
        ("card_interest", None),
        ("card_interest", None),
        ("card_interest", None),
    ]
    assert nonzero(statement.owed) == {
        "principal": "10000.00",
        "interest": "325.00",
        "compound_interest": "3.27",
    }
    assert (statement.overdue_since, statement.overdue_days) == (day("2024-02-26"), 19)


def test_a_cards_lines_say_what_they_stand_on() -> None:
    """Interest on principal, compound interest on interest; both at a rate per day."""
    statement = assess_card(card(), [], day("2024-03-15"))
    sources = {(part.line.component, part.line.source, part.line.rate.per) for part in statement.segments}
    assert sources == {
        (Component.INTEREST, Component.PRINCIPAL, Per.DAY),
        (Component.COMPOUND_INTEREST, Component.INTEREST, Per.DAY),
    }


def test_a_repaid_card_bears_nothing_any_more() -> None:
    """No line stands on nothing."""
    statement = assess_card(card(), [pay("2024-02-05", "10130")], day("2024-03-15"))
    assert (nonzero(statement.owed), nonzero(statement.not_yet_due)) == ({}, {})
    assert rows(statement, Component.INTEREST)[1:] == []


def test_without_a_clause_nothing_compounds() -> None:
    statement = assess_card(card(compounding=False), [], day("2024-03-15"))
    assert statement.of(Component.COMPOUND_INTEREST) == ()
    assert str(statement.owed.interest) == "325.00"


def test_principal_is_due_from_its_due_day() -> None:
    """Until then it is owed, not due; interest does not care."""
    before = assess_card(card(), [], day("2024-02-24"))
    assert (str(before.not_yet_due.principal), str(before.owed.principal)) == ("10000.00", "0.00")
    on_it = assess_card(card(), [], day("2024-02-25"))
    assert (str(on_it.not_yet_due.principal), str(on_it.owed.principal)) == ("0.00", "10000.00")
    assert rows(on_it, Component.INTEREST)[-1][:3] == ("2024-02-05", "2024-02-25", 20)


def test_several_overdrafts_are_one_principal() -> None:
    """Each bears interest from its posting day, listed in any order, and says why it is owed."""
    overdrafts = (
        _drawn("2024-02-01", "2024-03-25", "500"),
        _drawn("2024-01-10", "2024-02-25", "10000"),
    )
    statement = assess_card(card(overdrafts=overdrafts), [], day("2024-02-25"))
    assert rows(statement, Component.INTEREST) == [
        ("2024-01-10", "2024-02-01", 22, "10000.00", DAILY, "110.00"),
        ("2024-02-01", "2024-02-05", 4, "10500.00", DAILY, "21.00"),
        ("2024-02-05", "2024-02-25", 20, "10500.00", DAILY, "105.00"),
    ]
    assert str(statement.owed.principal) == "10000.00"
    assert [(str(part.amount), part.rule) for part in statement.drawdowns] == [
        ("10000.00", CARD_DRAWN),
        ("500.00", CARD_DRAWN),
    ]
    later = assess_card(card(overdrafts=overdrafts), [], day("2024-03-25"))
    assert str(later.owed.principal) == "10500.00"


def test_a_missed_minimum_payment_costs_a_breach_fee() -> None:
    """5 % of what was missed, at least the agreed lowest fee; it bears no interest and explains itself."""
    missed = (
        MissedMinimum(due=day("2024-02-25"), unpaid=yuan("1000.10"), reference="feb"),
        MissedMinimum(due=day("2024-03-25"), unpaid=yuan("100"), reference="mar"),
    )
    contract = card(missed_minimums=missed, breach_fee_low=yuan("10"))
    statement = assess_card(contract, [], day("2024-03-25"))
    told = [(part.reference, part.component, str(part.amount), part.percent) for part in statement.charges]
    assert told == [
        ("feb", Component.BREACH_FEE, "50.01", Decimal(5)),
        ("mar", Component.BREACH_FEE, "10.00", Decimal(5)),
    ]
    assert [part.base for part in statement.charges] == [yuan("1000.10"), yuan("100")]
    assert {part.rule.name for part in statement.charges} == {"card_breach_fee"}
    assert str(statement.owed.breach_fee) == "60.01"
    assert statement.segments == assess_card(card(), [], day("2024-03-25")).segments


def test_service_fees_are_owed_as_posted() -> None:
    fee = ServiceFee(on=day("2024-01-20"), amount=yuan("88.80"), reference="instalments")
    statement = assess_card(card(fees=(fee,)), [], day("2024-01-20"))
    (charge,) = statement.charges
    assert (charge.component, charge.rule.name, charge.reference) == (
        Component.FEES,
        "card_fee",
        "instalments",
    )
    assert str(statement.owed.fees) == "88.80"
    assert assess_card(card(fees=(fee,)), [], day("2024-01-19")).later_charges == (charge,)


def test_payments_go_through_the_order_of_a_cards_debt() -> None:
    """Fees, compound interest, breach fee, interest billed, principal due; the rest in advance."""
    contract = card(
        fees=(ServiceFee(on=day("2024-01-20"), amount=yuan("20"), reference="f"),),
        missed_minimums=(MissedMinimum(due=day("2024-02-25"), unpaid=yuan("1000"), reference="m"),),
    )
    statement = assess_card(contract, [pay("2024-03-01", "1201.63")], day("2024-03-05"))
    (payment,) = statement.payments
    assert nonzero(payment.applied) == {
        "fees": "20.00",
        "compound_interest": "1.63",
        "breach_fee": "50.00",
        "interest": "130.00",
        "principal": "1000.00",
    }
    assert nonzero(payment.prepaid) == {}
    assert rows(statement, Component.INTEREST)[-1] == (
        "2024-03-01",
        "2024-03-05",
        4,
        "9000.00",
        DAILY,
        "18.00",
    )


def test_an_agreed_order_is_kept() -> None:
    contract = card(allocation_order=STATUTORY_ORDER[::-1])
    statement = assess_card(contract, [pay("2024-03-01", "50")], day("2024-03-05"))
    assert nonzero(statement.paid) == {"principal": "50.00"}


REFUSED: list[tuple[dict[str, Any], type[LoanError], str]] = [
    ({"daily_percent": Decimal("0.0501")}, RateOutOfBounds, "daily_percent"),
    ({"daily_percent": Decimal("-0.01")}, RateOutOfBounds, "daily_percent"),
    ({"breach_fee_percent": Decimal("5.01")}, RateOutOfBounds, "breach_fee_percent"),
    ({"breach_fee_percent": Decimal(-1)}, RateOutOfBounds, "breach_fee_percent"),
    ({"breach_fee_low": yuan("-1")}, AmountOutOfBounds, "breach_fee_low"),
    ({"statement_day": 0}, InvalidSchedule, "statement_day"),
    ({"statement_day": 32}, InvalidSchedule, "statement_day"),
    ({"overdrafts": ()}, TermMissing, "overdrafts"),
    ({"allocation_order": ()}, AllocationOrderIncomplete, "allocation_order"),
]


@pytest.mark.parametrize(("changes", "error", "field"), REFUSED, ids=lambda value: str(value)[:60])
def test_a_card_that_cannot_be_is_refused(
    changes: dict[str, Any], error: type[LoanError], field: str
) -> None:
    with refuses(error, field):
        card(**changes)


def test_the_limits_are_data() -> None:
    """Limits include their ends; another issuer may have others."""
    card(daily_percent=Decimal(0), breach_fee_percent=Decimal(0), statement_day=31)
    other = CardLimits(daily_high=Decimal("0.04"), breach_fee_high=Decimal(10))
    card(limits=other, daily_percent=Decimal("0.04"), breach_fee_percent=Decimal(10))
    with refuses(RateOutOfBounds, "daily_percent"):
        card(limits=other)


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_amounts_of_a_card_are_positive(amount: str) -> None:
    with refuses(AmountOutOfBounds, "overdrafts.amount"):
        _drawn("2024-01-10", "2024-02-25", amount)
    with refuses(AmountOutOfBounds, "missed_minimums.unpaid"):
        MissedMinimum(due=day("2024-02-25"), unpaid=yuan(amount), reference="m")
    with refuses(AmountOutOfBounds, "fees.amount"):
        ServiceFee(on=day("2024-02-25"), amount=yuan(amount), reference="f")


def test_an_overdraft_is_due_after_it_was_posted() -> None:
    with refuses(DatesOutOfOrder, "overdrafts.due"):
        _drawn("2024-01-10", "2024-01-10", "1")


def test_a_fee_before_anything_was_drawn_is_refused() -> None:
    fee = ServiceFee(on=day("2024-01-09"), amount=yuan("1"), reference="f")
    with refuses(PaymentBeforeDisbursement, "charges.on"):
        assess_card(card(fees=(fee,)), [], day("2024-03-01"))
