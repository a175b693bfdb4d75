"""Time moves when nothing is left to do, to what is due next, and waits for whoever is late."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from infra.local.passing import Passing
from infra.local.resources import ACTIVITY_PATH, TIME_PATH
from infra.local.virtual_clock import VirtualClock

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = 86_400.0
IDLE: dict[str, Any] = {
    "changes": 7,
    "executions": 0,
    "records": 0,
    "messages": 0,
    "put_off": 0,
    "due_at": None,
}
AT_REST = {"jobs": 0, "knobs": {"outage": False}}


class _Answer:
    def __init__(self, body: Any) -> None:
        self.json = lambda: body


class _World:
    """The emulator's and the court's control paths; `activities` are answered one after the other."""

    def __init__(self, folder: Path) -> None:
        self.clock = VirtualClock.create(folder / "clock", START)
        self.clock.note_sweep(START.timestamp())
        self.activities = [IDLE]
        self.court: dict[str, Any] = AT_REST

    def request(self, method: str, url: str, json: Any = None) -> _Answer:
        if (method, url) == ("POST", f"http://aws{TIME_PATH}"):
            self.clock.move_to(json["seconds"])
            return _Answer({})
        if url == f"http://aws{ACTIVITY_PATH}":
            return _Answer(self.activities.pop(0) if len(self.activities) > 1 else self.activities[0])
        assert url == "http://court/control/state"
        return _Answer(self.court)

    @property
    def passed(self) -> float:
        return self.clock.seconds() - START.timestamp()


@pytest.fixture
def world(tmp_path: Path) -> _World:
    """Nothing is left to do."""
    return _World(tmp_path)


def _passing(world: _World) -> Passing:
    http: Any = world
    return Passing(world.clock, http, "http://aws/", "http://court")


@pytest.mark.parametrize(
    ("due_after", "passed"), [(None, DAY), (3 * DAY, DAY), (3600.0, 3600.0), (0.0, 1.0), (-5.0, 1.0)]
)
def test_idle_time_moves_to_what_is_due_but_a_day_at_most(
    world: _World, due_after: float | None, passed: float
) -> None:
    """And always by a second, so that a wait that is due already does not stop it."""
    due = None if due_after is None else START.timestamp() + due_after
    world.activities = [{**IDLE, "due_at": due}]
    assert _passing(world).pass_on(7)
    assert world.passed == passed


@pytest.mark.parametrize("busy", ["executions", "records", "messages", "put_off"])
@pytest.mark.parametrize("looks", [[0], [1]])
def test_time_waits_for_work_that_is_seen_at_either_look(world: _World, busy: str, looks: list[int]) -> None:
    """Work that goes from the emulator to the court and back is seen at one of two looks."""
    world.activities = [{**IDLE, busy: 1} if look in looks else IDLE for look in range(2)]
    if busy == "put_off" and looks == [1]:
        world.activities[1] = {**world.activities[1], "changes": 8}  # it cannot come without a change
    assert not _passing(world).pass_on(7)
    assert world.passed == 0


def test_time_waits_for_the_court(world: _World) -> None:
    """A job that the court has planned is done at the instant it was planned at."""
    world.court = {**AT_REST, "jobs": 1}
    assert not _passing(world).pass_on(7)


def test_time_waits_for_who_has_not_looked_since_the_last_change(world: _World) -> None:
    """The actors' mark is older than the last change: they may have something to do."""
    assert not _passing(world).pass_on(6)


def test_time_waits_for_the_sweep(world: _World) -> None:
    """The sweep has not yet succeeded at this instant."""
    world.clock.note_sweep(START.timestamp() - 1)
    assert not _passing(world).pass_on(7)


def test_while_the_court_is_down_days_pass_although_messages_come_back(world: _World) -> None:
    """Nobody can do anything about them; but what is in somebody's hands is waited for."""
    world.court = {"jobs": 2, "knobs": {"outage": True}}
    world.activities = [{**IDLE, "put_off": 3, "changes": 9}]
    assert _passing(world).pass_on(7)
    world.activities = [{**IDLE, "messages": 1}]
    assert not _passing(world).pass_on(7)


def test_with_the_table_elsewhere_the_reader_of_its_stream_is_waited_for(world: _World) -> None:
    """The emulator sees no record then; two reads that find nothing have passed on all that was written."""
    counts = iter([5.0, 6.0, 6.0, 7.0])

    class Read(VirtualClock):
        idle_reads = property(lambda _self: next(counts))

    clock, http = Read(world.clock.path), cast("Any", world)
    assert Passing(clock, http, "http://aws", "http://court", table_elsewhere=True).pass_on(7)
    assert list(counts) == []


def test_settling_ends_when_sweep_and_work_are_done(world: _World) -> None:
    """It looks again until both are."""
    world.activities = [{**IDLE, "messages": 1}, {**IDLE, "executions": 1}, {**IDLE, "put_off": 1}]
    _passing(world).settle()
    assert world.activities == [{**IDLE, "put_off": 1}]
