"""The court's messages: stored before they are acknowledged, applied afterwards.

Promise: one message id is stored once and settled once, whatever is repeated. Its bytes, which may hold
the court's free text about a person, are sealed under a key of the court's own; what applies a callback
reads ids and codes and needs no key. Downside: the message is stored twice, in parts and in bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.callback_records import (
    CallbackRecord,
    DocketedMap,
    RefusalMap,
    ReviewMap,
    RuledMap,
)
from chalicelib.adapters.dynamo.codec import (
    decode_docketing,
    decode_reasons,
    encode_docketing,
    encode_reasons,
)
from chalicelib.adapters.dynamo.confirmations import decode_ruling, encode_ruling
from chalicelib.adapters.dynamo.due import due, never
from chalicelib.domain.court_commands import RecordDocketing, RecordRefusal, RecordReview, RecordRuling
from chalicelib.domain.errors import CallbackNotFound
from chalicelib.use_cases.records import CourtCallback

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from chalicelib.adapters.dynamo.data_keys import DataKeys
    from chalicelib.adapters.dynamo.table import Table

_Command = RecordReview | RecordDocketing | RecordRefusal | RecordRuling


class DynamoCallbacks:
    """`Callbacks` on the table."""

    def __init__(self, table: Table, data_keys: DataKeys) -> None:
        self._table = table
        self._data_keys = data_keys

    def add(self, callback: CourtCallback, due_at: datetime) -> bool:
        """Store it, its bytes sealed; False if this id was stored before."""
        key = self._data_keys.for_sealing(_owner(callback.court_id))
        record = CallbackRecord(
            pk=keys.callback(callback.callback_id),
            sk=keys.CALLBACK,
            callback_id=callback.callback_id,
            court_id=callback.court_id,
            transfer_id=callback.transfer_id,
            occurred_at=callback.occurred_at,
            key_id=key.key_id,
            raw=key.seal(callback.raw, _place(callback.callback_id)),
            due_shard=str(keys.shard_of(callback.callback_id)),
            due_at=keys.sortable(due_at),
            **_encode(callback.command),
        )
        return self._table.put(record, CallbackRecord.pk.does_not_exist())

    def get(self, callback_id: str) -> CourtCallback | None:
        """Read one that is not settled yet, with `raw` left empty; None once it is.

        Raises CallbackNotFound.
        """
        record = self._stored(callback_id)
        if record.due_at is None:
            return None
        return CourtCallback(
            callback_id=record.callback_id,
            court_id=record.court_id,
            transfer_id=record.transfer_id,
            occurred_at=record.occurred_at,
            command=_decode(record),
            raw=b"",
        )

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
        """Record what became of it and take it out of the due index; the first outcome stays."""
        actions = [CallbackRecord.outcome.set(outcome), *never()]
        self._table.update(keys.callback(callback_id), keys.CALLBACK, actions, due())


def _owner(court_id: str) -> str:
    return f"court:{court_id}"


def _place(callback_id: str) -> tuple[str, ...]:
    return keys.callback(callback_id), keys.CALLBACK, "raw"


def _encode(command: _Command) -> dict[str, Any]:
    if isinstance(command, RecordReview):
        reasons = encode_reasons(command.reasons)
        return {"review": ReviewMap(result=command.result, filing_id=command.filing_id, reasons=reasons)}
    if isinstance(command, RecordDocketing):
        docketing = encode_docketing(command.docketing)
        return {"docketed": DocketedMap(filing_id=command.filing_id, docketing=docketing)}
    if isinstance(command, RecordRuling):
        return {
            "ruling": RuledMap(
                filing_id=command.filing_id,
                court_case_number=command.court_case_number,
                judge_id=command.judge_id,
                ruling=encode_ruling(command.ruling),
            )
        }
    return {"refusal": RefusalMap(filing_id=command.filing_id, code=command.code)}


def _decode(record: CallbackRecord) -> _Command:
    transfer_id = record.transfer_id
    if record.review is not None:
        review = record.review
        return RecordReview(
            transfer_id=transfer_id,
            result=review.result,
            filing_id=review.filing_id,
            reasons=decode_reasons(review.reasons),
        )
    if record.docketed is not None:
        docketed = record.docketed
        docketing = decode_docketing(docketed.docketing)
        return RecordDocketing(transfer_id=transfer_id, filing_id=docketed.filing_id, docketing=docketing)
    if record.ruling is not None:
        ruled = record.ruling
        return RecordRuling(
            transfer_id=transfer_id,
            filing_id=ruled.filing_id,
            court_case_number=ruled.court_case_number,
            judge_id=ruled.judge_id,
            ruling=decode_ruling(ruled.ruling),
        )
    refusal = record.refusal
    return RecordRefusal(transfer_id=transfer_id, filing_id=refusal.filing_id, code=refusal.code)
