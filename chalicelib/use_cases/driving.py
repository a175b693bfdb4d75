"""How the workflow drives a case: the plan an execution waits by, the end of its wait, the next execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.steps import WATCHED
from chalicelib.use_cases.loading import follow_up_time

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.steps import Step
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import WorkflowRecord

SUPERSEDED = "superseded"
"""What an execution of an earlier generation is told: end, another one drives the case."""


def plan_of(hub: Hub, case: Case, generation: int) -> dict[str, Any]:
    """Return what the state machine needs to wait where the case stands: ids, codes and seconds only."""
    return {
        "case_id": case.case_id,
        "generation": generation,
        "step": str(case.step),
        "since": case.entered_at_version,
        "timeout_seconds": hub.clock.seconds_until(case.deadline) if case.deadline else 1,
    }


def complete_wait(hub: Hub, case: Case, generation: int, token: str) -> bool:
    """End an execution's wait where the case stands now; False if nobody waits with this token any more.

    A case that has ended leaves the due index; one that is watched is next looked at on its own day.
    """
    waited = hub.engine.complete(token, plan_of(hub, case, generation))
    if case.stage.terminal:
        hub.workflows.end(case.case_id)
    elif case.step in WATCHED:
        watch_on(hub, case)
    return waited


def watch_on(hub: Hub, case: Case) -> None:
    """Let the due index bring a watched case up on its own day.

    Whoever moved the case since it was read had set another day, which is not to be overruled: then it is
    looked at anew, at once.
    """
    hub.workflows.set_follow_up(case.case_id, case.deadline or hub.clock.now())
    if hub.cases.get(case.case_id).version != case.version:
        hub.workflows.set_follow_up(case.case_id, hub.clock.now())


def restart(hub: Hub, case: Case, record: WorkflowRecord) -> None:
    """Start the next execution where the case stands, unless somebody was faster or the case has ended."""
    if not hub.workflows.restart(case.case_id, record.generation, follow_up_time(hub)):
        return
    generation = record.generation + 1
    hub.engine.start(case.case_id, generation, plan_of(hub, case, generation))
    hub.metrics.count("ExecutionsRestarted")


def superseded(case_id: str, generation: int) -> dict[str, Any]:
    """Return the plan that ends an execution whose case another one drives."""
    return {
        "case_id": case_id,
        "generation": generation,
        "step": SUPERSEDED,
        "since": 0,
        "timeout_seconds": 1,
    }


def stands_elsewhere(case: Case, step: Step | None, since: int) -> bool:
    """Tell whether the case has left the step entered with event `since`."""
    return (case.step, case.entered_at_version) != (step, since)
