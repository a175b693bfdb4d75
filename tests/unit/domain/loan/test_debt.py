"""A debt as one value: both kinds of contract are assessed alike, and what can't have happened is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.claim import CaseType
from chalicelib.domain.loan.card import MissedMinimum, Overdraft
from chalicelib.domain.loan.card_terms import assess_card
from chalicelib.domain.loan.charges import cost
from chalicelib.domain.loan.debt import Debt, assess, check_papers
from chalicelib.domain.loan.errors import DuplicateReference, HistoryTooLong, PaymentBeforeDisbursement
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.lpr import LprPublication, LprTable, Tenor
from chalicelib.domain.loan.rates import LprRate, Reset
from chalicelib.domain.loan.schedule import ExplicitDays
from tests.unit.domain.loan.support import G1_CUT_OFF, card, day, g1, pay, refuses, yuan

COST = cost(day("2022-09-01"), yuan("800"), "lawyer-1")


def test_a_loan_is_assessed_with_all_its_history() -> None:
    """Payments, costs and quotes of the LPR reach the arithmetic."""
    floating = LprRate(
        starts=day("2021-03-22"),
        priced_on=day("2021-03-22"),
        tenor=Tenor.ONE_YEAR,
        spread_bp=340,
        reset=Reset.NEVER,
        lookback_days=0,
    )
    quote = LprPublication(on=day("2021-03-22"), one_year=Decimal("3.85"), five_years=Decimal("4.65"))
    lpr = LprTable((quote,))
    payments = (pay("2022-05-01", "1000"),)
    debt = Debt(contract=g1(rates=(floating,)), payments=payments, costs=(COST,), lpr=lpr)
    expected = assess_loan(g1(rates=(floating,)), payments, G1_CUT_OFF, costs=(COST,), lpr=lpr)
    assert assess(debt, G1_CUT_OFF) == expected
    assert expected.owed.costs == yuan("800")
    assert (debt.case_type, debt.opens, debt.falls_due) == (
        CaseType.FINANCIAL_LOAN_CONTRACT,
        day("2021-03-22"),
        day("2022-03-21"),
    )


def test_a_card_is_assessed_with_all_its_history() -> None:
    """The last overdraft's due day is when the debt fell due."""
    contract = card(
        overdrafts=(
            Overdraft(posted=day("2024-02-10"), due=day("2024-03-25"), amount=yuan("500")),
            Overdraft(posted=day("2024-01-10"), due=day("2024-02-25"), amount=yuan("10000")),
        )
    )
    debt = Debt(
        contract=contract,
        payments=(pay("2024-03-01", "100"),),
        costs=(cost(day("2024-04-01"), yuan("30"), "c"),),
    )
    expected = assess_card(contract, debt.payments, day("2024-06-30"), costs=debt.costs)
    assert assess(debt, day("2024-06-30")) == expected
    assert (debt.case_type, debt.opens, debt.falls_due) == (
        CaseType.CREDIT_CARD,
        day("2024-01-10"),
        day("2024-03-25"),
    )


def test_what_can_not_have_happened_is_refused() -> None:
    """Entries before anything was owed, or two under one reference, a card's own charges included."""
    with refuses(PaymentBeforeDisbursement, "payments.on"):
        Debt(contract=g1(), payments=(pay("2021-03-21", "1"),))
    with refuses(DuplicateReference, "payments.reference"):
        Debt(contract=g1(), payments=(pay("2021-04-01", "1", "p"), pay("2021-05-01", "1", "p")))
    with refuses(PaymentBeforeDisbursement, "charges.on"):
        Debt(contract=card(), costs=(cost(day("2024-01-09"), yuan("1"), "c"),))
    missed = MissedMinimum(due=day("2024-02-25"), unpaid=yuan("500"), reference="x")
    with refuses(DuplicateReference, "charges.reference"):
        Debt(contract=card(missed_minimums=(missed,)), costs=(cost(day("2024-03-01"), yuan("1"), "x"),))


def test_a_history_that_nobody_could_read_is_refused() -> None:
    """The segments that payments and unpaid interest make of each other are bounded, to the last one."""
    days = [day("2021-03-22") + timedelta(days=30 * number) for number in range(1, 150)]
    terms: dict[str, Any] = {
        "maturity": days[-1] + timedelta(days=1),
        "interest_due": ExplicitDays(tuple(days)),
    }
    payments = tuple(pay(str(on + timedelta(days=1)), "0.01") for on in days)
    assert len(assess(Debt(contract=g1(**terms), payments=payments[:123]), days[125]).segments) == 8_000
    with refuses(HistoryTooLong, "payments"):
        assess(Debt(contract=g1(**terms), payments=payments[:124]), days[125])


def test_a_debt_too_long_for_its_papers_is_named_with_the_limit() -> None:
    """6,000 segments can be filed, one more can't; the message says how many there are and may be."""
    statement = assess(Debt(contract=g1()), day("2022-09-30"))
    segment = statement.segments[0]
    check_papers(replace(statement, segments=(segment,) * 6_000))
    with pytest.raises(HistoryTooLong, match="6001 segments are more than 6000"):
        check_papers(replace(statement, segments=(segment,) * 6_001))


def test_costs_are_costs() -> None:
    """Fees and breach fees come from a card's contract; beside it they would be lost when stored."""
    missed = MissedMinimum(due=day("2024-02-25"), unpaid=yuan("500"), reference="x")
    (breach_fee,) = card(missed_minimums=(missed,)).charges()
    with pytest.raises(ValueError, match=r"^other charges than costs come from the contract"):
        Debt(contract=card(), costs=(breach_fee,))
