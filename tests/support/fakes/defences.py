"""Statements of defence in memory, in the same log of talk as notes."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.capabilities.defences.model import Defence, Salts, entry_of, told_of
from chalicelib.capabilities.defences.service import DefencePage, Stated
from chalicelib.capabilities.defences.store import StoredDefencesForCourt
from chalicelib.domain.case import Case
from chalicelib.domain.errors import IdempotencyKeyReused
from chalicelib.domain.talk import Head
from chalicelib.use_cases.records import Idempotency
from tests.support.fakes.memory import Memory
from tests.support.fakes.notes import REMEMBERED_SECONDS


class FakeDefences:
    """Each write is all or nothing, as one transaction."""

    def __init__(self, memory: Memory, real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self._real_seconds = real_seconds
        self._keys: dict[tuple[str, str], tuple[str, Defence, float]] = {}

    def add(
        self, case: Case, defence: Defence, salts: Salts, idempotency: Idempotency, due_at: datetime
    ) -> Stated:
        """Store a statement behind the case's last entry of talk."""
        with self._memory.lock:
            key = (idempotency.caller, idempotency.key)
            body, known, expires_at = self._keys.get(key, ("", defence, 0.0))
            if expires_at > self._real_seconds():
                if body != idempotency.body_sha256:
                    raise IdempotencyKeyReused(idempotency.key)
                return Stated(defence=known, replayed=True)
            expires_at = self._real_seconds() + REMEMBERED_SECONDS
            self._keys[key] = (idempotency.body_sha256, defence, expires_at)
            log = self._memory.talk.setdefault(case.case_id, [])
            head = log[-1].place if log else Head()
            log.append(entry_of(case.case_id, defence, head, salts))
            self._memory.defences.setdefault(case.case_id, {})[len(log)] = defence
            if (notice := told_of(case.case_id, defence, len(log))) is not None:
                self._memory.owe(notice, due_at)
            return Stated(defence=defence)

    def page(self, case: Case, after: int, limit: int) -> DefencePage:
        """Read the statements behind a place in the log."""
        stored = self._memory.defences.get(case.case_id, {})
        found = sorted(sequence for sequence in stored if sequence > after)
        return DefencePage(
            defences=tuple(stored[sequence] for sequence in found[:limit]),
            after=found[limit - 1] if len(found) > limit else None,
        )


def fake_for_court(memory: Memory, real_seconds: Callable[[], float]) -> StoredDefencesForCourt:
    """Make the part that goes through a case's statements page by page."""
    return StoredDefencesForCourt(FakeDefences(memory, real_seconds))
