"""Statements of defence on the table: each beside its case, its text sealed, with its entry in the talk.

Promise: as for notes, one transaction stores all of it, and the text opens only with the institution's key at
the place where it is stored. Downside: for a dossier all statements of the case are read, not only the last.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Instant, Whole, optional
from chalicelib.adapters.dynamo.due import notice_record
from chalicelib.adapters.dynamo.records import KeyAnswerRecord, Record
from chalicelib.adapters.dynamo.table import read
from chalicelib.capabilities.defences.model import Defence, Salts, documents_for_court, entry_of, told_of
from chalicelib.capabilities.defences.service import DefencePage, Stated
from chalicelib.use_cases.capability_ports import DefencesForCourt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from chalicelib.adapters.dynamo.sealing import DataKey
    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Write
    from chalicelib.capabilities.defences.service import Defences
    from chalicelib.domain.case import Case
    from chalicelib.domain.dossier import DossierDocument
    from chalicelib.domain.talk import Entry, Head
    from chalicelib.use_cases.records import Idempotency

_AT_ONCE: Final = 50
"""Statements read for a dossier by one call."""


class DefenceRecord(Record):
    """A statement, under the number of its entry; `text` is sealed."""

    key = "CASE#{case_id}", "DEFENCE#{sequence:08}"
    defence_id = UnicodeAttribute()
    party_id = UnicodeAttribute()
    at = Instant()
    subject = UnicodeAttribute()
    for_court = BooleanAttribute()
    key_id = UnicodeAttribute()
    text = Bytes()
    agent_id = optional(UnicodeAttribute())


class DefenceKeyRecord(KeyAnswerRecord):
    """Which statement a key stored."""

    key = "IDEM#{caller}#{key}", "DEFENCE"
    sequence = Whole()


def defences(store: DynamoStore) -> DynamoDefences:
    """Make the implementation of the port `Defences`."""
    return DynamoDefences(store)


def for_court(store: DynamoStore) -> StoredDefencesForCourt:
    """Make the implementation of the port `DefencesForCourt`."""
    return StoredDefencesForCourt(defences(store))


class DynamoDefences:
    """The port `Defences`, implemented on the table."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def add(
        self, case: Case, defence: Defence, salts: Salts, idempotency: Idempotency, due_at: datetime
    ) -> Stated:
        """Store a statement; see the port. Raises IdempotencyKeyReused or StoreBusy."""
        key = self._store.data_keys.for_sealing(case.institution_id)

        def entry_behind(head: Head) -> Entry:
            return entry_of(case.case_id, defence, head, salts)

        def writes_of(entry: Entry) -> Sequence[Write]:
            to_put = self._store.table.to_put
            notice = told_of(case.case_id, defence, entry.sequence)
            told = [to_put(notice_record(notice, due_at))] if notice else []
            return [to_put(_record(case, defence, entry.sequence, key, salts.text)), *told]

        stored = self._store.talk.append_once(
            case.case_id, entry_behind, writes_of, idempotency, DefenceKeyRecord
        )
        if isinstance(stored, DefenceKeyRecord):
            return Stated(defence=self.page(case, stored.sequence - 1, 1).defences[0], replayed=True)
        return Stated(defence=defence)

    def page(self, case: Case, after: int, limit: int) -> DefencePage:
        """Read a page of a case's statements; raises SealBroken."""
        where = DefenceRecord.all_above(after, case_id=case.case_id)
        items, more = self._store.table.query(where, limit=limit)
        records = [read(DefenceRecord, item) for item in items]
        after = int(records[-1].sk.rpartition("#")[2]) if records and more else 0
        return DefencePage(
            defences=tuple(self._opened(case, record) for record in records), after=after or None
        )

    def _opened(self, case: Case, record: DefenceRecord) -> Defence:
        sealed = json.loads(self._store.data_keys.open(case.institution_id, record, "text"))
        return record.to_value(Defence, text=sealed["text"])


class StoredDefencesForCourt(DefencesForCourt):
    """The port `DefencesForCourt`: the parties' last statements, of those who ask for it."""

    def __init__(self, stored: Defences) -> None:
        self._stored = stored

    def documents(self, case: Case) -> Iterable[DossierDocument]:
        """Return a document for each party that asks for it; raises SealBroken."""
        return documents_for_court(self._all(case))

    def _all(self, case: Case) -> Iterator[Defence]:
        after: int | None = 0
        while after is not None:
            page = self._stored.page(case, after, _AT_ONCE)
            yield from page.defences
            after = page.after


def _record(case: Case, defence: Defence, sequence: int, key: DataKey, text_salt: str) -> DefenceRecord:
    at = DefenceRecord.place(case_id=case.case_id, sequence=sequence)
    sealed = key.seal(json.dumps({"salt": text_salt, "text": defence.text}), (*at, "text"))
    return DefenceRecord.from_value(defence, at, key_id=key.key_id, text=sealed)
