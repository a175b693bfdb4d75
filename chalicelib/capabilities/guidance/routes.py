"""Routes of the judge's guidance, for the mediator and the judge of a case, and of the parties' consents.

Promise: no party and no bank reads a question or an advice, and the judge sees a draft only when every party
has consented, and not before that is on record. Downside: a judge's list of open questions may have a short
page although more follow, because it is the list of its court.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import hashlib
import json
from typing import Annotated, Final, Literal

from pydantic import Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.operations import SEE_OTHER, Answered, Call, Operations, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, CaseId, Cursor, IdempotencyKey, Limit
from chalicelib.api.presenting import file_reply
from chalicelib.api.refusals import CursorRefused
from chalicelib.api.schemas.base import Answer, InstantText, Request
from chalicelib.api.schemas.fields import visible
from chalicelib.api.schemas.settlements import Sha256
from chalicelib.capabilities.guidance.declaration import (
    ADVISE,
    ASK_JUDGE,
    CONSENT_TO_SHOW,
    READ_DRAFT,
    READ_DRAFT_CONSENTS,
    READ_GUIDANCE,
    READ_QUESTIONS,
)
from chalicelib.capabilities.guidance.model import LONGEST_TEXT, Advice
from chalicelib.capabilities.guidance.service import (
    consent_to_show,
    read_draft,
    read_draft_consents,
    read_guidance,
    read_open_questions,
    write_guidance,
)
from chalicelib.domain.errors import CaseNotFound, IdempotencyKeyReused, RuleViolated, TextTellsOfParties
from chalicelib.domain.papers import PDF
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.records import Idempotency

operations: Final = Operations("guidance")
_NUMBER: Final = r"[0-9]{1,8}"
_PLACE: Final = r"[0-9A-Za-z:.+_-]{1,200}"
_LISTED: Final = "open questions"


class GuidanceIn(Request):
    """A question of the mediator, or an advice of the judge."""

    text: Annotated[str, visible(longest=LONGEST_TEXT, lines=True)] = Field(
        description="About the law only: no names, numbers or terms · 只谈法律问题，不涉及当事人和方案",
        examples=["保证期间届满后，保证人自愿还款的，能否反悔？"],
    )


class GuidanceOut(Answer):
    """A question or an advice as it was written; it is never changed."""

    entry_id: str
    kind: Literal["question", "advice"]
    person_id: str | None = Field(description="The mediator's or judge's id · 调解员或法官编号")
    at: InstantText
    text: str


class DraftOut(Answer):
    """The draft of the agreement: whether the judge may see it."""

    document_sha256: str | None = Field(
        description="The agreement as it is drawn up; null if you may know of none · 协议草案的摘要"
    )
    consents: list[str] = Field(description="Parties that let the judge see it · 已同意出示的当事人")
    missing: list[str] = Field(description="Parties that do not yet · 尚未同意的当事人")
    given: bool = Field(description="Whether your own side has consented · 本方是否已同意")
    shown: bool = Field(description="Whether the judge may see it · 法官是否可以查看")
    seen_by: list[str] = Field(description="Judges who have seen one · 已查看草案的法官")


class GuidanceListOut(Answer):
    """One page of the guidance on a case, oldest first."""

    items: list[GuidanceOut]
    next: str | None
    asked_at: InstantText | None = Field(description="Since when a question waits · 待答复问题的提出时间")
    draft: DraftOut


class QuestionOut(Answer):
    """A case of yours whose mediator waits for an advice."""

    case_id: str
    case_number: str | None
    stage: Stage
    asked_at: InstantText


class QuestionListOut(Answer):
    """One page of the cases whose mediators wait for an advice, oldest question first."""

    items: list[QuestionOut]
    next: str | None


class DraftConsentIn(Request):
    """Whether the judge may see the draft of your agreement."""

    document_sha256: Sha256 = Field(description="The agreement that you have read · 所阅调解协议的 SHA-256")
    given: Annotated[bool, Field(strict=True)] = Field(
        True, description="False takes a consent back · 为 false 时撤回同意"
    )


@operations.post(
    "/v1/cases/{case_id}/guidance",
    "向法官提问或者提供指导",
    Answered(model=GuidanceOut, status=201, headers=("Idempotent-Replayed",)),
    actions=(ASK_JUDGE, ADVISE),
    refusals=(CaseNotFound, IdempotencyKeyReused, RuleViolated, TextTellsOfParties),
)
def ask_or_advise(call: Call, case_id: CaseId, idempotency_key: IdempotencyKey, body: GuidanceIn) -> Reply:
    """Ask the judge of the case about the law, as its mediator, or advise, as its judge.

    Until every party has let the judge see a draft, a text with a party's name or number or an offered amount
    is refused, naming what was `found`. It changes neither the case's version nor its events. Once the case
    is at the court there is no guidance.
    """
    content = json.dumps({"case_id": case_id, "text": body.text}, sort_keys=True)
    idempotency = Idempotency(
        caller=f"{call.actor.role}#{call.actor.subject}",
        key=idempotency_key,
        body_sha256=hashlib.sha256(content.encode()).hexdigest(),
    )
    added = write_guidance(call.hub, call.actor, case_id, body.text, idempotency)
    headers = {"Idempotent-Replayed": "true"} if added.replayed else {}
    return Reply(_written(added.advice), headers, case_id=case_id)


@operations.get(
    "/v1/cases/{case_id}/guidance",
    "查询法官指导",
    Answered(model=GuidanceListOut),
    actions=(READ_GUIDANCE,),
    refusals=(CaseNotFound, CursorRefused),
)
def list_guidance(call: Call, case_id: CaseId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List the questions and advices of a case, oldest first, and what the judge may see of a draft."""
    listed = f"guidance on {case_id}"
    after = int(place_of(cursor, call.actor, listed, _NUMBER) or 0)
    shown = read_guidance(call.hub, call.actor, case_id, after, limit)
    following = cursor_for(call.actor, listed, str(shown.page.after)) if shown.page.after else None
    content = GuidanceListOut(
        items=[_written(each) for each in shown.page.entries.values()],
        next=following,
        asked_at=shown.asked_at.isoformat() if shown.asked_at else None,
        draft=DraftOut.of(shown.draft),
    )
    return Reply(content, {"Cache-Control": "no-store"}, case_id=case_id)


