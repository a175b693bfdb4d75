"""Leave a step: a case has a new event, so an execution that waits for it goes on.

Works together with `on_wait_started`, which explains how; a new case's execution is started here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.steps import AUTOMATIC, WATCHED
from chalicelib.use_cases.driving import begin, complete_wait, restart, stands_elsewhere, take_own_step

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Hub


def on_case_changed(hub: Hub, case_id: str, sequence: int) -> None:
    """End the wait of an execution whose step the case has left; start the execution of a new case."""
    driven = hub.cases.driven([case_id])[case_id]()  # case and record in one call
    if driven is None:
        return
    case, record = driven.case, driven.record
    if sequence == 1 and record.token is None:
        # The hub screens a new case before its execution starts, which saves the wait for a step of its own:
        # a state transition, a message and its handling.
        case = take_own_step(hub, case) if case.step in AUTOMATIC else case
        if case.stage.terminal:  # withdrawn before anything drove it
            hub.workflows.end(case_id, case.version)
            return
        begin(hub, case, record.generation)
        return
    if record.token is None or not stands_elsewhere(case, record.step, record.since):
        return
    if complete_wait(hub, case, record) or case.stage.terminal or case.step in WATCHED:
        return
    # No execution waited: either a copy of this message was handled first, or the execution ended while the
    # case was watched, and the case is now in a step that needs an execution again.
    if not hub.engine.running(case_id, record.generation):
        restart(hub, case, record)
