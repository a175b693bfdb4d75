"""The papers of cases: their bytes in the document store, their records beside the case.

Promise: bytes are stored before the record, so every listed paper can be read; storing the same bytes again
changes nothing and keeps the first record. Downside: bytes whose record was never written stay unlisted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.records import DocumentRecord
from chalicelib.domain.errors import PaperNotFound
from chalicelib.domain.papers import StoredPaper

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.adapters.dynamo.table import Table
    from chalicelib.domain.papers import Paper
    from chalicelib.domain.roles import Role

_PAGE: Final = 100


class Contents(Protocol):
    """The store of the papers' bytes."""

    def put(self, case_id: str, paper: Paper) -> None:
        """Store a paper's bytes under their SHA-256."""
        ...

    def get(self, case_id: str, document_id: str) -> bytes:
        """Read them; raises PaperNotFound."""
        ...


class DynamoPapers:
    """`Papers` on the table and a store of bytes."""

    def __init__(self, table: Table, contents: Contents) -> None:
        self._table = table
        self._contents = contents

    def add(
        self,
        case_id: str,
        paper: Paper,
        *,
        made_by: Role,
        at: datetime,
        party_id: str | None = None,
        of: str | None = None,
    ) -> StoredPaper:
        """Store the bytes, then their record; for bytes already stored, return their first record."""
        document_id = paper.sha256
        if (stored := self._record(case_id, document_id)) is not None:
            return stored.to_value(StoredPaper)
        self._contents.put(case_id, paper)
        made = StoredPaper(
            document_id=document_id,
            case_id=case_id,
            kind=paper.kind,
            template_id=paper.template_id,
            media_type=paper.media_type,
            size=len(paper.content),
            made_by=made_by,
            made_at=at,
            party_id=party_id,
            of=of,
        )
        record = DocumentRecord.from_value(keys.case(case_id), keys.document(document_id), made)
        if self._table.put(record, DocumentRecord.pk.does_not_exist()):
            return made
        # Somebody stored the same bytes in the meantime.
        return self._stored(case_id, document_id)

    def list(self, case_id: str) -> tuple[StoredPaper, ...]:
        """List a case's papers, the oldest first."""
        where = (DocumentRecord.pk == keys.case(case_id)) & DocumentRecord.sk.startswith(keys.DOCUMENT_PREFIX)
        records = self._table.read_all(DocumentRecord, where, at_once=_PAGE)
        found = (record.to_value(StoredPaper) for record in records)
        return tuple(sorted(found, key=lambda paper: (paper.made_at, paper.document_id)))

    def get(self, case_id: str, document_id: str) -> tuple[StoredPaper, bytes]:
        """Read a paper's record and bytes; raises PaperNotFound."""
        stored = self._stored(case_id, document_id)
        return stored, self._contents.get(case_id, document_id)

    def _stored(self, case_id: str, document_id: str) -> StoredPaper:
        record = self._record(case_id, document_id)
        if record is None:
            raise PaperNotFound(document_id)
        return record.to_value(StoredPaper)

    def _record(self, case_id: str, document_id: str) -> DocumentRecord | None:
        return self._table.get(DocumentRecord, keys.case(case_id), keys.document(document_id))
