"""Messages on the table: each beside its case, its text sealed, and one record of how far the threads are.

Promise: message, entry, the log's head, the threads' record, the idempotency key's record and who is told are
written in one transaction; who was slower begins again with what is stored by then. Downside: what is written
or read first changes the same record, so a case's messages are stored one after the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Code, Instant, Structured, Whole
from chalicelib.adapters.dynamo.due import call_writes, notice_record
from chalicelib.adapters.dynamo.records import CallRecord, KeyAnswerRecord, Record
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.capabilities.talks.model import Message, Need, Salts, Threads, act_entry_of, entry_of
from chalicelib.capabilities.talks.service import Added, MessagePage
from chalicelib.domain.errors import StoreBusy
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pynamodb.expressions.condition import Condition

    from chalicelib.adapters.dynamo.sealing import DataKey
    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Write
    from chalicelib.capabilities.talks.model import ThreadAct, Writing
    from chalicelib.domain.case import Case
    from chalicelib.domain.talk import Entry, Head
    from chalicelib.use_cases.records import Idempotency

_ATTEMPTS: Final = 25
"""As for the log of talk: of twenty who write at once, one succeeds at each try."""


class MessageRecord(Record):
    """A message, under the number of its entry; `text` is sealed."""

    key = "CASE#{case_id}", "MESSAGE#{sequence:08}"
    message_id = UnicodeAttribute()
    thread = UnicodeAttribute()
    author = UnicodeAttribute()
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()
    key_id = UnicodeAttribute()
    text = Bytes()


class ThreadsRecord(Record):
    """How far a case's threads are; ids, numbers and codes only."""

    key = "CASE#{case_id}", "THREADS"
    version = Whole()
    messages = Whole()
    joint_open = BooleanAttribute()
    read = Structured[Mapping[str, int]](Mapping[str, int])
    told = Structured[Mapping[str, int]](Mapping[str, int])
    calls = Structured[Mapping[str, str]](Mapping[str, str])
    needs = Structured[Mapping[str, Need]](Mapping[str, Need])


class MessageKeyRecord(KeyAnswerRecord):
    """Which message a key stored."""

    key = "IDEM#{caller}#{key}", "MESSAGE"
    sequence = Whole()


def messages(store: DynamoStore) -> DynamoMessages:
    """Make the implementation of the port `Messages`."""
    return DynamoMessages(store)


class DynamoMessages:
    """The port `Messages`, implemented on the table."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def add(
        self, case: Case, message: Message, salts: Salts, idempotency: Idempotency, due_at: datetime
    ) -> Added:
        """Store a message; see the port. Raises RuleViolated, IdempotencyKeyReused or StoreBusy."""
        key = self._store.data_keys.for_sealing(case.institution_id)

        def entry_behind(head: Head) -> Entry:
            return entry_of(case.case_id, message, head, salts)

        for _ in range(_ATTEMPTS):
            before = self.threads(case.case_id)
            # What was stored under the key before is answered, even if it would be refused by now.
            if (refusal := before.refusal(message)) and not self._store.talk.answered(
                MessageKeyRecord, idempotency
            ):
                raise refusal
            rung = self._rung(case, before)

            def writes_of(
                entry: Entry, before: Threads = before, rung: Mapping[str, str] = rung
            ) -> Sequence[Write]:
                writing = before.written(case, message, entry.sequence, frozenset(rung))
                record = _record(case, message, entry.sequence, key, salts.text)
                standing = [self._still_to_make(case, call_id) for call_id in rung.values()]
                return [
                    self._store.table.to_put(record),
                    *self._told(case, before, writing, due_at),
                    *standing,
                ]

            try:
                stored = self._store.talk.append_once(
                    case.case_id, entry_behind, writes_of, idempotency, MessageKeyRecord
                )
            except Cancelled:
                continue
            if isinstance(stored, MessageKeyRecord):
                known = self.page(case, stored.sequence - 1, 1).messages[stored.sequence]
                return Added(message=known, replayed=True)
            return Added(message=message)
        raise StoreBusy("the case's threads change too fast")

    def page(self, case: Case, after: int, limit: int) -> MessagePage:
        """Read a page of a case's messages; raises SealBroken."""
        where = MessageRecord.all_above(after, case_id=case.case_id)
        items, more = self._store.table.query(where, limit=limit)
        records = {_number(record): record for record in (read(MessageRecord, item) for item in items)}
        return MessagePage(
            messages={number: self._opened(case, record) for number, record in records.items()},
            after=max(records) if records and more else None,
        )

    def threads(self, case_id: str) -> Threads:
        """Read how far a case's threads are."""
        record = self._store.table.get(ThreadsRecord, case_id=case_id)
        return Threads() if record is None else record.to_value(Threads)

    def shown(self, case_id: str, reader: str, sequence: int) -> None:
        """Keep that a reader was shown a message; see the port. Raises StoreBusy."""
        for _ in range(_ATTEMPTS):
            before = self.threads(case_id)
            after = before.shown(reader, sequence)
            if after is None or self._store.table.put(_threads(case_id, after), _unchanged(before)):
                return
        raise StoreBusy("the case's threads change too fast")

    def act(self, case_id: str, act: ThreadAct, salt: str) -> Threads:
        """Store an act; see the port. Raises StoreBusy."""
        for _ in range(_ATTEMPTS):
            before = self.threads(case_id)
            after = before.after(act)
            if after is None:
                return before
            write = self._store.table.to_rewrite(_threads(case_id, after), _unchanged(before))
            if self._store.talk.follows(case_id, lambda head: act_entry_of(case_id, act, head, salt), write):
                return after
        raise StoreBusy("the case's threads change too fast")

    def _rung(self, case: Case, threads: Threads) -> dict[str, str]:
        """Return the calls about messages that the centre still has to make, by party."""
        get = self._store.table.get
        return {
            party_id: call_id
            for party_id, call_id in threads.calls.items()
            if get(CallRecord, court_id=case.court_id, call_id=call_id) is not None
        }

    def _still_to_make(self, case: Case, call_id: str) -> Write:
        place = CallRecord.place(court_id=case.court_id, call_id=call_id)
        return self._store.table.to_update(place, [CallRecord.call_id.set(call_id)], CallRecord.pk.exists())

    def _told(self, case: Case, before: Threads, writing: Writing, due_at: datetime) -> list[Write]:
        table = self._store.table
        notices = [table.to_put(notice_record(writing.notice, due_at))] if writing.notice else []
        calls = [write for call in writing.calls for write in call_writes(table, call)]
        threads = table.to_rewrite(_threads(case.case_id, writing.threads), _unchanged(before))
        return [threads, *notices, *calls]

    def _opened(self, case: Case, record: MessageRecord) -> Message:
        sealed = json.loads(self._store.data_keys.open(case.institution_id, record, "text"))
        return record.to_value(Message, text=sealed["text"])


def _number(record: MessageRecord) -> int:
    return int(record.sk.rpartition("#")[2])


def _threads(case_id: str, threads: Threads) -> ThreadsRecord:
    return ThreadsRecord.from_value(threads, ThreadsRecord.place(case_id=case_id))


def _unchanged(before: Threads) -> Condition:
    if before.version:
        return ThreadsRecord.version == before.version
    return ThreadsRecord.pk.does_not_exist()


def _record(case: Case, message: Message, sequence: int, key: DataKey, text_salt: str) -> MessageRecord:
    at = MessageRecord.place(case_id=case.case_id, sequence=sequence)
    sealed = key.seal(json.dumps({"salt": text_salt, "text": message.text}), (*at, "text"))
    return MessageRecord.from_value(message, at, key_id=key.key_id, text=sealed)
