"""Reconcile: find work that should be finished by now, and start it again from its present state.

Promise: if all queues and executions were lost, this starts them again from the table. Each of its
actions can be repeated without harm. Work that fails does not stop other work: it is put off, longer after
each failure, and counted by its reason. It is put off before it is looked after, so even work that ends the
process does not come first in the next run. Downside: lost work waits until its next check is due.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from chalicelib.consumers import WORKFLOW, load
from chalicelib.domain.calendar import local_date
from chalicelib.domain.errors import Contended, OutcomeUnknown, StaleVersion, StoreBusy, UnknownCourt
from chalicelib.domain.steps import WATCHED
from chalicelib.registry import consumer, deadline_handler_of
from chalicelib.use_cases.driving import plan_of, restart, stands_elsewhere
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.records import DEADLINE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from chalicelib.domain.case import Case
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Driven, Due, WorkflowRecord

    Failed = Callable[[Exception, Due | None], None]
    Cases = Mapping[str, Callable[[], Driven | None]]

AT_ONCE: Final = 25
"""How many are put off, or read, in one call."""
_DECEMBER: Final = 12
_A_MONTH: Final = timedelta(days=31)
_FAILURES_TO_THE_LONGEST: Final = 7
_FAILURES_TO_STAND_ALONE: Final = 3
"""From then on work is looked after alone: if it ends the process, no other work is put off with it."""
_METRICS: Final[Mapping[str | None, str]] = {
    UnknownCourt.code: "SweepFailedUnknownCourt",
    "record_too_new": "SweepFailedRecordTooNew",
    "record_unreadable": "SweepFailedUnreadable",  # such as a stage that this release does not know
    StoreBusy.code: "SweepFailedBusy",
    OutcomeUnknown.code: "SweepFailedBusy",
    Contended.code: "SweepFailedBusy",
    StaleVersion.code: "SweepFailedBusy",  # somebody acted on the case at the same time
}
"""The counters of failures, by the error's code."""


def reconcile(
    hub: Hub,
    *,
    first_shard: int = 0,
    time_left: Callable[[], bool] = lambda: True,
    failed: Failed = lambda _failure, _due: None,
) -> int:
    """Look after overdue work, shard by shard, while there is time left; return how many there were.

    `failed` is called with each failure and its work; with None as the work where nothing could be read.
    """
    sweep = _Sweep(hub, time_left, failed)
    for number in range(hub.due.shards):
        sweep.shard((first_shard + number) % hub.due.shards)
    sweep.report()
    return sweep.seen


def delay_after(failures: int, longest: timedelta) -> timedelta:
    """Return how long work waits after so many failures in a row: doubled each time, up to `longest`."""
    halved = max(0, _FAILURES_TO_THE_LONGEST - failures)
    return longest / (1 << halved)


