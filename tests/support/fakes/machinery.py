"""Queues, document store and counters in memory."""

from collections import Counter
from dataclasses import dataclass, field

from chalicelib.domain.dossier import DossierDocument
from chalicelib.domain.errors import DocumentNotFound


@dataclass
class FakeQueues:
    """Messages in order of sending; who handles one removes it."""

    workflow: list[tuple[str, int]] = field(default_factory=list)
    """(case id, event sequence)."""
    court: list[tuple[str, str]] = field(default_factory=list)
    """(case id, dispatch id)."""
    callbacks: list[str] = field(default_factory=list)
    """Callback ids."""
    notices: list[tuple[str, str]] = field(default_factory=list)
    """(case id, notice id)."""

    def case_changed(self, case_id: str, sequence: int) -> None:
        """Tell the workflow."""
        self.workflow.append((case_id, sequence))

    def dispatch_due(self, case_id: str, dispatch_id: str) -> None:
        """Ask for a message to the court."""
        self.court.append((case_id, dispatch_id))

    def callback_stored(self, callback_id: str) -> None:
        """Ask for a callback to be applied."""
        self.callbacks.append(callback_id)

    def notice_due(self, case_id: str, notice_id: str) -> None:
        """Ask for a message to a party."""
        self.notices.append((case_id, notice_id))

    def lose(self) -> None:
        """Forget every message."""
        self.workflow.clear()
        self.court.clear()
        self.callbacks.clear()
        self.notices.clear()


class FakeDossierStore:
    """Documents by transfer and document id; what was written first stays."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], DossierDocument] = {}

    def put(self, transfer_id: str, document: DossierDocument) -> None:
        """Store a document once."""
        self.stored.setdefault((transfer_id, document.document_id), document)

    def get(self, transfer_id: str, document_id: str) -> bytes:
        """Read a document's bytes; raises DocumentNotFound."""
        try:
            return self.stored[transfer_id, document_id].content
        except KeyError as error:
            raise DocumentNotFound(document_id) from error


class FakeMetrics:
    """Counters that can be read."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def count(self, name: str, value: int = 1) -> None:
        """Add to a counter."""
        self.counts[name] += value
