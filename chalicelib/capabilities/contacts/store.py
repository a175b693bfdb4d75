"""Looks on the table: each beside its case and in the list of its court's day, with its entry in the talk.

Promise: both records, the entry and the log's head are written in one transaction, and never again. Both
records leave by TTL after three years of real time. Downside: a look is stored twice, so that it is found by
its case and by its day without an index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Code, Instant, Structured, Whole
from chalicelib.adapters.dynamo.records import Record
from chalicelib.adapters.dynamo.table import read
from chalicelib.capabilities.contacts.model import KEPT_SECONDS, Look, entry_of
from chalicelib.capabilities.contacts.service import LookPage
from chalicelib.domain.calendar import local_date
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Write
    from chalicelib.capabilities.contacts.model import Salts
    from chalicelib.domain.case import Case
    from chalicelib.domain.own_place import OwnPlace
    from chalicelib.domain.talk import Entry, Head

L = TypeVar("L", bound="LookRecord")


class LookRecord(Record):
    """A look at a case's contacts, under the number of its entry; ids and codes only."""

    key = "CASE#{case_id}", "LOOK#{sequence:08}"
    look_id = UnicodeAttribute()
    case_id = UnicodeAttribute()
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()
    purpose = UnicodeAttribute()
    fields = Structured[tuple[str, ...]](tuple[str, ...])
    parties = Structured[tuple[str, ...]](tuple[str, ...])
    expires_at = Whole()


class LookOfDayRecord(LookRecord):
    """The same look in the list of its court's day in China, in order of time."""

    key = "LOOKS#{court_id}#{day}", "LOOK#{at}#{look_id}"


def looks(store: DynamoStore) -> DynamoLooks:
    """Make the implementation of the port `Looks`."""
    return DynamoLooks(store)


class DynamoLooks:
    """The port `Looks`, implemented on the table."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def add(self, case: Case | OwnPlace, look: Look, salts: Salts) -> None:
        """Store a look; see the port. Raises StoreBusy."""
        table, expires_at = self._store.table, int(self._store.now()) + KEPT_SECONDS
        day = LookOfDayRecord.place(
            court_id=case.court_id, day=local_date(look.at), at=look.at.isoformat(), look_id=look.look_id
        )

        def entry_behind(head: Head) -> Entry:
            return entry_of(look, head, salts)

        def writes_of(entry: Entry) -> Sequence[Write]:
            # No conditions of their own: nobody else can have the entry's number or the look's id.
            place = LookRecord.place(case_id=case.case_id, sequence=entry.sequence)
            return [
                table.to_put(kind.from_value(look, at, expires_at=expires_at))
                for kind, at in ((LookRecord, place), (LookOfDayRecord, day))
            ]

        self._store.talk.append(case.case_id, entry_behind, writes_of)

    def at_case(self, case_id: str, after: str | None, limit: int) -> LookPage:
        """Read a page of the looks at a case."""
        return self._page(LookRecord, after, limit, case_id=case_id)

    def of_day(self, court_id: str, day: date, after: str | None, limit: int) -> LookPage:
        """Read a page of the looks at a court's cases on a day."""
        return self._page(LookOfDayRecord, after, limit, court_id=court_id, day=day)

    def _page(self, kind: type[L], after: str | None, limit: int, **ids: object) -> LookPage:
        partition = kind.key[0].format(**ids)
        prefix = kind.key[1].partition("{")[0]
        start = {"PK": {"S": partition}, "SK": {"S": f"{prefix}{after}"}} if after else None
        items, more = self._store.table.query(kind.all_of(**ids), limit=limit, start=start)
        return LookPage(
            looks=tuple(read(kind, item).to_value(Look) for item in items),
            after=more["SK"]["S"].removeprefix(prefix) if more else None,
        )
