"""Routes of who was told of what, and of the calls that the centre has to make.

Promise: both hold ids, codes and times only, no text, phone, code or link. A party reads what it was told
itself. Whoever rings reads the number with the case's contacts, where the look is on record.
Downside: the list of calls says what a person has to be told, not whether it is still true.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from typing import Annotated, Final, Literal

from pydantic import Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, CaseId, Cursor, Limit
from chalicelib.api.refusals import CursorRefused
from chalicelib.api.schemas.base import Answer, InstantText, Request
from chalicelib.capabilities.calls.declaration import END_CALL, READ_CALLS, READ_NOTICES
from chalicelib.capabilities.calls.service import end_call, read_calls, read_notices
from chalicelib.domain.errors import CaseNotFound
from chalicelib.domain.liability import LiabilityKind
from chalicelib.domain.parties import Side, liability_of

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


class NoticeOut(Answer):
    """That a party was told of something, or is to be: no text, no phone, no code, no link."""

    kind: str = Field(description="See the guide on messages · 告知事项", examples=["invited"])
    party_id: str
    side: Side
    liability: LiabilityKind | None = Field(description="As what a respondent answers · 责任性质")
    channel: Literal["sms"] = "sms"
    state: str = Field(
        description="`owed`; then `sent`, `failed`, `not_reachable` (the centre rings), `lapsed` (not true "
        "when its turn came), `unsent` (no gateway); `over`: an earlier release kept no outcome · 状态",
        examples=["sent"],
    )
    asked_at: InstantText | None = Field(description="When its cause happened; null for a code · 应告知时间")
    not_before: InstantText | None = Field(description="A reminder's day · 提醒日")
    ended_at: InstantText | None = Field(
        description="When it was handed to the gateway, or given up · 发送时间"
    )


class NoticeListOut(Answer):
    """One page of messages, the oldest first."""

    items: list[NoticeOut]
    next: str | None


@operations.get(
    "/v1/cases/{case_id}/notices",
    "查询短信告知记录",
    Answered(model=NoticeListOut),
    actions=(READ_NOTICES,),
    refusals=(CaseNotFound, CursorRefused),
)
def list_notices(call: Call, case_id: CaseId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List who was told of what by message, the oldest first; a party reads what it was told itself."""
    listed = f"notices of {case_id}"
    begin = int(place_of(cursor, call.actor, listed, "[0-9]{1,6}") or 0)
    case, told = read_notices(call.hub, call.actor, case_id)
    parties = {party.party_id: party for party in case.parties}
    items = [
        NoticeOut.of(each, side=party.side, liability=liability_of(party), channel="sms")
        for each in told[begin : begin + limit]
        for party in (parties[each.party_id],)
    ]
    more = begin + limit < len(told)
    following = cursor_for(call.actor, listed, str(begin + limit)) if more else None
    return Reply(NoticeListOut(items=items, next=following))


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
