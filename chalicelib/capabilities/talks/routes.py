"""Routes of the talks in writing, for the parties, the mediator and the centre.

Promise: nobody reads another side's thread, and judges, courts and operators read none. Who is shown a
message has read it: the list says for each message who else has. Downside: a page may be short or empty
although more pages follow, because messages that the reader may not read are left out.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, CaseId, Cursor, IdempotencyKey, Limit
from chalicelib.api.refusals import CursorRefused
from chalicelib.api.schemas.base import Answer, InstantText, Request
from chalicelib.api.schemas.fields import Identifier, visible
from chalicelib.capabilities.talks.declaration import (
    MARK_NEED,
    OPEN_JOINT_THREAD,
    READ_MESSAGES,
    WRITE_MESSAGE,
)
from chalicelib.capabilities.talks.model import LONGEST_TEXT, Need
from chalicelib.capabilities.talks.service import (
    Shown,
    mark_need,
    open_joint_thread,
    read_messages,
    write_message,
)
from chalicelib.domain.errors import CaseNotFound, IdempotencyKeyReused, RuleViolated
from chalicelib.domain.roles import Role
from chalicelib.use_cases.records import Idempotency

operations: Final = Operations("talks")
_PLACE: Final = r"[0-9]{1,8}"
_THREAD: Final = "`applicant`, a respondent's party id, or `joint` · 申请方、被申请人编号或共同对话"


class MessageIn(Request):
    """A message to write."""

    text: Annotated[str, visible(longest=LONGEST_TEXT, lines=True)] = Field(
        examples=["请问可以分十二期还吗？"]
    )
    thread: Identifier | None = Field(
        None, description=f"{_THREAD}; a party's own if left out · 当事人未填写时为本方对话", examples=["r1"]
    )


class WrittenOut(Answer):
    """A message as it was written; it is never changed."""

    message_id: str
    thread: str = Field(description=_THREAD, examples=["r1"])
    author: str = Field(
        description="`mediator`, `applicant`, or a respondent's party id · 调解员、申请方或被申请人编号",
        examples=["mediator"],
    )
    at: InstantText
    role: Role
    text: str


class MessageOut(WrittenOut):
    """A message, and who has read it."""

    new: bool = Field(description="Whether you are shown it for the first time · 是否首次显示")
    read_by: list[str] = Field(description="Who else has been shown it · 其他已读者")


class NeedOut(Answer):
    """A party that the centre rings instead of writing to its phone."""

    party_id: str
    need: Need


class MessageListOut(Answer):
    """One page of the messages this reader may read, oldest first, and where it may write."""

    items: list[MessageOut]
    next: str | None
    may_write_in: list[str] = Field(description="The threads open to you, your own first · 可留言的对话")
    joint_open: bool = Field(description="Whether the parties write to each other · 共同对话是否开启")
    needs: list[NeedOut] = Field(description="For mediator and centre only · 仅调解员和中心可见")


class JointIn(Request):
    """Whether the parties may write to each other."""

    open: Annotated[bool, Field(strict=True)]


class JointOut(Answer):
    """Whether the parties may write to each other now."""

    joint_open: bool


class NeedIn(Request):
    """Why a respondent is rung instead of getting a message to its phone."""

    party_id: Identifier = Field(examples=["r1"])
    need: Need | None = Field(None, description="Null removes the mark · 为空则取消标注")


class NeedsOut(Answer):
    """The marked parties of a case."""

    needs: list[NeedOut]


@operations.post(
    "/v1/cases/{case_id}/messages",
    "发送留言",
    Answered(model=WrittenOut, status=201, headers=("Idempotent-Replayed",)),
    actions=(WRITE_MESSAGE,),
    refusals=(CaseNotFound, IdempotencyKeyReused, RuleViolated),
)
def send_message(call: Call, case_id: CaseId, idempotency_key: IdempotencyKey, body: MessageIn) -> Reply:
    """Write to the mediator, or as the mediator to a party; an agent writes for its party.

    It changes neither the case's version nor its events, and is part of no dossier (TY22). A respondent is
    told by a message to its phone, without content, once until it has read; who is marked is rung instead.
    """
    idempotency = Idempotency(
        caller=f"{call.actor.role}#{call.actor.subject}",
        key=idempotency_key,
        body_sha256=_digest(case_id, body),
    )
    added = write_message(call.hub, call.actor, case_id, body.thread, body.text, idempotency)
    headers = {"Idempotent-Replayed": "true"} if added.replayed else {}
    return Reply(WrittenOut.of(added.message), headers, case_id=case_id)


@operations.get(
    "/v1/cases/{case_id}/messages",
    "查询留言",
    Answered(model=MessageListOut),
    actions=(READ_MESSAGES,),
    refusals=(CaseNotFound, CursorRefused),
)
def list_messages(call: Call, case_id: CaseId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List the messages that you may read, oldest first; it is kept that you were shown them.

    A page may be short or empty and still continue: go on while `next` is not null.
    """
    listed = f"messages of {case_id}"
    after = int(place_of(cursor, call.actor, listed, _PLACE) or 0)
    shown = read_messages(call.hub, call.actor, case_id, after, limit)
    following = cursor_for(call.actor, listed, str(shown.page.after)) if shown.page.after else None
    content = MessageListOut(
        items=[_message(shown, number) for number in shown.page.messages],
        next=following,
        may_write_in=list(shown.may_write_in),
        joint_open=shown.threads.joint_open,
        needs=_needs(shown.threads.needs) if call.actor.role in MARK_NEED.roles else [],
    )
    return Reply(content, {"Cache-Control": "no-store"}, case_id=case_id)


@operations.post(
    "/v1/cases/{case_id}/joint-thread",
    "开启或者关闭共同对话",
    Answered(model=JointOut),
    actions=(OPEN_JOINT_THREAD,),
    refusals=(CaseNotFound,),
)
def set_joint_thread(call: Call, case_id: CaseId, body: JointIn) -> Reply:
    """Let the parties write to each other, or end that again; what was written stays readable.

    The same request again changes nothing.
    """
    threads = open_joint_thread(call.hub, call.actor, case_id, opened=body.open)
    return Reply(JointOut(joint_open=threads.joint_open), case_id=case_id)


@operations.post(
    "/v1/cases/{case_id}/party-needs",
    "标注须电话联系的当事人",
    Answered(model=NeedsOut),
    actions=(MARK_NEED,),
    refusals=(CaseNotFound, RuleViolated),
)
def mark_party(call: Call, case_id: CaseId, body: NeedIn) -> Reply:
    """Mark a respondent who can't read, needs a dialect or has no mobile phone, or remove the mark.

    A marked party is not written to: your centre's list of calls (`GET /v1/calls`) has it instead, once until
    the call is made. The same request again changes nothing.
    """
    threads = mark_need(call.hub, call.actor, case_id, body.party_id, body.need)
    return Reply(NeedsOut(needs=_needs(threads.needs)), case_id=case_id)


def _message(shown: Shown, number: int) -> MessageOut:
    message = shown.page.messages[number]
    read_by = [name for name in shown.threads.read_by(message, number) if name != shown.reader]
    return MessageOut.of(message, new=shown.is_new(number), read_by=read_by)


def _needs(needs: Mapping[str, Need]) -> list[NeedOut]:
    return [NeedOut(party_id=party_id, need=need) for party_id, need in sorted(needs.items())]


def _digest(case_id: str, body: MessageIn) -> str:
    # The case is part of the digest: the same key and text on another case is another request.
    content = {"case_id": case_id, "text": body.text, "thread": body.thread}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
