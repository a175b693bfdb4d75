"""What surrounds an act: what the domain decides in, the plan the workflow drives by, the case as seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain.agreement.negotiation import Negotiation
from chalicelib.domain.agreement.settlement import Settlement
from chalicelib.domain.calendar import local_date
from chalicelib.domain.case import Case, Context
from chalicelib.domain.errors import StaleVersion, UnknownCourt
from chalicelib.domain.events import Channel
from chalicelib.domain.lifecycle import allowed_actions
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.permissions import authorise_on
from chalicelib.domain.steps import WATCHED, Policy
from chalicelib.domain.transitions import offered

if TYPE_CHECKING:
    from datetime import date, datetime

    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Action
    from chalicelib.domain.steps import Step
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import WorkflowRecord

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """What an act on a settlement is decided in: the case as read, who acts, and the terms so far."""

    case: Case
    context: Context
    settlement: Settlement

    @property
    def today(self) -> date:
        """The day in China."""
        return local_date(self.context.at)


def sit(
    hub: Hub,
    actor: Actor,
    action: Action,
    case_id: str,
    *,
    expected_version: int | None = None,
    channel: Channel = Channel.ONLINE,
) -> Sitting:
    """Read case and settlement for an act; raises CaseNotFound, StaleVersion or ActionNotAvailable.

    A case without an offer yet has an empty settlement about its claim.
    """
    sitting = seen(hub, actor, action, case_id, channel=channel)
    if expected_version not in {None, sitting.case.version}:
        raise StaleVersion(case_id)
    offered(sitting.case, action)
    return sitting


def seen(
    hub: Hub, actor: Actor, action: Action, case_id: str, *, channel: Channel = Channel.ONLINE
) -> Sitting:
    """Read case and settlement for an act, whether or not the case's stage offers it; see `sit`."""
    case = hub.cases.get(case_id)
    authorise_on(actor, action, case)
    return Sitting(
        case=case,
        context=context_of(hub, actor, case.court_id, channel),
        settlement=settlement_of(hub, case),
    )


def settlement_of(hub: Hub, case: Case) -> Settlement:
    """Return the case's settlement; an empty one about its claim before the first offer."""
    stored = hub.settlements.get(case)
    return stored or Settlement(negotiation=Negotiation(owed=Amounts.from_claim(case.claim)))


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


def go_on(hub: Hub, case: Case, generation: int, token: str) -> bool:
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
    hub.workflows.postpone(case.case_id, case.deadline or hub.clock.now())
    if hub.cases.get(case.case_id).version != case.version:
        hub.workflows.postpone(case.case_id, hub.clock.now())


def restart(hub: Hub, case: Case, record: WorkflowRecord) -> None:
    """Start the next execution where the case stands, unless somebody was faster or the case has ended."""
    if not hub.workflows.restart(case.case_id, record.generation, next_check(hub)):
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
    return (case.step, case.step_since) != (step, since)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as one caller sees it; `details` is empty for a role that has no need of names.

    `today` and `calendar` tell how long the window for judicial confirmation stays open.
    """

    case: Case
    details: tuple[PartyDetails, ...]
    allowed_actions: tuple[Action, ...]
    today: date
    calendar: WorkingCalendar


def view_of(hub: Hub, actor: Actor, case: Case, details: tuple[PartyDetails, ...] = ()) -> CaseView:
    """Return a case that is at hand as the actor sees it."""
    context = onlooker(hub, actor, case.court_id)
    return CaseView(
        case=case,
        details=details,
        allowed_actions=allowed_actions(case, context),
        today=local_date(context.at),
        calendar=context.calendar,
    )
