"""The route of the work lists.

Promise: a reader gets its own list, the staff of a centre their centre's; it names cases by number and holds
nothing personal. Downside: what was done a moment ago may stand in the list a moment longer.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from typing import Final

from pydantic import Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.languages import Language
from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, Cursor, Limit
from chalicelib.api.refusals import CursorRefused
from chalicelib.api.schemas.base import Answer, InstantText
from chalicelib.capabilities.worklists.declaration import READ_WORK
from chalicelib.capabilities.worklists.service import read_work
from chalicelib.domain.work import Work, WorkKind

operations: Final = Operations("worklists")

_LISTED: Final = "work"
_PLACE: Final = r"[0-9T:.+-]{20,40}#[0-9A-Za-z#:.+_-]{1,400}"


class WorkOut(Answer):
    """Something you have to do about a case, until when, and by which rule."""

    kind: WorkKind
    title: str = Field(description="In the answer's language · 待办事项", examples=["decide an objection"])
    case_id: str
    case_number: str | None
    due_at: InstantText | None = Field(
        description="The end of its term; null for what has none · 期限届满时间，无期限的为 null"
    )
    waits_since: InstantText | None = Field(
        description="Since when it waits, where no term is set · 无期限事项的开始等待时间"
    )
    overdue: bool = Field(description="Whether its term has passed · 是否已逾期")
    basis: str = Field(description="The rule that asks for it · 依据", examples=["OL10"])
    about: str | None = Field(
        description="A session's or a call's id, or an act and its party; null where a case has one such "
        "work at most · 所涉调解会、电话或者代为登记事项"
    )


class WorkListOut(Answer):
    """One page of work, what ends first on top; it may be short although more follow."""

    items: list[WorkOut]
    next: str | None


@operations.get(
    "/v1/work",
    "待办清单",
    Answered(model=WorkListOut),
    actions=(READ_WORK,),
    refusals=(CursorRefused,),
)
def list_work(call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List what you have to do next, what ends first on top; the centre's staff read their centre's list."""
    after = place_of(cursor, call.actor, _LISTED, _PLACE)
    page = read_work(call.hub, call.actor, after, limit)
    following = cursor_for(call.actor, _LISTED, page.after) if page.after else None
    items = [_shown(call, work) for work in page.works]
    return Reply(WorkListOut(items=items, next=following))


def _shown(call: Call, work: Work) -> WorkOut:
    kind = work.of_kind
    return WorkOut.of(
        work,
        title=kind.zh if call.language is Language.ZH else kind.en,
        due_at=work.due_at if kind.limited else None,
        waits_since=None if kind.limited else work.due_at,
        overdue=kind.limited and work.due_at <= call.hub.clock.now(),
        basis=kind.source,
        about=work.about or None,
    )
