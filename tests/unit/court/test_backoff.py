"""Waits grow, spread, obey the court and stay within what the queue can hide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.court.backoff import FIRST_SECONDS, LONGEST_SECONDS, delay_seconds

chances = st.floats(0, 1, exclude_max=True)


@given(st.integers(-5, 10_000), chances, st.none() | st.integers(-10, 10**6))
def test_a_wait_is_between_a_second_and_an_hour_and_not_shorter_than_asked(
    attempt: int, chance: float, retry_after: int | None
) -> None:
    delay = delay_seconds(attempt, lambda: chance, retry_after)
    assert max(1, min(retry_after or 0, LONGEST_SECONDS)) <= delay <= LONGEST_SECONDS


@given(st.integers(1, 30), chances)
def test_waits_never_shrink_with_attempts(attempt: int, chance: float) -> None:
    assert delay_seconds(attempt, lambda: chance) <= delay_seconds(attempt + 1, lambda: chance)


def test_the_spread_covers_the_whole_growing_range() -> None:
    for attempt, ceiling in enumerate([FIRST_SECONDS, 8, 16, 32, 64], start=1):
        assert delay_seconds(attempt, lambda: 0.0) == 1
        assert delay_seconds(attempt, lambda: 0.999999) == ceiling - 1


def test_what_the_court_asked_for_is_spread_as_well() -> None:
    assert delay_seconds(3, lambda: 0.5, 100) == 100 + 8
