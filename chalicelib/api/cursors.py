"""Cursors: the place where a list continues, bound to its caller and its list.

Promise: a cursor sent by another caller or for another resource or filter is refused, so no page is wrong.
It is no secret and needs no key: a forged one can only move within what its caller may see anyway, since
the scope of a list follows from the caller alone. Downside: a caller whose ids change loses its cursors.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import TYPE_CHECKING, Final

from chalicelib.api.refusals import CursorRefused

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor

_BINDING_LENGTH: Final = 16


def cursor_for(actor: Actor, listed: str, after: str) -> str:
    """Write a cursor; `listed` names the resource with its filters, `after` the place in it."""
    text = json.dumps([_binding(actor, listed), after])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(cursor: str | None, actor: Actor, listed: str, form: str = ".+") -> str | None:
    """Read a cursor's place; raises CursorRefused unless it was given to this caller for this list.

    `form` is the regular expression that a place in this list fits as a whole.
    """
    if cursor is None:
        return None
    try:
        binding, after = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError):
        raise CursorRefused("unreadable") from None
    if binding != _binding(actor, listed) or not isinstance(after, str):
        raise CursorRefused("of another list")
    if re.fullmatch(form, after, re.DOTALL) is None:
        raise CursorRefused("no place in this list")
    return after


def _binding(actor: Actor, listed: str) -> str:
    who = (actor.role, actor.subject, actor.institution_id, actor.mediator_id, actor.judge_id, actor.court_id)
    return hashlib.sha256(repr((*map(str, who), listed)).encode()).hexdigest()[:_BINDING_LENGTH]
