"""List the cases a caller sees, newest filing first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.permissions import authorise, sees
from chalicelib.domain.stages import Action, Stage

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import CasePage


def list_cases(hub: Hub, actor: Actor, stage: Stage | None, after: str | None, limit: int) -> CasePage:
    """Return one page; the scope follows from the actor alone, so a cursor can't widen it."""
    authorise(actor, Action.LIST)
    page = hub.cases.list_for(actor, stage, after, limit)
    if page.unreadable:
        hub.metrics.count("CasesUnreadable", len(page.unreadable))
    # The index selects by one id; only the domain decides who sees a case.
    return replace(page, cases=tuple(case for case in page.cases if sees(actor, case)))
