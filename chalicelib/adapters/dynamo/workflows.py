"""The record of each open case's execution, in the due index until the case has ended.

Promise: if two executions drive one case, a conditional write lets only the newer one store its token; a
late message can't replace a newer step's token by an older one's; a record that has left the due index comes
back into it only with the act that opens its case again, and who read the ended case can't take it out then.
Downside: the token is stored unencrypted; it is useless without the right to call the
state machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.due import after, due, indexed, never
from chalicelib.adapters.dynamo.records import WorkflowRecord as Stored
from chalicelib.adapters.dynamo.table import OnTable
from chalicelib.use_cases.records import WorkflowRecord

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.domain.case import Case
    from chalicelib.use_cases.records import Arrival


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
        usual = arrival.usual_next
        return self._table.update(
            Stored.place(case_id=arrival.case_id),
            [
                Stored.step.set(arrival.step),
                Stored.since.set(arrival.since),
                Stored.token.set(arrival.token),
                Stored.usual_next.remove() if usual is None else Stored.usual_next.set(usual),
            ],
            (Stored.generation == arrival.generation) & (Stored.since <= arrival.since) & due(),
        )

    def restart(self, case_id: str, generation: int, due_at: datetime) -> bool:
        """Replace this generation by the next, without a token; False if somebody did so first."""
        return self._table.update(
            Stored.place(case_id=case_id),
            [
                Stored.generation.set(generation + 1),
                Stored.since.set(0),
                Stored.step.remove(),
                Stored.token.remove(),
                Stored.usual_next.remove(),
                *after(due_at),
            ],
            (Stored.generation == generation) & due(),
        )

    def set_follow_up(self, case_id: str, due_at: datetime) -> None:
        """Look after the case again at `due_at`, unless it has ended."""
        self._table.update(Stored.place(case_id=case_id), after(due_at), due())

    def end(self, case_id: str, version: int) -> None:
        """Take a case that had ended at `version` out of the due index; the record stays."""
        not_since = Stored.reopened.does_not_exist() | (Stored.reopened <= version)
        self._table.update(Stored.place(case_id=case_id), never(), due() & not_since)


def workflow_due(table: Table, case_id: str, at: datetime) -> Write:
    """Return the write that makes an open case due at `at`, for the transaction of its change."""
    return table.to_update(Stored.place(case_id=case_id), after(at), due())


def workflow_reopened(table: Table, case: Case, at: datetime) -> Write:
    """Return the write that makes a case due that had ended and goes on with its present version."""
    key = indexed(case.case_id, at)
    actions = [
        Stored.index_shard.set(key["index_shard"]),
        Stored.index_time.set(key["index_time"]),
        Stored.reopened.set(case.version),
    ]
    return table.to_update(Stored.place(case_id=case.case_id), actions, Stored.pk.exists())


def first_record(case_id: str, due_at: datetime) -> Stored:
    """Return the record of a new case: it has no execution yet, so it is due at `due_at`."""
    first = WorkflowRecord(case_id=case_id, generation=1)
    return Stored.from_value(first, **indexed(case_id, due_at))
