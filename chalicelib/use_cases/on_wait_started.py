"""Arrive at a step: an execution waits, and its token is kept until the case leaves the step.

Works together with `on_case_changed`: this stores the token and then reads the case, the other runs after the
case is stored and reads the token. So whichever comes second ends the wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.steps import AUTOMATIC
from chalicelib.use_cases.driving import complete_wait, stands_elsewhere, supersede, take_own_step

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Arrival


def on_wait_started(hub: Hub, arrival: Arrival) -> None:
    """Store the token; go on at once if the case has left the step, or if the hub itself acts in it."""
    if not hub.workflows.arrive(arrival):
        supersede(hub, arrival)
        return
    case = hub.cases.get(arrival.case_id)
    if not stands_elsewhere(case, arrival.step, arrival.since):
        if arrival.step not in AUTOMATIC:
            return
        case = take_own_step(hub, case)
    complete_wait(hub, case, arrival)
