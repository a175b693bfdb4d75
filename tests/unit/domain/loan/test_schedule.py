"""Interest due days: listed, monthly, quarterly, and months that are too short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.loan.dates import in_month, years_after
from chalicelib.domain.loan.errors import DatesOutOfOrder, InvalidSchedule
from chalicelib.domain.loan.schedule import EVERY_MONTH, ExplicitDays, MonthDay, monthly, quarterly
from tests.unit.domain.loan.strategies import dates
from tests.unit.domain.loan.support import day, refuses

if TYPE_CHECKING:
    from datetime import date


def test_monthly_on_the_21st() -> None:
    """Settled on the 20th, that day included, and due on the 21st; the first day itself is no due day."""
    assert list(monthly(21).between(day("2024-11-21"), day("2025-02-21"))) == [
        day("2024-12-21"),
        day("2025-01-21"),
        day("2025-02-21"),
    ]


def test_quarterly_on_the_20th() -> None:
    """In March, June, September and December."""
    assert list(quarterly(20).between(day("2024-03-19"), day("2025-03-19"))) == [
        day("2024-03-20"),
        day("2024-06-20"),
        day("2024-09-20"),
        day("2024-12-20"),
    ]


def test_a_short_month_uses_its_last_day() -> None:
    assert list(monthly(31).between(day("2024-01-31"), day("2024-04-30"))) == [
        day("2024-02-29"),
        day("2024-03-31"),
        day("2024-04-30"),
    ]


def test_listed_days_are_taken_within_the_range() -> None:
    days = (day("2024-03-20"), day("2024-06-20"), day("2024-09-20"))
    assert list(ExplicitDays(days).between(day("2024-03-20"), day("2024-09-20"))) == list(days[1:])
    assert list(ExplicitDays(days).between(day("2024-03-19"), day("2024-09-19"))) == list(days[:2])
    assert list(ExplicitDays().between(day("2024-03-19"), day("2024-09-19"))) == []


def test_the_calendars_last_day_is_a_day_like_others() -> None:
    """Systems write 9999-12-31 for "no end"; no month is looked for beyond it."""
    assert list(quarterly(31).between(day("9999-09-30"), day("9999-12-31"))) == [day("9999-12-31")]


@given(st.integers(1, 31), st.permutations(EVERY_MONTH), dates, dates)
def test_due_days_ascend_within_the_range(number: int, months: list[int], one: date, two: date) -> None:
    """Whatever the order in which the months were listed."""
    after, until = sorted((one, two))
    found = list(MonthDay(number, tuple(months)).between(after, until))
    assert found == sorted(found)
    assert all(after < due <= until for due in found)
    assert all(due == in_month(due.year, due.month, number) for due in found)
    assert len(found) == len(list(monthly(number).between(after, until)))


@pytest.mark.parametrize(
    ("number", "months"), [(0, (1,)), (32, (1,)), (1, ()), (1, (0,)), (1, (13,)), (1, (3, 13))]
)
def test_a_day_or_month_that_does_not_exist_is_refused(number: int, months: tuple[int, ...]) -> None:
    with refuses(InvalidSchedule, "interest_due"):
        MonthDay(number, months)


def test_listed_days_must_ascend() -> None:
    with refuses(DatesOutOfOrder, "interest_due"):
        ExplicitDays((day("2024-06-20"), day("2024-06-20")))


def test_years_later_is_the_corresponding_day() -> None:
    """29 February has its 28th in common years (Civil Code 202)."""
    assert years_after(day("2024-02-29"), 1) == day("2025-02-28")
    assert years_after(day("2024-02-29"), 4) == day("2028-02-29")
    assert years_after(day("2021-03-21"), 3) == day("2024-03-21")
    assert in_month(2023, 4, 31) == day("2023-04-30")
