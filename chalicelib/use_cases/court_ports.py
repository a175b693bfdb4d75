"""The ports to a court: its endpoint, the messages owed to it, its dossiers, its callbacks.

Promise: each is a part of `ports.Hub`; its fake and its adapter pass the same contract tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.dossier import DossierDocument, ManifestEntry
    from chalicelib.domain.transfer import Dispatch
    from chalicelib.use_cases.records import CourtCallback, CourtNotice, Receipt, StoredTransfer, Submission


class Court(Protocol):
    """A court's filing endpoint; raises CourtUnavailable (transient) or CourtRefusedMessage (permanent)."""

    def submit(self, submission: Submission) -> Receipt:
        """Hand a transfer over."""
        ...

    def notify(self, notice: CourtNotice) -> None:
        """Tell the court of a withdrawal or a correction."""
        ...


class Dispatches(Protocol):
    """Messages owed to the court, each in the due index until delivered."""

    def get(self, case_id: str, dispatch_id: str) -> Dispatch | None:
        """Read a dispatch that is still owed; None once it is delivered."""
        ...

    def delivered(self, case_id: str, dispatch_id: str) -> None:
        """Take it out of the due index; a second time changes nothing."""
        ...


class Transfers(Protocol):
    """Transfers and their manifests."""

    def get(self, transfer_id: str) -> StoredTransfer:
        """Read a transfer; raises TransferNotFound."""
        ...

    def fix_manifest(self, transfer_id: str, manifest: Sequence[ManifestEntry]) -> tuple[ManifestEntry, ...]:
        """Store the manifest unless one is stored; return the stored one. Raises TransferNotFound."""
        ...


class DossierStore(Protocol):
    """The document store: write once, by transfer and document id."""

    def put(self, transfer_id: str, document: DossierDocument) -> None:
        """Store a document; storing the same one again changes nothing."""
        ...

    def get(self, transfer_id: str, document_id: str) -> bytes:
        """Read a document's bytes; raises DocumentNotFound."""
        ...

    def link(self, transfer_id: str, document_id: str) -> str:
        """Return an address that gives a document's bytes for a minute, to whoever has it."""
        ...


class Callbacks(Protocol):
    """The court's messages: stored before they are acknowledged, applied afterwards."""

    def add(self, callback: CourtCallback, due_at: datetime) -> bool:
        """Store it, its bytes encrypted; False if this id was stored before."""
        ...

    def get(self, callback_id: str) -> CourtCallback | None:
        """Read one that is not settled yet, with `raw` left empty; None once it is. Raises CallbackNotFound.

        Applying a callback needs no key: its bytes stay encrypted, see `raw`.
        """
        ...

    def raw(self, callback_id: str) -> bytes:
        """Decrypt its bytes as received, for the record; raises CallbackNotFound."""
        ...

    def settle(self, callback_id: str, outcome: str) -> None:
        """Record its outcome and take it out of the due index."""
        ...
