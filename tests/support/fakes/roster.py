"""The roster in memory, and the people whom every fake court knows."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from chalicelib.capabilities.roster.model import Person, PersonState
from chalicelib.capabilities.roster.service import EligibleOnRoster, NamesOnRoster, RosterPage
from chalicelib.domain.appointment import Appointed, Candidate
from chalicelib.domain.case import Case
from chalicelib.domain.disclosure import DisclosedFact
from chalicelib.domain.roles import Role
from chalicelib.use_cases.capability_ports import Who
from tests.support.fakes.clock import START
from tests.support.fakes.memory import Memory

NAMES: Final = {
    "m-1": "林和",
    "m-2": "陈睦",
    "m-3": "黄谐",
    "m-001": "林和",
    "m-002": "陈睦",
    "m-003": "黄谐",
    "j-1": "周正",
    "j-2": "周明",
    "j-001": "周正",
    "centre-1": "吴敏",
}
"""Well-known people by their ids; the names are invented."""
_ROLES: Final = {"m": Role.MEDIATOR, "j": Role.JUDGE, "c": Role.CENTRE}


def person(person_id: str, court_id: str = "court-jc", **changes: object) -> Person:
    """Make somebody's first entry on a court's roster."""
    known: dict[str, object] = {
        "court_id": court_id,
        "person_id": person_id,
        "version": 1,
        "name": NAMES.get(person_id, "某人"),
        "role": _ROLES[person_id[0]],
        "state": PersonState.ACTIVE,
        "reason": "首次登记",
        "changed_by": "centre-1",
        "changed_at": START,
    }
    return Person(**known | changes)  # type: ignore[arg-type]  # a test's own changes


def well_known(court_ids: Collection[str]) -> dict[Who, list[Person]]:
    """Return the rosters of courts that know everybody of NAMES."""
    people = [person(person_id, court_id) for court_id in court_ids for person_id in NAMES]
    return {each.who: [each] for each in people}


class FakeRoster:
    """All rosters; each write is all or nothing, as one transaction."""

    def __init__(self, memory: Memory, _real_seconds: Callable[[], float]) -> None:
        self._memory = memory

    def add(self, person: Person) -> bool:
        """Store a person's next version."""
        with self._memory.lock:
            versions = self._memory.roster.setdefault(person.who, [])
            if len(versions) != person.version - 1:
                return False
            versions.append(person)
            return True

    def find(self, people: Collection[Who]) -> Mapping[Who, Person]:
        """Read people by their ids."""
        return {who: self._memory.roster[who][-1] for who in people if self._memory.roster.get(who)}

    def page(self, court_id: str, after: str | None, limit: int) -> RosterPage:
        """Read a page of a court's people."""
        of_court = sorted(
            (versions[-1] for versions in self._memory.roster.values() if versions), key=lambda each: each.who
        )
        found = [each for each in of_court if each.court_id == court_id and each.person_id > (after or "")]
        return RosterPage(
            people=tuple(found[:limit]), after=found[limit - 1].person_id if len(found) > limit else None
        )

    def candidates(self, court_id: str) -> tuple[Candidate, ...]:
        """Read the mediators of a court with their cases."""
        return tuple(
            versions[-1].as_candidate(self._memory.loads.get(who))
            for who, versions in sorted(self._memory.roster.items())
            if versions and who[0] == court_id and versions[-1].role is Role.MEDIATOR
        )

    def facts(self, case: Case) -> tuple[DisclosedFact, ...]:
        """Read what was disclosed about mediators' relations to a case."""
        return tuple(self._memory.disclosed.get(case.case_id, ()))

    def appointed(self, case_id: str) -> tuple[Appointed, ...]:
        """Read why mediators were appointed to a case."""
        return tuple(self._memory.appointed.get(case_id, ()))

    def versions(self, court_id: str, person_id: str) -> tuple[Person, ...]:
        """Read all versions of an entry."""
        return tuple(self._memory.roster.get((court_id, person_id), ()))


def fake_eligible(memory: Memory, real_seconds: Callable[[], float]) -> EligibleOnRoster:
    """Make the port `EligibleMediator` on the roster in memory."""
    return EligibleOnRoster(FakeRoster(memory, real_seconds))


def fake_names(memory: Memory, real_seconds: Callable[[], float]) -> NamesOnRoster:
    """Make the port `NamesOfPeople` on the roster in memory."""
    return NamesOnRoster(FakeRoster(memory, real_seconds), real_seconds)
