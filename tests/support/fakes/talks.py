"""Messages in memory, in the same log of talk as notes."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.capabilities.talks.model import (
    Message,
    Salts,
    ThreadAct,
    Threads,
    act_entry_of,
    entry_of,
)
from chalicelib.capabilities.talks.service import Added, MessagePage
from chalicelib.domain.case import Case
from chalicelib.domain.errors import IdempotencyKeyReused
from chalicelib.domain.talk import Head
from chalicelib.use_cases.records import Idempotency
from tests.support.fakes.memory import Memory
from tests.support.fakes.notes import REMEMBERED_SECONDS


class FakeMessages:
    """Each write is all or nothing, as one transaction."""

    def __init__(self, memory: Memory, real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self._real_seconds = real_seconds
        self._keys: dict[tuple[str, str], tuple[str, Message, float]] = {}
        self._messages: dict[str, dict[int, Message]] = {}
        self._threads: dict[str, Threads] = {}

    def add(
        self, case: Case, message: Message, salts: Salts, idempotency: Idempotency, due_at: datetime
    ) -> Added:
        """Store a message behind the case's last entry of talk, and owe what tells of it."""
        with self._memory.lock:
            key = (idempotency.caller, idempotency.key)
            body, known, expires_at = self._keys.get(key, ("", message, 0.0))
            if expires_at > self._real_seconds():
                if body != idempotency.body_sha256:
                    raise IdempotencyKeyReused(idempotency.key)
                return Added(message=known, replayed=True)
            before = self.threads(case.case_id)
            if refusal := before.refusal(message):
                raise refusal
            expires_at = self._real_seconds() + REMEMBERED_SECONDS
            self._keys[key] = (idempotency.body_sha256, message, expires_at)
            log = self._memory.talk.setdefault(case.case_id, [])
            log.append(entry_of(case.case_id, message, log[-1].place if log else Head(), salts))
            self._messages.setdefault(case.case_id, {})[len(log)] = message
            to_make = {call_id for court_id, call_id in self._memory.calls if court_id == case.court_id}
            rung = frozenset(party_id for party_id, call_id in before.calls.items() if call_id in to_make)
            writing = before.written(case, message, len(log), rung)
            self._threads[case.case_id] = writing.threads
            if writing.notice:
                self._memory.owe(writing.notice, due_at)
            self._memory.calls |= {(call.court_id, call.call_id): call for call in writing.calls}
            return Added(message=message)

    def page(self, case: Case, after: int, limit: int) -> MessagePage:
        """Read the messages behind a place in the log."""
        stored = self._messages.get(case.case_id, {})
        found = sorted(sequence for sequence in stored if sequence > after)
        return MessagePage(
            messages={number: stored[number] for number in found[:limit]},
            after=found[limit - 1] if len(found) > limit else None,
        )

    def threads(self, case_id: str) -> Threads:
        """Read how far a case's threads are."""
        return self._threads.get(case_id, Threads())

    def shown(self, case_id: str, reader: str, sequence: int) -> None:
        """Keep that a reader was shown a message."""
        with self._memory.lock:
            before = self.threads(case_id)
            self._threads[case_id] = before.shown(reader, sequence) or before

    def act(self, case_id: str, act: ThreadAct, salt: str) -> Threads:
        """Store an act that changes something."""
        with self._memory.lock:
            before = self.threads(case_id)
            after = before.after(act)
            if after is None:
                return before
            log = self._memory.talk.setdefault(case_id, [])
            log.append(act_entry_of(case_id, act, log[-1].place if log else Head(), salt))
            self._threads[case_id] = after
            return after
