"""How the workflow drives a case: the plan of an execution's wait, the wait's end, the next execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain import case_number
from chalicelib.domain.calendar import local_date
from chalicelib.domain.commands import Command, Retransfer, Screen
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.steps import WATCHED, Step
from chalicelib.use_cases.follow_up import follow_up_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.case import Case
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Arrival, WorkflowRecord

_FIRST: Final = Step.ASSIGNMENT
"""The wait that every execution begins with; nearly every case stands there when its execution starts."""
_TO_ARRIVE_SECONDS: Final = 3600
SUPERSEDED = "superseded"
"""The step that tells an execution of an earlier generation to end, as another one drives the case."""


def plan_of(hub: Hub, case: Case, generation: int) -> dict[str, Any]:
    """Return what the state machine needs to wait in the case's step: ids, codes and seconds only."""
    return {
        "case_id": case.case_id,
        "generation": generation,
        "step": str(case.step),
        "since": case.entered_at_version,
        "timeout_seconds": hub.clock.seconds_until(case.deadline) if case.deadline else 1,
    }


def begin(hub: Hub, case: Case, generation: int) -> None:
    """Start an execution; starting the same generation again changes nothing.

    It arrives at the first wait without a choice before it, which saves a state transition. A case that
    stands elsewhere, as after a loss of its execution, has left that wait when the execution arrives.
    """
    plan = plan_of(hub, case, generation)
    if case.step is not _FIRST:
        plan |= {"step": str(_FIRST), "since": 0, "timeout_seconds": _TO_ARRIVE_SECONDS}
    hub.engine.start(case.case_id, generation, plan)


def complete_wait(hub: Hub, case: Case, wait: Arrival | WorkflowRecord) -> bool:
    """End an execution's wait with the case's present step; False if no execution waits with this token.

    A case that has ended leaves the due index; one that is watched becomes due on its next deadline.
    """
    plan = plan_of(hub, case, wait.generation)
    waited = wait.token is not None and hub.engine.complete(wait.token, plan, wait.usual_next)
    if case.stage.terminal:
        hub.workflows.end(case.case_id, case.version)
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
    begin(hub, case, record.generation + 1)
    hub.metrics.count("ExecutionsRestarted")


def supersede(hub: Hub, arrival: Arrival) -> None:
    """End an execution because a newer one drives its case."""
    plan = {
        "case_id": arrival.case_id,
        "generation": arrival.generation,
        "step": SUPERSEDED,
        "since": 0,
        "timeout_seconds": 1,
    }
    hub.engine.complete(arrival.token, plan, arrival.usual_next)


def take_own_step(hub: Hub, case: Case) -> Case:
    """Carry out the command of a step that the hub takes by itself; return the case as stored."""
    from chalicelib.use_cases.act_on_case import act_on_case  # noqa: PLC0415 - loads the procedure

    return act_on_case(hub, SYSTEM, case.case_id, _OWN_COMMANDS[case.step](hub, case), as_read=case)


def _screening(hub: Hub, case: Case) -> Screen:
    """Return the screening with the court's next number, which stays unused if the screening fails."""
    year = local_date(hub.clock.now()).year
    number = hub.cases.next_number(case.court_id, year)
    return Screen(case_number=case_number.written(hub.names_of(case.court_id).case_number, year, number))


_OWN_COMMANDS: Final[Mapping[Step, Callable[[Hub, Case], Command]]] = {
    Step.SCREENING: _screening,
    Step.RESUBMISSION: lambda _hub, _case: Retransfer(),
}


def stands_elsewhere(case: Case, step: Step | None, since: int) -> bool:
    """Tell whether the case has left the step entered with event `since`."""
    return (case.step, case.entered_at_version) != (step, since)
