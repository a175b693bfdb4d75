"""Looks at contacts in memory, and their entries in the log of talk."""

from collections.abc import Callable
from datetime import date

from chalicelib.capabilities.contacts.model import KEPT_SECONDS, Look, Salts, entry_of
from chalicelib.capabilities.contacts.service import LookPage
from chalicelib.domain.calendar import local_date
from chalicelib.domain.case import Case
from chalicelib.domain.own_place import OwnPlace
from chalicelib.domain.talk import Head
from tests.support.fakes.memory import Memory


class FakeLooks:
    """Each look is all or nothing, as one transaction."""

    def __init__(self, memory: Memory, real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self._real_seconds = real_seconds
        self._stored: list[tuple[str, Look, float]] = []

    def add(self, case: Case | OwnPlace, look: Look, salts: Salts) -> None:
        """Store a look behind the case's last entry of talk."""
        with self._memory.lock:
            log = self._memory.talk.setdefault(case.case_id, [])
            log.append(entry_of(look, log[-1].place if log else Head(), salts))
            self._stored.append((case.court_id, look, self._real_seconds() + KEPT_SECONDS))

    def at_case(self, case_id: str, after: str | None, limit: int) -> LookPage:
        """Read looks at a case."""
        return _page([look for _, look, _ in self._stored if look.case_id == case_id], after, limit)

    def of_day(self, court_id: str, day: date, after: str | None, limit: int) -> LookPage:
        """Read a day's looks at a court's cases."""
        found = [look for court, look, _ in self._stored if court == court_id and local_date(look.at) == day]
        return _page(found, after, limit)


def _page(looks: list[Look], after: str | None, limit: int) -> LookPage:
    begin = int(after or 0)
    end = begin + limit
    return LookPage(looks=tuple(looks[begin:end]), after=str(end) if len(looks) >= end else None)
