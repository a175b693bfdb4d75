"""Notes in memory, and the log of talk that contains them."""

from collections.abc import Callable

from chalicelib.capabilities.notes.model import Note, Salts, entry_of
from chalicelib.capabilities.notes.service import Added, NotePage
from chalicelib.domain.case import Case
from chalicelib.domain.errors import IdempotencyKeyReused
from chalicelib.domain.talk import Entry, Head
from chalicelib.use_cases.records import Idempotency
from tests.support.fakes.memory import Memory

REMEMBERED_SECONDS = 48 * 3600


class FakeTalk:
    """The logs of talk."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def entries(self, case_id: str) -> tuple[Entry, ...]:
        """Return a case's whole log."""
        return tuple(self._memory.talk.get(case_id, ()))


class FakeNotes:
    """Each write is all or nothing, as one transaction."""

    def __init__(self, memory: Memory, real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self._real_seconds = real_seconds
        self._notes: dict[str, dict[int, Note]] = {}
        self._keys: dict[tuple[str, str], tuple[str, Note, float]] = {}

    def add(self, case: Case, note: Note, salts: Salts, idempotency: Idempotency) -> Added:
        """Store a note behind the case's last entry of talk."""
        with self._memory.lock:
            key = (idempotency.caller, idempotency.key)
            body, known, expires_at = self._keys.get(key, ("", note, 0.0))
            if expires_at > self._real_seconds():
                if body != idempotency.body_sha256:
                    raise IdempotencyKeyReused(idempotency.key)
                return Added(note=known, replayed=True)
            self._keys[key] = (idempotency.body_sha256, note, self._real_seconds() + REMEMBERED_SECONDS)
            log = self._memory.talk.setdefault(case.case_id, [])
            head = log[-1].place if log else Head()
            log.append(entry_of(case.case_id, note, head, salts))
            self._notes.setdefault(case.case_id, {})[len(log)] = note
            return Added(note=note)

    def page(self, case: Case, after: int, limit: int) -> NotePage:
        """Read the notes behind a place in the log."""
        stored = self._notes.get(case.case_id, {})
        found = sorted(sequence for sequence in stored if sequence > after)
        return NotePage(
            notes=tuple(stored[sequence] for sequence in found[:limit]),
            after=found[limit - 1] if len(found) > limit else None,
        )
