"""The papers of cases: their bytes in the document store, their records beside the case.

Promise: bytes first, then the record, so whatever is listed can be read; the same bytes again change nothing
and keep the first record. Downside: bytes whose record was never written stay behind, unlisted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.paper_records import DocumentRecord
from chalicelib.domain.errors import PaperNotFound
from chalicelib.domain.papers import StoredPaper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.adapters.dynamo.table import Item, Table
    from chalicelib.domain.papers import Paper
    from chalicelib.domain.roles import Role

_PAGE: Final = 100


class Contents(Protocol):
    """Where the bytes are kept."""

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
        """Store the bytes, then their record; the same bytes again return the first record."""
        document_id = paper.sha256
        if (stored := self._record(case_id, document_id)) is not None:
            return _decode(stored)
        self._contents.put(case_id, paper)
        record = DocumentRecord(
            pk=keys.case(case_id),
            sk=keys.document(document_id),
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
        if self._table.put(record, DocumentRecord.pk.does_not_exist()):
            return _decode(record)
        # Somebody stored the same bytes meanwhile.
        return self._stored(case_id, document_id)

    def list(self, case_id: str) -> tuple[StoredPaper, ...]:
        """List a case's papers, the oldest first."""
        found = (_decode(record) for record in self._records(case_id))
        return tuple(sorted(found, key=lambda paper: (paper.made_at, paper.document_id)))

    def get(self, case_id: str, document_id: str) -> tuple[StoredPaper, bytes]:
        """Read a paper's record and bytes; raises PaperNotFound."""
        stored = self._stored(case_id, document_id)
        return stored, self._contents.get(case_id, document_id)

    def _stored(self, case_id: str, document_id: str) -> StoredPaper:
        record = self._record(case_id, document_id)
        if record is None:
            raise PaperNotFound(document_id)
        return _decode(record)

    def _record(self, case_id: str, document_id: str) -> DocumentRecord | None:
        return self._table.get(DocumentRecord, keys.case(case_id), keys.document(document_id))

    def _records(self, case_id: str) -> Iterator[DocumentRecord]:
        where = (DocumentRecord.pk == keys.case(case_id)) & DocumentRecord.sk.startswith(keys.DOCUMENT_PREFIX)
        start: Item | None = None
        while True:
            page, start = self._table.query(DocumentRecord, where, limit=_PAGE, start=start)
            yield from page
            if start is None:
                return


def _decode(record: DocumentRecord) -> StoredPaper:
    return StoredPaper(
        document_id=record.document_id,
        case_id=record.case_id,
        kind=record.kind,
        template_id=record.template_id,
        media_type=record.media_type,
        size=record.size,
        made_by=record.made_by,
        made_at=record.made_at,
        party_id=record.party_id,
        of=record.of,
    )
