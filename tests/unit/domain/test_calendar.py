"""Statutory time: working days by the official tables, the first day not counted, a last day rolled on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.calendar import load_calendar
from chalicelib.domain.calendar import (
    CHINA,
    WorkingCalendar,
    after_days,
    after_working_days,
    end_of,
    first_difference,
    local_date,
    morning_of,
)

OFFICIAL = load_calendar()
DAY = timedelta(days=1)
days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis takes naive bounds and adds the zone
counts = st.integers(0, 60)


def china(year: int, month: int, day: int, hour: int = 9) -> datetime:
    """Return an instant of Chinese legal time."""
    return datetime(year, month, day, hour, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("filed", "count", "last"),
    [
        (china(2026, 2, 12), 1, date(2026, 2, 13)),  # Thursday -> Friday
        (china(2026, 2, 12), 2, date(2026, 2, 14)),  # a Saturday that makes up for the Spring Festival
        (china(2026, 2, 12), 3, date(2026, 2, 24)),  # nine days of Spring Festival in between
        (china(2025, 1, 24), 1, date(2025, 1, 26)),  # Friday -> make-up Sunday
        (china(2025, 1, 24), 2, date(2025, 1, 27)),
        (china(2025, 1, 24), 3, date(2025, 2, 5)),  # over the Spring Festival of 2025
        (china(2025, 9, 30), 3, date(2025, 10, 11)),  # eight days of National Day, then a make-up Saturday
        (china(2024, 9, 13), 3, date(2024, 9, 19)),  # make-up Saturday, Mid-autumn, then two working days
        (china(2024, 2, 9), 1, date(2024, 2, 18)),  # New Year's Eve 2024 was a working day
        (china(2026, 1, 2), 1, date(2026, 1, 4)),  # filed on a holiday; the Sunday makes up for it
        (china(2026, 3, 6), 3, date(2026, 3, 11)),  # a plain weekend
    ],
)
def test_working_days_follow_the_published_tables(filed: datetime, count: int, last: date) -> None:
    """The n-th working day after the day of filing, to its end."""
    assert after_working_days(filed, count, OFFICIAL) == end_of(last)


@pytest.mark.parametrize(
    ("begun", "count", "last"),
    [
        (china(2026, 1, 16), 30, date(2026, 2, 24)),  # 02-15 is the first day of the Spring Festival
        (china(2026, 1, 15), 30, date(2026, 2, 14)),  # a make-up Saturday is no holiday: it does not roll
        (china(2025, 9, 1), 30, date(2025, 10, 9)),  # 10-01, National Day and Mid-autumn together
        (china(2025, 8, 29), 30, date(2025, 9, 28)),  # a make-up Sunday stands
        (china(2024, 4, 1), 30, date(2024, 5, 6)),  # 05-01, over Labour Day
        (china(2024, 1, 11), 30, date(2024, 2, 18)),  # 02-10, first day of the Year of the Dragon
        (china(2026, 3, 6), 7, date(2026, 3, 13)),  # a Friday: nothing to roll
        (china(2026, 3, 7), 7, date(2026, 3, 16)),  # a Saturday rolls to Monday
    ],
)
def test_a_last_day_on_a_holiday_rolls(begun: datetime, count: int, last: date) -> None:
    """Calendar days, the first not counted; a last day that is a holiday moves on (民事诉讼法 art. 85)."""
    assert after_days(begun, count, OFFICIAL) == end_of(last)


def test_the_day_is_the_day_in_china() -> None:
    """An act at 23:30 UTC belongs to the next day in China."""
    assert local_date(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)) == date(2026, 3, 3)
    assert local_date(datetime(2026, 3, 2, 15, 59, tzinfo=UTC)) == date(2026, 3, 2)


def test_a_limit_ends_when_its_last_day_is_over() -> None:
    """Midnight in China is 16:00 UTC."""
    assert end_of(date(2026, 2, 24)) == datetime(2026, 2, 24, 16, tzinfo=UTC)


def test_work_due_on_a_day_begins_at_nine() -> None:
    """Nine in the morning in China, which is one hour of UTC."""
    assert morning_of(date(2026, 3, 2)) == datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_instants_are_kept_in_utc() -> None:
    """Not in the zone of the machine: what is stored and sorted as text has one zone."""
    assert end_of(date(2026, 2, 24)).tzinfo is UTC
    assert morning_of(date(2026, 3, 2)).tzinfo is UTC


@given(days)
def test_end_of_day_is_the_first_instant_of_the_next(day: date) -> None:
    """A microsecond earlier it is still that day."""
    assert local_date(end_of(day)) == day + DAY
    assert local_date(end_of(day) - timedelta(microseconds=1)) == day


@given(instants, counts)
def test_a_rolled_limit_is_the_first_working_day_from_there(at: datetime, count: int) -> None:
    """It is never earlier than counted, is a working day, and skips holidays only."""
    last = local_date(after_days(at, count, OFFICIAL)) - DAY
    counted = local_date(at) + count * DAY
    assert OFFICIAL.is_working_day(last)
    assert last >= counted
    while counted < last:
        assert not OFFICIAL.is_working_day(counted)
        counted += DAY


@given(instants, counts)
def test_exactly_so_many_working_days_pass(at: datetime, count: int) -> None:
    """Between the day of the act, not counted, and the limit there are as many working days as asked."""
    day, last = local_date(at), local_date(after_working_days(at, count, OFFICIAL)) - DAY
    passed = 0
    while day < last:
        day += DAY
        passed += OFFICIAL.is_working_day(day)
    assert passed == count
    assert count == 0 or OFFICIAL.is_working_day(last)


@given(instants, instants, counts)
def test_who_acts_earlier_is_never_due_later(one: datetime, other: datetime, count: int) -> None:
    """Limits keep the order of the acts that started them."""
    first, second = sorted((one, other))
    assert after_days(first, count, OFFICIAL) <= after_days(second, count, OFFICIAL)
    assert after_working_days(first, count, OFFICIAL) <= after_working_days(second, count, OFFICIAL)


@given(st.dates(date(2033, 1, 1), date(2060, 12, 31)))
def test_an_unpublished_year_knows_weekends_and_fixed_holidays(day: date) -> None:
    """Without a table of the moon's years a day off is a weekend or fixed by date, and provisional."""
    fixed = (day.month, day.day) in {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
    bare = WorkingCalendar()
    assert not bare.knows(day)
    assert not OFFICIAL.knows(day)
    assert bare.is_working_day(day) is not (fixed or day.weekday() >= 5)
    if not bare.is_working_day(day):
        assert not OFFICIAL.is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        *(date(2027, 2, 5), date(2027, 2, 8)),  # 除夕, 初三: a Friday and a Monday
        *(date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)),  # 清明, 端午, 中秋
        *(date(2028, 1, 25), date(2028, 1, 26), date(2028, 1, 27), date(2028, 1, 28)),  # 除夕 to 初三
        *(date(2028, 4, 4), date(2028, 10, 3)),  # 清明; 中秋 on a National Day
        *(date(2033, 1, 31), date(2033, 6, 1), date(2033, 9, 8)),  # a year of the moon that many count wrong
    ],
)
def test_the_statutory_holidays_of_a_year_to_come_are_days_off(day: date) -> None:
    """By the law of 2024 and the Hong Kong Observatory's tables of the moon; no deadline ends on them."""
    assert day.weekday() < 5
    assert not OFFICIAL.is_working_day(day)
    assert not OFFICIAL.knows(day)
    assert OFFICIAL.roll(day) > day