@operations.get(
    "/v1/guidance",
    "待答复的问题",
    Answered(model=QuestionListOut),
    actions=(READ_QUESTIONS,),
    refusals=(CursorRefused,),
)
def list_questions(call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List your cases whose mediators wait for an advice, oldest question first.

    A page may be short or empty and still continue: go on while `next` is not null.
    """
    waiting, after = read_open_questions(
        call.hub, call.actor, place_of(cursor, call.actor, _LISTED, _PLACE), limit
    )
    items = [
        QuestionOut(
            case_id=each.case.case_id,
            case_number=each.case.case_number,
            stage=each.case.stage,
            asked_at=each.asked_at.isoformat(),
        )
        for each in waiting
    ]
    return Reply(QuestionListOut(items=items, next=cursor_for(call.actor, _LISTED, after) if after else None))


@operations.get(
    "/v1/cases/{case_id}/guidance/draft",
    "查看调解协议草案",
    Answered(model=None, headers=("Content-Digest",), media_types=(PDF,), also=(SEE_OTHER,)),
    actions=(READ_DRAFT,),
    refusals=(CaseNotFound, RuleViolated),
)
def show_draft(call: Call, case_id: CaseId) -> Reply:
    """Fetch the draft of the agreement, once every party has consented; that you saw it is recorded first.

    If the talks fail, the transfer tells the court who has seen a draft.
    """
    return file_reply(read_draft(call.hub, call.actor, case_id))


@operations.post(
    "/v1/cases/{case_id}/draft-consents",
    "同意将协议草案出示给法官",
    Answered(model=DraftOut),
    actions=(CONSENT_TO_SHOW,),
    refusals=(CaseNotFound, RuleViolated),
)
def consent_to_show_draft(call: Call, case_id: CaseId, body: DraftConsentIn) -> Reply:
    """Let the judge see the draft of your agreement before you sign, or take that back while it stands.

    The judge sees it when every party that it binds has consented. The same request again changes nothing.
    """
    draft = consent_to_show(call.hub, call.actor, case_id, body.document_sha256, given=body.given)
    return Reply(DraftOut.of(draft), case_id=case_id)


@operations.get(
    "/v1/cases/{case_id}/draft-consents",
    "查询出示草案的同意情况",
    Answered(model=DraftOut),
    actions=(READ_DRAFT_CONSENTS,),
    refusals=(CaseNotFound,),
)
def show_draft_consents(call: Call, case_id: CaseId) -> Reply:
    """Show which draft there is and which parties let the judge see it."""
    return Reply(DraftOut.of(read_draft_consents(call.hub, call.actor, case_id)))


def _written(advice: Advice) -> GuidanceOut:
    return GuidanceOut.of(advice, kind="advice" if advice.role is Role.JUDGE else "question")
