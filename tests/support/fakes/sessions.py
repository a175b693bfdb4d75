"""Sessions in memory, in the same log of talk as notes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.capabilities.sessions.model import (
    MEDIATOR_FREE,
    ROOM_FREE,
    Session,
    SessionAct,
    entry_of,
    told,
)
from chalicelib.capabilities.sessions.service import Minutes, Scheduled
from chalicelib.domain.case import Case
from chalicelib.domain.errors import IdempotencyKeyReused, SessionNotFound
from chalicelib.domain.talk import Head
from chalicelib.use_cases.records import Due, Idempotency
from tests.support.fakes.memory import Memory
from tests.support.fakes.notes import REMEMBERED_SECONDS


class FakeSessions:
    """Each write is all or nothing, as one transaction."""

    def __init__(self, memory: Memory, real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self._real_seconds = real_seconds
        self._keys: dict[tuple[str, str], tuple[str, str, float]] = {}
        self._stored = memory.sessions
        self._courts: dict[str, str] = {}
        self._minutes: dict[str, Minutes] = {}

    def add(
        self,
        case: Case,
        session: Session,
        act: SessionAct,
        salt: str,
        idempotency: Idempotency,
        due_at: datetime,
    ) -> Scheduled:
        """Store a session behind the case's last entry of talk."""
        with self._memory.lock:
            key = (idempotency.caller, idempotency.key)
            body, session_id, expires_at = self._keys.get(key, ("", "", 0.0))
            if expires_at > self._real_seconds():
                if body != idempotency.body_sha256:
                    raise IdempotencyKeyReused(idempotency.key)
                return Scheduled(session=self.get(case.case_id, session_id), replayed=True)
            self._refuse(case, session)
            expires_at = self._real_seconds() + REMEMBERED_SECONDS
            self._keys[key] = (idempotency.body_sha256, session.session_id, expires_at)
            return Scheduled(session=self._keep(case, session, act, salt, due_at))

    def act(
        self,
        case: Case,
        session_id: str,
        act: SessionAct,
        salt: str,
        due_at: datetime,
        minutes: Minutes | None = None,
    ) -> Session:
        """Store an act that changes something."""
        with self._memory.lock:
            before = self.get(case.case_id, session_id)
            after = act.after(before)
            if after == before:
                return before
            self._refuse(case, after)
            if minutes:
                self._minutes[session_id] = minutes
            return self._keep(case, replace(after, version=before.version + 1), act, salt, due_at)

    def get(self, case_id: str, session_id: str) -> Session:
        """Read a session."""
        if (case_id, session_id) not in self._stored:
            raise SessionNotFound(session_id)
        return self._stored[case_id, session_id]

    def all_of(self, case_id: str) -> tuple[Session, ...]:
        """Read a case's sessions."""
        found = (session for (of, _), session in self._stored.items() if of == case_id)
        return tuple(sorted(found, key=lambda each: (each.starts_at, each.session_id)))

    def minutes(self, case: Case, session_id: str) -> Minutes | None:
        """Read the minutes."""
        self.get(case.case_id, session_id)
        return self._minutes.get(session_id)

    def _refuse(self, case: Case, session: Session) -> None:
        others = [
            each
            for each in self._stored.values()
            if each.session_id != session.session_id and self._courts[each.session_id] == case.court_id
        ]
        for what, _, _ in sorted(session.held & frozenset(slot for each in others for slot in each.held)):
            raise (MEDIATOR_FREE if what == "mediator" else ROOM_FREE).refusal()

    def _keep(self, case: Case, session: Session, act: SessionAct, salt: str, due_at: datetime) -> Session:
        log = self._memory.talk.setdefault(case.case_id, [])
        log.append(entry_of(case.case_id, session, act, log[-1].place if log else Head(), salt))
        telling = told(case, session, act, len(log))
        known = self._stored.get((case.case_id, session.session_id))
        if known and known.reminder and known.reminder != telling.session.reminder:
            self._memory.notices.pop((case.case_id, known.reminder), None)
            self._memory.due.pop(Due(consumer="notices", ids=(case.case_id, known.reminder)), None)
        for notice in telling.notices:
            self._memory.owe(notice, due_at)
        self._stored[case.case_id, session.session_id] = telling.session
        self._courts[session.session_id] = case.court_id
        return telling.session
