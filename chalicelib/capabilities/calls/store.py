"""Calls on the table: a list for each court, which holds only those that are still to be made.

Promise: a page costs what its own calls cost, however many cases there are. Downside: a court's list is one
partition; it is written only for people whom no message reaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Instant
from chalicelib.adapters.dynamo.records import CallRecord, NoticeRecord
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.adapters.dynamo.work import writes_between
from chalicelib.capabilities.calls.model import OVER, OWED, CallPage, NoticeOnRecord
from chalicelib.domain.errors import StoreBusy
from chalicelib.domain.notices import PhoneCall
from chalicelib.domain.work import work_of_call

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.adapters.dynamo.store import DynamoStore


class CallMadeRecord(CallRecord):
    """A call that was made, beside its case: who rang and when."""

    key = "CASE#{case_id}", "CALLED#{call_id}"
    subject = UnicodeAttribute()
    made_at = Instant()


def calls(store: DynamoStore) -> DynamoCalls:
    """Make the implementation of the port `Calls`."""
    return DynamoCalls(store)


class DynamoCalls:
    """The port `Calls`, implemented on the table."""

    def __init__(self, store: DynamoStore) -> None:
        self._table = store.table

    def notices(self, case_id: str) -> Iterator[NoticeOnRecord]:
        """Read all messages of a case, by party."""
        for record in self._table.read_all(NoticeRecord, NoticeRecord.all_of(case_id=case_id)):
            outcomes = record.outcomes or {}
            for party_id in (record.party_id, *(record.with_parties or ())):
                yield NoticeOnRecord(
                    party_id=party_id,
                    kind=record.kind,
                    state=outcomes.get(party_id, OWED if record.index_time else OVER),
                    asked_at=record.asked_at,
                    not_before=record.not_before,
                    ended_at=record.ended_at,
                )

    def page(self, court_id: str, after: str | None, limit: int) -> CallPage:
        """Read a page of a court's calls."""
        partition, first = CallRecord.place(court_id=court_id, call_id=after or "")
        start = {"PK": {"S": partition}, "SK": {"S": first}} if after else None
        items, more = self._table.query(CallRecord.all_of(court_id=court_id), limit=limit, start=start)
        found = tuple(read(CallRecord, item).to_value(PhoneCall) for item in items)
        return CallPage(calls=found, after=found[-1].call_id if more else None)

    def end(self, court_id: str, call_id: str, subject: str, at: datetime) -> None:
        """Move a call from the list to its case, in one transaction. Raises StoreBusy."""
        record = self._table.get(CallRecord, court_id=court_id, call_id=call_id)
        if record is None:
            return
        place = CallMadeRecord.place(case_id=record.case_id, call_id=call_id)
        call = record.to_value(PhoneCall)
        made = CallMadeRecord.from_value(call, place, subject=subject, made_at=at)
        listed = (record.pk, record.sk)
        try:
            self._table.transact(
                [
                    self._table.to_delete(listed, CallRecord.pk.exists()),
                    self._table.to_put(made),
                    *writes_between(self._table, work_of_call(call), ()),
                ]
            )
        except Cancelled as cancelled:
            if cancelled.busy:  # else somebody ended it at the same time
                raise StoreBusy(str(cancelled)) from cancelled
