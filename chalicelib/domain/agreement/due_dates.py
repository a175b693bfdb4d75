"""On which days instalments fall due.

Promise: monthly on day n, or on the last day of a shorter month (Civil Code 202). Each date is counted from
the agreed day, so that a plan on the 31st does not stay on the 28th after February.
Downside: a due day on a holiday stays where it is; only the end of its grace period moves (see `default`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from chalicelib.domain.agreement.errors import DueDatesInvalid, PlanTooLong
from chalicelib.domain.loan.dates import in_month

if TYPE_CHECKING:
    from datetime import date

MOST_INSTALMENTS: Final = 60
"""A plan runs to 60 months [policy]; also the most that any schedule may list."""
_MONTHS: Final = 12
_LONGEST_MONTH: Final = 31
_YEARS: Final = range(2000, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyDates:
    """`count` due dates from this month on, each on `day` or the month's last day."""

    stored_as_row: ClassVar = True
    year: int
    month: int
    day: int
    count: int

    def __post_init__(self) -> None:
        if self.year not in _YEARS:
            raise DueDatesInvalid("year", f"{self.year} is out of range")
        if not 1 <= self.month <= _MONTHS:
            raise DueDatesInvalid("month", f"{self.month} is not a month")
        if not 1 <= self.day <= _LONGEST_MONTH:
            raise DueDatesInvalid("day", f"{self.day} is not a day of a month")
        check_count(self.count)

    def dates(self) -> tuple[date, ...]:
        """Return the due dates in order."""
        months = (self.month - 1 + number for number in range(self.count))
        return tuple(in_month(self.year + m // _MONTHS, m % _MONTHS + 1, self.day) for m in months)


def check_count(count: int) -> None:
    """Refuse fewer than two instalments, or more than MOST_INSTALMENTS."""
    if count < 2:  # noqa: PLR2004  one payment is a lump sum
        raise DueDatesInvalid("count", f"{count} payments are no instalments")
    if count > MOST_INSTALMENTS:
        raise PlanTooLong("count", found=count, most=MOST_INSTALMENTS)


def months_from(first: date, last: date) -> int:
    """Count the calendar months that two days touch, from the first's to the last's."""
    return (last.year - first.year) * _MONTHS + last.month - first.month + 1
