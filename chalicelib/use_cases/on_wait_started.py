"""Arrive at a step: an execution waits, and its token is kept until the case leaves the step.

Works together with `on_case_changed`: this stores the token and then reads the case, the other runs after the
case is stored and reads the token. So whichever comes second ends the wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.commands import Command, Retransfer, Screen
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.steps import AUTOMATIC, Step
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.driving import complete_wait, follow_up_time, stands_elsewhere, superseded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Arrival

_OWN_COMMANDS: Final[Mapping[Step, Callable[[], Command]]] = {
    Step.SCREENING: Screen,
    Step.RESUBMISSION: Retransfer,
}


def on_wait_started(hub: Hub, arrival: Arrival) -> None:
    """Store the token; go on at once if the case has left the step, or if the hub itself acts in it."""
    if not hub.workflows.arrive(arrival, follow_up_time(hub)):
        hub.engine.complete(arrival.token, superseded(arrival.case_id, arrival.generation))
        return
    case = hub.cases.get(arrival.case_id)
    if not stands_elsewhere(case, arrival.step, arrival.since):
        if arrival.step not in AUTOMATIC:
            return
        command = _OWN_COMMANDS[arrival.step]()
        case = act_on_case(hub, SYSTEM, arrival.case_id, command)
    complete_wait(hub, case, arrival.generation, arrival.token)
