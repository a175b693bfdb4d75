"""The loan prime rate (LPR, 贷款市场报价利率): published quotes, given as data.

Promise: a rate that rests on the LPR names the quote it used; a table that does not reach a day
raises an error instead of using an old quote. Downside: somebody has to add a quote each month.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from chalicelib.domain.loan.checks import ascending, percent_within
from chalicelib.domain.loan.errors import LprUnknown

_STALE_AFTER_DAYS: Final = 45
"""Quotes come on the 20th of each month, moved past holidays: an older one has been replaced."""


class Tenor(StrEnum):
    """The two terms for which a rate is published."""

    ONE_YEAR = "1Y"  # 一年期
    FIVE_YEARS = "5Y"  # 五年期以上


@dataclass(frozen=True, slots=True, kw_only=True)
class LprPublication:
    """The rates published on a day, in percent a year."""

    on: date
    one_year: Decimal
    five_years: Decimal

    def __post_init__(self) -> None:
        for percent in (self.one_year, self.five_years):
            percent_within("lpr_table", percent, Decimal(0), Decimal(100))


@dataclass(frozen=True, slots=True, kw_only=True)
class LprQuote:
    """The quote that a rate rests on: when published, for which term, percent a year."""

    published: date
    tenor: Tenor
    percent: Decimal


@dataclass(frozen=True, slots=True)
class LprTable:
    """All publications, oldest first."""

    publications: tuple[LprPublication, ...] = ()

    def __post_init__(self) -> None:
        ascending("lpr_table", [publication.on for publication in self.publications])

    def quote(self, tenor: Tenor, on: date) -> LprQuote:
        """Return the quote in force on a day; LprUnknown if the table starts later or ended before."""
        place = bisect_right(self.publications, on, key=lambda publication: publication.on)
        found = self.publications[place - 1] if place else None
        if found is None or (on - found.on).days > _STALE_AFTER_DAYS:
            raise LprUnknown("lpr_table", day=on)
        percent = found.one_year if tenor is Tenor.ONE_YEAR else found.five_years
        return LprQuote(published=found.on, tenor=tenor, percent=percent)
