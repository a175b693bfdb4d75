"""The court's messages: stored before they are acknowledged, applied afterwards.

Promise: one message id is stored once and settled once, even if calls are repeated. Its bytes, which may
hold the court's free text about a person, are sealed under a key of the court's own; applying a callback
reads only ids and codes and needs no key. Downside: the message is stored twice, in parts and in bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo import keys, schema_1
from chalicelib.adapters.dynamo.attributes import Bytes, Instant, Structured, Whole, optional
from chalicelib.adapters.dynamo.due import due, indexed, never
from chalicelib.adapters.dynamo.records import DueRecord
from chalicelib.domain.court_commands import CourtCommand
from chalicelib.domain.errors import CallbackNotFound
from chalicelib.use_cases.records import CourtCallback

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.adapters.dynamo.data_keys import DataKeys
    from chalicelib.adapters.dynamo.table import Table


class CallbackRecord(DueRecord):
    """CALLBACK#<court_id>#<webhook-id> / CALLBACK: a court's message; `raw`, its bytes, is sealed."""

    schema = Whole(default=2)
    upgraded = staticmethod(schema_1.callback)
    callback_id = UnicodeAttribute()
    court_id = UnicodeAttribute()
    transfer_id = UnicodeAttribute()
    occurred_at = Instant()
    command = Structured[CourtCommand](CourtCommand)
    key_id = UnicodeAttribute()
    raw = Bytes()
    outcome = optional(UnicodeAttribute())


class DynamoCallbacks:
    """`Callbacks` on the table."""

    def __init__(self, table: Table, data_keys: DataKeys) -> None:
        self._table = table
        self._data_keys = data_keys

    def add(self, callback: CourtCallback, due_at: datetime) -> bool:
        """Store it, its bytes sealed; False if this id was stored before."""
        key = self._data_keys.for_sealing(_owner(callback.court_id))
        record = CallbackRecord.from_value(
            keys.callback(callback.callback_id),
            keys.CALLBACK,
            callback,
            key_id=key.key_id,
            raw=key.seal(callback.raw, _place(callback.callback_id)),
            **indexed(callback.callback_id, due_at),
        )
        return self._table.put(record, CallbackRecord.pk.does_not_exist())

    def get(self, callback_id: str) -> CourtCallback | None:
        """Read one that is not settled yet, with `raw` left empty; None once it is.

        Raises CallbackNotFound.
        """
        record = self._stored(callback_id)
        return None if record.due_at is None else record.to_value(CourtCallback, raw=b"")

    def raw(self, callback_id: str) -> bytes:
        """Decrypt its bytes as received; raises CallbackNotFound or SealBroken."""
        record = self._stored(callback_id)
        key = self._data_keys.for_opening(_owner(record.court_id), record.key_id)
        return key.open(record.raw, _place(callback_id))

    def _stored(self, callback_id: str) -> CallbackRecord:
        record = self._table.get(CallbackRecord, keys.callback(callback_id), keys.CALLBACK)
        if record is None:
            raise CallbackNotFound(callback_id)
        return record

    def settle(self, callback_id: str, outcome: str) -> None:
        """Record its outcome and take it out of the due index; a later outcome changes nothing."""
        actions = [CallbackRecord.outcome.set(outcome), *never()]
        self._table.update(keys.callback(callback_id), keys.CALLBACK, actions, due())


def _owner(court_id: str) -> str:
    return f"court:{court_id}"


def _place(callback_id: str) -> tuple[str, ...]:
    return keys.callback(callback_id), keys.CALLBACK, "raw"
