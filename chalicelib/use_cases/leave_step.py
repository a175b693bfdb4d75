"""Leave a step: a case has a new event, so whoever waits for it goes on.

The other half of the rendezvous in `arrive_at_step`; a new case's execution is started here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.use_cases.situation import plan_of, stands_elsewhere

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Hub


def leave_step(hub: Hub, case_id: str, sequence: int) -> None:
    """End the wait of an execution whose step the case has left; start the execution of a new case."""
    record = hub.workflows.get(case_id)
    if record is None:
        return
    case = hub.cases.get(case_id)
    if sequence == 1 and record.token is None:
        hub.engine.start(case_id, record.generation, plan_of(hub, case, record.generation))
        return
    if record.token is None or not stands_elsewhere(case, record.step, record.since):
        return
    hub.engine.complete(record.token, plan_of(hub, case, record.generation))
    if case.stage.terminal:
        hub.workflows.end(case_id)
