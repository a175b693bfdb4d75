"""Expire a step: the state machine's timer ran out, but only case time tells if the limit has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.court_commands import Expire
from chalicelib.domain.roles import SYSTEM
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.driving import complete_wait, stands_elsewhere, supersede

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Arrival


def on_wait_expired(hub: Hub, arrival: Arrival) -> None:
    """Expire the step if its limit has passed, then let the execution go on in the case's step."""
    if not hub.workflows.arrive(arrival):
        supersede(hub, arrival)
        return
    case = hub.cases.get(arrival.case_id)
    passed = case.deadline is not None and hub.clock.now() >= case.deadline
    if passed and not stands_elsewhere(case, arrival.step, arrival.since):
        case = act_on_case(hub, SYSTEM, arrival.case_id, Expire(), as_read=case)
        hub.metrics.count("StepsExpired")
    complete_wait(hub, case, arrival)
