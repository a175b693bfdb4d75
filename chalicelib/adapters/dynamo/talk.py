"""The logs of talk: one for each case; its entries and its head are records beside the case.

Promise: an entry, the writes it is about and the log's new head are stored in one transaction, or none of
them is; if another entry was stored first, the entry is made again to follow it. The case's own record is
not written, so acts and talk never wait for each other. Downside: an entry costs two writes more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.attributes import Code, Instant, Structured, Whole
from chalicelib.adapters.dynamo.records import Record
from chalicelib.adapters.dynamo.table import Cancelled
from chalicelib.domain.errors import StoreBusy
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import Entry, Head

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.adapters.dynamo.table import Table, Write

# If twenty write at the same time, one succeeds at each try, so the last needs about twenty tries.
_ATTEMPTS: Final = 25
_AT_ONCE: Final = 200


class TalkHeadRecord(Record):
    """CASE#<id> / CASE#TALK: the last entry's sequence and hash."""

    sequence = Whole()
    hash = UnicodeAttribute()


class TalkRecord(Record):
    """CASE#<id> / TALK#<8 digits>: one entry; `data` is JSON of ids, codes and digests."""

    sequence = Whole()
    kind = UnicodeAttribute()
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()
    data = Structured[Mapping[str, Any]](Mapping[str, Any])
    salt = UnicodeAttribute()
    previous = UnicodeAttribute()
    log_version = Whole()
    hash = UnicodeAttribute()


class DynamoTalk:
    """The logs on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def append(
        self,
        case_id: str,
        entry_behind: Callable[[Head], Entry],
        writes_of: Callable[[Entry], Sequence[Write]],
    ) -> Entry:
        """Store an entry with its writes; raises StoreBusy, or Cancelled if one of the writes is refused.

        The writes stand first in the transaction, in their order.
        """
        for _ in range(_ATTEMPTS):
            head = self.head(case_id)
            entry = entry_behind(head)
            writes = writes_of(entry)
            try:
                self._table.transact([*writes, *self._writes(entry, head)])
            except Cancelled as cancelled:
                refused = any(cancelled.stands_against(index) is not None for index in range(len(writes)))
                if refused or not (cancelled.busy or cancelled.stands_against(len(writes)) is not None):
                    raise
                continue
            return entry
        raise StoreBusy("the case's talk grows too fast")

    def head(self, case_id: str) -> Head:
        """Read the head of a case's log: its last entry's sequence and hash."""
        found = self._table.get(TalkHeadRecord, keys.case(case_id), keys.TALK_HEAD)
        return Head() if found is None else Head(found.sequence, found.hash)

    def entries(self, case_id: str) -> tuple[Entry, ...]:
        """Read a case's whole log, oldest first."""
        where = (TalkRecord.pk == keys.case(case_id)) & TalkRecord.sk.startswith("TALK#")
        records = self._table.read_all(TalkRecord, where, at_once=_AT_ONCE)
        return tuple(record.to_value(Entry, case_id=case_id) for record in records)

    def _writes(self, entry: Entry, head: Head) -> list[Write]:
        place = keys.case(entry.case_id)
        unchanged = TalkHeadRecord.hash == head.hash if head.sequence else TalkHeadRecord.pk.does_not_exist()
        moved = TalkHeadRecord(pk=place, sk=keys.TALK_HEAD, sequence=entry.sequence, hash=entry.hash)
        record = TalkRecord.from_value(place, keys.talk(entry.sequence), entry)
        return [
            self._table.to_rewrite(moved, unchanged),
            self._table.to_put(record, TalkRecord.pk.does_not_exist()),
        ]
