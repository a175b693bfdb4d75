"""The roster on the table: a person's entry and each of its versions, in the partition of the court.

Promise: entry and version are written in one transaction, under the condition that the version before is the
latest; people are read by their ids, whatever the size of the roster. Names are not sealed: those who mediate
and judge do so in public, and each appointment reads them. Downside: a court's people share one partition,
which takes some 1,000 changes and 3,000 reads a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Code, Instant, Whole
from chalicelib.adapters.dynamo.records import LAST_SEQUENCE, Record
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.capabilities.roster.model import Person, PersonState
from chalicelib.capabilities.roster.service import EligibleOnRoster, NamesOnRoster, RosterPage
from chalicelib.domain.errors import Contended
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Table
    from chalicelib.use_cases.capability_ports import Who

_READ_AT_ONCE: Final = 100


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


class RosterVersionRecord(RosterRecord):
    """A version of a person's entry."""

    key = "ROSTER#{court_id}", "VERSION#{person_id}#{version:08}"


def roster(store: DynamoStore) -> DynamoRoster:
    """Make the implementation of the port `Roster`."""
    return DynamoRoster(store.table)


def eligible(store: DynamoStore) -> EligibleOnRoster:
    """Make the implementation of the port `EligibleMediator`."""
    return EligibleOnRoster(roster(store))


def names(store: DynamoStore) -> NamesOnRoster:
    """Make the implementation of the port `NamesOfPeople`."""
    return NamesOnRoster(roster(store), store.now)


class DynamoRoster:
    """The port `Roster`, implemented on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, person: Person) -> bool:
        """Store a person's next version; see the port. Raises Contended where others write the same."""
        before = RosterRecord.version == person.version - 1
        condition = before if person.version > 1 else RosterRecord.pk.does_not_exist()
        entry, version = RosterRecord.from_value(person), RosterVersionRecord.from_value(person)
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
