"""Messages owed to the court and to parties: each stands in the due index until it is delivered.

Promise: a message is stored in the transaction of its cause and leaves the index once, even if calls are
repeated; the record stays as a trace and holds ids, codes, days and amounts only. A dispatch that opens a
transfer also stores the transfer's record. Downside: while a receiver is down, each message to it has a
record that becomes due again and again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.beside import Saving, writes_of
from chalicelib.adapters.dynamo.due import due, indexed, never
from chalicelib.adapters.dynamo.records import DispatchRecord, DueRecord, NoticeRecord
from chalicelib.adapters.dynamo.transfers import transfer_update
from chalicelib.domain.notices import PartyNotice
from chalicelib.domain.transfer import OPENS_TRANSFER, Dispatch

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from chalicelib.adapters.dynamo.table import Table, Write

M = TypeVar("M", Dispatch, PartyNotice)


class _Owed(Generic[M]):
    """The messages of one kind, on the table."""

    _record: ClassVar[type[DueRecord]]
    _sort_key: Callable[[str], str]
    _kind: type[M]

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, case_id: str, message_id: str) -> M | None:
        """Read a message that is still owed; None if it is delivered or there is no such message."""
        record = self._table.get(self._record, *self._key(case_id, message_id))
        return None if record is None or record.due_at is None else record.to_value(self._kind)

    def delivered(self, case_id: str, message_id: str) -> None:
        """Take it out of the due index; a second time changes nothing."""
        self._table.update(*self._key(case_id, message_id), never(), due())

    def _key(self, case_id: str, message_id: str) -> tuple[str, str]:
        return keys.case(case_id), self._sort_key(message_id)


class DynamoDispatches(_Owed[Dispatch]):
    """`Dispatches` on the table."""

    _record, _sort_key, _kind = DispatchRecord, staticmethod(keys.dispatch), Dispatch


class DynamoNotices(_Owed[PartyNotice]):
    """`Notices` on the table."""

    _record, _sort_key, _kind = NoticeRecord, staticmethod(keys.notice), PartyNotice


def notice_record(notice: PartyNotice, due_at: datetime) -> NoticeRecord:
    """Return the record of a notice that is owed from now on."""
    place = keys.case(notice.case_id), keys.notice(notice.notice_id)
    return NoticeRecord.from_value(*place, notice, **indexed(notice.case_id, due_at))


@writes_of.register(PartyNotice)
def _(notice: PartyNotice, saving: Saving) -> list[Write]:
    return [saving.table.to_rewrite(notice_record(notice, saving.due_at))]


@writes_of.register(Dispatch)
def _(dispatch: Dispatch, saving: Saving) -> list[Write]:
    place = keys.case(dispatch.case_id), keys.dispatch(dispatch.dispatch_id)
    record = DispatchRecord.from_value(*place, dispatch, **indexed(dispatch.case_id, saving.due_at))
    writes = [saving.table.to_rewrite(record)]
    if dispatch.kind in OPENS_TRANSFER:
        writes.append(transfer_update(saving.table, dispatch.transfer_id, saving.case))
    return writes
