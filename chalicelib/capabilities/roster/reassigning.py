"""Give a mediator's cases to others, some at a time: each by the usual checks, each in its own transaction.

Promise: a case is moved once, whoever else acts on it meanwhile; what was moved is no longer the mediator's,
so a run that was cut off is simply begun again. A dry run says what would be done, and changes nothing.
Downside: cases for which nobody is eligible, or whose objection waits, are named and stay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from chalicelib.capabilities.roster.declaration import REASSIGN_CASES
from chalicelib.domain import lifecycle
from chalicelib.domain.appointment import Obstacle, needs_of, select
from chalicelib.domain.calendar import local_date
from chalicelib.domain.commands import ReplaceMediator
from chalicelib.domain.errors import (
    ActionNotAvailable,
    Contended,
    MediatorNotEligible,
    RuleViolated,
    StaleVersion,
)
from chalicelib.domain.permissions import authorise, sees
from chalicelib.domain.roles import Actor, Role
from chalicelib.use_cases.capability_ports import EligibleMediator
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import change_by, context_of

if TYPE_CHECKING:
    from chalicelib.domain.appointment import Candidate
    from chalicelib.domain.case import Case
    from chalicelib.domain.reasons import ReplacementGround
    from chalicelib.use_cases.ports import Hub

_ATTEMPTS: Final = 5
BUSY: Final = "busy"
"""Why a case stays on which others act all the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned:
    """What became of a page of a mediator's cases; `after` continues the list.

    `moved` says who has a case now, `left` why one stays: an obstacle, or the rule that refuses.
    """

    moved: dict[str, str]
    left: dict[str, str]
    after: str | None


def reassign_cases(
    hub: Hub,
    actor: Actor,
    mediator_id: str,
    ground: ReplacementGround,
    *,
    after: str | None,
    limit: int,
    dry_run: bool,
) -> Reassigned:
    """Give at most `limit` of a mediator's cases to others; raises NotPermitted or StoreBusy."""
    authorise(actor, REASSIGN_CASES)
    court_id = actor.court_id or ""
    owner = Actor(role=Role.MEDIATOR, subject=mediator_id, mediator_id=mediator_id, court_id=court_id)
    page = hub.cases.list_for(owner, None, after, limit)
    moving = _Moving(hub, actor, mediator_id, ground, dry_run=dry_run)
    for case in page.cases:
        if sees(owner, case) and sees(actor, case):
            moving.move(case.case_id)
    return Reassigned(moved=moving.moved, left=moving.left, after=page.after)


class _Moving:
    """Moves one case after another; a dry run counts what it would have given to whom."""

    def __init__(
        self, hub: Hub, actor: Actor, mediator_id: str, ground: ReplacementGround, *, dry_run: bool
    ) -> None:
        self._hub, self._actor, self._mediator_id, self._ground = hub, actor, mediator_id, ground
        self._dry_run = dry_run
        self._candidates = self._look()
        self.moved: dict[str, str] = {}
        self.left: dict[str, str] = {}

    def move(self, case_id: str) -> None:
        """Move one case, or say why it stays; one that is no longer the mediator's is not spoken of."""
        for _ in range(_ATTEMPTS):
            try:
                taker = self._moved(self._hub.cases.get(case_id))
            except (StaleVersion, Contended, MediatorNotEligible):
                # Somebody acted on the case, or took the last place: look again.
                self._candidates = self._look()
                continue
            except RuleViolated as refused:
                self.left[case_id] = refused.rule
                return
            except ActionNotAvailable:
                return
            if taker is None:
                return
            if taker == Obstacle.NOBODY:
                self.left[case_id] = taker
            else:
                self.moved[case_id] = taker
            return
        self.left[case_id] = BUSY

    def _look(self) -> dict[str, Candidate]:
        found = self._hub.part(EligibleMediator).candidates(self._actor.court_id or "")
        return {each.person_id: each for each in found if each.person_id != self._mediator_id}

    def _moved(self, case: Case) -> str | None:
        """Return who has the case now; None if it was no longer the mediator's."""
        if case.mediator_id != self._mediator_id:
            return None
        context = context_of(self._hub, self._actor, case.court_id)
        needs = needs_of(case, local_date(context.at))
        found = select([*self._candidates.values()], needs).recommended
        taker = found[0].person_id if found else Obstacle.NOBODY
        command = ReplaceMediator(mediator_id=taker, ground=self._ground)
        if self._dry_run or not found:
            lifecycle.apply(case, command, context)
        else:
            change = change_by(self._hub, case, command, context)
            self._hub.cases.save(change, follow_up_time(self._hub))
        if found:
            has = self._candidates[taker]
            self._candidates[taker] = replace(has, given=found[0].given + 1, open=has.open + 1)
        return taker
