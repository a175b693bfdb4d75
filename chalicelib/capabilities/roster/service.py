"""Enter people on a court's roster, read it, and answer what the core asks about people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.capabilities.roster.declaration import ENTER_PERSON, READ_PERSON, READ_ROSTER
from chalicelib.capabilities.roster.model import Person
from chalicelib.domain.errors import JudgeNotEligible, MediatorNotEligible, PersonNotFound, StalePerson
from chalicelib.domain.permissions import authorise
from chalicelib.domain.roles import Role
from chalicelib.use_cases.capability_ports import EligibleMediator, NamesOfPeople

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from chalicelib.capabilities.roster.model import PersonState
    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.capability_ports import Who
    from chalicelib.use_cases.ports import Hub

NAMES_KEPT_SECONDS: Final = 60.0
"""How old a name in an answer of the API may be."""
_MOST_NAMES_KEPT: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPage:
    """People of one court, by id; `after` continues the list."""

    people: tuple[Person, ...]
    after: str | None


class Roster(Protocol):
    """The stored rosters of all courts."""

    def add(self, person: Person) -> bool:
        """Store a person's next version; False if the one before it is not the latest. Raises StoreBusy."""
        ...

    def find(self, people: Collection[Who]) -> Mapping[Who, Person]:
        """Read people by their ids, as last committed; who is not there is left out. Raises StoreBusy."""
        ...

    def page(self, court_id: str, after: str | None, limit: int) -> RosterPage:
        """Read at most `limit` people of a court whose ids come after `after`."""
        ...

    def versions(self, court_id: str, person_id: str) -> tuple[Person, ...]:
        """Read all versions of a person's entry, the oldest first."""
        ...


def enter_person(
    hub: Hub,
    actor: Actor,
    *,
    person_id: str,
    name: str,
    role: Role,
    state: PersonState,
    reason: str,
    expected_version: int,
) -> Person:
    """Enter somebody on the roster of the actor's court, or change the entry; return the stored version.

    `expected_version` is the version that was read, 0 for somebody new. The same change by the same person
    again returns the first one. Raises NotPermitted or StalePerson.
    """
    authorise(actor, ENTER_PERSON)
    roster = hub.part(Roster)
    person = Person(
        court_id=_court_of(actor),
        person_id=person_id,
        version=expected_version + 1,
        name=name,
        role=role,
        state=state,
        reason=reason,
        changed_by=actor.subject,
        changed_at=hub.clock.now(),
    )
    if roster.add(person):
        return person
    for stored in roster.versions(*person.who):
        if replace(person, changed_at=stored.changed_at) == stored:
            return stored
    raise StalePerson(person_id)


def read_roster(hub: Hub, actor: Actor, after: str | None, limit: int) -> RosterPage:
    """Return a page of the roster of the actor's court; raises NotPermitted."""
    authorise(actor, READ_ROSTER)
    return hub.part(Roster).page(_court_of(actor), after, limit)


def read_person(hub: Hub, actor: Actor, person_id: str) -> tuple[Person, ...]:
    """Return all versions of a person's entry, the oldest first; mediators and judges read their own only.

    Raises NotPermitted or PersonNotFound.
    """
    authorise(actor, READ_PERSON)
    own = {Role.MEDIATOR: actor.mediator_id, Role.JUDGE: actor.judge_id}
    versions = hub.part(Roster).versions(_court_of(actor), person_id)
    if not versions or own.get(actor.role, person_id) != person_id:
        raise PersonNotFound(person_id)
    return versions


def _court_of(actor: Actor) -> str:
    return actor.court_id or ""


class EligibleOnRoster(EligibleMediator):
    """The port `EligibleMediator`: who stands on the court's roster, in the right role and active."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def check(self, mediator_id: str, judge_id: str, case: Case, context: Context) -> None:
        """Raise MediatorNotEligible or JudgeNotEligible; both are read in one call."""
        del context
        mediator, judge = (case.court_id, mediator_id), (case.court_id, judge_id)
        found = self._roster.find({mediator, judge})
        if not _may_be_given(found.get(mediator), Role.MEDIATOR):
            raise MediatorNotEligible(mediator_id)
        if not _may_be_given(found.get(judge), Role.JUDGE):
            raise JudgeNotEligible(judge_id)

    def check_acceptance(self, mediator_id: str, case: Case) -> None:
        """Raise MediatorNotEligible if the mediator has left the roster's active ones since."""
        mediator = case.court_id, mediator_id
        if not _may_be_given(self._roster.find({mediator}).get(mediator), Role.MEDIATOR):
            raise MediatorNotEligible(mediator_id)

    def check_judge(self, judge_id: str, case: Case) -> None:
        """Raise JudgeNotEligible for who is not one of the roster's active judges."""
        judge = case.court_id, judge_id
        if not _may_be_given(self._roster.find({judge}).get(judge), Role.JUDGE):
            raise JudgeNotEligible(judge_id)


def _may_be_given(person: Person | None, role: Role) -> bool:
    return person is not None and person.may_be_given_cases_as(role)


class NamesOnRoster(NamesOfPeople):
    """The port `NamesOfPeople`; names for answers of the API are kept for NAMES_KEPT_SECONDS."""

    def __init__(self, roster: Roster, now: Callable[[], float]) -> None:
        """`now` is real time in epoch seconds."""
        self._roster = roster
        self._now = now
        self._kept: dict[Who, tuple[float, str | None]] = {}

    def printed(self, people: Collection[Who]) -> Mapping[Who, str]:
        """Return the names as last committed, also of somebody who is suspended."""
        return {who: person.name for who, person in self._roster.find(people).items()}

    def shown(self, people: Collection[Who]) -> Mapping[Who, str]:
        """Return the names, read at most NAMES_KEPT_SECONDS ago; that somebody has none is kept as well."""
        now = self._now()
        held = {who: self._kept.get(who) for who in people}
        missing = [who for who, kept in held.items() if kept is None or now - kept[0] >= NAMES_KEPT_SECONDS]
        if missing:
            read = self.printed(missing)
            if len(self._kept) + len(missing) > _MOST_NAMES_KEPT:
                self._kept.clear()
            fresh = {who: (now, read.get(who)) for who in missing}
            self._kept.update(fresh)
            held |= fresh
        return {who: kept[1] for who, kept in held.items() if kept is not None and kept[1] is not None}
