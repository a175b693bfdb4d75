"""List the cases a caller sees, newest filing first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.permissions import authorise
from chalicelib.domain.stages import Action, Stage

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import CasePage


def list_cases(hub: Hub, actor: Actor, stage: Stage | None, after: str | None, limit: int) -> CasePage:
    """Return one page; the scope follows from the actor alone, so a cursor can't widen it."""
    authorise(actor, Action.LIST)
    return hub.cases.list_for(actor, stage, after, limit)
