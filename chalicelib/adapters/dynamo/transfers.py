"""Transfers and their manifests, as the court may fetch them.

Promise: a transfer is stored together with the dispatch that submits it, and its manifest is fixed once:
building the dossier a second time returns the manifest that was sent to the court. Downside: a dossier
whose manifest is fixed can't be corrected; the correction is a new transfer.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.records import ManifestMap, TransferRecord
from chalicelib.domain.dossier import ManifestEntry
from chalicelib.domain.errors import TransferNotFound
from chalicelib.use_cases.records import StoredTransfer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.domain.case import Case


class DynamoTransfers:
    """`Transfers` on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, transfer_id: str) -> StoredTransfer:
        """Read a transfer; raises TransferNotFound."""
        record = self._table.get(TransferRecord, keys.transfer(transfer_id), keys.TRANSFER)
        if record is None:
            raise TransferNotFound(transfer_id)
        return record.to_value(StoredTransfer, manifest=_read(record.manifest))

    def fix_manifest(self, transfer_id: str, manifest: Sequence[ManifestEntry]) -> tuple[ManifestEntry, ...]:
        """Store the manifest unless one is stored; return the stored one. Raises TransferNotFound."""
        fixed = self._table.update(
            keys.transfer(transfer_id),
            keys.TRANSFER,
            [TransferRecord.manifest.set([ManifestMap(**asdict(entry)) for entry in manifest])],
            TransferRecord.pk.exists() & TransferRecord.manifest.does_not_exist(),
        )
        # Only who comes second has to read what the first one stored.
        return tuple(manifest) if fixed else self.get(transfer_id).manifest or ()


def transfer_update(table: Table, transfer_id: str, case: Case) -> Write:
    """Return the write that makes the transfer's record; an existing one keeps its manifest.

    The same submission may be dispatched twice (it was overdue); its manifest may be fixed by then.
    """
    values = [
        TransferRecord.schema.set(1),
        TransferRecord.transfer_id.set(transfer_id),
        TransferRecord.case_id.set(case.case_id),
        TransferRecord.court_id.set(case.court_id),
    ]
    return table.to_update(keys.transfer(transfer_id), keys.TRANSFER, values)


def _read(manifest: Sequence[ManifestMap] | None) -> tuple[ManifestEntry, ...] | None:
    return None if manifest is None else tuple(ManifestEntry(**entry.attribute_values) for entry in manifest)
