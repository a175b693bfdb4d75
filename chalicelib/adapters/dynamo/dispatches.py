"""Messages owed to the court: each stands in the due index until it is delivered.

Promise: what is owed is stored with the event that caused it and leaves the index once, whatever is
repeated; the record stays as a trace. Downside: a court that is down for long leaves one record per
message, each due again and again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.due import due, never
from chalicelib.adapters.dynamo.records import DispatchRecord
from chalicelib.domain.transfer import Dispatch

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.adapters.dynamo.table import Table


class DynamoDispatches:
    """`Dispatches` on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, case_id: str, dispatch_id: str) -> Dispatch | None:
        """Read a dispatch that is still owed; None once it is delivered, and for an unknown one."""
        record = self._table.get(DispatchRecord, keys.case(case_id), keys.dispatch(dispatch_id))
        if record is None or record.due_at is None:
            return None
        return Dispatch(
            dispatch_id=record.dispatch_id,
            case_id=record.case_id,
            kind=record.kind,
            transfer_id=record.transfer_id,
        )

    def delivered(self, case_id: str, dispatch_id: str) -> None:
        """Take it out of the due index; doing so twice is fine."""
        self._table.update(keys.case(case_id), keys.dispatch(dispatch_id), never(), due())


def dispatch_record(dispatch: Dispatch, due_at: datetime) -> DispatchRecord:
    """Return the record of a message that is owed from now on."""
    return DispatchRecord(
        pk=keys.case(dispatch.case_id),
        sk=keys.dispatch(dispatch.dispatch_id),
        dispatch_id=dispatch.dispatch_id,
        case_id=dispatch.case_id,
        kind=dispatch.kind,
        transfer_id=dispatch.transfer_id,
        due_shard=str(keys.shard_of(dispatch.case_id)),
        due_at=keys.sortable(due_at),
    )
