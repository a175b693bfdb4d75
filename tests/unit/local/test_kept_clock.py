"""Case time goes on where it was when the table outlives the stack."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.court.clock import CivilClock
from infra.local.kept_clock import SECONDS_OF_A_DAY, ClockUnreadableError, going_on, last_time, moved

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SPEEDS = [0.5, 2.0, SECONDS_OF_A_DAY, 200_000.0]


def mark(case: datetime, *, before: timedelta, speed: float, ended: bool) -> str:
    real = (NOW - before).isoformat()
    found = {"real": real, "case": case.isoformat(), "seconds_per_day": speed, "ended": ended}
    return json.dumps(found)


def kept(folder: Path, case: datetime) -> Path:
    """Leave behind a stack that ended at an instant of case time."""
    found = {"real": case.isoformat(), "case": case.isoformat(), "seconds_per_day": 2.0, "ended": True}
    (folder / "clock.json").write_text(json.dumps(found))
    return folder


@given(st.timedeltas(timedelta(0), timedelta(days=400)), st.sampled_from(SPEEDS))
def test_while_nothing_runs_time_does_not_pass(down: timedelta, speed: float) -> None:
    assert last_time(mark(NOW, before=down, speed=speed, ended=True), NOW) == NOW


@given(st.timedeltas(timedelta(0), timedelta(seconds=30)), st.sampled_from(SPEEDS))
def test_after_a_kill_no_time_that_anybody_may_have_read_comes_again(down: timedelta, speed: float) -> None:
    """It may have run on for a second, and for as long as it is down if that is shorter."""
    clock = CivilClock(NOW - down, speed)
    last = last_time(mark(NOW - down, before=down, speed=speed, ended=False), NOW)
    assert last == clock.at(min(NOW, NOW - down + SECOND))


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("days", [0.0001, 1, 4000])
def test_time_goes_on_from_its_last_value_at_any_speed(tmp_path: Path, speed: float, days: float) -> None:
    last = datetime.now(UTC) + timedelta(days=days)
    with going_on(kept(tmp_path, last), speed) as clock:
        assert clock.started is not None
        assert clock.at(clock.started) == last
        assert clock.at(clock.started + SECOND) == last + timedelta(days=1) / speed


@pytest.mark.parametrize("speed", SPEEDS)
def test_time_never_falls_behind_real_time(tmp_path: Path, speed: float) -> None:
    before = datetime.now(UTC)
    with going_on(kept(tmp_path, before - timedelta(days=30)), speed) as clock:
        assert before <= clock.origin == clock.started


def test_time_goes_on_from_where_somebody_moved_it(tmp_path: Path) -> None:
    far = datetime.now(UTC) + timedelta(days=100)
    with going_on(tmp_path, SECONDS_OF_A_DAY) as clock:
        moved(tmp_path, clock).move_to(far.timestamp())
    with going_on(tmp_path, SECONDS_OF_A_DAY) as clock:
        assert abs(clock.origin - far) < SECOND
        assert moved(tmp_path, clock).now() >= clock.origin


def test_a_stack_that_starts_again_sees_later_times_only(tmp_path: Path) -> None:
    seen = []
    for _ in range(3):
        with going_on(tmp_path, 0.5) as clock:
            seen.append(clock.now())
            left_by_a_kill = (tmp_path / "clock.json").read_bytes()
            seen.append(clock.now())
        (tmp_path / "clock.json").write_bytes(left_by_a_kill)
        with going_on(tmp_path, 0.5) as clock:
            seen.append(clock.now())
    assert seen == sorted(seen)


def test_a_clock_that_is_not_kept_begins_now() -> None:
    before = datetime.now(UTC)
    with going_on(None, 2.0) as clock:
        assert before <= clock.origin == clock.started


@pytest.mark.parametrize(
    ("name", "content"),
    [("clock.json", ""), ("clock.json", "[]"), ("clock.json", "{}"), ("clock.json", "1"), ("clock", "")],
)
def test_a_file_that_can_not_be_read_is_named(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(ClockUnreadableError, match=f"{name} can't be read"), going_on(tmp_path, 2.0):
        pytest.fail("it began")
