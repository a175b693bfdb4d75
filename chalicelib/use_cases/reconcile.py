"""Reconcile: find work that should be finished by now, and start it again from its present state.

Promise: if all queues and executions were lost, this starts them again from the table. Each of its
actions can be repeated without harm. Downside: lost work waits until its next check is due.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.consumers import WORKFLOW, load
from chalicelib.domain.steps import WATCHED
from chalicelib.registry import consumer, deadline_handler_of
from chalicelib.use_cases.driving import plan_of, restart, stands_elsewhere, watch_on
from chalicelib.use_cases.loading import follow_up_time
from chalicelib.use_cases.records import DEADLINE
from chalicelib.use_cases.watch_agreement import watch_agreement

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Due, WorkflowRecord


def reconcile(hub: Hub, *, limit: int = 100) -> int:
    """Look after up to `limit` overdue records in each shard; return how many were found.

    A failure does not stop the others: all failures are raised together at the end, in an ExceptionGroup.
    """
    seen = 0
    failures: list[Exception] = []
    for shard in range(hub.due.shards):
        for due in hub.due.overdue(shard, hub.clock.now(), limit):
            seen += 1
            try:
                _follow_up(hub, due)
            except Exception as failure:  # noqa: BLE001 - whatever it was, it is raised below
                failures.append(failure)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {seen} could not be looked after", failures)
    return seen


def _follow_up(hub: Hub, due: Due) -> None:
    if due.consumer == WORKFLOW.name:
        (case_id,) = due.ids
        _follow_up_case(hub, str(case_id))
    elif due.consumer == DEADLINE:
        _follow_up_deadline(hub, due)
    else:
        hub.due.set_follow_up(due, follow_up_time(hub))
        hub.queues.send(due.consumer, consumer(due.consumer).message(*due.ids))


def _follow_up_case(hub: Hub, case_id: str) -> None:
    record = hub.workflows.get(case_id)
    if record is None:
        return
    case = hub.cases.get(case_id)
    if case.stage.terminal:
        if record.token:
            hub.engine.complete(record.token, plan_of(hub, case, record.generation))
        hub.workflows.end(case_id)
    elif case.step in WATCHED:
        # If `watch_agreement` changed the case, it set the next day in the same transaction.
        if watch_agreement(hub, case) == case:
            watch_on(hub, case)
    elif _drives(hub, case, record):
        hub.workflows.set_follow_up(case_id, follow_up_time(hub))
    else:
        restart(hub, case, record)


def _follow_up_deadline(hub: Hub, due: Due) -> None:
    """Call the handler that a capability declares for the deadline's kind, then mark it as handled.

    If no capability declares its kind (a newer release stored it), it stays until a release does.
    """
    case_id, kind = map(str, due.ids)
    deadline = hub.deadlines.get(case_id, kind)
    # The index may still show the time before the last reminder, or before the deadline was replaced.
    if deadline is None or deadline.follow_up_at > hub.clock.now():
        return
    # Delay it before handling it, so that one that always fails is not the first in every round.
    hub.due.set_follow_up(due, follow_up_time(hub))
    handler = deadline_handler_of(kind)
    if handler is None:
        hub.metrics.count("DeadlinesUnknown")
        return
    load(handler)(hub, deadline)
    hub.deadlines.handled(deadline)


def _drives(hub: Hub, case: Case, record: WorkflowRecord) -> bool:
    if not hub.engine.running(case.case_id, record.generation):
        return False
    now = hub.clock.now()
    if now - case.updated_at < hub.follow_up_after:
        return True  # it changed just now; its messages may still be on their way
    if stands_elsewhere(case, record.step, record.since):
        plan = plan_of(hub, case, record.generation)
        return record.token is not None and hub.engine.complete(record.token, plan)
    # If a limit passed just now, its message is still on the way; if it passed long ago, the message is lost.
    return case.deadline is None or now < case.deadline + hub.follow_up_after
