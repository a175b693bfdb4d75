"""Money: exact to the fen, and text that is always yuan with two decimals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.money import ZERO, Money

amounts = st.builds(Money, st.integers(-(10**15) + 1, 10**15 - 1))


@given(amounts)
def test_text_and_amount_are_the_same_thing(amount: Money) -> None:
    """What is written can be read back, and looks like an amount."""
    text = str(amount)
    assert Money.parse(text) == amount
    assert text[-3] == "."


@given(amounts, amounts)
def test_sums_never_drift(one: Money, other: Money) -> None:
    """Addition and subtraction are inverse to each other; order follows the amounts."""
    assert one + other - other == one
    assert one - other == -(other - one)
    assert one + ZERO == one
    assert (one < other) == (one.fen < other.fen)


@given(st.text(max_size=12))
def test_what_is_read_is_exactly_what_would_be_written(text: str) -> None:
    """No other spelling of an amount is taken: no spaces, signs, separators, full-width digits."""
    try:
        amount = Money.parse(text)
    except ValueError:
        return
    assert str(amount) == text or text == "-0.00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.5",
        "1.555",
        "01.00",
        "1,000.00",
        " 1.00",
        "1.00\n",
        "+1.00",
        "１.００",
        "1e2",
        ".50",
        "--1.00",
    ],
)
def test_other_spellings_are_refused(text: str) -> None:
    """The refusal says how an amount is written."""
    with pytest.raises(ValueError, match=r'such as "1234\.50"'):
        Money.parse(text)


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (105_06, "105.06"), (-1, "-0.01"), (-123_45, "-123.45")]
)
def test_small_and_negative_amounts(fen: int, text: str) -> None:
    """Fen keep their two digits and a difference its sign."""
    assert str(Money(fen)) == text
