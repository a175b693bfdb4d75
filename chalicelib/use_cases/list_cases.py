"""List the cases a caller sees, newest filing first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.permissions import authorise, sees
from chalicelib.domain.stages import Action, Stage
from chalicelib.use_cases.records import CasePage

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def list_cases(
    hub: Hub,
    actor: Actor,
    stage: Stage | None,
    after: str | None,
    limit: int,
    *,
    case_number: str | None = None,
) -> CasePage:
    """Return one page; the scope follows from the actor alone, so a cursor can't widen it.

    With a case's number the page holds that case, if it is at the stage and the actor sees it.
    """
    authorise(actor, Action.LIST)
    if case_number is None:
        page = hub.cases.list_for(actor, stage, after, limit)
    else:
        page = _numbered(hub, stage, case_number)
    if page.unreadable:
        hub.metrics.count("CasesUnreadable", len(page.unreadable))
    # The index selects by one id; only the domain decides who sees a case.
    return replace(page, cases=tuple(case for case in page.cases if sees(actor, case)))


def _numbered(hub: Hub, stage: Stage | None, case_number: str) -> CasePage:
    found = [hub.cases.get(case_id) for case_id in hub.cases.find_by_number(case_number)]
    return CasePage(cases=tuple(case for case in found if stage in {None, case.stage}), after=None)
