"""Case time: real on AWS, faster where a local run compresses it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.clock import CaseClock
from chalicelib.settings import SECONDS_PER_DAY

ORIGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(offset: timedelta, seconds_per_day: float) -> CaseClock:
    return CaseClock(seconds_per_day, ORIGIN, real=lambda: ORIGIN + offset)


@given(st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_an_uncompressed_clock_is_the_real_one(offset: timedelta) -> None:
    assert at(offset, SECONDS_PER_DAY).now() == ORIGIN + offset


def test_a_day_passes_in_as_many_seconds_as_it_is_told() -> None:
    assert at(timedelta(seconds=6), 2.0).now() == ORIGIN + timedelta(days=3)


def test_waiting_is_told_in_real_seconds() -> None:
    assert at(timedelta(0), 2.0).seconds_until(ORIGIN + timedelta(days=30)) == 60
    assert at(timedelta(0), SECONDS_PER_DAY).seconds_until(ORIGIN + timedelta(days=30)) == 30 * 86_400


@given(st.timedeltas(timedelta(days=-400), timedelta(days=40_000)), st.floats(0.5, SECONDS_PER_DAY))
def test_a_wait_is_never_shorter_than_needed_and_always_one_step_functions_takes(
    ahead: timedelta, seconds_per_day: float
) -> None:
    clock = at(timedelta(0), seconds_per_day)
    seconds = clock.seconds_until(ORIGIN + ahead)
    needed = ahead.total_seconds() * seconds_per_day / SECONDS_PER_DAY
    assert 1 <= seconds <= 99_999_999
    assert seconds >= min(needed, 99_999_999) - 1e-6
