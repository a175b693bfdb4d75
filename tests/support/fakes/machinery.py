"""Queues, document store and counters in memory."""

import base64
from collections import Counter
from collections.abc import Mapping, Sequence

from chalicelib.domain.dossier import DossierDocument
from chalicelib.domain.errors import DocumentNotFound
from chalicelib.use_cases.records import Outgoing


class FakeQueues(dict[str, list[dict[str, str | int]]]):
    """Messages by queue, in order of sending; who handles one removes it."""

    def __missing__(self, queue: str) -> list[dict[str, str | int]]:
        """Return a queue that nothing was sent to yet."""
        self[queue] = []
        return self[queue]

    def send(self, queue: str, message: Mapping[str, str | int]) -> None:
        """Send a message."""
        self[queue].append(dict(message))

    def send_all(self, queue: str, messages: Sequence[Outgoing]) -> Sequence[int]:
        """Send all of them."""
        for message in messages:
            self.send(queue, message.body)
        return []

    def lose(self) -> None:
        """Forget every message."""
        self.clear()


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

    def link(self, transfer_id: str, document_id: str) -> str:
        """Return an address that has a document's bytes in it."""
        return data_url(self.stored[transfer_id, document_id].content)


def data_url(content: bytes) -> str:
    """Return an address that gives these bytes (RFC 2397)."""
    return f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"


class FakeMetrics:
    """Counters that can be read."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def count(self, name: str, value: int = 1) -> None:
        """Add to a counter."""
        self.counts[name] += value
