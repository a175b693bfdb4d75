"""One rounding, HALF_UP to the fen, from exact products."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.loan.rounding import raised, share, with_spread
from chalicelib.domain.money import Money

percents = st.decimals(0, 100, places=6)


@given(st.integers(0, 10**15), percents, st.integers(0, 20_000), st.sampled_from([1, 360, 365]))
def test_a_share_is_the_exact_one_rounded_half_up(fen: int, percent: Decimal, parts: int, of: int) -> None:
    """The nearest fen, and the higher of two equally near ones."""
    exact = Fraction(fen) * Fraction(percent) * parts / (100 * of)
    assert share(Money(fen), percent, parts=parts, of=of).fen == (exact + Fraction(1, 2)).__floor__()


@pytest.mark.parametrize(
    ("fen", "percent", "result"), [(1, "50", 1), (1, "49.999999", 0), (3, "50", 2), (583021, "50", 291511)]
)
def test_half_a_fen_goes_up(fen: int, percent: str, result: int) -> None:
    assert share(Money(fen), Decimal(percent)) == Money(result)


def test_the_largest_amounts_stay_exact() -> None:
    """Ten trillion yuan at the finest rate over half a century, to the fen."""
    assert share(Money(10**15 - 1), Decimal("99.999999"), parts=19_999, of=360).fen == 55552777222249944


def test_the_callers_decimal_context_changes_nothing() -> None:
    """Neither precision nor rounding mode of the thread is used."""
    with decimal.localcontext(prec=3, rounding=decimal.ROUND_UP):
        assert share(Money(123456789), Decimal("7.25"), parts=193, of=360) == Money(4798525)
        assert raised(Decimal("7.253"), Decimal("33.33")) == Decimal("9.6704249")
        assert with_spread(Decimal("3.4567"), 123) == Decimal("4.6867")


def test_an_addition_is_a_share_of_the_rate() -> None:
    """50 % on 7.25 % is 10.875 %, 40 % on 5.80 % is 8.12 %."""
    assert raised(Decimal("7.25"), Decimal(50)) == Decimal("10.875")
    assert raised(Decimal("5.80"), Decimal(40)) == Decimal("8.12")


def test_a_hundred_basis_points_are_a_percent() -> None:
    assert with_spread(Decimal("3.45"), 155) == Decimal("5.00")
    assert with_spread(Decimal("3.45"), -45) == Decimal("3.00")
