"""Routes of the calls that the centre has to make to people whom no message reaches.

Promise: the list holds ids and codes only; whoever rings reads the number with the case's contacts, where the
look is on record. Downside: the list says what a person has to be told, not whether it is still true.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from typing import Annotated, Final

from pydantic import Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, Cursor, Limit
from chalicelib.api.refusals import CursorRefused
from chalicelib.api.schemas.base import Answer, InstantText, Request
from chalicelib.capabilities.calls.declaration import END_CALL, READ_CALLS
from chalicelib.capabilities.calls.service import end_call, read_calls

operations: Final = Operations("calls")

_CALL_ID: Final = r"[0-9A-Za-z:.+_-]{1,200}"
_LISTED: Final = "calls"


class CallOut(Answer):
    """Somebody whom no message reached, and what it was about; the number is among the case's contacts."""

    call_id: str
    case_id: str
    case_number: str | None
    party_id: str
    kind: str = Field(
        description="What to tell; see the guide on messages · 需告知的事项", examples=["invited"]
    )
    at: InstantText


class CallListOut(Answer):
    """One page of calls, the oldest first."""

    items: list[CallOut]
    next: str | None


class CallEndedIn(Request):
    """A call that was made."""

    call_id: Annotated[str, Field(pattern=f"^{_CALL_ID}$")] = Field(description="As listed · 名单所列编号")


class CallEndedOut(Answer):
    """The call that is off the list."""

    call_id: str


@operations.get(
    "/v1/calls",
    "待电话联系名单",
    Answered(model=CallListOut),
    actions=(READ_CALLS,),
    refusals=(CursorRefused,),
)
def list_calls(call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List whom your centre has to ring because no message reaches them, the oldest first."""
    after = place_of(cursor, call.actor, _LISTED, _CALL_ID)
    page = read_calls(call.hub, call.actor, after, limit)
    following = cursor_for(call.actor, _LISTED, page.after) if page.after else None
    return Reply(CallListOut(items=[CallOut.of(each) for each in page.calls], next=following))


@operations.post(
    "/v1/calls/ended",
    "登记已电话告知",
    Answered(model=CallEndedOut),
    actions=(END_CALL,),
)
def end(call: Call, body: CallEndedIn) -> Reply:
    """Record that you told the person by telephone: the call leaves the list, who rang stays on record.

    The same request again, or one about a call that is off the list, changes nothing.
    """
    end_call(call.hub, call.actor, body.call_id)
    return Reply(CallEndedOut(call_id=body.call_id))
