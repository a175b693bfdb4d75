"""State a defence, and read the statements one may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chalicelib.capabilities.defences.declaration import READ_DEFENCES, STATE_DEFENCE
from chalicelib.capabilities.defences.model import Defence, Salts
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.use_cases.follow_up import follow_up_time

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Idempotency


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A stored statement; a repeated key gets the same one with `replayed` set."""

    defence: Defence
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DefencePage:
    """Statements, oldest first; `after` continues the list (a page may be short although more follow)."""

    defences: tuple[Defence, ...]
    after: int | None


class Defences(Protocol):
    """The stored statements; each stands in the case's log of talk."""

    def add(
        self, case: Case, defence: Defence, salts: Salts, idempotency: Idempotency, due_at: datetime
    ) -> Stated:
        """Store a statement, its entry in the log and the notice of what an agent said, in one transaction.

        At `due_at` a notice that is still unsent is looked after.

        A key used before returns its statement, or raises IdempotencyKeyReused for another body.
        """
        ...

    def page(self, case: Case, after: int, limit: int) -> DefencePage:
        """Read at most `limit` statements that come after the place `after`; 0 starts with the first."""
        ...


def state_defence(
    hub: Hub, actor: Actor, case_id: str, text: str, *, for_court: bool, idempotency: Idempotency
) -> Stated:
    """Keep what a respondent or its agent says in defence; `for_court` lets it go to the court with a suit.

    The case's version stays as it is; the party hears of what its agent said. Raises NotPermitted,
    CaseNotFound or IdempotencyKeyReused.
    """
    authorise(actor, STATE_DEFENCE)
    case = hub.cases.get(case_id)
    authorise_on(actor, STATE_DEFENCE, case)
    defence = Defence(
        defence_id=hub.new_id(),
        party_id=actor.party_in(case_id) or "",
        at=hub.clock.now(),
        subject=actor.subject,
        for_court=for_court,
        text=text,
        agent_id=actor.agent_in(case_id),
    )
    salts = Salts(hub.new_salt(), hub.new_salt())
    return hub.part(Defences).add(case, defence, salts, idempotency, follow_up_time(hub))


def read_defences(hub: Hub, actor: Actor, case_id: str, after: int, limit: int) -> DefencePage:
    """Return a page of the statements that the reader may read; raises NotPermitted or CaseNotFound."""
    authorise(actor, READ_DEFENCES)
    case = hub.cases.get(case_id)
    authorise_on(actor, READ_DEFENCES, case)
    page = hub.part(Defences).page(case, after, limit)
    readable = (defence for defence in page.defences if defence.readable_by(actor, case_id))
    return DefencePage(defences=tuple(readable), after=page.after)
