"""Read a transfer's dossier: the court fetches the documents that the submission only lists."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.errors import DocumentNotFound, TransferNotFound
from chalicelib.domain.hashing import checked
from chalicelib.domain.permissions import authorise
from chalicelib.domain.stages import Action
from chalicelib.use_cases.records import Fetched

if TYPE_CHECKING:
    from chalicelib.domain.dossier import ManifestEntry
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import StoredTransfer


_DATA: Final = frozenset({"complaint_data", "confirmation_data", "enforcement_data"})
"""The kinds of the data document, one in every dossier: the parties and what is claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierView:
    """A transfer with its manifest and its data document, as they were when the dossier was built."""

    transfer: StoredTransfer
    manifest: tuple[ManifestEntry, ...]
    complaint: dict[str, Any]


def read_dossier(hub: Hub, actor: Actor, transfer_id: str) -> DossierView:
    """Return the dossier; raises TransferNotFound (another court's, or not built yet) or ContentAltered."""
    transfer, manifest = _own_transfer(hub, actor, transfer_id)
    data = next(entry for entry in manifest if entry.kind in _DATA)
    complaint = json.loads(_content(hub, transfer_id, data))
    return DossierView(transfer=transfer, manifest=manifest, complaint=complaint)


def read_document(hub: Hub, actor: Actor, transfer_id: str, document_id: str) -> Fetched:
    """Return a document whose SHA-256 is in the manifest; raises DocumentNotFound or ContentAltered."""
    _, manifest = _own_transfer(hub, actor, transfer_id)
    entry = next((entry for entry in manifest if entry.document_id == document_id), None)
    if entry is None:
        raise DocumentNotFound(document_id)
    return Fetched(
        content=_content(hub, transfer_id, entry),
        sha256=entry.sha256,
        media_type=entry.media_type,
        link=lambda: hub.dossier_store.link(transfer_id, document_id),
    )


def _content(hub: Hub, transfer_id: str, entry: ManifestEntry) -> bytes:
    return checked(hub.dossier_store.get(transfer_id, entry.document_id), entry.sha256)


def _own_transfer(
    hub: Hub, actor: Actor, transfer_id: str
) -> tuple[StoredTransfer, tuple[ManifestEntry, ...]]:
    authorise(actor, Action.READ_DOSSIER)
    transfer = hub.transfers.get(transfer_id)
    if transfer.court_id != actor.court_id or transfer.manifest is None:
        raise TransferNotFound(transfer_id)
    return transfer, transfer.manifest
