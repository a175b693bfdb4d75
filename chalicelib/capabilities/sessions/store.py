"""Sessions on the table: each beside its case, its minutes sealed, and the time that it holds.

Promise: session, entry, the log's head, the held time and who is told are written in one transaction, so that
of two sessions at the same time with the same mediator or in the same room one is refused, whoever is faster.
Downside: an hour held costs four units, and as many again when it is moved.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Code, Instant, Structured, Whole
from chalicelib.adapters.dynamo.due import notice_record
from chalicelib.adapters.dynamo.records import KeyAnswerRecord, NoticeRecord, Record
from chalicelib.adapters.dynamo.table import Cancelled
from chalicelib.adapters.dynamo.work import writes_between
from chalicelib.capabilities.sessions.model import (
    MEDIATOR_FREE,
    ROOM_FREE,
    Attendance,
    MinutesSignature,
    Session,
    SessionKind,
    SessionState,
    entry_of,
    told,
    work_of_session,
)
from chalicelib.capabilities.sessions.service import Minutes, Scheduled
from chalicelib.domain.errors import SessionNotFound, StoreBusy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.capabilities.sessions.model import SessionAct
    from chalicelib.domain.case import Case
    from chalicelib.domain.talk import Entry, Head
    from chalicelib.domain.work import Work
    from chalicelib.use_cases.records import Idempotency

_ATTEMPTS: Final = 25
_KEPT: Final = timedelta(days=2)
"""How long held time stays after the session; then TTL removes it."""
_BUSY: Final = {"mediator": MEDIATOR_FREE, "room": ROOM_FREE}


class SessionRecord(Record):
    """A session: ids, codes and times."""

    key = "CASE#{case_id}", "SESSION#{session_id}"
    session_id = UnicodeAttribute()
    kind = Code(SessionKind)
    starts_at = Instant()
    minutes = Whole()
    room = UnicodeAttribute(null=True)
    mediator_id = UnicodeAttribute()
    invited = Structured[tuple[str, ...]](tuple[str, ...])
    continues = UnicodeAttribute(null=True)
    state = Code(SessionState)
    version = Whole()
    moves = Whole()
    reminder = UnicodeAttribute(null=True)
    attendance = Structured[tuple[Attendance, ...]](tuple[Attendance, ...])
    sheet = UnicodeAttribute(null=True)
    signatures = Structured[tuple[MinutesSignature, ...]](tuple[MinutesSignature, ...])
    line = UnicodeAttribute(null=True)


class MinutesRecord(Record):
    """The minutes of a session as they are; `text` is sealed."""

    key = "CASE#{case_id}", "MINUTES#{session_id}"
    key_id = UnicodeAttribute()
    text = Bytes()


class HeldRecord(Record):
    """That a session holds half an hour of a mediator's or a room's time."""

    key = "HELD#{court_id}#{what}#{name}", "SLOT#{slot:010}"
    free_text = frozenset({"name"})
    session_id = UnicodeAttribute()
    expires_at = Whole()


class SessionKeyRecord(KeyAnswerRecord):
    """Which session a key stored."""

    key = "IDEM#{caller}#{key}", "SESSION"
    sequence = Whole()
    session_id = UnicodeAttribute()


def sessions(store: DynamoStore) -> DynamoSessions:
    """Make the implementation of the port `Sessions`."""
    return DynamoSessions(store)


def work_beside(table: Table, before: Case, after: Case) -> tuple[list[Work], list[Work]]:
    """Return what a case's sessions asked of whom before a change, and what they ask after it."""
    found = [
        record.to_value(Session)
        for record in table.read_all(SessionRecord, SessionRecord.all_of(case_id=after.case_id))
    ]
    was, is_now = (
        [work for each in found for work in work_of_session(case, each)] for case in (before, after)
    )
    return was, is_now


