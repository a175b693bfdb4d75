"""Working days in China: weekends, statutory holidays (法定节假日) and the make-up working days around them.

Promise: pure arithmetic on tables of dates that come from outside. The statutory holidays are law for
every year (全国年节及纪念日放假办法, 2024, art. 2); which days around them are off or worked is published
year by year. Downside: for a year whose table is not out yet, only weekends and the statutory holidays are
known; `knows` tells, so that a date can be shown as provisional.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

CHINA: Final = ZoneInfo("Asia/Shanghai")
"""Legal time in China, by name: an act that changes it comes with the time zone database (package tzdata)."""

_ONE_DAY: Final = timedelta(days=1)
_MORNING: Final = time(9)
_SATURDAY: Final = 5
FIXED_HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""The statutory holidays that are fixed by date (month, day); the others follow the moon and the sun."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Days off and make-up working days, as published for each of `years`; the statutory holidays of all."""

    days_off: frozenset[date] = field(default_factory=frozenset)
    make_up_days: frozenset[date] = field(default_factory=frozenset)
    years: frozenset[int] = field(default_factory=frozenset)
    statutory: frozenset[date] = field(default_factory=frozenset)

    def knows(self, day: date) -> bool:
        """Tell whether the official table for this day's year is loaded."""
        return day.year in self.years

    def provisional(self, until: datetime | None) -> bool:
        """Tell whether a limit that lasts until an instant ends in a year whose table is missing."""
        return until is not None and not self.knows(local_date(until - timedelta.resolution))

    def is_working_day(self, day: date) -> bool:
        """Tell whether courts and banks work on this day."""
        if day in self.make_up_days:
            return True
        if day in self.days_off or day.weekday() >= _SATURDAY:
            return False
        return self.knows(day) or not self._statutory(day)

    def _statutory(self, day: date) -> bool:
        return day in self.statutory or (day.month, day.day) in FIXED_HOLIDAYS

    def roll(self, day: date) -> date:
        """Move a last day that is a holiday to the next working day (民事诉讼法 art. 85)."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Count working days after `day`, which itself is not counted (民事诉讼法 art. 85)."""
        for _ in range(count):
            day = self.roll(day + _ONE_DAY)
        return day


def first_difference(before: WorkingCalendar, after: WorkingCalendar) -> date | None:
    """Return the first day that is a working day in one of two calendars only; None if there is none."""
    years = sorted(before.years | after.years)
    if not years:
        return None
    day, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    while day <= last:
        if before.is_working_day(day) != after.is_working_day(day):
            return day
        day += _ONE_DAY
    return None


def local_date(at: datetime) -> date:
    """Return the date in China at this instant."""
    return at.astimezone(CHINA).date()


def end_of(day: date) -> datetime:
    """Return the instant (UTC) at which this day ends in China: a limit lasts until its last day is over."""
    return datetime.combine(day + _ONE_DAY, time.min, tzinfo=CHINA).astimezone(UTC)


def morning_of(day: date) -> datetime:
    """Return the instant (UTC) of 9:00 in China, when the work due on a day begins [policy]."""
    return datetime.combine(day, _MORNING, tzinfo=CHINA).astimezone(UTC)


def after_working_days(at: datetime, count: int, calendar: WorkingCalendar) -> datetime:
    """Return the end (UTC) of the count-th working day after `at`'s day."""
    return end_of(calendar.add_working_days(local_date(at), count))


def after_days(at: datetime, count: int, calendar: WorkingCalendar) -> datetime:
    """Return the end (UTC) of the count-th day after `at`'s day, rolled past holidays (art. 85)."""
    return end_of(calendar.roll(local_date(at) + timedelta(days=count)))
