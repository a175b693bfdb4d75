"""Amounts in Chinese capitals, read back by a reader that knows the characters only."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.loan.capitals import in_capitals
from chalicelib.domain.loan.errors import AmountOutOfBounds
from chalicelib.domain.money import Money
from tests.unit.domain.loan.support import refuses, yuan

DIGITS = "零壹贰叁肆伍陆柒捌玖"
SMALL = {"拾": 10, "佰": 100, "仟": 1000}

amounts = st.one_of(
    st.integers(0, 10**15 - 1),
    st.lists(st.sampled_from("0001259"), min_size=1, max_size=15).map(lambda digits: int("".join(digits))),
)


def _section(text: str) -> int:
    total = digit = 0
    for letter in text:
        if letter in SMALL:
            total, digit = total + digit * SMALL[letter], 0
        else:
            digit = DIGITS.index(letter)
    return total + digit


def _number(text: str) -> int:
    high, yi, low = text.rpartition("亿")
    if yi:
        return _number(high) * 10**8 + _number(low)
    high, _wan, low = text.rpartition("万")
    return _section(high) * 10**4 + _section(low)


def read(text: str) -> int:
    """Return the fen that capitals name."""
    whole, _yuan, rest = text.rpartition("元")
    found = re.fullmatch(r"零?(?:(?P<jiao>.)角)?(?:(?P<fen>.)分|整)", rest)
    assert found is not None, text
    jiao, fen = (DIGITS.index(found[name] or "零") for name in ("jiao", "fen"))
    return _number(whole) * 100 + jiao * 10 + fen


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.56", "伍角陆分"),
        ("1.05", "壹元零伍分"),
        ("1.10", "壹元壹角整"),
        ("10", "壹拾元整"),
        ("105.06", "壹佰零伍元零陆分"),
        ("1010.50", "壹仟零壹拾元伍角整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("100005.20", "壹拾万零伍元贰角整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("13152100", "壹仟叁佰壹拾伍万贰仟壹佰元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("100050000", "壹亿零伍万元整"),
        ("150000000", "壹亿伍仟万元整"),
        ("1000000000001.01", "壹万亿零壹元零壹分"),
    ],
)
def test_known_amounts(amount: str, capitals: str) -> None:
    """The domain's table, the examples of 支付结算办法, and the gaps between sections."""
    assert in_capitals(yuan(amount)) == capitals


@given(amounts)
def test_capitals_name_the_amount(fen: int) -> None:
    """Read back, they give the same fen."""
    assert read(in_capitals(Money(fen))) == fen


@given(amounts)
def test_capitals_are_well_formed(fen: int) -> None:
    """No two zeros in a row, none before a unit or at the end, and 整 exactly where there are no 分."""
    text = in_capitals(Money(fen))
    assert "零零" not in text
    assert re.search("零[拾佰仟万亿角分整]|元零.角", text) is None
    assert text.startswith("零元") == (fen == 0)
    assert text.endswith("整") == (fen % 10 == 0)
    assert text.endswith(("整", "分"))


@given(amounts, amounts)
def test_different_amounts_never_look_alike(one: int, other: int) -> None:
    assert (in_capitals(Money(one)) == in_capitals(Money(other))) == (one == other)


def test_a_negative_amount_is_refused() -> None:
    with refuses(AmountOutOfBounds, "amount"):
        in_capitals(Money(-1))
