"""Calls that centres have to make, in memory."""

from collections.abc import Callable, Iterator
from datetime import datetime

from chalicelib.capabilities.calls.model import OWED, CallPage, NoticeOnRecord
from tests.support.fakes.memory import Memory


class FakeCalls:
    """The calls that the fake notices put into the memory."""

    def __init__(self, memory: Memory, _real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self.made: dict[str, tuple[str, datetime]] = {}
        """By call: who made it and when."""

    def notices(self, case_id: str) -> Iterator[NoticeOnRecord]:
        """Read the messages of a case, by party."""
        memory = self._memory
        for notice in (each for (case, _), each in memory.notices.items() if case == case_id):
            for party_id in notice.party_ids:
                yield NoticeOnRecord(
                    party_id=party_id,
                    kind=notice.kind,
                    state=memory.told.get(notice.notice_id, {}).get(party_id, OWED),
                    asked_at=memory.asked_at.get(notice.notice_id),
                    not_before=notice.not_before,
                    ended_at=memory.ended_at.get(notice.notice_id),
                )

    def page(self, court_id: str, after: str | None, limit: int) -> CallPage:
        """Read a court's calls in order of their ids."""
        ids = sorted(key for court, key in self._memory.calls if court == court_id and key > (after or ""))
        shown = tuple(self._memory.calls[court_id, key] for key in ids[:limit])
        return CallPage(calls=shown, after=shown[-1].call_id if len(ids) >= limit and shown else None)

    def end(self, court_id: str, call_id: str, subject: str, at: datetime) -> None:
        """Take it off the list."""
        with self._memory.lock:
            if self._memory.calls.pop((court_id, call_id), None):
                self.made[call_id] = (subject, at)
