"""Show who handles a case how its parties are reached, and show data protection who looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chalicelib.capabilities.contacts.declaration import READ_CONTACTS, READ_LOOKS
from chalicelib.capabilities.contacts.model import SHOWN, Look, Salts
from chalicelib.domain.errors import NotPermitted
from chalicelib.domain.permissions import authorise, authorise_on

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.capabilities.contacts.model import Purpose
    from chalicelib.domain.case import Case
    from chalicelib.domain.own_place import OwnPlace
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """Looks, oldest first; `after` is the place where the list continues, None at its end."""

    looks: tuple[Look, ...]
    after: str | None


class Looks(Protocol):
    """The stored looks; nothing changes or removes one before its three years are over."""

    def add(self, case: Case | OwnPlace, look: Look, salts: Salts) -> None:
        """Store a look and its entry in the case's log of talk, in one transaction."""
        ...

    def at_case(self, case_id: str, after: str | None, limit: int) -> LookPage:
        """Read at most `limit` looks at a case that come after a place."""
        ...

    def of_day(self, court_id: str, day: date, after: str | None, limit: int) -> LookPage:
        """Read at most `limit` looks at a court's cases on a day in China that come after a place."""
        ...


def read_contacts(
    hub: Hub, actor: Actor, case_id: str, purpose: Purpose
) -> tuple[Case, tuple[PartyDetails, ...]]:
    """Return a case and its parties' details, once it is on record that the actor looked at them.

    Raises NotPermitted, CaseNotFound, RuleViolated, or what storing the record raises: then nothing is shown.
    """
    authorise(actor, READ_CONTACTS)
    case, details = hub.cases.with_details(case_id)
    authorise_on(actor, READ_CONTACTS, case)
    opened = details()
    look = Look(
        look_id=hub.new_id(),
        case_id=case_id,
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        purpose=purpose.value,
        fields=SHOWN,
        parties=tuple(entry.party_id for entry in opened),
    )
    hub.part(Looks).add(case, look, Salts(hub.new_salt(), hub.new_salt()))
    return case, opened


def read_looks_at_case(hub: Hub, actor: Actor, case_id: str, after: str | None, limit: int) -> LookPage:
    """Return a page of the looks at a case; raises NotPermitted or CaseNotFound."""
    authorise(actor, READ_LOOKS)
    case = hub.cases.get(case_id)
    authorise_on(actor, READ_LOOKS, case)
    return hub.part(Looks).at_case(case_id, after, limit)


def read_looks_of_day(hub: Hub, actor: Actor, day: date, after: str | None, limit: int) -> LookPage:
    """Return a page of the looks at the cases of the actor's court on a day; raises NotPermitted."""
    authorise(actor, READ_LOOKS)
    if actor.court_id is None:
        raise NotPermitted(actor.role, READ_LOOKS)
    return hub.part(Looks).of_day(actor.court_id, day, after, limit)
