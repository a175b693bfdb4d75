"""Everything charged in total, against a yearly cap."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from chalicelib.domain.loan.burden import CAP_24, TotalCap, burden
from chalicelib.domain.loan.card import CardContract, MissedMinimum
from chalicelib.domain.loan.card_terms import assess_card
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.errors import RateOutOfBounds
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.money import ZERO
from tests.unit.domain.loan.strategies import OPENS, cards, payment_lists
from tests.unit.domain.loan.support import G1_CUT_OFF, card, day, g1, nonzero, pay, refuses, yuan

if TYPE_CHECKING:
    from chalicelib.domain.loan.payments import Payment

MISSED = tuple(
    MissedMinimum(due=day(f"2024-{month:02d}-25"), unpaid=yuan("10000"), reference=str(month))
    for month in range(2, 7)
)


def test_an_ordinary_loan_stays_below_the_cap() -> None:
    """G1: 24 % of the same principal over the same days is more than what was charged."""
    found = burden(assess_loan(g1(), [], G1_CUT_OFF), CAP_24)
    assert str(found.limit) == "37133.33"
    assert str(found.charged) == "13588.16"
    assert (found.cap, found.excess, found.cut) == (CAP_24, ZERO, Amounts())
    assert found.owed.total == yuan("113588.16")


def test_a_card_above_the_cap_is_cut_in_the_policys_order() -> None:
    """Breach fees first, then compound interest; the rest of the claim stands."""
    statement = assess_card(card(missed_minimums=MISSED), [], day("2024-07-10"))
    found = burden(statement, CAP_24)
    # 182 days: 24 % a year on 10,000 in six bills and a rest; 910 of interest, 2,500 of breach fees.
    assert str(found.limit) == "1196.71"
    assert found.charged == statement.owed.total - yuan("10000")
    assert found.excess == found.charged - found.limit
    assert found.cut == Amounts(breach_fee=found.excess)
    assert found.owed == statement.owed - found.cut


def test_what_was_paid_already_cannot_be_cut() -> None:
    """The excess says it; the cut ends with what is owed, one component after the other."""
    strict = TotalCap(annual_percent=Decimal(0), cut_order=CAP_24.cut_order)
    contract = card(missed_minimums=MISSED[:1])
    statement = assess_card(contract, [pay("2024-03-01", "500")], day("2024-07-10"))
    found = burden(statement, strict)
    assert found.limit == ZERO
    assert found.excess == found.charged == statement.charged.total - yuan("10000")
    assert found.cut == statement.owed - Amounts(principal=statement.owed.principal)
    assert nonzero(found.owed) == {"principal": str(statement.owed.principal)}
    assert found.excess - found.cut.total == yuan("500") - statement.paid.principal
    assert found.excess > found.cut.total


def test_only_the_components_of_the_cap_count() -> None:
    """The price of credit in the default policy is everything but principal and the costs of enforcing."""
    assert set(CAP_24.cut_order) == set(Component) - {Component.PRINCIPAL, Component.COSTS}
    assert CAP_24.cut_order[:2] == (Component.BREACH_FEE, Component.COMPOUND_INTEREST)
    assert (CAP_24.annual_percent, CAP_24.rule.name) == (Decimal(24), "total_cap")
    narrow = TotalCap(annual_percent=Decimal(0), cut_order=(Component.BREACH_FEE,))
    statement = assess_card(card(missed_minimums=MISSED), [], day("2024-07-10"))
    assert burden(statement, narrow).charged == statement.owed.breach_fee


@given(cards(), payment_lists())
def test_a_cut_never_takes_more_than_the_excess_or_than_is_owed(
    contract: CardContract, payments: list[Payment]
) -> None:
    """Cut plus owed is what was owed before; nothing becomes negative; no more than the excess goes."""
    statement = assess_card(contract, payments, OPENS.replace(year=OPENS.year + 2))
    found = burden(statement, CAP_24)
    assert found.cut + found.owed == statement.owed
    assert found.cut.total <= found.excess
    assert all(found.owed[component] >= ZERO for component in Component)
    cuttable = sum((statement.owed[component] for component in CAP_24.cut_order), ZERO)
    assert found.cut.total == min(found.excess, cuttable)


@pytest.mark.parametrize("percent", ["-0.01", "100.01"])
def test_a_cap_is_a_percentage(percent: str) -> None:
    with refuses(RateOutOfBounds, "annual_percent"):
        TotalCap(annual_percent=Decimal(percent), cut_order=())
    assert TotalCap(annual_percent=Decimal(100), cut_order=()).cut_order == ()
