"""The sweep goes on: what fails is put off and counted, whatever it is, and keeps nobody waiting."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.adapters.dynamo.errors import RecordTooNew, RecordUnreadable
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.errors import Contended, OutcomeUnknown, StaleVersion, StoreBusy, UnknownCourt
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.reconcile import AT_ONCE, delay_after, reconcile
from chalicelib.use_cases.records import Due
from tests.support import journey
from tests.support.desk import Desk
from tests.support.fakes import FakeHub
from tests.support.fakes.cases import FakeCases
from tests.support.fakes.memory import FakeDueIndex, Memory, shard_of
from tests.unit.use_cases.agreements import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.domain.case import Case
    from chalicelib.use_cases.reconcile import Cases

HOUR = timedelta(hours=1)
POISONED = 1000


class PoisonedCases(FakeCases):
    """Case records of which some can't be read, each for its own reason."""

    def __init__(self, hub: FakeHub) -> None:
        super().__init__(hub.memory, hub.clock.epoch)
        self.poison: dict[str, Exception] = {}

    def get(self, case_id: str) -> Case:
        """Read a case, or fail as it is poisoned."""
        if case_id in self.poison:
            raise self.poison[case_id]
        return super().get(case_id)


def poisoned(hub: FakeHub, **poison: Exception) -> PoisonedCases:
    """Let the cases of these ids fail with these errors."""
    cases = hub.cases = PoisonedCases(hub)
    cases.poison.update(poison)
    return cases


class Told(list[tuple[str, Due | None]]):
    """What the sweep told of: class of the failure, and what it was about."""

    def __call__(self, failure: Exception, work: Due | None) -> None:
        """Note a failure."""
        self.append((type(failure).__name__, work))


def work(case_id: str) -> Due:
    """Return the work on a case in the due index."""
    return Due(consumer="workflow", ids=(case_id,))


def due_in(hub: FakeHub, case_id: str) -> timedelta:
    """Return how long it is until a case is looked after."""
    return hub.memory.due[work(case_id)] - hub.clock.now()


def test_a_healthy_case_behind_a_thousand_poisoned_ones_is_looked_after_in_the_same_run() -> None:
    """All of one shard, the poisoned ones due first."""
    hub = FakeHub()
    healthy = journey.file(hub)
    shard = shard_of(healthy)
    bad = [name for name in (f"B-{n}" for n in range(9 * POISONED)) if shard_of(name) == shard][:POISONED]
    for name in bad:
        hub.memory.workflows[name] = replace(hub.memory.workflows[healthy], case_id=name)
        hub.memory.follow_up(work(name), hub.clock.now())
    hub.clock.advance(hours=2)
    told = Told()
    assert reconcile(hub, failed=told) == POISONED + 1
    assert hub.engine.running(healthy, 2)
    assert Counter(told) == Counter(("CaseNotFound", work(name)) for name in bad)
    assert {due_in(hub, name) for name in bad} == {HOUR / 64}


