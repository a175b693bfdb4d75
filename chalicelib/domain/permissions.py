"""The role x action table: who may do what, and on whose cases.

Promise: every decision about permission is made here, from this one table; the API and the use cases
only ask. Downside: a role's permissions are not configurable per court.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from chalicelib.domain.codes import OpenCode
from chalicelib.domain.errors import CaseNotFound, NotPermitted, PolicyNotFound
from chalicelib.domain.events import EventType
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.events import Event, Link

C = TypeVar("C", bound=OpenCode)

_DEBTOR_SIDE = frozenset({Role.BORROWER, Role.MEDIATOR, Role.CENTRE})
_EVERY_PARTY = _DEBTOR_SIDE | {Role.INSTITUTION}
_NEGOTIATORS = frozenset({Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR})
_EVERYONE = frozenset(Role) - {Role.SYSTEM}
_BY_COURT_OR_SYSTEM = frozenset({Role.COURT, Role.SYSTEM})

PERMISSIONS: Final[Mapping[Action, frozenset[Role]]] = {
    Action.FILE: frozenset({Role.INSTITUTION}),
    Action.SCREEN: frozenset({Role.CENTRE, Role.SYSTEM}),
    Action.APPOINT: frozenset({Role.CENTRE}),
    Action.ACCEPT: frozenset({Role.MEDIATOR}),
    Action.DECLINE: frozenset({Role.MEDIATOR}),
    # A borrower consents itself, or before the mediator or the centre, who record it (TY11, M10);
    # the institution has consented by filing.
    Action.CONSENT: _DEBTOR_SIDE,
    Action.REFUSE_CONSENT: _DEBTOR_SIDE,
    Action.EXTEND: _NEGOTIATORS,
    # A side offers and answers itself, or before the mediator, who records it.
    Action.OFFER: _NEGOTIATORS,
    Action.ACCEPT_OFFER: _NEGOTIATORS,
    Action.DECLINE_OFFER: _NEGOTIATORS,
    Action.WITHDRAW_OFFER: _NEGOTIATORS,
    Action.SETTLE: frozenset({Role.MEDIATOR}),
    Action.SIGN: _EVERY_PARTY,
    Action.REFUSE_TO_SIGN: _EVERY_PARTY,
    Action.RECORD_REPAYMENT: frozenset({Role.INSTITUTION}),
    Action.REVERSE_REPAYMENT: frozenset({Role.INSTITUTION}),
    Action.APPLY_FOR_CONFIRMATION: _NEGOTIATORS,
    Action.RENEGOTIATE: frozenset({Role.MEDIATOR}),
    Action.ENFORCE: frozenset({Role.INSTITUTION}),
    Action.FAIL: frozenset({Role.MEDIATOR}),
    Action.WITHDRAW: frozenset({Role.INSTITUTION}),
    Action.DROP: frozenset({Role.INSTITUTION}),
    Action.TRANSFER: frozenset({Role.INSTITUTION}),
    Action.CORRECT: frozenset({Role.INSTITUTION}),
    Action.RETRANSFER: frozenset({Role.SYSTEM}),
    Action.RECORD_RECEIPT: frozenset({Role.SYSTEM}),
    Action.RECORD_REVIEW: _BY_COURT_OR_SYSTEM,
    Action.RECORD_DOCKETING: frozenset({Role.COURT}),
    Action.RECORD_REFUSAL: frozenset({Role.COURT}),
    Action.RECORD_APPLICATION_RECEIPT: frozenset({Role.SYSTEM}),
    Action.RECORD_RULING: frozenset({Role.COURT}),
    Action.REMIND: frozenset({Role.SYSTEM}),
    Action.DECLARE_DEFAULT: frozenset({Role.SYSTEM}),
    Action.EXPIRE: frozenset({Role.SYSTEM}),
    Action.READ: _EVERYONE,
    # Operators keep the machinery running; they need no names for it (PIPL art. 6, least data).
    Action.READ_PARTIES: _EVERYONE - {Role.OPS},
    # What was offered and agreed is confidential (TY22): for the parties and who mediates between them.
    Action.READ_SETTLEMENT: _EVERY_PARTY,
    Action.READ_DOSSIER: frozenset({Role.COURT}),
    Action.LIST: _EVERYONE - {Role.BORROWER},
    Action.LOOK_UP_PERSON: frozenset({Role.INSTITUTION}),
    Action.RECEIVE_CALLBACK: frozenset({Role.COURT}),
    # Which kinds of papers, `papers.ACCESS` says.
    Action.MAKE_DOCUMENT: _EVERY_PARTY,
    Action.READ_DOCUMENTS: _EVERY_PARTY,
    # Borrowers meet the tiers in offers only; courts never see a concession (TY22).
    Action.READ_POLICY: frozenset({Role.INSTITUTION, Role.MEDIATOR, Role.CENTRE}),
    Action.PUBLISH_POLICY: frozenset({Role.INSTITUTION}),
    # What the amounts come from is the parties' and the mediation's business; a court gets the claim.
    Action.READ_STATEMENT: _EVERY_PARTY,
    Action.CALCULATE: frozenset({Role.INSTITUTION, Role.MEDIATOR, Role.CENTRE}),
}

IS_TOLD_NO_OFFER: Final = frozenset({Role.COURT, Role.JUDGE, Role.OPS})
"""Who must not learn what was offered (TY22): a court's people; and operators, who need not."""

