"""Disclose a mediator's relation to a case to all parties (披露, OL13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.disclosure import Disclose, DisclosedFact
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.stages import Action
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import change_by, context_of

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.reasons import DisclosureGround
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def disclose_relation(
    hub: Hub,
    actor: Actor,
    case_id: str,
    mediator_id: str,
    ground: DisclosureGround,
    text: str,
    *,
    expected_version: int,
) -> Case:
    """Tell all parties a fact that may bear on a mediator's impartiality; return the case as stored.

    Raises NotPermitted, CaseNotFound, StaleVersion, ActionNotAvailable or RuleViolated.
    """
    authorise(actor, Action.DISCLOSE)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.DISCLOSE, case)
    if expected_version != case.version:
        raise StaleVersion(case_id)
    context = context_of(hub, actor, case.court_id)
    change = change_by(hub, case, Disclose(mediator_id=mediator_id, ground=ground), context)
    fact = DisclosedFact(
        case_id=case_id,
        version=change.case.version,
        mediator_id=mediator_id,
        ground=ground,
        at=context.at,
        role=actor.role,
        subject=actor.subject,
        text=text,
    )
    return hub.cases.save(change.with_records(fact), follow_up_time(hub))
