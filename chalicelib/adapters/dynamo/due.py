"""The due index: unfinished work, with the time at which it is looked after again.

Promise: a record is in the index exactly as long as it has its due attributes, so the index holds only
unfinished work and does not grow with the table; a sweep reads the oldest first. Work is moved under the
condition that its time is still the one that was read, so only one of two sweeps gets it.
Downside: the index is eventually consistent, so a sweep may find work that was just finished; whoever
handles it reads the record itself.

In it stand, beside the courts' messages (`court`):

- Each open case's execution. If two executions drive one case, a conditional write lets only the newer one
  store its token; a late message can't replace a newer step's token by an older one's; a record that has left
  the index comes back into it only with the act that opens its case again, and who read the ended case can't
  take it out then. Downside: the token is stored unencrypted; it is useless without the right to call the
  state machine.
- What is owed by a time, beside its case: messages to the court and to parties, and deadlines. Each is stored
  in the transaction of its cause and leaves the index once, even if calls are repeated; the record stays as a
  trace and holds ids, codes, days and amounts only. A dispatch that opens a transfer also stores the
  transfer's record. A deadline is changed only if it is still the one that was read; one that replaced it
  meanwhile stays as it is. Downside: while a receiver is down, each message to it becomes due again and
  again; a case has only one deadline of each kind.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final, Generic, TypeVar

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.beside import OnTable
from chalicelib.adapters.dynamo.records import (
    CallRecord,
    DeadlineRecord,
    DispatchRecord,
    DueRecord,
    NoticeRecord,
    TransferRecord,
)
from chalicelib.adapters.dynamo.records import WorkflowRecord as Stored
from chalicelib.adapters.dynamo.table import Cancelled
from chalicelib.adapters.dynamo.work import writes_between
from chalicelib.consumers import ids_in
from chalicelib.domain.case_deadline import CaseDeadline
from chalicelib.domain.errors import StoreBusy
from chalicelib.domain.notices import Outcome, PartyNotice
from chalicelib.domain.transfer import OPENS_TRANSFER, Dispatch
from chalicelib.domain.work import work_of_call
from chalicelib.registry import consumer, consumers
from chalicelib.use_cases.records import DEADLINE, Due, WorkflowRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.adapters.dynamo.beside import Saving
    from chalicelib.adapters.dynamo.records import Key
    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.domain.case import Case
    from chalicelib.domain.notices import PhoneCall
    from chalicelib.use_cases.records import Arrival

V = TypeVar("V", Dispatch, PartyNotice, CaseDeadline)
_PAGE: Final = 100


class DynamoDueIndex(OnTable):
    """`DueIndex` on the index `due`."""

    shards = keys.DUE_SHARDS

    def overdue(self, shard: int, now: datetime) -> Iterator[Due]:
        """Yield what was due before `now`, the oldest first; pages are read as they are needed.

        A record whose consumer this release does not know (a newer one wrote it) is skipped.
        """
        where = (DueRecord.index_shard == str(shard)) & (DueRecord.index_time < keys.sortable(now))
        for item in self._table.all_items(where, index="due", at_once=_PAGE):
            work = _work(item["PK"]["S"], item["SK"]["S"])
            if work:
                at, failures = _read(item["due_at"]["S"])
                yield replace(work, at=at, failures=failures)

    def move(self, works: Sequence[tuple[Due, Due]]) -> tuple[Due, ...]:
        """Give each its new time and failures, in one transaction; see the port."""
        moved = self._table.update_each(
            [
                (_key(to), [DueRecord.index_time.set(_written(to))], DueRecord.index_time == _written(read))
                for read, to in works
            ]
        )
        return tuple(to for (_, to), done in zip(works, moved, strict=True) if done)


def indexed(key: str, at: datetime) -> dict[str, str]:
    """Return the attributes that put a new record into the index, in the shard of its key."""
    return {"index_shard": keys.due_shard(key), "index_time": keys.sortable(at)}


def after(at: datetime) -> list[Action]:
    """Return the actions that make a record in the index due at another time; its shard stays."""
    return DueRecord.actions(index_time=keys.sortable(at))


def never() -> list[Action]:
    """Return the actions that take a record out of the index."""
    return DueRecord.actions(index_shard=None, index_time=None)


def due() -> Condition:
    """Return the condition that the record exists and is in the index."""
    return DueRecord.index_time.exists()


def _written(work: Due) -> str:
    """Return what stands in the index: the instant, and how many looks failed if any did.

    So the count costs no read, and is gone as soon as anybody sets another time.
    """
    instant = keys.sortable(work.at)
    return f"{instant}#{work.failures}" if work.failures else instant


def _read(due_at: str) -> tuple[datetime, int]:
    instant, _, failures = due_at.partition("#")
    return datetime.fromisoformat(instant), int(failures or 0)


def _key(work: Due) -> Key:
    if work.consumer == DEADLINE:
        case_id, kind = work.ids
        return DeadlineRecord.place(case_id=case_id, kind=kind)
    return consumer(work.consumer).due_key(*work.ids)


def _work(pk: str, sk: str) -> Due | None:
    deadline = (DEADLINE, ids_in(DeadlineRecord.key, (pk, sk)))
    found = (deadline, *((row.name, row.due_ids(pk, sk)) for row in consumers()))
    return next((Due(consumer=name, ids=ids) for name, ids in found if ids is not None), None)


class DynamoWorkflows(OnTable):
    """`Workflows` on the table."""

    def get(self, case_id: str) -> WorkflowRecord | None:
        """Read the record as last committed."""
        record = self._table.get(Stored, case_id=case_id)
        return None if record is None else record.to_value(WorkflowRecord)

    def arrive(self, arrival: Arrival) -> bool:
        """Store the token; False for an older generation, an earlier step or a case that has ended.

        The due index is left alone, which saves two of three write units and keeps its shards cool: an open
        case is looked after once a day anyway.
        """
        names = ("step", "since", "token", "usual_next")
        return self._table.update(
            Stored.place(case_id=arrival.case_id),
            Stored.actions(**{name: getattr(arrival, name) for name in names}),
            (Stored.generation == arrival.generation) & (Stored.since <= arrival.since) & due(),
        )

    def restart(self, case_id: str, generation: int, due_at: datetime) -> bool:
        """Replace this generation by the next, without a token; False if somebody did so first."""
        anew = Stored.actions(generation=generation + 1, since=0, step=None, token=None, usual_next=None)
        unchanged = (Stored.generation == generation) & due()
        return self._table.update(Stored.place(case_id=case_id), [*anew, *after(due_at)], unchanged)

    def set_follow_up(self, case_id: str, due_at: datetime) -> None:
        """Look after the case again at `due_at`, unless it has ended."""
        self._table.update(Stored.place(case_id=case_id), after(due_at), due())

    def end(self, case_id: str, version: int) -> None:
        """Take a case that had ended at `version` out of the due index; the record stays."""
        not_since = Stored.reopened.does_not_exist() | (Stored.reopened <= version)
        self._table.update(Stored.place(case_id=case_id), never(), due() & not_since)


def workflow_due(table: Table, case: Case, at: datetime) -> Write:
    """Return the write that makes an open case due at `at`, for the transaction of its change."""
    return table.to_update(Stored.place(case_id=case.case_id), after(at), due())


def workflow_reopened(table: Table, case: Case, at: datetime) -> Write:
    """Return the write that makes a case due that had ended and goes on with its present version."""
    actions = Stored.actions(**indexed(case.case_id, at), reopened=case.version)
    return table.to_update(Stored.place(case_id=case.case_id), actions, Stored.pk.exists())


def first_record(case_id: str, due_at: datetime) -> Stored:
    """Return the record of a new case: it has no execution yet, so it is due at `due_at`."""
    first = WorkflowRecord(case_id=case_id, generation=1)
    return Stored.from_value(first, **indexed(case_id, due_at))


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

    def put_off(self, case_id: str, notice_id: str, until: datetime) -> None:
        """Let the reconciler send it then; one that is no longer owed stays so."""
        self._change(case_id, notice_id, after(until), due())

    def failed(self, notice: PartyNotice) -> None:
        """Record that the gateway refused it; it stays owed."""
        failed = dict.fromkeys(notice.party_ids, str(Outcome.FAILED))
        self._change(notice.case_id, notice.notice_id, NoticeRecord.actions(outcomes=failed), due())

    def ended(
        self, notice: PartyNotice, outcomes: Mapping[str, Outcome], calls: Sequence[PhoneCall], at: datetime
    ) -> None:
        """Take it out of the due index with what came of it and when, and owe the calls; once."""
        place = NoticeRecord.place(case_id=notice.case_id, notice_id=notice.notice_id)
        came_of_it = {party_id: str(outcome) for party_id, outcome in outcomes.items()}
        actions = [*never(), *NoticeRecord.actions(outcomes=came_of_it, ended_at=at)]
        if not calls:
            self._table.update(place, actions, due())
            return
        owed = [write for call in calls for write in call_writes(self._table, call)]
        try:
            self._table.transact([self._table.to_update(place, actions, due()), *owed])
        except Cancelled as cancelled:
            if cancelled.stands_against(0) is None:
                raise StoreBusy(str(cancelled)) from cancelled


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


def call_writes(table: Table, call: PhoneCall) -> list[Write]:
    """Return the writes of a call that is to be made: its place in the list, and the work of its centre."""
    return [table.to_put(CallRecord.from_value(call)), *writes_between(table, (), work_of_call(call))]


def notice_record(notice: PartyNotice, due_at: datetime, asked_at: datetime | None = None) -> NoticeRecord:
    """Return the record of a notice that is owed from now on, or from its day on."""
    return NoticeRecord.from_value(
        notice,
        with_parties=notice.with_parties or None,
        stays=None if notice.not_before is None else True,
        asked_at=asked_at,
        **indexed(notice.case_id, notice.not_before or due_at),
    )


def notice_writes(notice: PartyNotice, saving: Saving) -> list[Write]:
    """Return the write of a notice that is owed to a party."""
    record = notice_record(notice, saving.due_at, asked_at=saving.case.updated_at)
    return [saving.table.to_rewrite(record)]


def dispatch_writes(dispatch: Dispatch, saving: Saving) -> list[Write]:
    """Return the writes of a message that is owed to the court, and of the transfer that it opens."""
    record = DispatchRecord.from_value(dispatch, **indexed(dispatch.case_id, saving.due_at))
    writes = [saving.table.to_rewrite(record)]
    if dispatch.kind in OPENS_TRANSFER:
        writes.append(_transfer_update(saving, dispatch.transfer_id))
    return writes


def _transfer_update(saving: Saving, transfer_id: str) -> Write:
    """Return the write that makes the transfer's record; an existing one keeps its manifest.

    The same submission may be dispatched twice (it was overdue); its manifest may be fixed by then.
    """
    ids = {"transfer_id": transfer_id, "case_id": saving.case.case_id, "court_id": saving.case.court_id}
    return saving.table.to_update(
        TransferRecord.place(transfer_id=transfer_id), TransferRecord.actions(schema=1, **ids)
    )


def deadline_writes(deadline: CaseDeadline, saving: Saving) -> list[Write]:
    """Return the write of a deadline beside the case."""
    return [saving.table.to_rewrite(deadline_record(deadline))]


def deadline_record(deadline: CaseDeadline) -> DeadlineRecord:
    """Return the record of a deadline, due on the day of its reminder or on its own."""
    return DeadlineRecord.from_value(deadline, **indexed(deadline.case_id, deadline.follow_up_at))
