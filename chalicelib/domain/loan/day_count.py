"""Day counts (计息基础): how many days a range has, and how many a year is taken to have.

Promise: ranges are half-open, [start, end): the day of disbursement bears interest, the day of repayment
does not (算头不算尾). The day count is a field of the contract, never a default.
30/360 means 30E/360 (ISDA 2006 definitions, 4.16(g); "Eurobond basis"): a 31st counts as the 30th. It is
chosen over the US variant because it adds up: two halves of a range have the days of the whole.
Downside: 30E/360 counts no day from a 30th to the 31st, and three from 28 February to 1 March.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_MONTH = 30


class DayCount(StrEnum):
    """The day counts that contracts here agree on."""

    ACT_360 = "act/360"  # 实际天数/360
    ACT_365 = "act/365"  # 实际天数/365，闰年亦同
    THIRTY_360 = "30/360"  # 每月三十天，30E/360

    @property
    def days_in_year(self) -> int:
        """The days by which a yearly rate is divided."""
        return 365 if self is DayCount.ACT_365 else 360

    def days(self, start: date, end: date) -> int:
        """Count the days of [start, end)."""
        if self is DayCount.THIRTY_360:
            return _ordinal_of_thirties(end) - _ordinal_of_thirties(start)
        return (end - start).days


def _ordinal_of_thirties(day: date) -> int:
    return (day.year * 12 + day.month) * _MONTH + min(day.day, _MONTH)
