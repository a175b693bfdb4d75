"""Case time goes on where it was when the table outlives the stack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.clock import CaseClock
from infra.local.kept_clock import SECONDS_OF_A_DAY, ClockUnusableError, Mark, clock_after, going_on

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
speeds = st.floats(0.1, 3600)
ahead = st.timedeltas(timedelta(days=1), timedelta(days=9000))


def mark(case: datetime, *, before: timedelta = timedelta(), speed: float = 2.0, ended: bool = True) -> Mark:
    return Mark(real=NOW - before, case=case, seconds_per_day=speed, ended=ended)


def hub_time(origin: datetime, speed: float, real: datetime) -> datetime:
    """Say what the hub takes the time for; the clocks of hub and court are not the same code."""
    return CaseClock(speed, origin, real=lambda: real).now()


@given(ahead, speeds, speeds)
def test_time_goes_on_from_its_last_value_at_any_speed(lead: timedelta, before: float, after: float) -> None:
    clock = clock_after(mark(NOW + lead, before=timedelta(hours=9), speed=before), after, NOW)
    assert timedelta() <= clock.at(NOW) - (NOW + lead) < timedelta(seconds=2)
    assert clock.seconds_per_day == after
    passed = clock.at(NOW + SECOND) - clock.at(NOW)
    assert abs(passed - timedelta(days=1) / after) < timedelta(seconds=2)
    assert hub_time(clock.origin, after, NOW + SECOND) == clock.at(NOW + SECOND)


@given(ahead, speeds, st.floats(0, 30))
def test_after_a_kill_no_time_that_anybody_may_have_read_comes_again(
    lead: timedelta, speed: float, down: float
) -> None:
    left = mark(NOW + lead, before=timedelta(seconds=down), speed=speed, ended=False)
    ran_on = min(timedelta(seconds=down), SECOND) * (SECONDS_OF_A_DAY / speed)
    gap = clock_after(left, speed, NOW).at(NOW) - (NOW + lead + ran_on)
    assert timedelta() <= gap < timedelta(seconds=2)


def test_without_a_speed_days_pass_as_before() -> None:
    assert clock_after(mark(NOW + timedelta(days=3), speed=7.0), None, NOW).seconds_per_day == 7.0


@pytest.mark.parametrize("speed", [2.0, SECONDS_OF_A_DAY])
def test_time_never_falls_behind_real_time(speed: float) -> None:
    clock = clock_after(mark(NOW - timedelta(days=30), before=timedelta(days=31)), speed, NOW)
    assert clock.at(NOW) == NOW


def test_a_new_table_begins_now_and_in_real_time() -> None:
    clock = clock_after(None, None, NOW)
    assert (clock.at(NOW), clock.at(NOW + SECOND)) == (NOW, NOW + SECOND)


def test_a_real_clock_is_real_again_after_a_kill() -> None:
    left = mark(NOW - SECOND, before=SECOND, speed=SECONDS_OF_A_DAY, ended=False)
    assert clock_after(left, None, NOW).at(NOW + SECOND) == NOW + SECOND


@pytest.mark.parametrize("speed", [SECONDS_OF_A_DAY, SECONDS_OF_A_DAY - 0.001])
def test_what_is_ahead_of_real_time_can_not_pass_as_slowly(speed: float) -> None:
    with pytest.raises(ClockUnusableError, match=r"at 2027-03-02, ahead of real time.*DAY=2\)"):
        clock_after(mark(NOW + timedelta(days=365)), speed, NOW)


def test_a_stack_that_starts_again_sees_later_times_only(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "clock.json"
    seen = []
    for _ in range(3):
        with going_on(file, 0.5) as clock:
            seen.append(clock.now())
            killed_with = file.read_bytes()
            seen.append(clock.now())
        ended_with = file.read_bytes()
        with going_on(file, 0.5) as clock:
            seen.append(clock.now())
        assert killed_with != ended_with
        file.write_bytes(killed_with)
        with going_on(file, 0.5) as clock:
            assert clock.now() >= seen[-3]
    assert seen == sorted(seen)


def test_a_clock_that_is_not_kept_begins_now(tmp_path: Path) -> None:
    with going_on(None, 1.0) as clock:
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(days=60)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"real": "soon"}'])
def test_a_file_that_can_not_be_read_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "clock.json"
    file.write_text(content)
    with pytest.raises(ClockUnusableError, match=r"clock\.json can't be read"), going_on(file, None):
        pytest.fail("it began")