@pytest.mark.parametrize(
    ("failure", "metric"),
    [
        (UnknownCourt("court-x"), "SweepFailedUnknownCourt"),
        (RecordTooNew("schema 9"), "SweepFailedRecordTooNew"),
        (RecordUnreadable("CaseRecord"), "SweepFailedUnreadable"),
        (StoreBusy("throttled"), "SweepFailedBusy"),
        (OutcomeUnknown("no answer"), "SweepFailedBusy"),
        (Contended("others write"), "SweepFailedBusy"),
        (StaleVersion("C-0001"), "SweepFailedBusy"),
        (RuntimeError("anything"), "SweepFailedOtherwise"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_failure_is_counted_by_its_reason(failure: Exception, metric: str) -> None:
    """One case fails, the next is driven; nothing is raised."""
    hub = FakeHub()
    bad, good = journey.file(hub, "LOAN-1"), journey.file(hub, "LOAN-2")
    poisoned(hub, **{bad: failure})
    hub.clock.advance(hours=2)
    told = Told()
    assert reconcile(hub, failed=told) == 2
    assert told == [(type(failure).__name__, work(bad))]
    failures = {name: n for name, n in hub.metrics.counts.items() if name.startswith("SweepFailed")}
    assert failures == {metric: 1}
    assert hub.engine.running(good, 2)


def test_a_court_taken_out_of_the_settings_stops_nobody_else() -> None:
    """Its agreements are put off with the reason; they are looked after once the court is back."""
    desk, case_id = in_force()
    limits, desk.hub.court_limits = desk.hub.court_limits, {}
    case = desk.case(case_id)
    assert case.deadline is not None
    desk.hub.clock.set(case.deadline + timedelta(minutes=1))
    reconcile(desk.hub)
    assert desk.hub.metrics.counts["SweepFailedUnknownCourt"] == 1
    assert desk.case(case_id) == case
    assert reconcile(desk.hub) == 0
    desk.hub.court_limits = limits
    desk.hub.clock.advance(minutes=1)
    assert reconcile(desk.hub) == 1
    assert desk.case(case_id).version == case.version + 1


def test_what_fails_again_and_again_is_put_off_for_twice_as_long_each_time() -> None:
    """Up to the time after which everything is looked after; after one success it begins anew."""
    hub = FakeHub()
    case_id = journey.file(hub)
    cases = poisoned(hub, **{case_id: RecordTooNew("schema 9")})
    hub.clock.advance(hours=2)
    delays = []
    for _ in range(9):
        assert reconcile(hub) == 1
        delays.append(due_in(hub, case_id))
        hub.clock.advance(seconds=delays[-1].total_seconds() + 1)
    assert delays == [HOUR / part for part in (64, 32, 16, 8, 4, 2, 1, 1, 1)]
    cases.poison.clear()
    assert reconcile(hub) == 1
    assert due_in(hub, case_id) == HOUR
    cases.poison[case_id] = RecordTooNew("schema 9")
    hub.clock.advance(hours=2)
    assert reconcile(hub) == 1
    assert due_in(hub, case_id) == HOUR / 64


@pytest.mark.parametrize(
    ("failures", "hours"), [(1, 0.375), (2, 0.75), (6, 12), (7, 24), (8, 24), (5000, 24)]
)
def test_the_delay_doubles_up_to_the_longest(failures: int, hours: float) -> None:
    """22 and a half minutes at first, a day at last, however often it failed."""
    assert delay_after(failures, timedelta(days=1)) == timedelta(hours=hours)


class BrokenIndex(FakeDueIndex):
    """One shard's query fails, after so many works."""

    def __init__(self, memory: Memory, shard: int, after: int) -> None:
        super().__init__(memory)
        self._broken, self._after = shard, after

    def overdue(self, shard: int, now: datetime) -> Iterator[Due]:
        """Yield so many works, then fail."""
        for number, found in enumerate(super().overdue(shard, now)):
            if shard == self._broken and number == self._after:
                raise StoreBusy("throttled")
            yield found


@pytest.mark.parametrize("after", [0, 1])
def test_a_query_that_fails_ends_the_look_at_its_own_shard_only(after: int) -> None:
    """What it gave before, and every other shard, is looked after."""
    hub = FakeHub()
    cases = [journey.file(hub, f"LOAN-{number}") for number in range(40)]
    in_shard = [case_id for case_id in cases if shard_of(case_id) == 1]
    assert len(in_shard) > 1
    hub.due = BrokenIndex(hub.memory, 1, after)
    hub.clock.advance(hours=2)
    told = Told()
    assert reconcile(hub, failed=told) == 40 - len(in_shard) + after
    assert told == [("StoreBusy", None)]
    assert hub.metrics.counts["SweepShardsUnread"] == 1


class StiffIndex(FakeDueIndex):
    """Refuses to move one work, and with it all that are moved together."""

    def __init__(self, memory: Memory, stiff: str) -> None:
        super().__init__(memory)
        self._stiff = stiff

    def move(self, works: Sequence[tuple[Due, Due]]) -> tuple[Due, ...]:
        """Move works, unless the stiff one is among them."""
        if any(self._stiff in one.ids for one, _ in works):
            raise RuntimeError("refused")
        return super().move(works)


def test_one_that_can_not_be_put_off_keeps_nobody_waiting() -> None:
    """The others of its batch are put off and looked after one by one."""
    hub = FakeHub()
    first, *others = [journey.file(hub, f"LOAN-{number}") for number in range(20)]
    hub.due = StiffIndex(hub.memory, first)
    hub.clock.advance(hours=2)
    told = Told()
    assert reconcile(hub, failed=told) == len(others)
    assert told == [("RuntimeError", work(first))]
    assert all(hub.engine.running(case_id, 2) for case_id in others)


def test_cases_that_can_not_be_read_together_are_read_one_by_one() -> None:
    """The failure is told without a work; each case is looked after all the same."""
    hub = FakeHub()
    names = [journey.file(hub, f"LOAN-{number}") for number in range(8)]

    class Apart(FakeCases):
        """Case records on a bad day."""

        def driven(self, case_ids: Sequence[str]) -> Cases:
            """Read one at a time only."""
            if len(case_ids) > 1:
                raise StoreBusy("throttled")
            return super().driven(case_ids)

    hub.cases = Apart(hub.memory, hub.clock.epoch)
    hub.clock.advance(hours=2)
    told = Told()
    assert reconcile(hub, failed=told) == 8
    assert set(told) == {("StoreBusy", None)}
    assert all(hub.engine.running(case_id, 2) for case_id in names)


@pytest.mark.parametrize("looks", range(6))
def test_when_the_time_is_up_what_is_in_hand_is_given_back(looks: int) -> None:
    """As it was, so that the next run begins with it, whatever had been done before."""
    hub = FakeHub()
    names = [journey.file(hub, f"LOAN-{number}") for number in range(3 * AT_ONCE)]
    before = dict(hub.memory.due)
    hub.clock.advance(hours=2)
    left = [looks]

    def time_left() -> bool:
        left[0] -= 1
        return left[0] >= 0

    done = reconcile(hub, time_left=time_left)
    assert done == max(0, looks - 1)
    untouched = [name for name in names if hub.memory.due[work(name)] == before[work(name)]]
    assert len(untouched) == len(names) - done
    assert {
        one.failures for shard in range(hub.due.shards) for one in hub.due.overdue(shard, hub.clock.now())
    } == {0}
    assert reconcile(hub) == len(untouched)
    assert all(hub.engine.running(case_id, 2) for case_id in names)


def test_what_ends_the_process_is_put_off_too_and_does_not_stop_its_neighbours_for_ever() -> None:
    """It was put off before it was looked after; after three times it is looked after alone."""
    hub = FakeHub()
    names = [journey.file(hub, f"LOAN-{number}") for number in range(40)]
    bad, *good = [name for name in names if shard_of(name) == shard_of(names[0])]

    class Killed(BaseException):
        """The process is gone."""

    poisoned(hub).poison[bad] = Killed()  # type: ignore[assignment]  # no error: nothing handles it
    hub.memory.due[work(bad)] -= HOUR
    hub.clock.advance(hours=2)
    for part in (64, 32, 16, 8):
        with pytest.raises(Killed):
            reconcile(hub, first_shard=shard_of(bad))
        assert due_in(hub, bad) == HOUR / part
        reconcile(hub, first_shard=shard_of(bad))
        hub.clock.advance(seconds=(HOUR / part).total_seconds() + 1)
    assert len(good) > 1
    assert all(hub.engine.running(case_id, 2) for case_id in good)


def test_how_far_the_sweep_is_behind_is_measured_each_run() -> None:
    """In seconds since the oldest thing became due; 0 where nothing is."""
    hub = FakeHub()
    journey.file(hub)
    reconcile(hub)
    assert hub.metrics.counts["SweepBehindSeconds"] == 0
    hub.clock.advance(hours=3)
    reconcile(hub)
    assert hub.metrics.counts["SweepBehindSeconds"] == 2 * 3600


@pytest.mark.parametrize(
    ("now", "known", "missing"),
    [
        ("2026-11-30T15:59:59+00:00", {2026}, 0),
        ("2026-11-30T16:00:00+00:00", {2026}, 1),  # the first of December in China
        ("2026-12-31T15:59:59+00:00", {2026}, 1),
        ("2026-12-31T16:00:00+00:00", {2026}, 0),
        ("2026-12-15T00:00:00+00:00", {2026, 2027}, 0),
    ],
)
def test_a_missing_calendar_is_counted_in_december(now: str, known: set[int], missing: int) -> None:
    """While the next year has no table; by the day in China."""
    hub = FakeHub()
    hub.calendar = WorkingCalendar(years=frozenset(known))
    hub.clock.set(datetime.fromisoformat(now))
    reconcile(hub)
    assert hub.metrics.counts["CalendarYearMissing"] == missing


def test_a_case_past_its_deadline_is_counted_when_it_is_found() -> None:
    """Past it for longer than a lost message takes to be missed."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    deadline = desk.case(case_id).deadline
    assert deadline is not None
    desk.hub.clock.set(deadline + HOUR - timedelta(seconds=1))
    reconcile(desk.hub)
    assert desk.hub.metrics.counts["CasesPastDeadline"] == 0
    desk.hub.clock.advance(hours=2)
    reconcile(desk.hub)
    assert desk.hub.metrics.counts["CasesPastDeadline"] == 1
