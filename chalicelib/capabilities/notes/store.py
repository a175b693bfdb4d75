"""Notes on the table: each beside its case, its text sealed, with its entry in the log of talk.

Promise: note, entry, the log's head and the idempotency key's record are written in one transaction. The text
can be opened only with the institution's key and at the place where it is stored. Downside: notes are read
before they are filtered, so a reader who may see few of them makes the table read all of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.attributes import Bytes, Code, Instant, Whole
from chalicelib.adapters.dynamo.cases import REMEMBERED_SECONDS
from chalicelib.adapters.dynamo.records import Record
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.capabilities.notes.model import Note, Salts, entry_of
from chalicelib.capabilities.notes.service import Added, NotePage
from chalicelib.domain.errors import IdempotencyKeyReused
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.adapters.dynamo.sealing import DataKey
    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Write
    from chalicelib.domain.case import Case
    from chalicelib.domain.talk import Entry, Head
    from chalicelib.use_cases.records import Idempotency

_KEY: Final = "NOTE"
# The place of the key's record in a note's transaction.
_IDEMPOTENCY: Final = 0


class NoteRecord(Record):
    """CASE#<id> / NOTE#<8 digits>: a note, under the number of its entry; `text` is sealed."""

    note_id = UnicodeAttribute()
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()
    shared = BooleanAttribute()
    key_id = UnicodeAttribute()
    text = Bytes()


class NoteKeyRecord(Record):
    """IDEM#<caller>#<key> / NOTE: which note a key stored, until `expires_at` (epoch seconds)."""

    body_sha256 = UnicodeAttribute()
    case_id = UnicodeAttribute()
    sequence = Whole()
    expires_at = Whole()


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
            stored = _record(case, note, entry.sequence, key, salts.text)
            return [self._remember(case, entry.sequence, idempotency), self._store.table.to_put(stored)]

        try:
            self._store.talk.append(case.case_id, entry_behind, writes_of)
        except Cancelled as cancelled:
            known = cancelled.stands_against(_IDEMPOTENCY)
            if known is None:
                raise
            return self._replayed(case, read(NoteKeyRecord, known), idempotency)
        return Added(note=note)

    def page(self, case: Case, after: int, limit: int) -> NotePage:
        """Read a page of a case's notes; raises SealBroken."""
        where = (NoteRecord.pk == keys.case(case.case_id)) & NoteRecord.sk.between(
            _sort_key(after + 1), _sort_key(keys.LAST_EVENT)
        )
        items, more = self._store.table.query(where, limit=limit)
        records = [read(NoteRecord, item) for item in items]
        after = int(records[-1].sk.removeprefix(_PREFIX)) if records and more else 0
        return NotePage(notes=tuple(self._opened(case, record) for record in records), after=after or None)

    def _remember(self, case: Case, sequence: int, idempotency: Idempotency) -> Write:
        now = int(self._store.now())
        record = NoteKeyRecord(
            pk=keys.idempotency(idempotency.caller, idempotency.key),
            sk=_KEY,
            body_sha256=idempotency.body_sha256,
            case_id=case.case_id,
            sequence=sequence,
            expires_at=now + REMEMBERED_SECONDS,
        )
        unknown = NoteKeyRecord.pk.does_not_exist() | (NoteKeyRecord.expires_at <= now)
        return self._store.table.to_put(record, unknown)

    def _replayed(self, case: Case, known: NoteKeyRecord, idempotency: Idempotency) -> Added:
        if known.body_sha256 != idempotency.body_sha256:
            raise IdempotencyKeyReused(idempotency.key)
        page = self.page(case, known.sequence - 1, 1)
        return Added(note=page.notes[0], replayed=True)

    def _opened(self, case: Case, record: NoteRecord) -> Note:
        key = self._store.data_keys.for_opening(case.institution_id, record.key_id)
        sealed = json.loads(key.open(record.text, _place(case, record.sk)))
        return record.to_value(Note, text=sealed["text"])


_PREFIX: Final = "NOTE#"


def _sort_key(sequence: int) -> str:
    return f"{_PREFIX}{sequence:08}"


def _place(case: Case, sort_key: str) -> tuple[str, ...]:
    return keys.case(case.case_id), sort_key, "text"


def _record(case: Case, note: Note, sequence: int, key: DataKey, text_salt: str) -> NoteRecord:
    sort_key = _sort_key(sequence)
    sealed = key.seal(json.dumps({"salt": text_salt, "text": note.text}), _place(case, sort_key))
    return NoteRecord.from_value(keys.case(case.case_id), sort_key, note, key_id=key.key_id, text=sealed)