HIDDEN_FROM: Final[Mapping[EventType, frozenset[Role]]] = {
    EventType.OFFER_MADE: IS_TOLD_NO_OFFER,
    EventType.OFFER_ACCEPTED: IS_TOLD_NO_OFFER,
    EventType.OFFER_DECLINED: IS_TOLD_NO_OFFER,
    EventType.OFFER_WITHDRAWN: IS_TOLD_NO_OFFER,
    # Its data say what was agreed, which is confidential until the agreement is in force.
    EventType.SETTLEMENT_REACHED: IS_TOLD_NO_OFFER,
}
"""The case's own events that not every reader of the case may see, and from whom they are hidden."""

_DECLARED_ACTIONS: Final[dict[Action, frozenset[Role]]] = {}
_DECLARED_EVENTS: Final[dict[EventType, frozenset[Role]]] = {}


def declare_action(code: str, roles: frozenset[Role]) -> Action:
    """Make an action of a capability known, and who may do it; ValueError if the code has another meaning."""
    return _declared(_DECLARED_ACTIONS, Action(code), roles)


def declare_event(code: str, hidden_from: frozenset[Role] = frozenset()) -> EventType:
    """Make an event of a capability known, and from whom it is hidden; ValueError as in `declare_action`."""
    return _declared(_DECLARED_EVENTS, EventType(code), hidden_from)


def _declared(known: dict[C, frozenset[Role]], code: C, roles: frozenset[Role]) -> C:
    if code.known or known.setdefault(code, roles) != roles:
        raise ValueError(f"{code} is declared already")
    return code


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
}


def may(actor: Actor, action: Action) -> bool:
    """Tell whether the actor's role may do this at all; KeyError for an action nobody declared."""
    return actor.role in (PERMISSIONS if action.known else _DECLARED_ACTIONS)[action]


def shown(event: Event, reader: Actor) -> Link:
    """Return the event, or its stub if this reader may not see it.

    An event of a type that this release does not know is shown to nobody: it may be confidential.
    """
    if event.type.known:
        hidden = reader.role in HIDDEN_FROM.get(event.type, frozenset())
    else:
        hidden = event.type not in _DECLARED_EVENTS or reader.role in _DECLARED_EVENTS[event.type]
    return event.stub() if hidden else event


def authorise(actor: Actor, action: Action) -> None:
    """Refuse with NotPermitted what the role may never do; the first statement of every use case."""
    if not may(actor, action):
        raise NotPermitted(actor.role, action)


def sees(actor: Actor, case: Case) -> bool:
    """Tell whether this case exists for the actor: its own tenant's, its own appointment, its own debt."""
    return _SEES[actor.role](actor, case)


def authorise_on(actor: Actor, action: Action, case: Case) -> None:
    """Refuse an invisible case with CaseNotFound, so that a stranger can't learn that it exists."""
    if not sees(actor, case):
        raise CaseNotFound(case.case_id)
    authorise(actor, action)


def check_policy_of(actor: Actor, institution_id: str) -> None:
    """Refuse an institution another one's policy with PolicyNotFound; who mediates sees every one's."""
    if actor.role is Role.INSTITUTION and actor.institution_id != institution_id:
        raise PolicyNotFound(institution_id)
