"""The one place where an amount is rounded: HALF_UP, to the fen.

Promise: products are exact and only the last division rounds, in a context of our own, so neither
floats nor the thread's decimal context can change a result. Downside: each call rounds; a caller
that adds rounded parts gets the sum of them, not the rounded sum.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from chalicelib.domain.money import Money

# 60 digits: base (15) x rate (12) x days (6) is exact, and a quotient over fewer than 12 digits cannot
# come so close to half a fen that rounding it to 60 digits first would move it onto the half.
_CONTEXT: Final = Context(prec=60, rounding=ROUND_HALF_UP)
_WHOLE: Final = Decimal(1)
_HUNDRED: Final = Decimal(100)


def share(amount: Money, percent: Decimal, *, parts: int = 1, of: int = 1) -> Money:
    """Return percent % of parts/of of an amount, HALF_UP to the fen."""
    product = _CONTEXT.multiply(_CONTEXT.multiply(Decimal(amount.fen), percent), Decimal(parts))
    quotient = _CONTEXT.divide(product, Decimal(100 * of))
    return Money(int(_CONTEXT.quantize(quotient, _WHOLE)))


def raised(percent: Decimal, by_percent: Decimal) -> Decimal:
    """Return a rate raised by a share of itself, unrounded: 7.25 % by 50 % is 10.875 %."""
    factor = _CONTEXT.add(_WHOLE, _CONTEXT.divide(by_percent, _HUNDRED))
    return _CONTEXT.multiply(percent, factor)


def with_spread(percent: Decimal, basis_points: int) -> Decimal:
    """Return a rate plus basis points, of which a hundred make a percent."""
    return _CONTEXT.add(percent, _CONTEXT.divide(Decimal(basis_points), _HUNDRED))
