"""Guidance on the table: each text beside its case, sealed, and one record of where the guidance stands.

Promise: text, entry, the log's head, the record of where it stands, the court's list of open questions and
the idempotency key's record are written in one transaction; who was slower begins again. Downside: a court's
open questions are one partition, which its judges read past each other's.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Code, Instant, Structured, Whole, optional
from chalicelib.adapters.dynamo.keys import sortable
from chalicelib.adapters.dynamo.records import KeyAnswerRecord, Record
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.adapters.dynamo.work import writes_between
from chalicelib.capabilities.guidance.model import (
    Advice,
    Consultation,
    OpenQuestion,
    Salts,
    act_entry_of,
    entry_of,
    work_of_question,
)
from chalicelib.capabilities.guidance.service import Added, AdvicePage, QuestionPage
from chalicelib.domain.errors import StoreBusy
from chalicelib.domain.roles import Role
from chalicelib.use_cases.capability_ports import DraftsSeen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pynamodb.expressions.condition import Condition

    from chalicelib.adapters.dynamo.sealing import DataKey
    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.capabilities.guidance.model import DraftAct
    from chalicelib.capabilities.guidance.service import Guidance
    from chalicelib.domain.case import Case
    from chalicelib.domain.talk import Entry, Head
    from chalicelib.domain.work import Work

    Works = tuple[Work, ...]
    from chalicelib.use_cases.records import Idempotency

_ATTEMPTS: Final = 25
"""As for the log of talk: of twenty who write at once, one succeeds at each try."""


class AdviceRecord(Record):
    """A question or an advice, under the number of its entry; `text` is sealed."""

    key = "CASE#{case_id}", "GUIDANCE#{sequence:08}"
    entry_id = UnicodeAttribute()
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()
    person_id = optional(UnicodeAttribute())
    key_id = UnicodeAttribute()
    text = Bytes()


class ConsultationRecord(Record):
    """Where the guidance on a case stands; ids, numbers and a digest only."""

    key = "CASE#{case_id}", "CONSULTATION"
    version = Whole()
    entries = Whole()
    asked_at = optional(Instant())
    draft = optional(UnicodeAttribute())
    consents = Structured[frozenset[str]](frozenset[str])
    seen_by = Structured[tuple[str, ...]](tuple[str, ...])


class QuestionRecord(Record):
    """A case whose mediator waits for an advice, in the list of its court; it leaves with the advice."""

    key = "QUESTIONS#{court_id}", "QUESTION#{place}"
    case_id = UnicodeAttribute()
    asked_at = Instant()


class AdviceKeyRecord(KeyAnswerRecord):
    """Which question or advice a key stored."""

    key = "IDEM#{caller}#{key}", "GUIDANCE"
    sequence = Whole()


def guidance(store: DynamoStore) -> DynamoGuidance:
    """Make the implementation of the port `Guidance`."""
    return DynamoGuidance(store)


def drafts_seen(store: DynamoStore) -> StoredDraftsSeen:
    """Make the implementation of the port `DraftsSeen`."""
    return StoredDraftsSeen(guidance(store))


def work_beside(table: Table, before: Case, after: Case) -> tuple[Works, Works]:
    """Return what an open question asked of whom before a change of its case, and what it asks after it."""
    record = table.get(ConsultationRecord, case_id=after.case_id)
    found = Consultation() if record is None else record.to_value(Consultation)
    return work_of_question(before, found), work_of_question(after, found)


class DynamoGuidance:
    """The port `Guidance`, implemented on the table."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def add(self, case: Case, advice: Advice, salts: Salts, idempotency: Idempotency, *, asks: bool) -> Added:
        """Store a question or an advice; see the port. Raises also StoreBusy."""
        key = self._store.data_keys.for_sealing(case.institution_id)

        def entry_behind(head: Head) -> Entry:
            return entry_of(case.case_id, advice, head, salts)

        for _ in range(_ATTEMPTS):
            before = self.consultation(case.case_id)
            # What was stored under the key before is answered, even if there is no room by now.
            if (refusal := before.refusal()) and not self.knows(idempotency):
                raise refusal

            def writes_of(entry: Entry, before: Consultation = before) -> Sequence[Write]:
                after = before.written(advice, asks=asks)
                record = _record(case, advice, entry.sequence, key, salts.text)
                listed = [*self._listed(case, before, after), *self._asked(case, before, after)]
                rewrite = self._store.table.to_rewrite(_standing(case.case_id, after), _unchanged(before))
                return [self._store.table.to_put(record), rewrite, *listed]

            try:
                stored = self._store.talk.append_once(
                    case.case_id, entry_behind, writes_of, idempotency, AdviceKeyRecord
                )
            except Cancelled:
                continue
            if isinstance(stored, AdviceKeyRecord):
                known = self.page(case, stored.sequence - 1, 1).entries[stored.sequence]
                return Added(advice=known, replayed=True)
            return Added(advice=advice)
        raise StoreBusy("the case's guidance changes too fast")

    def page(self, case: Case, after: int, limit: int) -> AdvicePage:
        """Read a page of the guidance on a case; raises SealBroken."""
        where = AdviceRecord.all_above(after, case_id=case.case_id)
        items, more = self._store.table.query(where, limit=limit)
        records = {_number(record): record for record in (read(AdviceRecord, item) for item in items)}
        return AdvicePage(
            entries={number: self._opened(case, record) for number, record in records.items()},
            after=max(records) if records and more else None,
        )

    def consultation(self, case_id: str) -> Consultation:
        """Read where the guidance on a case stands."""
        record = self._store.table.get(ConsultationRecord, case_id=case_id)
        return Consultation() if record is None else record.to_value(Consultation)

    def act(self, case_id: str, act: DraftAct, salt: str) -> Consultation:
        """Store an act about the draft; see the port. Raises StoreBusy."""
        for _ in range(_ATTEMPTS):
            before = self.consultation(case_id)
            after = before.after(act)
            if after is None:
                return before
            write = self._store.table.to_rewrite(_standing(case_id, after), _unchanged(before))
            if self._store.talk.follows(case_id, lambda head: act_entry_of(case_id, act, head, salt), write):
                return after
        raise StoreBusy("the case's guidance changes too fast")

    def questions(self, court_id: str, after: str | None, limit: int) -> QuestionPage:
        """Read a page of a court's open questions."""
        partition, first = QuestionRecord.place(court_id=court_id, place=after or "")
        start = {"PK": {"S": partition}, "SK": {"S": first}} if after else None
        where = QuestionRecord.all_of(court_id=court_id)
        items, more = self._store.table.query(where, limit=limit, start=start)
        records = [read(QuestionRecord, item) for item in items]
        found = tuple(record.to_value(OpenQuestion, place=record.sk.partition("#")[2]) for record in records)
        return QuestionPage(questions=found, after=found[-1].place if found and more else None)

    def _listed(self, case: Case, before: Consultation, after: Consultation) -> list[Write]:
        table = self._store.table
        if before.asked_at is None and after.asked_at is not None:
            place = f"{sortable(after.asked_at)}.{case.case_id}"
            return [
                table.to_put(
                    QuestionRecord(
                        *QuestionRecord.place(court_id=case.court_id, place=place),
                        case_id=case.case_id,
                        asked_at=after.asked_at,
                    )
                )
            ]
        if before.asked_at is not None and after.asked_at is None:
            place = f"{sortable(before.asked_at)}.{case.case_id}"
            return [table.to_delete(QuestionRecord.place(court_id=case.court_id, place=place))]
        return []

    def _asked(self, case: Case, before: Consultation, after: Consultation) -> list[Write]:
        return writes_between(
            self._store.table, work_of_question(case, before), work_of_question(case, after)
        )

    def knows(self, idempotency: Idempotency) -> bool:
        """Tell whether something was stored under a key."""
        return self._store.talk.answered(AdviceKeyRecord, idempotency)

    def _opened(self, case: Case, record: AdviceRecord) -> Advice:
        sealed = json.loads(self._store.data_keys.open(case.institution_id, record, "text"))
        return record.to_value(Advice, person_id=record.person_id, text=sealed["text"])


class StoredDraftsSeen(DraftsSeen):
    """The port `DraftsSeen`, from the stored guidance."""

    def __init__(self, stored: Guidance) -> None:
        self._stored = stored

    def judges(self, case: Case) -> tuple[str, ...]:
        """Return the judges who have seen a draft of the case's agreement."""
        return self._stored.consultation(case.case_id).seen_by


def _number(record: AdviceRecord) -> int:
    return int(record.sk.rpartition("#")[2])


def _standing(case_id: str, consultation: Consultation) -> ConsultationRecord:
    return ConsultationRecord.from_value(consultation, ConsultationRecord.place(case_id=case_id))


def _unchanged(before: Consultation) -> Condition:
    if before.version:
        return ConsultationRecord.version == before.version
    return ConsultationRecord.pk.does_not_exist()


def _record(case: Case, advice: Advice, sequence: int, key: DataKey, text_salt: str) -> AdviceRecord:
    at = AdviceRecord.place(case_id=case.case_id, sequence=sequence)
    sealed = key.seal(json.dumps({"salt": text_salt, "text": advice.text}), (*at, "text"))
    return AdviceRecord.from_value(advice, at, key_id=key.key_id, text=sealed)
