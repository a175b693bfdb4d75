"""The sessions of the console that were ended by signing out, so that no container takes them any more.

Promise: a session that was ended is ended for every request that begins afterwards; both calls are one
request, and a second end changes nothing. Downside: each page reads one item.
"""

from __future__ import annotations

from chalicelib.adapters.dynamo.beside import OnTable
from chalicelib.adapters.dynamo.records import EndedSessionRecord


class DynamoEndedSessions(OnTable):
    """The sessions that were ended, on the table."""

    def end(self, session_id: str, expires_at: int) -> None:
        """Keep that a session was ended, until it expires (epoch seconds). Raises StoreBusy."""
        record = EndedSessionRecord(*EndedSessionRecord.place(session_id=session_id), expires_at=expires_at)
        self._table.put(record, EndedSessionRecord.pk.does_not_exist())

    def ended(self, session_id: str) -> bool:
        """Tell whether a session was ended."""
        return self._table.get(EndedSessionRecord, session_id=session_id) is not None
