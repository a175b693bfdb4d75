"""The arithmetic beside code that others keep, and beside a slow reference of our own, to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy_financial
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.agreement.due_dates import MonthlyDates
from chalicelib.domain.agreement.schedules import EqualPayment
from chalicelib.domain.loan.card_terms import assess_card
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.money import Money
from tests.support.examples import examples
from tests.unit.domain.loan.reference import NAMES, Reference
from tests.unit.domain.loan.strategies import after, cards, contracts, cost_lists, payment_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.domain.loan.card import CardContract
    from chalicelib.domain.loan.charges import Charge
    from chalicelib.domain.loan.components import Amounts
    from chalicelib.domain.loan.contract import LoanContract
    from chalicelib.domain.loan.payments import Payment
    from chalicelib.domain.loan.statement import Statement

CONTRACTS = examples(200)
"""Of each kind; the long profile draws 5,000 of each, others each time."""


def _fen(amounts: Amounts) -> dict[str, int]:
    return {component.value: amounts[component].fen for component in Component}


def _same(statement: Statement, reference: Reference) -> None:
    assert _fen(statement.owed) == reference.owed
    assert _fen(statement.not_yet_due) == reference.later
    assert statement.oldest_due == reference.late_since
    found = [(_fen(each.applied), _fen(each.prepaid), each.overpaid.fen) for each in statement.payments]
    assert found == [(_all(met), _all(ahead), over) for met, ahead, over in reference.uses]


def _all(amounts: Mapping[str, int]) -> dict[str, int]:
    return {name: amounts.get(name, 0) for name in NAMES}


@settings(max_examples=CONTRACTS, deadline=None)
@given(contracts(), payment_lists(), cost_lists(), after(0, 1200))
def test_a_loan_is_what_the_reference_says(
    contract: LoanContract, payments: Sequence[Payment], costs: Sequence[Charge], cut_off: date
) -> None:
    """Every component, every use of a payment, and since when it is overdue."""
    statement = assess_loan(contract, payments, cut_off, costs=costs)
    _same(statement, Reference(contract, payments, costs, cut_off))


@settings(max_examples=CONTRACTS, deadline=None)
@given(cards(), payment_lists(), cost_lists(), after(0, 1200))
def test_a_card_is_what_the_reference_says(
    contract: CardContract, payments: Sequence[Payment], costs: Sequence[Charge], cut_off: date
) -> None:
    """The same of a card: bills, payment days, principal first once it is long overdue."""
    statement = assess_card(contract, payments, cut_off, costs=costs)
    _same(statement, Reference(contract, payments, costs, cut_off))


QUANTLIB_NAMES = {
    DayCount.ACT_360: ("Actual360", ()),
    DayCount.ACT_365: ("Actual365Fixed", ()),
    DayCount.THIRTY_360: ("Thirty360", ("European",)),
}


@settings(max_examples=examples(400), deadline=None)
@given(
    st.sampled_from(DayCount),
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
)
def test_days_are_counted_as_quantlib_counts_them(count: DayCount, one: date, two: date) -> None:
    """30/360 is 30E/360, which QuantLib calls European."""
    start, end = sorted((one, two))
    name, conventions = QUANTLIB_NAMES[count]
    kind = getattr(QuantLib, name)
    counter = kind(*(getattr(kind, each) for each in conventions))
    first, last = (QuantLib.Date(day.day, day.month, day.year) for day in (start, end))
    assert count.days(start, end) == counter.dayCount(first, last)
    fraction = count.days(start, end) / count.days_in_year
    assert fraction == pytest.approx(counter.yearFraction(first, last), abs=1e-12)


def test_the_american_count_is_another_one() -> None:
    """From the last of February to 31 March: 32 days European, 30 American; only the first is offered."""
    first, last = QuantLib.Date(28, 2, 2023), QuantLib.Date(31, 3, 2023)
    american = QuantLib.Thirty360(QuantLib.Thirty360.USA)
    assert DayCount.THIRTY_360.days(date(2023, 2, 28), date(2023, 3, 31)) == 32
    assert american.dayCount(first, last) == 30


@settings(max_examples=examples(200), deadline=None)
@given(
    st.integers(1_000_00, 100_000_000_00),
    st.integers(2, 60),
    st.decimals(Decimal("0.01"), 24, places=2),
)
def test_equal_payments_are_those_of_numpy_financial(fen: int, count: int, percent: Decimal) -> None:
    """Each payment to the fen, and the first period's interest; the last payment takes what is left."""
    dates = MonthlyDates(year=2026, month=4, day=15, count=count)
    lines = EqualPayment(dates=dates, annual_percent=percent).plan(Money(fen)).lines
    monthly = float(percent) / 1200
    exact = float(numpy_financial.pmt(monthly, count, -fen))
    for line in lines[:-1]:
        assert abs(line.amount.fen - exact) <= 0.5 + fen * 1e-12
    assert abs(lines[-1].amount.fen - exact) <= count
    assert (
        abs(lines[0].interest.fen - float(numpy_financial.ipmt(monthly, 1, count, -fen))) <= 0.5 + fen * 1e-12
    )
