"""Read a document of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import PaperNotFound
from chalicelib.domain.papers import may_see
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.stages import Action
from chalicelib.use_cases.records import Fetched

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def read_document_of_case(hub: Hub, actor: Actor, case_id: str, document_id: str) -> Fetched:
    """Return a document; raises NotPermitted, CaseNotFound, or PaperNotFound if it may not be seen."""
    authorise(actor, Action.READ_DOCUMENTS)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.READ_DOCUMENTS, case)
    stored, content = hub.papers.get(case_id, document_id)
    if not may_see(actor, case, stored):
        raise PaperNotFound(document_id)
    return Fetched(
        content=content,
        sha256=stored.sha256,
        media_type=stored.media_type,
        link=lambda: hub.papers.link(case_id, document_id),
    )
