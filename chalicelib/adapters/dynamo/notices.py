"""Messages owed to parties: each stands in the due index until it is delivered.

Promise: what is owed is stored with what caused it and leaves the index once, whatever is repeated; the
record stays as a trace and holds ids, codes, days and amounts only.
Downside: a gateway that is down for long leaves one record for each message, each due again and again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.due import due, never
from chalicelib.adapters.dynamo.people_records import NoticeRecord
from chalicelib.domain.notices import PartyNotice

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.adapters.dynamo.table import Table


class DynamoNotices:
    """`Notices` on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, case_id: str, notice_id: str) -> PartyNotice | None:
        """Read a notice that is still owed; None once it is delivered, and for an unknown one."""
        record = self._table.get(NoticeRecord, keys.case(case_id), keys.notice(notice_id))
        if record is None or record.due_at is None:
            return None
        return PartyNotice(
            notice_id=record.notice_id,
            case_id=record.case_id,
            party_id=record.party_id,
            kind=record.kind,
            values=record.values,
        )

    def delivered(self, case_id: str, notice_id: str) -> None:
        """Take it out of the due index; doing so twice is fine."""
        self._table.update(keys.case(case_id), keys.notice(notice_id), never(), due())


def notice_record(notice: PartyNotice, due_at: datetime) -> NoticeRecord:
    """Return the record of a message that is owed from now on."""
    return NoticeRecord(
        pk=keys.case(notice.case_id),
        sk=keys.notice(notice.notice_id),
        notice_id=notice.notice_id,
        case_id=notice.case_id,
        party_id=notice.party_id,
        kind=notice.kind,
        values=notice.values,
        due_shard=str(keys.shard_of(notice.case_id)),
        due_at=keys.sortable(due_at),
    )
