"""The papers of cases: their bytes in the document store, their records beside the case.

Promise: bytes are stored before the record, so every listed paper can be read; storing the same bytes again
changes nothing and keeps the first record. Downside: bytes whose record was never written stay unlisted.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from chalicelib.adapters.dynamo.records import DocumentRecord
from chalicelib.domain.errors import PaperNotFound
from chalicelib.domain.papers import StoredPaper

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.table import Table
    from chalicelib.domain.papers import Paper


class Contents(Protocol):
    """The store of the papers' bytes."""

    def put(self, case_id: str, paper: Paper) -> None:
        """Store a paper's bytes under their SHA-256."""
        ...

    def get(self, case_id: str, document_id: str) -> bytes:
        """Read them; raises PaperNotFound."""
        ...

    def link(self, case_id: str, document_id: str) -> str:
        """Return an address that gives them for a minute."""
        ...


class DynamoPapers:
    """`Papers` on the table and a store of bytes."""

    def __init__(self, table: Table, contents: Contents) -> None:
        self._table = table
        self._contents = contents

    def add(self, paper: Paper, record: StoredPaper) -> StoredPaper:
        """Store the bytes, then their record; for bytes already stored, return their first record."""
        case_id, document_id = record.case_id, record.document_id
        with suppress(PaperNotFound):
            return self._stored(case_id, document_id)
        self._contents.put(case_id, paper)
        if self._table.put(DocumentRecord.from_value(record), DocumentRecord.pk.does_not_exist()):
            return record
        # Somebody stored the same bytes in the meantime.
        return self._stored(case_id, document_id)

    def list(self, case_id: str) -> tuple[StoredPaper, ...]:
        """List a case's papers, the oldest first."""
        records = self._table.read_all(DocumentRecord, DocumentRecord.all_of(case_id=case_id))
        found = (record.to_value(StoredPaper) for record in records)
        return tuple(sorted(found, key=lambda paper: (paper.made_at, paper.document_id)))

    def get(self, case_id: str, document_id: str) -> tuple[StoredPaper, bytes]:
        """Read a paper's record and bytes; raises PaperNotFound."""
        stored = self._stored(case_id, document_id)
        return stored, self._contents.get(case_id, document_id)

    def link(self, case_id: str, document_id: str) -> str:
        """Return an address that gives a paper's bytes for a minute."""
        return self._contents.link(case_id, document_id)

    def _stored(self, case_id: str, document_id: str) -> StoredPaper:
        ids = {"case_id": case_id, "document_id": document_id}
        return self._table.known(DocumentRecord, PaperNotFound(document_id), **ids).to_value(StoredPaper)
