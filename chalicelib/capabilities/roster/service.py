"""Enter people on a court's roster, read it, and answer what the core asks about people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.capabilities.roster.declaration import (
    ENTER_PERSON,
    READ_APPOINTMENTS,
    READ_PERSON,
    READ_RECOMMENDATIONS,
    READ_ROSTER,
)
from chalicelib.capabilities.roster.model import Person
from chalicelib.domain.appointment import Obstacle, Profile, needs_of, obstacle
from chalicelib.domain.calendar import local_date
from chalicelib.domain.errors import JudgeNotEligible, MediatorNotEligible, PersonNotFound, StalePerson
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.roles import Role
from chalicelib.use_cases.appoint_mediator import selected
from chalicelib.use_cases.capability_ports import EligibleMediator, NamesOfPeople

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from chalicelib.capabilities.roster.model import PersonState
    from chalicelib.domain.appointment import Appointed, Candidate, CaseMoved, Selection
    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.disclosure import DisclosedFact
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

    def candidates(self, court_id: str) -> tuple[Candidate, ...]:
        """Read every mediator of a court and its cases, in one call for up to 200 of them."""
        ...

    def facts(self, case: Case) -> tuple[DisclosedFact, ...]:
        """Read what was disclosed on a case, the oldest first. Raises SealBroken."""
        ...

    def appointed(self, case_id: str) -> tuple[Appointed, ...]:
        """Read why mediators were appointed to a case, the oldest first."""
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
    profile: Profile | None = None,
) -> Person:
    """Enter somebody on the roster of the actor's court, or change the entry; return the stored version.

    `expected_version` is the version that was read, 0 for somebody new. The same change by the same person
    again returns the first one. Without a `profile` it stays as it was. Raises NotPermitted or StalePerson.
    """
    authorise(actor, ENTER_PERSON)
    roster = hub.part(Roster)
    if profile is None:
        who = _court_of(actor), person_id
        known = roster.find({who}).get(who) if expected_version else None
        profile = known.profile if known else Profile()
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
        profile=profile,
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


def recommend_mediators(
    hub: Hub, actor: Actor, case_id: str, area: str | None, language: str | None
) -> Selection:
    """Return who may be given the case, best first, and why not the others; nothing is stored."""
    authorise(actor, READ_RECOMMENDATIONS)
    case = hub.cases.get(case_id)
    authorise_on(actor, READ_RECOMMENDATIONS, case)
    return selected(hub, case, area, language)[0]


def read_appointments(hub: Hub, actor: Actor, case_id: str) -> tuple[Appointed, ...]:
    """Return why mediators were appointed to a case by the hub's own choice, the oldest first."""
    authorise(actor, READ_APPOINTMENTS)
    authorise_on(actor, READ_APPOINTMENTS, hub.cases.get(case_id))
    return hub.part(Roster).appointed(case_id)


def _court_of(actor: Actor) -> str:
    return actor.court_id or ""


class EligibleOnRoster(EligibleMediator):
    """The port `EligibleMediator`: who stands on the roster, and whom nothing keeps from this case."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def check(self, mediator_id: str, judge_id: str | None, case: Case, context: Context) -> int | None:
        """Return the mediator's limit; raises MediatorNotEligible or JudgeNotEligible. One call reads both.

        Whether the limit is reached is decided by the transaction that stores the appointment.
        """
        mediator, judge = (case.court_id, mediator_id), (case.court_id, judge_id or "")
        found = self._roster.find({mediator, judge} if judge_id else {mediator})
        person = _checked(found.get(mediator), mediator_id, case, context)
        if judge_id is not None and (why := _obstacle(found.get(judge), Role.JUDGE)):
            raise JudgeNotEligible(judge_id, why)
        return person.profile.limit

    def check_acceptance(self, mediator_id: str, case: Case, context: Context) -> None:
        """Raise MediatorNotEligible if something keeps the mediator from the case by now."""
        mediator = case.court_id, mediator_id
        _checked(self._roster.find({mediator}).get(mediator), mediator_id, case, context)

    def candidates(self, court_id: str) -> Sequence[Candidate]:
        """Return the court's mediators with their cases."""
        return self._roster.candidates(court_id)

    def beside(self, moved: CaseMoved | None) -> CaseMoved | None:
        """Let the mediators' cases be counted in the change's own transaction."""
        return moved

    def check_judge(self, judge_id: str, case: Case) -> None:
        """Raise JudgeNotEligible for who is not one of the roster's active judges."""
        judge = case.court_id, judge_id
        if why := _obstacle(self._roster.find({judge}).get(judge), Role.JUDGE):
            raise JudgeNotEligible(judge_id, why)


def _checked(person: Person | None, mediator_id: str, case: Case, context: Context) -> Person:
    why = _obstacle(person, Role.MEDIATOR)
    if person is not None and why is None:
        why = obstacle(person.as_candidate(None), needs_of(case, local_date(context.at)))
    if person is None or why is not None:
        raise MediatorNotEligible(mediator_id, why or Obstacle.UNKNOWN)
    return person


def _obstacle(person: Person | None, role: Role) -> Obstacle | None:
    return Obstacle.UNKNOWN if person is None else person.obstacle_as(role)


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
