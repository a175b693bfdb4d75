"""Transfers and their manifests, as the court may fetch them.

Promise: a transfer is there as soon as its submission is owed, and its manifest is fixed once: whoever
builds the dossier a second time gets the manifest that the court was told. Downside: a dossier whose
manifest is fixed can't be corrected; the correction is a new transfer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.records import SCHEMA, ManifestMap, TransferRecord
from chalicelib.domain.dossier import ManifestEntry
from chalicelib.domain.errors import TransferNotFound
from chalicelib.use_cases.records import StoredTransfer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pynamodb.expressions.update import Action

    from chalicelib.adapters.dynamo.table import Table
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
        return StoredTransfer(
            transfer_id=record.transfer_id,
            case_id=record.case_id,
            court_id=record.court_id,
            manifest=_decode(record.manifest),
        )

    def fix_manifest(self, transfer_id: str, manifest: Sequence[ManifestEntry]) -> StoredTransfer:
        """Keep the manifest unless one is kept already; return what is kept. Raises TransferNotFound."""
        self._table.update(
            keys.transfer(transfer_id),
            keys.TRANSFER,
            [TransferRecord.manifest.set(_encode(manifest))],
            TransferRecord.pk.exists() & TransferRecord.manifest.does_not_exist(),
        )
        return self.get(transfer_id)


def transfer_update(transfer_id: str, case: Case) -> list[Action]:
    """Return what makes the transfer's record, and changes nothing of one that is there.

    The same submission may be owed twice (it was overdue), when the manifest may already be fixed.
    """
    return [
        TransferRecord.schema.set(SCHEMA),
        TransferRecord.transfer_id.set(transfer_id),
        TransferRecord.case_id.set(case.case_id),
        TransferRecord.court_id.set(case.court_id),
    ]


def _encode(manifest: Iterable[ManifestEntry]) -> list[ManifestMap]:
    return [
        ManifestMap(
            document_id=entry.document_id,
            kind=entry.kind,
            media_type=entry.media_type,
            size=entry.size,
            sha256=entry.sha256,
        )
        for entry in manifest
    ]


def _decode(manifest: Iterable[ManifestMap] | None) -> tuple[ManifestEntry, ...] | None:
    if manifest is None:
        return None
    return tuple(
        ManifestEntry(
            document_id=entry.document_id,
            kind=entry.kind,
            media_type=entry.media_type,
            size=entry.size,
            sha256=entry.sha256,
        )
        for entry in manifest
    )
