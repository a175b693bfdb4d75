"""The checks that contracts, payments and policies share.

Promise: each refuses with a named error that carries the field. Downside: mypy checks the types; a
float that gets past it is not noticed.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from chalicelib.domain.loan.errors import (
    AmountOutOfBounds,
    DatesOutOfOrder,
    DuplicateReference,
    RateOutOfBounds,
)
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

_FINEST: Final = -6
"""The exponent of the finest percentage taken: products stay far below the precision of `rounding`."""


def percent_within(field: str, value: Decimal, low: Decimal, high: Decimal) -> None:
    """Refuse a percentage outside [low, high], or finer than six decimals."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):  # NaN and the infinities have a letter there
        raise RateOutOfBounds(field, f"{value} is not a number")
    if not low <= value <= high:
        raise RateOutOfBounds(field, f"{value} % is not within {low} to {high} %")
    if exponent < _FINEST:
        raise RateOutOfBounds(field, f"{value} % has more than six decimals")


def positive(field: str, amount: Money) -> None:
    """Refuse an amount that is not above zero."""
    if amount <= ZERO:
        raise AmountOutOfBounds(field, f"{amount} is not above zero")


def not_negative(field: str, amount: Money) -> None:
    """Refuse an amount below zero."""
    if amount < ZERO:
        raise AmountOutOfBounds(field, f"{amount} is below zero")


def ascending(field: str, days: Sequence[date]) -> None:
    """Refuse days that do not strictly ascend."""
    for earlier, later in pairwise(days):
        if later <= earlier:
            raise DatesOutOfOrder(field, f"{later} does not come after {earlier}")


def no_earlier(field: str, day: date, than: date) -> None:
    """Refuse a day before another."""
    if day < than:
        raise DatesOutOfOrder(field, f"{day} is before {than}")


def later(field: str, day: date, than: date) -> None:
    """Refuse a day that is not after another."""
    if day <= than:
        raise DatesOutOfOrder(field, f"{day} is not after {than}")


def unique(field: str, references: Iterable[str]) -> None:
    """Refuse a reference that occurs twice."""
    seen: set[str] = set()
    for reference in references:
        if reference in seen:
            raise DuplicateReference(field, f"{reference} occurs twice")
        seen.add(reference)
