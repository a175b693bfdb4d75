"""Read what was disclosed about mediators' relations to a case (披露, OL13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.capabilities.roster.declaration import READ_DISCLOSURES
from chalicelib.capabilities.roster.service import Roster
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from chalicelib.domain.disclosure import DisclosedFact
    from chalicelib.domain.pending_act import Disclosure
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A relation to the case and the facts that were told of it; none of one that the centre decided."""

    disclosure: Disclosure
    missing: tuple[str, ...]
    facts: tuple[DisclosedFact, ...]


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
