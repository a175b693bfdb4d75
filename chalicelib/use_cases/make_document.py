"""Make a document of a case: a paper from the case's data, stored under the hash of its bytes.

Promise: the same request twice on one day stores one document and returns it twice; an agreement that
somebody has signed is never drawn anew. Downside: a paper made from other facts, or on another day, is
another document; none is ever removed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import NotPermitted, PaperNotPossible
from chalicelib.domain.papers import PDF, PaperKind, may_make
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.stages import Action
from chalicelib.use_cases.capability_ports import EnrolledInstitution
from chalicelib.use_cases.paper_sources import sources_of
from chalicelib.use_cases.papers import TABLES, what_is_missing
from chalicelib.use_cases.service_addresses import record_confirmed

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.papers import StoredPaper
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.papers import PaperRequest, PaperSources, TableColumn
    from chalicelib.use_cases.ports import Hub


def make_document(hub: Hub, actor: Actor, case_id: str, request: PaperRequest) -> StoredPaper:
    """Make and store a paper; raises NotPermitted, CaseNotFound or PaperNotPossible."""
    authorise(actor, Action.MAKE_DOCUMENT)
    if not may_make(actor.role, request.kind):
        raise NotPermitted(actor.role, f"{Action.MAKE_DOCUMENT} of kind {request.kind}")
    if request.wanted in TABLES and request.kind is not PaperKind.COMPLAINT:
        raise PaperNotPossible(request.kind, ("pdf",))
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.MAKE_DOCUMENT, case)
    if signed := _signed_already(hub, case, request):
        return signed
    sources = sources_of(hub, case, request)
    if request.table_id is not None:
        sources = replace(sources, columns=_own_columns(hub, case, request))
    if request.kind is PaperKind.SIGNED_AGREEMENT:
        return _signed(hub, actor, request, sources)
    if request.kind is PaperKind.SERVICE_ADDRESS and not what_is_missing(request.kind, sources):
        record_confirmed(hub, case, sources, actor.role)
    paper = hub.renderer.make(request.kind, sources, request.wanted, request.template_id)
    # Only a confirmation of address belongs to one party; every other paper belongs to the case.
    party_id = request.party_id if request.kind is PaperKind.SERVICE_ADDRESS else None
    kept = paper.kept(case_id, made_by=actor.role, at=hub.clock.now(), party_id=party_id)
    return hub.papers.add(paper, kept)


def _own_columns(hub: Hub, case: Case, request: PaperRequest) -> tuple[TableColumn, ...]:
    """Return the columns of the institution's own table; raises PaperNotPossible if it has no such table."""
    columns = hub.part(EnrolledInstitution).columns(case, request.table_id or "")
    if not columns or request.wanted not in TABLES:
        raise PaperNotPossible(request.kind, ("table",))
    return tuple(columns)


def _signed_already(hub: Hub, case: Case, request: PaperRequest) -> StoredPaper | None:
    """Return the agreement that somebody has signed: it is not drawn anew, whatever was corrected since."""
    if request.kind is not PaperKind.MEDIATION_AGREEMENT or request.wanted != "pdf" or not case.signatures:
        return None
    return _to_sign(hub.papers.list(case.case_id), case.agreement_sha256)


def _signed(hub: Hub, actor: Actor, request: PaperRequest, sources: PaperSources) -> StoredPaper:
    if request.wanted != "pdf":
        raise PaperNotPossible(request.kind, ("pdf",))
    case = sources.case
    if not case.party_ids <= case.signatures:
        # The hub signs only an agreement in force (TY24), not a draft.
        raise PaperNotPossible(request.kind, ("signatures",))
    stored = hub.papers.list(case.case_id)
    agreement = _to_sign(stored, sources.signed_document)
    if agreement is None:
        raise PaperNotPossible(request.kind, ("agreement",))
    # A signature includes its time, so a second one would make another document.
    earlier = next((paper for paper in stored if paper.of == agreement.document_id), None)
    if earlier is not None:
        return earlier
    _, content = hub.papers.get(case.case_id, agreement.document_id)
    paper = hub.renderer.sign(content, sources, agreement.template_id)
    kept = paper.kept(case.case_id, made_by=actor.role, at=hub.clock.now(), of=agreement.document_id)
    return hub.papers.add(paper, kept)


def _to_sign(stored: tuple[StoredPaper, ...], signed_document: str | None) -> StoredPaper | None:
    """Return the agreement that the parties signed; the newest if `signed_document` is None."""
    fitting = [
        paper
        for paper in stored
        if paper.kind is PaperKind.MEDIATION_AGREEMENT
        and paper.media_type == PDF
        and signed_document in {None, paper.document_id}
    ]
    return fitting[-1] if fitting else None
