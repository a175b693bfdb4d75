"""How the workflow drives a case: the plan of an execution's wait, the wait's end, the next execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.steps import WATCHED

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.case import Case
    from chalicelib.domain.steps import Step
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import WorkflowRecord

SUPERSEDED = "superseded"
"""The step that tells an execution of an earlier generation to end, as another one drives the case."""


def follow_up_time(hub: Hub) -> datetime:
    """Return the time at which the reconciler looks after work that starts now."""
    return hub.clock.now() + hub.follow_up_after


def plan_of(hub: Hub, case: Case, generation: int) -> dict[str, Any]:
    """Return what the state machine needs to wait in the case's step: ids, codes and seconds only."""
    return {
        "case_id": case.case_id,
        "generation": generation,
        "step": str(case.step),
        "since": case.entered_at_version,
        "timeout_seconds": hub.clock.seconds_until(case.deadline) if case.deadline else 1,
    }


def complete_wait(hub: Hub, case: Case, generation: int, token: str) -> bool:
    """End an execution's wait with the case's present step; False if no execution waits with this token.

    A case that has ended leaves the due index; one that is watched becomes due on its next deadline.
    """
    waited = hub.engine.complete(token, plan_of(hub, case, generation))
    if case.stage.terminal:
        hub.workflows.end(case.case_id)
    elif case.step in WATCHED:
        watch_on(hub, case)
    return waited


def watch_on(hub: Hub, case: Case) -> None:
    """Make a watched case due on its deadline.

    If the case has changed since it was read, the change had set another day, which was just overwritten:
    then the case is made due at once, so that it is looked at again.
    """
    hub.workflows.set_follow_up(case.case_id, case.deadline or hub.clock.now())
    if hub.cases.get(case.case_id).version != case.version:
        hub.workflows.set_follow_up(case.case_id, hub.clock.now())


def restart(hub: Hub, case: Case, record: WorkflowRecord) -> None:
    """Start the next execution in the case's step, unless somebody did so first or the case has ended."""
    if not hub.workflows.restart(case.case_id, record.generation, follow_up_time(hub)):
        return
    generation = record.generation + 1
    hub.engine.start(case.case_id, generation, plan_of(hub, case, generation))
    hub.metrics.count("ExecutionsRestarted")


def superseded(case_id: str, generation: int) -> dict[str, Any]:
    """Return the plan that ends an execution because a newer one drives its case."""
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