def test_no_deadline_falls_on_the_third_day_of_the_year_2027() -> None:
    """2027-02-08 (正月初三) is a Monday: what would end then ends on the 9th, until the table comes."""
    assert OFFICIAL.roll(date(2027, 2, 5)) == date(2027, 2, 9)
    assert OFFICIAL.roll(date(2027, 2, 8)) == date(2027, 2, 9)


@pytest.mark.parametrize(
    ("until", "provisional"),
    [
        (None, False),
        (end_of(date(2026, 12, 31)), False),
        (end_of(date(2026, 12, 31)) + timedelta(seconds=1), True),
        (end_of(date(2027, 1, 1)), True),
    ],
)
def test_a_deadline_in_a_year_without_table_is_provisional(until: datetime | None, provisional: bool) -> None:
    """The last instant of 2026 belongs to 2026, though the limit is the first of 2027."""
    assert OFFICIAL.provisional(until) is provisional


def test_the_zone_has_its_name() -> None:
    """Shanghai had daylight saving until 1991, so a fixed offset is not the same zone."""
    assert str(CHINA) == "Asia/Shanghai"
    assert local_date(datetime(1990, 7, 1, 15, 30, tzinfo=UTC)) == date(1990, 7, 2)


def test_the_table_of_a_known_year_wins_over_fixed_dates() -> None:
    """What the State Council publishes is the whole truth of its year."""
    calendar = WorkingCalendar(
        days_off=frozenset({date(2027, 5, 3)}),
        make_up_days=frozenset({date(2027, 5, 1)}),
        years=frozenset({2027}),
    )
    assert calendar.is_working_day(date(2027, 5, 1))  # a Saturday, worked
    assert not calendar.is_working_day(date(2027, 5, 3))  # a Monday, off
    assert calendar.is_working_day(date(2027, 10, 1))  # a Friday that this table does not name
    assert not calendar.is_working_day(date(2027, 10, 2))  # a Saturday


FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
PUBLISHED = WorkingCalendar(
    days_off=frozenset(date(year, *day) for year in (2025, 2026, 2027) for day in FIXED),
    years=frozenset({2025, 2026, 2027}),
)
"""Three tables that name the days by law, and no others."""


@pytest.mark.parametrize("day", [date(2025, 1, 2), date(2025, 1, 1), date(2026, 7, 1), date(2027, 12, 31)])
def test_two_tables_differ_from_the_first_day_that_only_one_has_off(day: date) -> None:
    """From the first day of the first year to the last of the last, whichever of the two is the newer."""
    other = WorkingCalendar(days_off=PUBLISHED.days_off ^ {day}, years=PUBLISHED.years)
    assert first_difference(PUBLISHED, other) == first_difference(other, PUBLISHED) == day
    later = WorkingCalendar(days_off=other.days_off | {date(2027, 12, 31)}, years=PUBLISHED.years)
    assert first_difference(PUBLISHED, later) == day


def test_a_table_that_says_what_was_known_makes_no_difference() -> None:
    """A first table, without a day beyond those by law, moves nothing; nor do two calendars without any."""
    first = WorkingCalendar(days_off=PUBLISHED.days_off, years=frozenset({2025}))
    assert first_difference(WorkingCalendar(), first) is None
    assert first_difference(first, PUBLISHED) is None
    assert first_difference(WorkingCalendar(), WorkingCalendar()) is None


def test_a_year_that_only_one_has_is_compared_too() -> None:
    """The table of 2027 has its last day off, of which the calendar before knew nothing."""
    before = WorkingCalendar(days_off=PUBLISHED.days_off, years=frozenset({2025, 2026}))
    after = WorkingCalendar(days_off=PUBLISHED.days_off | {date(2027, 12, 31)}, years=PUBLISHED.years)
    assert first_difference(before, after) == first_difference(after, before) == date(2027, 12, 31)
