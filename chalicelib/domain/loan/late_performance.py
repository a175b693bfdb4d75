"""The doubled part of interest for late performance of a ruling (加倍部分债务利息, 法释〔2014〕8号 art. 1).

Promise: 0.175 per mille a day on the money that the ruling awards and that is unpaid, without the interest in
it; from the day after the last day to perform, up to and including the day it is computed for; rounded once.
Downside: a payment made meanwhile has to be computed as two ranges.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.ceilings import LATE_PERFORMANCE, in_force
from chalicelib.domain.loan.rounding import share
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.loan.components import Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePerformance:
    """The amount with its base, its days and its daily percentage."""

    base: Money
    days: int
    daily_percent: Decimal
    amount: Money


def late_performance(owed: Amounts, last_day: date, on: date) -> LatePerformance:
    """Return what is owed on a day for performing after `last_day`; DatesOutOfOrder if `on` is before it.

    Interest, compound and penalty interest are no part of the base: ordinary interest (一般债务利息).
    """
    checks.no_earlier("on", on, last_day)
    percent = in_force(LATE_PERFORMANCE, on).high
    base, days = owed.principal + owed.charges, (on - last_day).days
    return LatePerformance(
        base=base, days=days, daily_percent=percent, amount=share(base, percent, parts=days)
    )
