"""Who may do what, and on which cases. Which roles may do an action at all is written in `stages`.

Promise: every decision about permission is made here; the API and the use cases only ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.errors import CaseNotFound, NotPermitted, PolicyNotFound
from chalicelib.domain.roles import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.events import Event, Link
    from chalicelib.domain.stages import Action


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
    """Tell whether the actor's role may do this at all."""
    return actor.role in action.roles


def shown(event: Event, reader: Actor) -> Link:
    """Return the event, or its stub if it is hidden from this reader."""
    return event.stub() if reader.role in event.type.hidden_from else event


def authorise(actor: Actor, action: Action) -> None:
    """Refuse with NotPermitted what the role may never do; the first statement of every use case."""
    if not may(actor, action):
        raise NotPermitted(actor.role, action)


def sees(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may see this case: as its institution or court, as an appointee, as a debtor."""
    return _SEES[actor.role](actor, case)


def authorise_on(actor: Actor, action: Action, case: Case) -> None:
    """Refuse an invisible case with CaseNotFound, so that a stranger can't learn that it exists."""
    if not sees(actor, case):
        raise CaseNotFound(case.case_id)
    authorise(actor, action)


def check_policy_of(actor: Actor, institution_id: str) -> None:
    """Refuse, with PolicyNotFound, another institution's policy to an institution; other roles see all."""
    if actor.role is Role.INSTITUTION and actor.institution_id != institution_id:
        raise PolicyNotFound(institution_id)
