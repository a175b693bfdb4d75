"""The checks that contracts, payments and policies share.

Promise: each refuses with a named error that carries the field. Downside: mypy checks the types; a
float that gets past it is not noticed.
"""

from __future__ import annotations

from datetime import timedelta
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
    # NaN and the infinities have a letter there, and can't be compared.
    if not isinstance(exponent, int) or exponent < _FINEST or not low <= value <= high:
        raise RateOutOfBounds(field, given=value, low=low, high=high)


def positive(field: str, amount: Money) -> None:
    """Refuse an amount that is not above zero."""
    if amount <= ZERO:
        raise AmountOutOfBounds(field, given=amount, bounds=f"> {ZERO}")


def not_negative(field: str, amount: Money) -> None:
    """Refuse an amount below zero."""
    if amount < ZERO:
        raise AmountOutOfBounds(field, given=amount, bounds=f">= {ZERO}")


def ascending(field: str, days: Sequence[date]) -> None:
    """Refuse days that do not strictly ascend."""
    for before, day in pairwise(days):
        later(field, day, before)


def no_earlier(field: str, day: date, than: date) -> None:
    """Refuse a day before another."""
    if day < than:
        raise DatesOutOfOrder(field, given=day, earliest=than)


def later(field: str, day: date, than: date) -> None:
    """Refuse a day that is not after another."""
    if day <= than:
        raise DatesOutOfOrder(field, given=day, earliest=than + timedelta(days=1))


def unique(field: str, references: Iterable[str]) -> None:
    """Refuse a reference that occurs twice."""
    seen: set[str] = set()
    for reference in references:
        if reference in seen:
            raise DuplicateReference(field, f"{reference} occurs twice")
        seen.add(reference)
