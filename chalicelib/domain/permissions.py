"""Who may do what, and on which cases. Which roles may do an action at all is written in `stages`.

Promise: every decision about permission is made here; the API and the use cases only ask. An agent may do
what its party may, as far as its authority reaches: only special authority (特别授权) lets it settle, sign,
admit, waive or change a claim (民事诉讼法 62); what concerns no case is the party's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.errors import CaseNotFound, NotPermitted, PolicyNotFound, RuleViolated
from chalicelib.domain.representatives import Authority
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.events import Event, Link


def _known(appointee: str | None) -> tuple[str, ...]:
    # Nobody is appointed yet: then nobody matches, not even an actor without an id.
    return (appointee,) if appointee else ()


def _of_its_court(actor: Actor, case: Case) -> bool:
    return actor.court_id == case.court_id


# Courts number their people themselves: a mediator "m1" of another court is somebody else.
_SEES: Final[Mapping[Role, Callable[[Actor, Case], bool]]] = {
    Role.INSTITUTION: lambda actor, case: actor.institution_id == case.institution_id,
    Role.MEDIATOR: lambda actor, case: (
        _of_its_court(actor, case) and actor.mediator_id in _known(case.mediator_id)
    ),
    Role.CENTRE: _of_its_court,
    Role.JUDGE: lambda actor, case: _of_its_court(actor, case) and actor.judge_id in _known(case.judge_id),
    Role.COURT: _of_its_court,
    Role.BORROWER: lambda actor, case: actor.party_in(case.case_id) in case.respondent_ids,
    Role.OPS: _of_its_court,
    Role.SYSTEM: lambda _actor, _case: True,
    Role.DATA_PROTECTION: _of_its_court,
}


BY_ANY_AGENT: Final = frozenset(
    {
        Action.READ,
        Action.READ_PARTIES,
        Action.READ_SETTLEMENT,
        Action.READ_DOCUMENTS,
        Action.READ_STATEMENT,
        Action.MAKE_DOCUMENT,
        Action.CONSENT,
        Action.REFUSE_CONSENT,
        Action.EXTEND,
        Action.OBJECT,
        Action.END_MEDIATION,
        Action.CHALLENGE,
        Action.NAME_MEDIATOR,
        Action.WAIVE_RECUSAL,
    }
)
"""What general authority (一般授权) is enough for; capabilities say so of their own actions."""
BY_SPECIAL_AUTHORITY: Final = frozenset(
    {
        Action.OFFER,
        Action.ACCEPT_OFFER,
        Action.DECLINE_OFFER,
        Action.WITHDRAW_OFFER,
        Action.SIGN,
        Action.REFUSE_TO_SIGN,
        Action.APPLY_FOR_CONFIRMATION,
        Action.WITHDRAW,
        Action.DROP,
        Action.TRANSFER,
        Action.CORRECT,
        Action.CORRECT_DETAILS,
        Action.ENFORCE,
    }
)
"""What needs special authority (特别授权); anything that is in neither is done by the party itself."""


def may(actor: Actor, action: Action) -> bool:
    """Tell whether the actor may do this at all, in some case."""
    for_agents = not actor.agent_of or _by_any_agent(action) or action in BY_SPECIAL_AUTHORITY
    return actor.role in action.roles and for_agents


def shown(event: Event, reader: Actor) -> Link:
    """Return the event, or its stub if it is hidden from this reader."""
    return event.stub() if reader.role in event.type.hidden_from else event


def authorise(actor: Actor, action: Action) -> None:
    """Refuse with NotPermitted what the role may never do; the first statement of every use case."""
    if not may(actor, action):
        raise NotPermitted(actor.role, action)


def sees(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may see this case: as its institution or court, as an appointee, as a debtor.

    An agent sees it as long as its party has it for an agent; one whom the other side named, once the party
    has confirmed it.
    """
    acts_for_nobody = bool(actor.agent_of) and _authority(actor, case) is None
    return _SEES[actor.role](actor, case) and not acts_for_nobody


def own_parties(case: Case, reader: Actor) -> frozenset[str]:
    """Return the parties that the reader itself is, and so sees whole; an agent is none of them."""
    if reader.agent_of:
        return frozenset()
    if reader.role is Role.INSTITUTION:
        return case.applicant_ids
    if reader.role is Role.BORROWER:
        return case.respondent_ids & {reader.party_in(case.case_id)}
    return frozenset()


def _authority(actor: Actor, case: Case) -> Authority | None:
    party_id, agent_id = actor.party_in(case.case_id), actor.agent_in(case.case_id)
    # An institution's agent acts for an applicant, a borrower's for a respondent.
    own = case.applicant_ids if actor.role is Role.INSTITUTION else case.respondent_ids
    agents = (p.acting_agents for p in case.parties if p.party_id == party_id and party_id in own)
    return next((a.authority for each in agents for a in each if a.agent_id == agent_id), None)


def within_authority(actor: Actor, action: Action, case: Case) -> bool:
    """Tell whether this is within the authority of an agent; a party itself has no such limit."""
    if not actor.agent_of:
        return True
    special = _authority(actor, case) is Authority.SPECIAL
    return _by_any_agent(action) or (special and action in BY_SPECIAL_AUTHORITY)


def _by_any_agent(action: Action) -> bool:
    return action in BY_ANY_AGENT or action.by_any_agent


WITHIN_AUTHORITY: Final = (
    "within_authority",
    "民事诉讼法 62",
    "an agent acts within its authority: settling, signing and giving up a claim need special authority",
    "代理人应当在代理权限内行事；和解、签署协议、放弃或者变更请求须经特别授权",
)
"""The rule's name, article, and words."""


def authorise_on(actor: Actor, action: Action, case: Case) -> None:
    """Refuse an invisible case with CaseNotFound, so that a stranger can't learn that it exists.

    Raises RuleViolated for what an agent's authority does not reach.
    """
    if not sees(actor, case):
        raise CaseNotFound(case.case_id)
    authorise(actor, action)
    if not within_authority(actor, action, case):
        raise RuleViolated(*WITHIN_AUTHORITY)


def check_policy_of(actor: Actor, institution_id: str) -> None:
    """Refuse, with PolicyNotFound, another institution's policy to an institution; other roles see all."""
    if actor.role is Role.INSTITUTION and actor.institution_id != institution_id:
        raise PolicyNotFound(institution_id)
