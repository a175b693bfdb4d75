"""Days of half-open ranges, in each of the three day counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given

from chalicelib.domain.loan.day_count import DayCount
from tests.unit.domain.loan.strategies import dates, day_counts


@pytest.mark.parametrize(
    ("start", "end", "actual", "thirties"),
    [
        ((2021, 3, 22), (2022, 3, 21), 364, 359),
        ((2024, 2, 28), (2024, 3, 1), 2, 3),
        ((2023, 2, 28), (2023, 3, 1), 1, 3),
        ((2024, 1, 30), (2024, 1, 31), 1, 0),
        ((2024, 1, 31), (2024, 2, 29), 29, 29),
        ((2024, 1, 31), (2024, 3, 31), 60, 60),
        ((2024, 1, 15), (2025, 1, 15), 366, 360),
    ],
)
def test_known_ranges(
    start: tuple[int, int, int], end: tuple[int, int, int], actual: int, thirties: int
) -> None:
    """Actual days, and 30E/360 by the formula of ISDA 2006, 4.16(g)."""
    assert DayCount.ACT_360.days(date(*start), date(*end)) == actual
    assert DayCount.ACT_365.days(date(*start), date(*end)) == actual
    assert DayCount.THIRTY_360.days(date(*start), date(*end)) == thirties


def test_the_year_that_a_rate_is_divided_by() -> None:
    assert [count.days_in_year for count in DayCount] == [360, 365, 360]


@given(day_counts, dates, dates, dates)
def test_two_halves_have_the_days_of_the_whole(count: DayCount, one: date, two: date, three: date) -> None:
    """Whatever the convention, a range may be split."""
    start, middle, end = sorted((one, two, three))
    assert count.days(start, middle) + count.days(middle, end) == count.days(start, end)


@given(day_counts, dates)
def test_a_day_later_is_never_fewer_days(count: DayCount, start: date) -> None:
    """No range counts negative, and an empty one counts nothing."""
    assert count.days(start, start) == 0
    assert 0 <= count.days(start, start + timedelta(days=1)) <= 3
