"""Applications of borrowers, in memory."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.capabilities.applications.model import (
    ENDED,
    MOST_FROM_ONE_SOURCE,
    PHONE_SECONDS,
    SOURCE_SECONDS,
    VISIT_SECONDS,
    Application,
    ApplicationState,
    Content,
    Step,
    Visitor,
)
from chalicelib.capabilities.applications.service import AnsweredByFiling, Page
from chalicelib.domain.errors import IdempotencyKeyReused
from chalicelib.domain.talk import Head
from chalicelib.use_cases.records import Idempotency
from tests.support.fakes.memory import Memory
from tests.support.fakes.notes import REMEMBERED_SECONDS


class FakeApplications:
    """Each step is all or nothing, as one transaction."""

    def __init__(self, memory: Memory, real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self._real_seconds = real_seconds
        self._keys: dict[tuple[str, str], tuple[str, str, float]] = {}
        self._phones: dict[str, tuple[str, float]] = {}
        self._visits: dict[str, tuple[Visitor, int]] = {}
        self._sources: Counter[tuple[str, int]] = Counter()
        self._numbers: Counter[tuple[str, int]] = Counter()

    def visitor_of(self, phone: str) -> Visitor:
        """Return a visitor whose mark says nothing."""
        return Visitor(mark=hashlib.sha256(f"a key and {phone}".encode()).hexdigest(), phone=phone)

    def keep_phone(self, visitor: Visitor) -> None:
        """Keep a phone."""
        self._phones[visitor.mark] = visitor.phone, self._real_seconds() + PHONE_SECONDS

    def phone_of(self, mark: str) -> str | None:
        """Return a phone that is kept."""
        phone, until = self._phones.get(mark, (None, 0.0))
        return phone if int(until) > int(self._real_seconds()) else None

    def count_source(self, source: str) -> bool:
        """Count a source."""
        hour = source, int(self._real_seconds()) // SOURCE_SECONDS
        if self._sources[hour] >= MOST_FROM_ONE_SOURCE:
            return False
        self._sources[hour] += 1
        return True

    def open_visit(self, visitor: Visitor, token_sha256: str) -> int:
        """Keep a pass."""
        expires_at = int(self._real_seconds()) + VISIT_SECONDS
        self._visits[token_sha256] = visitor, expires_at
        return expires_at

    def visitor(self, token_sha256: str) -> Visitor | None:
        """Return who has a pass."""
        visitor, until = self._visits.get(token_sha256, (None, 0))
        return visitor if until > int(self._real_seconds()) else None

    def next_number(self, court_id: str, year: int) -> int:
        """Count up."""
        self._numbers[court_id, year] += 1
        return self._numbers[court_id, year]

    def knows(self, idempotency: Idempotency) -> bool:
        """Tell whether a key was used."""
        _, _, until = self._keys.get((idempotency.caller, idempotency.key), ("", "", 0.0))
        return until > self._real_seconds()

    def add(self, step: Step, idempotency: Idempotency, due_at: datetime) -> tuple[Application, bool]:
        """Store a new application once for its key."""
        with self._memory.lock:
            key = idempotency.caller, idempotency.key
            if self.knows(idempotency):
                body, application_id, _ = self._keys[key]
                if body != idempotency.body_sha256:
                    raise IdempotencyKeyReused(idempotency.key)
                return self._memory.applications[application_id][0], True
            until = self._real_seconds() + REMEMBERED_SECONDS
            self._keys[key] = idempotency.body_sha256, step.after.application_id, until
            stored = store_step(self._memory, step, due_at)
        assert stored
        return step.after, False

    def save(self, step: Step, due_at: datetime) -> bool:
        """Store a step."""
        with self._memory.lock:
            return store_step(self._memory, step, due_at)

    def find(self, application_id: str) -> tuple[Application, Content] | None:
        """Read an application."""
        return self._memory.applications.get(application_id)

    def standing(self, application_id: str) -> Application | None:
        """Read it alone."""
        found = self.find(application_id)
        return found[0] if found else None

    def of_visitor(self, mark: str) -> tuple[tuple[Application, Content], ...]:
        """Read what came from a phone."""
        found = [each for each in self._memory.applications.values() if each[0].mark == mark]
        return tuple(sorted(found, key=lambda each: each[0].listed_at))

    def of_court(self, court_id: str, shelf: str, after: str | None, limit: int) -> Page:
        """Read a court's applications."""
        ended = shelf == "ended"
        return self._page(
            lambda each: each.court_id == court_id and (each.state in ENDED) is ended, after, limit
        )

    def of_institution(self, institution_id: str, after: str | None, limit: int) -> Page:
        """Read what an institution is asked."""
        asked = {ApplicationState.ASKED, ApplicationState.UNANSWERED}
        return self._page(
            lambda each: each.institution_id == institution_id and each.state in asked, after, limit
        )

    def figures(self, court_id: str, month: str) -> Mapping[str, int]:
        """Return the counts of a month."""
        counted = self._memory.application_figures
        return {
            name: count for (court, of, name), count in counted.items() if (court, of) == (court_id, month)
        }

    def _page(self, wanted: Callable[[Application], bool], after: str | None, limit: int) -> Page:
        every = (each for each, _ in self._memory.applications.values() if wanted(each))
        found = sorted(
            (each for each in every if each.listed_at > (after or "")), key=lambda each: each.listed_at
        )
        shown = tuple(found[:limit])
        return Page(applications=shown, after=shown[-1].listed_at if len(found) >= limit and shown else None)


def store_step(memory: Memory, step: Step, due_at: datetime) -> bool:
    """Store a step; False if the application is not as before it."""
    application_id = step.after.application_id
    known = memory.applications.get(application_id)
    if (known[0].version if known else None) != (step.before.version if step.before else None):
        return False
    content = step.content or (known[1] if known else None)
    assert content is not None
    memory.applications[application_id] = step.after, content
    log = memory.talk.setdefault(application_id, [])
    log.append(step.entry_behind(log[-1].place if log else Head()))
    memory.application_figures.update((step.after.court_id, step.after.month, name) for name in step.counts)
    for notice in step.notices:
        memory.asked_at[notice.notice_id] = step.act.at
        memory.owe(notice, due_at)
    if step.deadline:
        memory.set_deadline(step.deadline)
    return True


def fake_own_applications(_memory: Memory, _real_seconds: Callable[[], float]) -> AnsweredByFiling:
    """Make the answer to the core's port."""
    return AnsweredByFiling()
