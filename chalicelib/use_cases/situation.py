"""What surrounds an act: the context the domain decides in, and the plan the workflow drives by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.case import Case, Context
from chalicelib.domain.errors import UnknownCourt
from chalicelib.domain.events import Channel
from chalicelib.domain.steps import Policy

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.roles import Actor
    from chalicelib.domain.steps import Step
    from chalicelib.use_cases.ports import Hub

SUPERSEDED = "superseded"
"""What an execution of an earlier generation is told: end, another one drives the case."""


def context_of(hub: Hub, actor: Actor, court_id: str, channel: Channel = Channel.ONLINE) -> Context:
    """Return who acts, now, under the court's limits and the calendar."""
    return Context(
        actor=actor,
        at=hub.clock.now(),
        policy=hub.policy_of(court_id),
        calendar=hub.calendar,
        channel=channel,
    )


def onlooker(hub: Hub, actor: Actor, court_id: str) -> Context:
    """Return the context of one who only looks: a retired court's cases can still be shown."""
    try:
        policy = hub.policy_of(court_id)
    except UnknownCourt:
        policy = Policy()
    return Context(actor=actor, at=hub.clock.now(), policy=policy, calendar=hub.calendar)


def next_check(hub: Hub) -> datetime:
    """Return when the reconciler looks after something that is started now."""
    return hub.clock.now() + hub.check_after


def plan_of(hub: Hub, case: Case, generation: int) -> dict[str, Any]:
    """Return what the state machine needs to wait where the case stands: ids, codes and seconds only."""
    return {
        "case_id": case.case_id,
        "generation": generation,
        "step": str(case.step),
        "since": case.step_since,
        "timeout_seconds": hub.clock.seconds_until(case.deadline) if case.deadline else 1,
    }


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
    return (case.step, case.step_since) != (step, since)
