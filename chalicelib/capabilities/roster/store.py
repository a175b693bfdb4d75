"""The roster on the table: a person's entry and each of its versions, in the partition of the court.

Promise: entry and version are written in one transaction, under the condition that the version before is the
latest; people are read by their ids, whatever the size of the roster. Names are not sealed: those who mediate
and judge do so in public, and each appointment reads them. Downside: a court's people share one partition,
which takes some 1,000 changes and 3,000 reads a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Code, Instant, Structured, Whole, optional
from chalicelib.adapters.dynamo.records import LAST_SEQUENCE, Record
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.capabilities.roster.model import Load, Person, PersonState
from chalicelib.capabilities.roster.service import EligibleOnRoster, NamesOnRoster, RosterPage
from chalicelib.domain.appointment import Appointed, Candidate, CaseMoved, Obstacle, Profile, Selection
from chalicelib.domain.disclosure import DisclosedFact
from chalicelib.domain.errors import Contended, MediatorNotEligible
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chalicelib.adapters.dynamo.beside import Saving
    from chalicelib.adapters.dynamo.sealing import DataKeys
    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Item, Table, Write
    from chalicelib.domain.case import Case
    from chalicelib.use_cases.capability_ports import Who

_READ_AT_ONCE: Final = 100
_PERSON: Final = "PERSON#"


class RosterRecord(Record):
    """A person's entry as it stands."""

    key = "ROSTER#{court_id}", "PERSON#{person_id}"
    court_id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    version = Whole()
    name = UnicodeAttribute()
    role = Code(Role)
    state = Code(PersonState)
    reason = UnicodeAttribute()
    changed_by = UnicodeAttribute()
    changed_at = Instant()
    profile = optional(Structured[Profile](Profile))


class LoadRecord(Record):
    """How many cases a mediator was ever given, and how many are in its hands."""

    key = "ROSTER#{court_id}", "LOAD#{person_id}"
    given = optional(Whole())
    open = optional(Whole())


class RosterVersionRecord(RosterRecord):
    """A version of a person's entry."""

    key = "ROSTER#{court_id}", "VERSION#{person_id}#{version:08}"


class DisclosedRecord(Record):
    """What a mediator's relation to a case consists in; `text` is sealed."""

    key = "CASE#{case_id}", "DISCLOSED#{version:08}"
    case_id = UnicodeAttribute()
    version = Whole()
    mediator_id = UnicodeAttribute()
    ground = UnicodeAttribute()
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()
    key_id = UnicodeAttribute()
    text = Bytes()


class AppointedRecord(Record):
    """Why a mediator was appointed: whom the appointment looked at, and what it found."""

    key = "CASE#{case_id}", "APPOINTED#{version:08}"
    case_id = UnicodeAttribute()
    version = Whole()
    chosen = UnicodeAttribute()
    selection = Structured[Selection](Selection)


def roster(store: DynamoStore) -> DynamoRoster:
    """Make the implementation of the port `Roster`."""
    return DynamoRoster(store.table, store.data_keys)


def eligible(store: DynamoStore) -> EligibleOnRoster:
    """Make the implementation of the port `EligibleMediator`."""
    return EligibleOnRoster(roster(store))


def names(store: DynamoStore) -> NamesOnRoster:
    """Make the implementation of the port `NamesOfPeople`."""
    return NamesOnRoster(roster(store), store.now)


def count_writes(moved: CaseMoved, saving: Saving) -> list[Write]:
    """Count a case that went from hand to hand; the taker's limit is the write's condition."""
    writes = []
    if moved.taken_by is not None:
        key = LoadRecord.place(court_id=moved.court_id, person_id=moved.taken_by)
        actions = [LoadRecord.open.set((LoadRecord.open | 0) + 1)]
        if moved.given:
            actions.append(LoadRecord.given.set((LoadRecord.given | moved.start) + 1))
        below = None
        if moved.limit is not None:
            below = LoadRecord.open.does_not_exist() | (LoadRecord.open < moved.limit)
        taken = saving.table.to_update(key, actions, below)
        saving.refusals.append((taken, MediatorNotEligible(moved.taken_by, Obstacle.AT_LIMIT)))
        writes.append(taken)
    if moved.left is not None:
        key = LoadRecord.place(court_id=moved.court_id, person_id=moved.left)
        # A case of an earlier release was never counted, so that it can't be taken off either.
        fewer = LoadRecord.open.set((LoadRecord.open | 1) - 1)
        writes.append(saving.table.to_update(key, [fewer]))
    return writes


