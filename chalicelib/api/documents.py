"""Routes for parties, mediators and the centre: make, list and fetch the papers of a case.

Promise: a paper's address holds its SHA-256, so what is fetched is what was made; asking again for the same
paper on the same day makes no second one, which is why no `Idempotency-Key` is needed.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from chalicelib.api.operations import SEE_OTHER, Answered, Call, Operations, Reply
from chalicelib.api.parameters import CaseId, DocumentIdInPath
from chalicelib.api.presenting import file_reply
from chalicelib.api.schemas.documents import CaseDocumentListOut, CaseDocumentOut, DocumentIn
from chalicelib.domain.errors import (
    CaseNotFound,
    PaperNotFound,
    PaperNotPossible,
    TimestampUnavailable,
)
from chalicelib.domain.papers import DOCX, JSON, PDF, XLSX
from chalicelib.domain.stages import Action
from chalicelib.use_cases.list_documents import list_documents
from chalicelib.use_cases.make_document import make_document
from chalicelib.use_cases.read_document_of_case import read_document_of_case

operations = Operations("documents")


@operations.post(
    "/v1/cases/{case_id}/documents",
    "制作文书",
    Answered(model=CaseDocumentOut, status=201),
    actions=(Action.MAKE_DOCUMENT,),
    refusals=(CaseNotFound, PaperNotPossible, TimestampUnavailable),
)
def make_case_document(call: Call, case_id: CaseId, body: DocumentIn) -> Reply:
    """Make a paper of the case and store it.

    The complaint is the institution's; service addresses, undisputed facts and the report are made by the
    mediator or the centre, everything else by any party too. What the paper needs and the case lacks is named
    in `missing`. `signed_agreement` is the stored agreement with the hub's signature. A complaint as `xlsx`
    or `json` is its element table (要素表).
    """
    return Reply(CaseDocumentOut.of(make_document(call.hub, call.actor, case_id, body.request())))


@operations.get(
    "/v1/cases/{case_id}/documents",
    "文书列表",
    Answered(model=CaseDocumentListOut),
    actions=(Action.READ_DOCUMENTS,),
    refusals=(CaseNotFound,),
)
def list_case_documents(call: Call, case_id: CaseId) -> Reply:
    """List the case's papers that you may see, the oldest first."""
    papers = list_documents(call.hub, call.actor, case_id)
    return Reply(CaseDocumentListOut(items=[CaseDocumentOut.of(paper) for paper in papers]))


@operations.get(
    "/v1/cases/{case_id}/documents/{document_id}",
    "下载文书",
    Answered(model=None, headers=("Content-Digest",), media_types=(PDF, DOCX, XLSX, JSON), also=(SEE_OTHER,)),
    actions=(Action.READ_DOCUMENTS,),
    refusals=(CaseNotFound, PaperNotFound),
)
def fetch_case_document(call: Call, case_id: CaseId, document_id: DocumentIdInPath) -> Reply:
    """Fetch a paper's bytes; their SHA-256 is its id.

    One of more than 4 MiB is answered by 303: `Location` gives its bytes for a minute, without a token.
    """
    return file_reply(read_document_of_case(call.hub, call.actor, case_id, document_id))