class DynamoSessions:
    """The port `Sessions`, implemented on the table."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def add(
        self,
        case: Case,
        session: Session,
        act: SessionAct,
        salt: str,
        idempotency: Idempotency,
        due_at: datetime,
    ) -> Scheduled:
        """Store a session; see the port. Raises RuleViolated, IdempotencyKeyReused or StoreBusy."""
        held = _Held(self._store, case, None, session)

        def entry_behind(head: Head) -> Entry:
            return entry_of(case.case_id, session, act, head, salt)

        def writes_of(entry: Entry) -> Sequence[Write]:
            return [*held.writes, *self._told(case, session, None, act, entry.sequence, due_at)]

        try:
            stored = self._store.talk.append_once(
                case.case_id,
                entry_behind,
                writes_of,
                idempotency,
                SessionKeyRecord,
                session_id=session.session_id,
            )
        except Cancelled as cancelled:
            held.refuse(cancelled, 1)
            raise StoreBusy("somebody else writes the same records") from cancelled
        if isinstance(stored, SessionKeyRecord):
            return Scheduled(session=self.get(case.case_id, stored.session_id), replayed=True)
        return Scheduled(session=self.get(case.case_id, session.session_id))

    def act(
        self,
        case: Case,
        session_id: str,
        act: SessionAct,
        salt: str,
        due_at: datetime,
        minutes: Minutes | None = None,
    ) -> Session:
        """Store an act; see the port. Raises RuleViolated or StoreBusy."""
        for _ in range(_ATTEMPTS):
            before = self.get(case.case_id, session_id)
            after = act.after(before)
            if after == before:
                return before
            if self._changed(case, before, after, act, salt, due_at, minutes):
                return self.get(case.case_id, session_id)
        raise StoreBusy("the session changes too fast")

    def get(self, case_id: str, session_id: str) -> Session:
        """Read a session; raises SessionNotFound."""
        missing = SessionNotFound(session_id)
        found = self._store.table.known(SessionRecord, missing, case_id=case_id, session_id=session_id)
        return found.to_value(Session)

    def all_of(self, case_id: str) -> tuple[Session, ...]:
        """Read a case's sessions, in the order of their times."""
        found = self._store.table.read_all(SessionRecord, SessionRecord.all_of(case_id=case_id))
        stored = (record.to_value(Session) for record in found)
        return tuple(sorted(stored, key=lambda each: (each.starts_at, each.session_id)))

    def minutes(self, case: Case, session_id: str) -> Minutes | None:
        """Read the minutes of a session; raises SealBroken."""
        record = self._store.table.get(MinutesRecord, case_id=case.case_id, session_id=session_id)
        if record is None:
            return None
        sealed = json.loads(self._store.data_keys.open(case.institution_id, record, "text"))
        return Minutes(sealed["salt"], sealed["text"])

    def _changed(
        self,
        case: Case,
        before: Session,
        after: Session,
        act: SessionAct,
        salt: str,
        due_at: datetime,
        minutes: Minutes | None,
    ) -> bool:
        following = replace(after, version=before.version + 1)
        held = _Held(self._store, case, before, following)
        sealed = [self._sealed(case, before.session_id, minutes)] if minutes else []

        def writes_of(entry: Entry) -> Sequence[Write]:
            changes = self._told(case, following, before, act, entry.sequence, due_at)
            return [*held.writes, *sealed, *changes]

        try:
            self._store.talk.append(
                case.case_id, lambda head: entry_of(case.case_id, following, act, head, salt), writes_of
            )
        except Cancelled as cancelled:
            held.refuse(cancelled, 0)
            return False
        return True

    def _told(
        self,
        case: Case,
        session: Session,
        before: Session | None,
        act: SessionAct,
        sequence: int,
        due_at: datetime,
    ) -> list[Write]:
        telling = told(case, session, act, sequence)
        table, reminder = self._store.table, before.reminder if before else None
        condition = SessionRecord.version == before.version if before else SessionRecord.pk.does_not_exist()
        at = SessionRecord.place(case_id=case.case_id, session_id=session.session_id)
        writes = [table.to_rewrite(SessionRecord.from_value(telling.session, at), condition)]
        writes += [table.to_put(notice_record(notice, due_at)) for notice in telling.notices]
        was = work_of_session(case, before) if before else ()
        writes += writes_between(table, was, work_of_session(case, telling.session))
        if reminder and reminder != telling.session.reminder:
            writes.append(table.to_delete(NoticeRecord.place(case_id=case.case_id, notice_id=reminder)))
        return writes

    def _sealed(self, case: Case, session_id: str, minutes: Minutes) -> Write:
        at = MinutesRecord.place(case_id=case.case_id, session_id=session_id)
        key = self._store.data_keys.for_sealing(case.institution_id)
        text = key.seal(json.dumps({"salt": minutes.salt, "text": minutes.text}), (*at, "text"))
        return self._store.table.to_put(MinutesRecord(*at, key_id=key.key_id, text=text))


class _Held:
    """The writes that hold the time of a session and give back what it held before."""

    def __init__(self, store: DynamoStore, case: Case, before: Session | None, after: Session) -> None:
        earlier = before.held if before else frozenset()
        self._taken = sorted(after.held - earlier)
        table, session_id = store.table, after.session_id
        free = HeldRecord.pk.does_not_exist() | (HeldRecord.session_id == session_id)
        expires_at = int((after.ends_at + _KEPT).timestamp())
        self.writes: list[Write] = [
            table.to_put(HeldRecord(*_place(case, each), session_id=session_id, expires_at=expires_at), free)
            for each in self._taken
        ]
        self.writes += [table.to_delete(_place(case, each), free) for each in sorted(earlier - after.held)]

    def refuse(self, cancelled: Cancelled, first: int) -> None:
        """Raise the refusal if another session holds the time; the writes stand at `first` and after it."""
        for number, (what, _, _) in enumerate(self._taken):
            if cancelled.stands_against(first + number) is not None:
                raise _BUSY[what].refusal() from cancelled


def _place(case: Case, held: tuple[str, str, int]) -> tuple[str, str]:
    what, name, slot = held
    return HeldRecord.place(court_id=case.court_id, what=what, name=name, slot=slot)
