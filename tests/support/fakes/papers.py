"""Papers and their store in memory."""

from chalicelib.domain.errors import PaperNotFound, PaperNotPossible
from chalicelib.domain.papers import DOCX, JSON, PDF, XLSX, Paper, PaperKind, StoredPaper
from chalicelib.use_cases.papers import Format, PaperSources, what_is_missing
from tests.support.fakes.lock import Lock
from tests.support.fakes.machinery import data_url

UNSHOWABLE = "\U0002a6d6"
"""A character of extension B that no typeface of the hub has."""


class FakeRenderer:
    """Papers of a few words; `certified` says whether the hub can sign."""

    def __init__(self) -> None:
        self.certified = True
        self._signatures = 0

    def make(
        self, kind: PaperKind, sources: PaperSources, wanted: Format, template_id: str | None = None
    ) -> Paper:
        """Make a paper; raises PaperNotPossible."""
        if missing := what_is_missing(kind, sources):
            raise PaperNotPossible(kind, missing)
        if template_id not in {None, f"{kind}/1"}:
            raise PaperNotPossible(kind, ("template",))
        names = [entry.name for entry in sources.details]
        columns = [column.name for column in sources.columns]
        told = [*names, *sources.facts, *columns]
        text = "|".join([kind, wanted, str(sources.made_on), str(sources.party_id), *told])
        media_type = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX, "json": JSON}[wanted]
        return Paper(kind=kind, template_id=f"{kind}/1", media_type=media_type, content=text.encode())

    def sign(self, agreement: bytes, sources: PaperSources, template_id: str) -> Paper:
        """Append a signature, another one each time."""
        del sources
        if not self.certified:
            raise PaperNotPossible(PaperKind.SIGNED_AGREEMENT, ("signing_certificate",))
        self._signatures += 1
        content = agreement + f"|signature {self._signatures}".encode()
        return Paper(
            kind=PaperKind.SIGNED_AGREEMENT, template_id=template_id, media_type=PDF, content=content
        )


class FakePapers:
    """The papers of cases; what was written first stays."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.stored: dict[tuple[str, str], tuple[StoredPaper, bytes]] = {}

    def add(self, paper: Paper, record: StoredPaper) -> StoredPaper:
        """Store a paper once."""
        with self._lock:
            return self.stored.setdefault((record.case_id, paper.sha256), (record, paper.content))[0]

    def list(self, case_id: str) -> tuple[StoredPaper, ...]:
        """List a case's papers, the oldest first."""
        with self._lock:
            found = [record for (owner, _), (record, _) in self.stored.items() if owner == case_id]
        return tuple(sorted(found, key=lambda paper: (paper.made_at, paper.document_id)))

    def get(self, case_id: str, document_id: str) -> tuple[StoredPaper, bytes]:
        """Read a paper; raises PaperNotFound."""
        try:
            return self.stored[case_id, document_id]
        except KeyError as error:
            raise PaperNotFound(document_id) from error

    def link(self, case_id: str, document_id: str) -> str:
        """Return an address that has a paper's bytes in it."""
        return data_url(self.stored[case_id, document_id][1])
