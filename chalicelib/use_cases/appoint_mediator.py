"""Appoint the mediator who is recommended first (OL10), and keep why it was this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.appointment import Appointed, Obstacle, needs_of, select, starting_count
from chalicelib.domain.calendar import local_date
from chalicelib.domain.choice import OpenChoice
from chalicelib.domain.commands import Appoint
from chalicelib.domain.errors import MediatorNotEligible, StaleVersion
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.stages import Action
from chalicelib.domain.transitions import transitions_for
from chalicelib.use_cases.capability_ports import EligibleMediator
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import change_by, context_of

if TYPE_CHECKING:
    from chalicelib.domain.appointment import Selection
    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub

_ATTEMPTS: Final = 5
"""How often others may take a mediator's last place before this appointment gives up."""


def appoint_mediator(
    hub: Hub,
    actor: Actor,
    case_id: str,
    judge_id: str,
    *,
    area: str | None,
    language: str | None,
    expected_version: int,
) -> Case:
    """Appoint the mediator that is recommended first, and store its inputs; returns the case as stored.

    Raises the refusals of `act_on_case`; MediatorNotEligible if nobody may be given the case.
    """
    authorise(actor, Action.APPOINT)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.APPOINT, case)
    if expected_version != case.version:
        raise StaleVersion(case_id)
    context = context_of(hub, actor, case.court_id)
    transitions_for(case, Action.APPOINT, context.at)
    attempts = _ATTEMPTS
    while True:
        selection, start = selected(hub, case, area, language)
        if not selection.recommended:
            raise MediatorNotEligible("", Obstacle.NOBODY)
        chosen = selection.recommended[0].person_id
        change = change_by(hub, case, Appoint(mediator_id=chosen, judge_id=judge_id, start=start), context)
        why = Appointed(case_id=case_id, version=change.case.version, chosen=chosen, selection=selection)
        try:
            return hub.cases.save(change.with_records(why), follow_up_time(hub))
        except MediatorNotEligible:
            # Somebody else's case took the mediator's last place meanwhile: the next look sees that.
            attempts -= 1
            if not attempts:
                raise


def open_choice(
    hub: Hub,
    actor: Actor,
    case_id: str,
    judge_id: str,
    *,
    area: str | None,
    language: str | None,
    expected_version: int,
) -> Case:
    """Recommend three mediators to the parties, who choose; raises the refusals of `appoint_mediator`."""
    authorise(actor, Action.OPEN_CHOICE)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.OPEN_CHOICE, case)
    if expected_version != case.version:
        raise StaleVersion(case_id)
    context = context_of(hub, actor, case.court_id)
    found = [each.person_id for each in selected(hub, case, area, language)[0].recommended]
    change = change_by(hub, case, OpenChoice(judge_id=judge_id, recommended=tuple(found)), context)
    if not found:
        raise MediatorNotEligible("", Obstacle.NOBODY)
    hub.part(EligibleMediator).check(found[0], judge_id, case, context)
    return hub.cases.save(change, follow_up_time(hub))


def selected(hub: Hub, case: Case, area: str | None, language: str | None) -> tuple[Selection, int]:
    """Return who may be given a case, best first, and from where a newcomer's cases are counted."""
    candidates = hub.part(EligibleMediator).candidates(case.court_id)
    needs = needs_of(case, local_date(hub.clock.now()), area, language)
    return select(candidates, needs), starting_count(candidates)
