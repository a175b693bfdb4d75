"""Leave a step: a case has a new event, so an execution that waits for it goes on.

Works together with `on_wait_started`, which explains how; a new case's execution is started here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.steps import WATCHED
from chalicelib.use_cases.driving import complete_wait, plan_of, restart, stands_elsewhere

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Hub


def on_case_changed(hub: Hub, case_id: str, sequence: int) -> None:
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
    if (
        complete_wait(hub, case, record.generation, record.token)
        or case.stage.terminal
        or case.step in WATCHED
    ):
        return
    # No execution waited: either a copy of this message was handled first, or the execution ended while the
    # case was watched, and the case is now in a step that needs an execution again.
    if not hub.engine.running(case_id, record.generation):
        restart(hub, case, record)
