"""Amounts of yuan in Chinese capitals (大写), as agreements and complaints write them.

Promise: the rules of 支付结算办法 appendix 1: 元 and 角 end with 整, 分 does not; one 零 for a gap. Where
the rules leave a choice (a zero just before 万 or 元), no 零 is written.
Downside: negative amounts are refused; a document has to say in words that too much was paid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.loan.checks import not_negative

if TYPE_CHECKING:
    from chalicelib.domain.money import Money

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_TEN: Final = 10
_UNITS: Final = ((10**8, "亿"), (10**4, "万"), (10**3, "仟"), (10**2, "佰"), (_TEN, "拾"))


def in_capitals(amount: Money) -> str:
    """Return an amount in capitals; AmountOutOfBounds if it is negative."""
    not_negative("amount", amount)
    yuan, fen = divmod(amount.fen, 100)
    if not fen:
        return f"{_integer(yuan)}元整"
    if not yuan:
        return _fraction(fen)
    gap = "零" if fen < _TEN else ""  # 分 without 角
    return f"{_integer(yuan)}元{gap}{_fraction(fen)}"


def _fraction(fen: int) -> str:
    jiao, rest = divmod(fen, _TEN)
    tenths = f"{_DIGITS[jiao]}角" if jiao else ""
    return tenths + (f"{_DIGITS[rest]}分" if rest else "整")


def _integer(number: int) -> str:
    for size, unit in _UNITS:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // _TEN else ""
            return f"{_integer(high)}{unit}{gap}{_integer(low) if low else ''}"
    return _DIGITS[number]
