"""What a court may fetch and what it sent: transfers with their manifests, and the court's messages.

Promise: a transfer is stored together with the dispatch that submits it, and its manifest is fixed once:
building the dossier a second time returns the manifest that was sent to the court. One message id is stored
once, before it is acknowledged, and settled once, even if calls are repeated. Its bytes, which may hold the
court's free text about a person, are sealed under a key of the court's own; applying it reads only ids and
codes and needs no key. Downside: a fixed manifest can't be corrected, only followed by a new transfer; a
message is stored twice, in parts and in bytes.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.data_keys import OnTable
from chalicelib.adapters.dynamo.due import due, indexed, never
from chalicelib.adapters.dynamo.records import CallbackRecord, ManifestMap, TransferRecord
from chalicelib.domain.errors import CallbackNotFound, TransferNotFound
from chalicelib.use_cases.records import CourtCallback, StoredTransfer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.dossier import ManifestEntry


class DynamoTransfers(OnTable):
    """`Transfers` on the table."""

    def get(self, transfer_id: str) -> StoredTransfer:
        """Read a transfer; raises TransferNotFound."""
        record = self._table.known(TransferRecord, TransferNotFound(transfer_id), transfer_id=transfer_id)
        return record.to_value(StoredTransfer, manifest=_manifest(record.manifest))

    def fix_manifest(self, transfer_id: str, manifest: Sequence[ManifestEntry]) -> tuple[ManifestEntry, ...]:
        """Store the manifest unless one is stored; return the stored one. Raises TransferNotFound."""
        fixed = self._table.update(
            TransferRecord.place(transfer_id=transfer_id),
            [TransferRecord.manifest.set([ManifestMap(**asdict(entry)) for entry in manifest])],
            TransferRecord.pk.exists() & TransferRecord.manifest.does_not_exist(),
        )
        # Only who comes second has to read what the first one stored.
        return tuple(manifest) if fixed else self.get(transfer_id).manifest or ()


def _manifest(manifest: Sequence[ManifestMap] | None) -> tuple[ManifestEntry, ...] | None:
    if manifest is None:
        return None
    from chalicelib.domain.dossier import ManifestEntry  # noqa: PLC0415 - every function builds the store

    names = ManifestMap.get_attributes()
    return tuple(ManifestEntry(**{name: getattr(entry, name) for name in names}) for entry in manifest)


class DynamoCallbacks(OnTable):
    """`Callbacks` on the table."""

    def add(self, callback: CourtCallback, due_at: datetime) -> bool:
        """Store it, its bytes sealed; False if this id was stored before."""
        key = self._data_keys.for_sealing(_owner(callback.court_id))
        record = CallbackRecord.from_value(
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
        return None if record.index_time is None else record.to_value(CourtCallback, raw=b"")

    def raw(self, callback_id: str) -> bytes:
        """Decrypt its bytes as received; raises CallbackNotFound or SealBroken."""
        record = self._stored(callback_id)
        key = self._data_keys.for_opening(_owner(record.court_id), record.key_id)
        return key.open(record.raw, _place(callback_id))

    def _stored(self, callback_id: str) -> CallbackRecord:
        return self._table.known(CallbackRecord, CallbackNotFound(callback_id), callback_id=callback_id)

    def settle(self, callback_id: str, outcome: str) -> None:
        """Record its outcome and take it out of the due index; a later outcome changes nothing."""
        actions = [CallbackRecord.outcome.set(outcome), *never()]
        self._table.update(CallbackRecord.place(callback_id=callback_id), actions, due())


def _owner(court_id: str) -> str:
    return f"court:{court_id}"


def _place(callback_id: str) -> tuple[str, ...]:
    return *CallbackRecord.place(callback_id=callback_id), "raw"
