"""Deadlines beside the cases: each stands in the due index until its day has been handled.

Promise: a deadline is stored in the transaction of the event that sets it. `handled` changes it only if it
is still the deadline that was read; one that replaced it meanwhile stays as it is. Downside: a case has only
one deadline of each kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.beside import Saving, writes_of
from chalicelib.adapters.dynamo.due import after, indexed, never
from chalicelib.adapters.dynamo.records import DeadlineRecord
from chalicelib.domain.case_deadline import CaseDeadline

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.table import Table, Write


class DynamoDeadlines:
    """`Deadlines` on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, case_id: str, kind: str) -> CaseDeadline | None:
        """Read a deadline as last committed; None if its day was handled or there is no such deadline."""
        record = self._table.get(DeadlineRecord, keys.case(case_id), keys.deadline(kind))
        if record is None or record.due_at is None:
            return None
        return record.to_value(CaseDeadline, due_at=record.deadline_at)

    def handled(self, deadline: CaseDeadline) -> None:
        """Make a deadline due on its day after its reminder; after its day, take it out of the index."""
        actions = never()
        if deadline.reminder_is_next:
            actions = [DeadlineRecord.reminded.set(True), *after(deadline.due_at)]
        same_reminder = (
            DeadlineRecord.remind_at.does_not_exist()
            if deadline.remind_at is None
            else DeadlineRecord.remind_at == deadline.remind_at
        )
        self._table.update(
            keys.case(deadline.case_id),
            keys.deadline(deadline.kind),
            actions,
            (DeadlineRecord.deadline_at == deadline.due_at)
            & (DeadlineRecord.reminded == deadline.reminded)
            & same_reminder,
        )


@writes_of.register(CaseDeadline)
def _(deadline: CaseDeadline, saving: Saving) -> list[Write]:
    record = DeadlineRecord.from_value(
        keys.case(deadline.case_id),
        keys.deadline(deadline.kind),
        deadline,
        deadline_at=deadline.due_at,
        **indexed(deadline.case_id, deadline.follow_up_at),
    )
    return [saving.table.to_rewrite(record)]
