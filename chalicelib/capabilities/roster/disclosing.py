"""Disclose a mediator's relation to a case to all parties, and read what was disclosed (披露, OL13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.capabilities.roster.declaration import READ_DISCLOSURES
from chalicelib.capabilities.roster.model import DisclosedFact
from chalicelib.capabilities.roster.service import Roster
from chalicelib.domain.disclosure import Disclose
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import change_by, context_of

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.pending_act import Disclosure
    from chalicelib.domain.reasons import DisclosureGround
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A relation to the case and the facts that were told of it; none of one that the centre decided."""

    disclosure: Disclosure
    missing: tuple[str, ...]
    facts: tuple[DisclosedFact, ...]


def disclose(
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


def read_disclosures(hub: Hub, actor: Actor, case_id: str) -> tuple[Told, ...]:
    """Return the relations to a case with their facts; a mediator reads what is about itself.

    Raises NotPermitted or CaseNotFound.
    """
    authorise(actor, READ_DISCLOSURES)
    case = hub.cases.get(case_id)
    authorise_on(actor, READ_DISCLOSURES, case)
    facts = hub.part(Roster).facts(case) if case.disclosures else ()
    own_only = actor.role is Role.MEDIATOR
    return tuple(
        Told(
            disclosure=each,
            missing=tuple(sorted(case.party_ids - each.waived_by)) if each.may_be_waived else (),
            facts=tuple(fact for fact in facts if (fact.mediator_id, fact.ground) == each.key),
        )
        for each in case.disclosures
        if not own_only or each.mediator_id == actor.mediator_id
    )
