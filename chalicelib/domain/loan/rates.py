"""Rates: what a contract agrees, and which rate applies on each day.

Promise: a rate carries where it comes from (LPR quote, spread, addition), so that a line can be explained.
Percentages are written as in the contract: 7.25 is 7.25 % a year.
Downside: a floating rate still floats after maturity; a contract that ends this needs a fixed rate from that
day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.dates import years_after
from chalicelib.domain.loan.errors import InvalidSchedule
from chalicelib.domain.loan.lpr import LprQuote, Tenor
from chalicelib.domain.loan.rounding import raised, share, with_spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.loan.day_count import DayCount
    from chalicelib.domain.loan.limits import RateLimits
    from chalicelib.domain.loan.lpr import LprTable
    from chalicelib.domain.money import Money

_NONE: Final = Decimal(0)
_ONE_DAY: Final = timedelta(days=1)


class Per(StrEnum):
    """The time to which a rate refers."""

    YEAR = "year"  # 年利率
    DAY = "day"  # 日利率


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate as applied, in percent; `markup_percent` is what a penalty added to the contract's."""

    percent: Decimal
    per: Per = Per.YEAR
    quote: LprQuote | None = None
    spread_bp: int = 0
    markup_percent: Decimal = _NONE

    def marked_up(self, percent: Decimal) -> Rate:
        """Return the penalty rate: this one raised by a share of itself."""
        return replace(self, percent=raised(self.percent, percent), markup_percent=percent)

    def on(self, base: Money, day_count: DayCount, start: date, end: date) -> Money:
        """Return the interest of [start, end) on a base, rounded once."""
        of = day_count.days_in_year if self.per is Per.YEAR else 1
        return share(base, self.percent, parts=day_count.days(start, end), of=of)


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedRate:
    """The same percentage a year from a day on."""

    kind: ClassVar = "fixed"
    starts: date
    annual_percent: Decimal


class Reset(StrEnum):
    """When a rate on the LPR is priced anew (重定价日)."""

    NEVER = "never"
    NEW_YEAR = "new_year"  # 每年1月1日
    ANNIVERSARY = "anniversary"  # 对月对日


@dataclass(frozen=True, slots=True, kw_only=True)
class LprRate:
    """The LPR plus basis points from a day on, priced on one day first and anew at each reset.

    A reset uses the quote in force `lookback_days` before it (0: the day itself; 1: the day before).
    """

    kind: ClassVar = "lpr"
    starts: date
    priced_on: date
    tenor: Tenor
    spread_bp: int
    reset: Reset
    lookback_days: int

    def __post_init__(self) -> None:
        checks.no_earlier("rates.priced_on", self.starts, self.priced_on)
        if self.lookback_days < 0:
            raise InvalidSchedule("rates.lookback_days", f"{self.lookback_days} is below zero")


RateTerm = FixedRate | LprRate


@dataclass(frozen=True, slots=True)
class RateStep:
    """The contract rate from a day on."""

    starts: date
    rate: Rate


def rate_steps(
    terms: tuple[RateTerm, ...], table: LprTable, limits: RateLimits, until: date
) -> tuple[RateStep, ...]:
    """Return the contract rate by day up to `until`; LprUnknown or RateOutOfBounds if there is none."""
    lasts = [following.starts - _ONE_DAY for _term, following in pairwise(terms)]
    spans = zip(terms, [*lasts, until], strict=True)
    return tuple(step for term, last in spans for step in _steps_of(term, table, limits, min(last, until)))


def _steps_of(term: RateTerm, table: LprTable, limits: RateLimits, last: date) -> Iterator[RateStep]:
    if term.starts > last:
        return
    if isinstance(term, FixedRate):
        yield RateStep(term.starts, Rate(percent=term.annual_percent))
        return
    yield RateStep(term.starts, _priced(term, table, limits, term.priced_on))
    for day in _resets(term, last):
        yield RateStep(day, _priced(term, table, limits, day - timedelta(days=term.lookback_days)))


def _priced(term: LprRate, table: LprTable, limits: RateLimits, on: date) -> Rate:
    quote = table.quote(term.tenor, on)
    percent = with_spread(quote.percent, term.spread_bp)
    limits.check_annual("rates", percent)
    return Rate(percent=percent, quote=quote, spread_bp=term.spread_bp)


def _resets(term: LprRate, last: date) -> Iterator[date]:
    if term.reset is Reset.NEVER:
        return
    for years in range(1, last.year - term.starts.year + 1):
        day = years_after(term.starts, years)
        day = day.replace(month=1, day=1) if term.reset is Reset.NEW_YEAR else day
        if day <= last:
            yield day
