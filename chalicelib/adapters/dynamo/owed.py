"""What is owed by a time, beside its case: messages to the court and to parties, and deadlines.

Promise: each is stored in the transaction of its cause and leaves the due index once, even if calls are
repeated; the record stays as a trace and holds ids, codes, days and amounts only. A dispatch that opens a
transfer also stores the transfer's record. A deadline is changed only if it is still the one that was read;
one that replaced it meanwhile stays as it is. Downside: while a receiver is down, each message to it becomes
due again and again; a case has only one deadline of each kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from chalicelib.adapters.dynamo.court import transfer_update
from chalicelib.adapters.dynamo.due import after, due, indexed, never
from chalicelib.adapters.dynamo.records import DeadlineRecord, DispatchRecord, DueRecord, NoticeRecord
from chalicelib.adapters.dynamo.table import OnTable
from chalicelib.domain.case_deadline import CaseDeadline
from chalicelib.domain.notices import PartyNotice
from chalicelib.domain.transfer import OPENS_TRANSFER, Dispatch

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.adapters.dynamo.beside import Saving
    from chalicelib.adapters.dynamo.table import Write

V = TypeVar("V", Dispatch, PartyNotice, CaseDeadline)


class _Owed(OnTable, Generic[V]):
    """What is owed of one kind, on the table; `_id` names the part of the key that follows the case."""

    _record: ClassVar[type[DueRecord]]
    _id: ClassVar[str]
    _kind: type[V]

    def get(self, case_id: str, owed_id: str) -> V | None:
        """Read what is still owed, as last committed; None if it is done or there is no such record."""
        record = self._table.get(self._record, case_id=case_id, **{self._id: owed_id})
        return None if record is None or record.index_time is None else record.to_value(self._kind)

    def _change(self, case_id: str, owed_id: str, actions: list[Action], condition: Condition) -> None:
        self._table.update(self._record.place(case_id=case_id, **{self._id: owed_id}), actions, condition)


class _Messages(_Owed[V]):
    def delivered(self, case_id: str, message_id: str) -> None:
        """Take it out of the due index; a second time changes nothing."""
        self._change(case_id, message_id, never(), due())


class DynamoDispatches(_Messages[Dispatch]):
    """`Dispatches` on the table."""

    _record, _id, _kind = DispatchRecord, "dispatch_id", Dispatch


class DynamoNotices(_Messages[PartyNotice]):
    """`Notices` on the table."""

    _record, _id, _kind = NoticeRecord, "notice_id", PartyNotice


class DynamoDeadlines(_Owed[CaseDeadline]):
    """`Deadlines` on the table."""

    _record, _id, _kind = DeadlineRecord, "kind", CaseDeadline

    def handled(self, deadline: CaseDeadline) -> None:
        """Make a deadline due on its day after its reminder; after its day, take it out of the index."""
        actions = never()
        if deadline.reminder_is_next:
            actions = [DeadlineRecord.reminded.set(True), *after(deadline.due_at)]
        same = (DeadlineRecord.due_at == deadline.due_at) & (DeadlineRecord.reminded == deadline.reminded)
        same &= (
            DeadlineRecord.remind_at.does_not_exist()
            if deadline.remind_at is None
            else DeadlineRecord.remind_at == deadline.remind_at
        )
        self._change(deadline.case_id, deadline.kind, actions, same)


def notice_record(notice: PartyNotice, due_at: datetime) -> NoticeRecord:
    """Return the record of a notice that is owed from now on."""
    return NoticeRecord.from_value(notice, **indexed(notice.case_id, due_at))


def notice_writes(notice: PartyNotice, saving: Saving) -> list[Write]:
    """Return the write of a notice that is owed to a party."""
    return [saving.table.to_rewrite(notice_record(notice, saving.due_at))]


def dispatch_writes(dispatch: Dispatch, saving: Saving) -> list[Write]:
    """Return the writes of a message that is owed to the court, and of the transfer that it opens."""
    record = DispatchRecord.from_value(dispatch, **indexed(dispatch.case_id, saving.due_at))
    writes = [saving.table.to_rewrite(record)]
    if dispatch.kind in OPENS_TRANSFER:
        writes.append(transfer_update(saving.table, dispatch.transfer_id, saving.case))
    return writes


def deadline_writes(deadline: CaseDeadline, saving: Saving) -> list[Write]:
    """Return the write of a deadline beside the case."""
    record = DeadlineRecord.from_value(deadline, **indexed(deadline.case_id, deadline.follow_up_at))
    return [saving.table.to_rewrite(record)]
