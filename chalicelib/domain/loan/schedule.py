"""On which days interest falls due (付息日), as the contract says.

Promise: a due day ends one interest period and begins the next: half-open, like every range here. Where
a bank settles on the 20th, that day included, and collects on the 21st, the day is the 21st.
Downside: a due day on a holiday is not moved; a contract that moves it lists its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from chalicelib.domain.loan.checks import ascending
from chalicelib.domain.loan.dates import in_month
from chalicelib.domain.loan.errors import InvalidSchedule

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY_MONTH: Final = tuple(range(1, 13))
LAST_OF_QUARTER: Final = (3, 6, 9, 12)
_LONGEST_MONTH: Final = 31


@dataclass(frozen=True, slots=True)
class ExplicitDays:
    """The days listed in the contract; none means that interest is due with the principal (利随本清)."""

    kind: ClassVar = "explicit_days"
    days: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        ascending("interest_due", self.days)

    def between(self, after: date, until: date) -> Iterator[date]:
        """Yield the due days later than `after`, up to and including `until`."""
        return (day for day in self.days if after < day <= until)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """The same day of each of these months; a month without it uses its last day."""

    kind: ClassVar = "month_day"
    day: int
    months: tuple[int, ...]

    def __post_init__(self) -> None:
        check_month_day("interest_due", self.day)
        if not self.months or not set(self.months) <= set(EVERY_MONTH):
            raise InvalidSchedule("interest_due", f"{self.months} are not months")

    def between(self, after: date, until: date) -> Iterator[date]:
        """Yield the due days later than `after`, up to and including `until`."""
        for year in range(after.year, until.year + 1):
            for month in sorted(self.months):
                day = in_month(year, month, self.day)
                if after < day <= until:
                    yield day


def check_month_day(field: str, day: int) -> None:
    """Refuse a day that no month has."""
    if not 1 <= day <= _LONGEST_MONTH:
        raise InvalidSchedule(field, f"{day} is not a day of a month")


def monthly(day: int) -> MonthDay:
    """Return the schedule of interest due each month (按月付息)."""
    return MonthDay(day, EVERY_MONTH)


def quarterly(day: int) -> MonthDay:
    """Return the schedule of interest due in the last month of each quarter (按季付息)."""
    return MonthDay(day, LAST_OF_QUARTER)


InterestSchedule = ExplicitDays | MonthDay
