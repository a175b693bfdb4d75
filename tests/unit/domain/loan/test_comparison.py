"""The institution's claim, line by line against the computed one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import HubError
from chalicelib.domain.loan.comparison import ClaimDiffers, Comparison, Tolerance, compare
from chalicelib.domain.loan.errors import AmountOutOfBounds, DatesOutOfOrder
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.money import ZERO, Money
from tests.unit.domain.loan.support import G2_CUT_OFF, day, g2, refuses, yuan

STATEMENT = assess_loan(g2(), [], G2_CUT_OFF)
CLAIM = STATEMENT.claim()
NAMES = ["principal", "interest", "penalty_interest", "compound_interest", "fees", "total"]
TEN_FEN = Tolerance(over=yuan("0.10"), under=yuan("0.05"))


def _against(tolerance: Tolerance, **lines: Money) -> Comparison:
    return compare(STATEMENT, replace(CLAIM, **lines), tolerance)  # type: ignore[arg-type]  # mypy can't match the fields


def test_the_computed_claim_differs_nowhere() -> None:
    """Every line is there, in the order of the claim, and none differs."""
    comparison = _against(Tolerance(over=ZERO, under=ZERO))
    assert [line.name for line in comparison.lines] == NAMES
    assert [line.computed for line in comparison.lines] == [line.claimed for line in comparison.lines]
    assert (comparison.differing, comparison.beyond) == ((), ())
    comparison.accept()


def test_differences_are_told_even_if_tolerated() -> None:
    """Above and below, each within its own limit."""
    comparison = _against(
        TEN_FEN, interest=CLAIM.interest + Money(10), penalty_interest=CLAIM.penalty_interest - Money(5)
    )
    assert [(line.name, line.difference.fen) for line in comparison.differing] == [
        ("interest", 10),
        ("penalty_interest", -5),
        ("total", 5),
    ]
    comparison.accept()


@pytest.mark.parametrize(("fen", "beyond"), [(10, False), (11, True), (-5, False), (-6, True)])
def test_beyond_the_tolerance_the_claim_is_refused(fen: int, beyond: bool) -> None:
    """With the lines that went too far, and all the others to look at."""
    comparison = _against(TEN_FEN, compound_interest=CLAIM.compound_interest + Money(fen))
    assert [line.name for line in comparison.beyond] == ["compound_interest", "total"] * beyond
    if beyond:
        with pytest.raises(ClaimDiffers, match="compound_interest, total") as refused:
            comparison.accept()
        assert refused.value.comparison is comparison
        assert refused.value.field == "claim"
        assert isinstance(refused.value, HubError)


def test_small_differences_may_not_add_up_to_a_large_one() -> None:
    """The total has the same tolerance as a line."""
    comparison = _against(
        TEN_FEN, interest=CLAIM.interest + Money(6), compound_interest=CLAIM.compound_interest + Money(6)
    )
    assert [line.name for line in comparison.beyond] == ["total"]


def test_a_creditor_may_claim_less_where_the_tolerance_lets_it() -> None:
    """Without a lower limit any smaller claim passes; a larger one still does not."""
    lenient = Tolerance(over=ZERO, under=None)
    _against(lenient, penalty_interest=ZERO, compound_interest=ZERO).accept()
    assert [line.name for line in _against(lenient, fees=Money(1)).beyond] == ["fees", "total"]


@given(st.integers(-20, 20), st.integers(0, 20), st.none() | st.integers(0, 20))
def test_a_tolerance_is_a_range(fen: int, over: int, under: int | None) -> None:
    limit = Tolerance(over=Money(over), under=None if under is None else Money(under))
    lowest = -100 if under is None else -under
    assert limit.allows(Money(fen)) == (lowest <= fen <= over)


def test_a_claim_of_another_day_cannot_be_compared() -> None:
    with refuses(DatesOutOfOrder, "as_of"):
        compare(STATEMENT, replace(CLAIM, as_of=day("2025-06-29")), TEN_FEN)


def test_a_tolerance_is_not_negative() -> None:
    with refuses(AmountOutOfBounds, "tolerance.over"):
        Tolerance(over=Money(-1), under=None)
    with refuses(AmountOutOfBounds, "tolerance.under"):
        Tolerance(over=ZERO, under=Money(-1))


def test_a_tolerance_says_what_it_allows() -> None:
    """As the page of limits prints it."""
    assert str(Tolerance(over=Money(5), under=None)) == "0.05 above, any amount below"
    assert str(Tolerance(over=Money(0), under=Money(100))) == "0.00 above, 1.00 below"
