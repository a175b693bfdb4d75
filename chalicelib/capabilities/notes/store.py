"""Notes on the table: each beside its case, its text sealed, with its entry in the log of talk.

Promise: note, entry, the log's head and the idempotency key's record are written in one transaction. The text
can be opened only with the institution's key and at the place where it is stored. Downside: notes are read
before they are filtered, so a reader who may see few of them makes the table read all of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Code, Instant, Whole
from chalicelib.adapters.dynamo.records import KeyAnswerRecord, Record
from chalicelib.adapters.dynamo.table import read
from chalicelib.capabilities.notes.model import Note, Salts, entry_of
from chalicelib.capabilities.notes.service import Added, NotePage
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.adapters.dynamo.sealing import DataKey
    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Write
    from chalicelib.domain.case import Case
    from chalicelib.domain.talk import Entry, Head
    from chalicelib.use_cases.records import Idempotency


class NoteRecord(Record):
    """A note, under the number of its entry; `text` is sealed."""

    key = "CASE#{case_id}", "NOTE#{sequence:08}"
    note_id = UnicodeAttribute()
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()
    shared = BooleanAttribute()
    key_id = UnicodeAttribute()
    text = Bytes()


class NoteKeyRecord(KeyAnswerRecord):
    """Which note a key stored."""

    key = "IDEM#{caller}#{key}", "NOTE"
    sequence = Whole()


def notes(store: DynamoStore) -> DynamoNotes:
    """Make the implementation of the port `Notes`."""
    return DynamoNotes(store)


class DynamoNotes:
    """The port `Notes`, implemented on the table."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def add(self, case: Case, note: Note, salts: Salts, idempotency: Idempotency) -> Added:
        """Store a note; see the port. Raises IdempotencyKeyReused or StoreBusy."""
        key = self._store.data_keys.for_sealing(case.institution_id)

        def entry_behind(head: Head) -> Entry:
            return entry_of(case.case_id, note, head, salts)

        def writes_of(entry: Entry) -> Sequence[Write]:
            return [self._store.table.to_put(_record(case, note, entry.sequence, key, salts.text))]

        stored = self._store.talk.append_once(
            case.case_id, entry_behind, writes_of, idempotency, NoteKeyRecord
        )
        if isinstance(stored, NoteKeyRecord):
            return Added(note=self.page(case, stored.sequence - 1, 1).notes[0], replayed=True)
        return Added(note=note)

    def page(self, case: Case, after: int, limit: int) -> NotePage:
        """Read a page of a case's notes; raises SealBroken."""
        where = NoteRecord.all_above(after, case_id=case.case_id)
        items, more = self._store.table.query(where, limit=limit)
        records = [read(NoteRecord, item) for item in items]
        after = int(records[-1].sk.rpartition("#")[2]) if records and more else 0
        return NotePage(notes=tuple(self._opened(case, record) for record in records), after=after or None)

    def _opened(self, case: Case, record: NoteRecord) -> Note:
        sealed = json.loads(self._store.data_keys.open(case.institution_id, record, "text"))
        return record.to_value(Note, text=sealed["text"])


def _record(case: Case, note: Note, sequence: int, key: DataKey, text_salt: str) -> NoteRecord:
    at = NoteRecord.place(case_id=case.case_id, sequence=sequence)
    sealed = key.seal(json.dumps({"salt": text_salt, "text": note.text}), (*at, "text"))
    return NoteRecord.from_value(note, at, key_id=key.key_id, text=sealed)