class _Sweep:
    def __init__(self, hub: Hub, time_left: Callable[[], bool], failed: Failed) -> None:
        self._hub, self._time_left, self._failed = hub, time_left, failed
        self._now = hub.clock.now()
        self._behind = timedelta()
        self._counts: Counter[str] = Counter()
        self.seen = 0

    def shard(self, shard: int) -> None:
        """Look after a shard's overdue work, the oldest first."""
        overdue = self._hub.due.overdue(shard, self._now)
        while self._time_left() and (works := self._next(overdue)):
            self._behind = max(self._behind, self._now - works[0].at)
            self._follow_up_all([work for work in works if work.failures < _FAILURES_TO_STAND_ALONE])
            for work in works:
                if work.failures >= _FAILURES_TO_STAND_ALONE and self._time_left():
                    self._follow_up_all([work])

    def report(self) -> None:
        """Count failures by their reason, how late the oldest work was, and a calendar that is missing."""
        self._counts["SweepBehindSeconds"] = int(self._behind.total_seconds())
        today = local_date(self._now)
        if today.month == _DECEMBER and not self._hub.calendar.knows(today + _A_MONTH):
            self._counts["CalendarYearMissing"] = 1
        for metric, value in self._counts.items():
            self._hub.metrics.count(metric, value)

    def _next(self, overdue: Iterator[Due]) -> list[Due]:
        works: list[Due] = []
        if not self._tried(partial(works.extend, islice(overdue, AT_ONCE))):
            self._counts["SweepShardsUnread"] += 1
        return works

    def _follow_up_all(self, works: Sequence[Due]) -> None:
        held = self._hold(works) if works else ()
        cases = self._read_ahead(held)
        as_read = {work: work for work in works}
        next_: list[tuple[Due, Due]] = []
        for work in held:
            if not self._time_left():
                next_.append((work, as_read[work]))
                continue
            self.seen += 1
            next_ += self._follow_up_one(work, cases)
        if next_:
            self._tried(partial(self._hub.due.move, next_))

    def _follow_up_one(self, work: Due, cases: Cases) -> list[tuple[Due, Due]]:
        """Look after one work; return its move to its next time, if looking succeeded and did not set it."""
        moves: list[tuple[Due, Due]] = []

        def follow_up() -> None:
            at = self._follow_up(work, cases)
            if at is not None:
                moves.append((work, replace(work, at=at, failures=0)))

        self._tried(follow_up, work)
        return moves

    def _hold(self, works: Sequence[Due]) -> Sequence[Due]:
        """Put works off as if they had failed; return those that no other sweep has taken."""
        moves = [(work, self._put_off(work)) for work in works]
        if len(works) == 1:
            held: list[Due] = []
            self._tried(lambda: held.extend(self._hub.due.move(moves)), works[0])
            return held
        try:
            return self._hub.due.move(moves)
        except Exception:  # noqa: BLE001 - one of them may be the cause; alone, it is counted
            return [one for work in works for one in self._hold([work])]

    def _put_off(self, work: Due) -> Due:
        failures = work.failures + 1
        delay = delay_after(failures, self._hub.follow_up_after)
        return replace(work, at=self._hub.clock.now() + delay, failures=failures)

    def _read_ahead(self, held: Sequence[Due]) -> Cases:
        case_ids = [str(work.ids[0]) for work in held if work.consumer == WORKFLOW.name]
        cases: dict[str, Callable[[], Driven | None]] = {}
        if case_ids:
            self._tried(lambda: cases.update(self._hub.cases.driven(case_ids)))
        return cases

    def _follow_up(self, work: Due, cases: Cases) -> datetime | None:
        """Look after one work; return the next time to look, None if looking has set it."""
        if work.consumer == WORKFLOW.name:
            case_id = str(work.ids[0])
            driven = (cases.get(case_id) or self._hub.cases.driven([case_id])[case_id])()
            if driven is None:
                return follow_up_time(self._hub)
            self._counts["CasesPastDeadline"] += _long_past(self._hub, driven.case)
            return _follow_up_case(self._hub, driven.case, driven.record)
        if work.consumer == DEADLINE:
            return _follow_up_deadline(self._hub, work)
        self._hub.queues.send(work.consumer, consumer(work.consumer).message(*work.ids))
        return follow_up_time(self._hub)

    def _tried(self, act: Callable[[], object], work: Due | None = None) -> bool:
        """Do something; return False if it failed, after counting and reporting the failure."""
        try:
            act()
        except Exception as failure:  # noqa: BLE001 - any failure; other work goes on
            self._counts[_METRICS.get(getattr(failure, "code", None), "SweepFailedOtherwise")] += 1
            self._failed(failure, work)
            return False
        return True


def _follow_up_case(hub: Hub, case: Case, record: WorkflowRecord) -> datetime | None:
    if case.stage.terminal:
        if record.token:
            hub.engine.complete(record.token, plan_of(hub, case, record.generation), record.usual_next)
        hub.workflows.end(case.case_id, case.version)
    elif case.step in WATCHED:
        # Loads the arithmetic, which few works need.
        from chalicelib.use_cases.watch_agreement import watch_agreement  # noqa: PLC0415

        # If `watch_agreement` changed the case, it set the next day in the same transaction. Otherwise it
        # came up too early, and goes to its day unless an act has set another one since it was read.
        if watch_agreement(hub, case) == case:
            return case.deadline or follow_up_time(hub)
    elif _drives(hub, case, record):
        return follow_up_time(hub)
    else:
        restart(hub, case, record)
    return None


def _follow_up_deadline(hub: Hub, due: Due) -> datetime | None:
    """Call the handler that a capability declares for the deadline's kind, then mark it as handled.

    If no capability declares its kind (a newer release stored it), it stays until a release does.
    """
    case_id, kind = map(str, due.ids)
    deadline = hub.deadlines.get(case_id, kind)
    if deadline is None:
        return None
    # The index may still show the time before the last reminder, or before the deadline was replaced.
    if deadline.follow_up_at > hub.clock.now():
        return deadline.follow_up_at
    handler = deadline_handler_of(kind)
    if handler is None:
        hub.metrics.count("DeadlinesUnknown")
        return follow_up_time(hub)
    load(handler)(hub, deadline)
    hub.deadlines.handled(deadline)
    return None


def _drives(hub: Hub, case: Case, record: WorkflowRecord) -> bool:
    if not hub.engine.running(case.case_id, record.generation):
        return False
    now = hub.clock.now()
    if now - case.updated_at < hub.follow_up_after:
        return True  # it changed just now; its messages may still be on their way
    if stands_elsewhere(case, record.step, record.since):
        plan = plan_of(hub, case, record.generation)
        return record.token is not None and hub.engine.complete(record.token, plan, record.usual_next)
    # If a limit passed just now, its message is still on the way; if it passed long ago, the message is lost.
    return not _long_past(hub, case)


def _long_past(hub: Hub, case: Case) -> bool:
    return case.deadline is not None and hub.clock.now() >= case.deadline + hub.follow_up_after
