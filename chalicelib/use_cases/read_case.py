"""Read a case: the record, what the caller may do next, and its parties if the caller may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.permissions import authorise, authorise_on, may
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import CaseView, names_on, view_of

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def read_case(hub: Hub, actor: Actor, case_id: str) -> CaseView:
    """Read a case; raises CaseNotFound also for a case that the caller may not see."""
    authorise(actor, Action.READ)
    if not may(actor, Action.READ_PARTIES):
        case = hub.cases.get(case_id)
        authorise_on(actor, Action.READ, case)
        return view_of(hub, actor, case)
    case, details = hub.cases.with_details(case_id)
    authorise_on(actor, Action.READ, case)
    return view_of(hub, actor, case, details(), names_on(hub, actor, (case,)))
