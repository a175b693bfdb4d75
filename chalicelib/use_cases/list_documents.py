"""List the documents of a case that the caller may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.papers import may_see
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from chalicelib.domain.papers import StoredPaper
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def list_documents(hub: Hub, actor: Actor, case_id: str) -> tuple[StoredPaper, ...]:
    """Return the documents, the oldest first; raises NotPermitted or CaseNotFound."""
    authorise(actor, Action.READ_DOCUMENTS)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.READ_DOCUMENTS, case)
    return tuple(paper for paper in hub.papers.list(case_id) if may_see(actor, case, paper))
