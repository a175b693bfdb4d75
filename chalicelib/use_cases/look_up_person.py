"""Look up an institution's own cases against the holder of an id number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import NotPermitted
from chalicelib.domain.permissions import authorise
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def look_up_person(hub: Hub, actor: Actor, id_number: str) -> tuple[str, ...]:
    """Return case ids; the number is compared through its HMAC and never leaves the request."""
    authorise(actor, Action.LOOK_UP_PERSON)
    if actor.institution_id is None:
        raise NotPermitted(actor.role, Action.LOOK_UP_PERSON)
    return hub.cases.find_by_id_number(actor.institution_id, id_number)
