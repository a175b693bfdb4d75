"""Guidance in memory, in the same log of talk as notes."""

from collections.abc import Callable

from chalicelib.capabilities.guidance.model import (
    Advice,
    Consultation,
    DraftAct,
    OpenQuestion,
    Salts,
    act_entry_of,
    entry_of,
)
from chalicelib.capabilities.guidance.service import Added, AdvicePage, QuestionPage
from chalicelib.capabilities.guidance.store import StoredDraftsSeen
from chalicelib.domain.case import Case
from chalicelib.domain.errors import IdempotencyKeyReused
from chalicelib.domain.talk import Entry, Head
from chalicelib.use_cases.records import Idempotency
from tests.support.fakes.memory import Memory
from tests.support.fakes.notes import REMEMBERED_SECONDS


class FakeGuidance:
    """Each write is all or nothing, as one transaction."""

    def __init__(self, memory: Memory, real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self._real_seconds = real_seconds
        self._keys: dict[tuple[str, str], tuple[str, Advice, float]] = {}
        self._entries: dict[str, dict[int, Advice]] = {}
        self._courts: dict[str, str] = {}

    def add(self, case: Case, advice: Advice, salts: Salts, idempotency: Idempotency, *, asks: bool) -> Added:
        """Store a question or an advice behind the case's last entry of talk."""
        with self._memory.lock:
            key = (idempotency.caller, idempotency.key)
            body, known, expires_at = self._keys.get(key, ("", advice, 0.0))
            if expires_at > self._real_seconds():
                if body != idempotency.body_sha256:
                    raise IdempotencyKeyReused(idempotency.key)
                return Added(advice=known, replayed=True)
            before = self.consultation(case.case_id)
            if refusal := before.refusal():
                raise refusal
            self._keys[key] = (idempotency.body_sha256, advice, self._real_seconds() + REMEMBERED_SECONDS)
            number = self._append(case.case_id, lambda head: entry_of(case.case_id, advice, head, salts))
            self._entries.setdefault(case.case_id, {})[number] = advice
            self._memory.consultations[case.case_id] = before.written(advice, asks=asks)
            self._courts[case.case_id] = case.court_id
            return Added(advice=advice)

    def knows(self, idempotency: Idempotency) -> bool:
        """Tell whether something was stored under a key."""
        _, _, expires_at = self._keys.get((idempotency.caller, idempotency.key), ("", None, 0.0))
        return expires_at > self._real_seconds()

    def page(self, case: Case, after: int, limit: int) -> AdvicePage:
        """Read what stands behind a place in the log."""
        stored = self._entries.get(case.case_id, {})
        found = sorted(sequence for sequence in stored if sequence > after)
        return AdvicePage(
            entries={number: stored[number] for number in found[:limit]},
            after=found[limit - 1] if len(found) > limit else None,
        )

    def consultation(self, case_id: str) -> Consultation:
        """Read where the guidance on a case stands."""
        return self._memory.consultations.get(case_id, Consultation())

    def act(self, case_id: str, act: DraftAct, salt: str) -> Consultation:
        """Store an act that changes something."""
        with self._memory.lock:
            before = self.consultation(case_id)
            after = before.after(act)
            if after is None:
                return before
            self._append(case_id, lambda head: act_entry_of(case_id, act, head, salt))
            self._memory.consultations[case_id] = after
            return after

    def questions(self, court_id: str, after: str | None, limit: int) -> QuestionPage:
        """Read a court's open questions."""
        asked = {
            case_id: stands.asked_at
            for case_id, stands in self._memory.consultations.items()
            if stands.asked_at is not None and self._courts[case_id] == court_id
        }
        listed = sorted(
            (
                OpenQuestion(case_id=name, asked_at=at, place=f"{at.isoformat()}.{name}")
                for name, at in asked.items()
            ),
            key=lambda each: each.place,
        )
        found = [each for each in listed if each.place > (after or "")]
        shown = tuple(found[:limit])
        return QuestionPage(questions=shown, after=shown[-1].place if len(found) > limit else None)

    def _append(self, case_id: str, entry_behind: Callable[[Head], Entry]) -> int:
        log = self._memory.talk.setdefault(case_id, [])
        log.append(entry_behind(log[-1].place if log else Head()))
        return len(log)


def fake_drafts_seen(memory: Memory, real_seconds: Callable[[], float]) -> StoredDraftsSeen:
    """Make the part that reads who has seen a draft."""
    return StoredDraftsSeen(FakeGuidance(memory, real_seconds))