def fact_writes(fact: DisclosedFact, saving: Saving) -> list[Write]:
    """Keep what was disclosed, sealed with the institution's key."""
    at = DisclosedRecord.place(case_id=fact.case_id, version=fact.version)
    key = saving.data_keys.for_sealing(saving.case.institution_id)
    record = DisclosedRecord.from_value(fact, at, key_id=key.key_id, text=key.seal(fact.text, (*at, "text")))
    return [saving.table.to_put(record)]


def reason_writes(why: Appointed, saving: Saving) -> list[Write]:
    """Keep why a mediator was appointed."""
    return [saving.table.to_put(AppointedRecord.from_value(why))]


def _load(items: Mapping[str, Item], court_id: str, person_id: str) -> Load | None:
    item = items.get(LoadRecord.place(court_id=court_id, person_id=person_id)[1])
    if item is None:
        return None
    record = read(LoadRecord, item)
    return Load(given=record.given, open=record.open or 0)


class DynamoRoster:
    """The port `Roster`, implemented on the table."""

    def __init__(self, table: Table, data_keys: DataKeys) -> None:
        self._table = table
        self._data_keys = data_keys

    def add(self, person: Person) -> bool:
        """Store a person's next version; see the port. Raises Contended where others write the same."""
        before = RosterRecord.version == person.version - 1
        condition = before if person.version > 1 else RosterRecord.pk.does_not_exist()
        profile = None if person.profile == Profile() else person.profile
        entry, version = (
            kind.from_value(person, profile=profile) for kind in (RosterRecord, RosterVersionRecord)
        )
        try:
            self._table.transact([self._table.to_put(entry, condition), self._table.to_put(version)])
        except Cancelled as cancelled:
            if cancelled.busy:
                raise Contended(person.person_id) from cancelled
            return False
        return True

    def find(self, people: Collection[Who]) -> Mapping[Who, Person]:
        """Read people by their ids; up to 100 take one call."""
        places = [RosterRecord.place(court_id=court_id, person_id=each) for court_id, each in {*people}]
        found = [
            read(RosterRecord, item).to_value(Person)
            for begin in range(0, len(places), _READ_AT_ONCE)
            for item in self._table.items_at(places[begin : begin + _READ_AT_ONCE]).values()
        ]
        return {person.who: person for person in found}

    def candidates(self, court_id: str) -> tuple[Candidate, ...]:
        """Read the entries and the counts of a court's people, which stand beside each other."""
        partition, first = LoadRecord.place(court_id=court_id, person_id="")
        where = (RosterRecord.pk == partition) & RosterRecord.sk.between(first, f"{_PERSON}~")
        items = {item["SK"]["S"]: item for item in self._table.all_items(where)}
        people = [
            read(RosterRecord, item).to_value(Person)
            for key, item in items.items()
            if key.startswith(_PERSON) and item["role"]["S"] == Role.MEDIATOR
        ]
        return tuple(each.as_candidate(_load(items, court_id, each.person_id)) for each in people)

    def facts(self, case: Case) -> tuple[DisclosedFact, ...]:
        """Read what was disclosed about mediators' relations to a case."""
        records = self._table.read_all(DisclosedRecord, DisclosedRecord.all_of(case_id=case.case_id))
        return tuple(
            record.to_value(
                DisclosedFact, text=self._data_keys.open(case.institution_id, record, "text").decode()
            )
            for record in records
        )

    def appointed(self, case_id: str) -> tuple[Appointed, ...]:
        """Read why mediators were appointed to a case, the oldest first."""
        records = self._table.read_all(AppointedRecord, AppointedRecord.all_of(case_id=case_id))
        return tuple(record.to_value(Appointed) for record in records)

    def page(self, court_id: str, after: str | None, limit: int) -> RosterPage:
        """Read a page of a court's people."""
        everybody = RosterRecord.all_of(court_id=court_id)
        start = RosterRecord.place(court_id=court_id, person_id=after) if after else None
        items, more = self._table.query(
            everybody, limit=limit, start={"PK": {"S": start[0]}, "SK": {"S": start[1]}} if start else None
        )
        people = tuple(read(RosterRecord, item).to_value(Person) for item in items)
        return RosterPage(people=people, after=people[-1].person_id if people and more else None)

    def versions(self, court_id: str, person_id: str) -> tuple[Person, ...]:
        """Read all versions of an entry."""
        first, last = (
            RosterVersionRecord.place(court_id=court_id, person_id=person_id, version=number)
            for number in (1, LAST_SEQUENCE)
        )
        where = (RosterVersionRecord.pk == first[0]) & RosterVersionRecord.sk.between(first[1], last[1])
        records = self._table.read_all(RosterVersionRecord, where)
        return tuple(record.to_value(Person) for record in records)
