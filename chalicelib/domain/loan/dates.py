"""Calendar arithmetic with months of different length.

Promise: a day that a month lacks becomes its last day, as Civil Code art. 202 counts years and months.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def in_month(year: int, month: int, day: int) -> date:
    """Return this day of the month, or the month's last day if it is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def years_after(day: date, years: int) -> date:
    """Return the corresponding day `years` later (Civil Code 202)."""
    return in_month(day.year + years, day.month, day.day)
