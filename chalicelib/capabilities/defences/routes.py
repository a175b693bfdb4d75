"""Routes of the statements of defence: a respondent states one, bank, mediator and centre read it.

Promise: of the respondents each reads its own only. Downside: a page may be short or empty although more
pages follow, because statements that the reader may not read are left out.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import hashlib
import json
from typing import Annotated, Final

from pydantic import Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, CaseId, Cursor, IdempotencyKey, Limit
from chalicelib.api.refusals import CursorRefused
from chalicelib.api.schemas.base import Answer, InstantText, Request
from chalicelib.api.schemas.fields import visible
from chalicelib.capabilities.defences.declaration import READ_DEFENCES, STATE_DEFENCE
from chalicelib.capabilities.defences.model import LONGEST_TEXT
from chalicelib.capabilities.defences.service import read_defences, state_defence
from chalicelib.domain.errors import CaseNotFound, IdempotencyKeyReused
from chalicelib.use_cases.records import Idempotency

operations: Final = Operations("defences")
_PLACE: Final = r"[0-9]{1,8}"


class DefenceIn(Request):
    """What you say about the claim."""

    text: Annotated[str, visible(longest=LONGEST_TEXT, lines=True)] = Field(
        examples=["已还款五千元未计入，罚息利率与合同不符。"]
    )
    for_court: Annotated[bool, Field(strict=True)] = Field(
        False,
        description="Whether it goes to the court if the bank sues; your last statement counts · "
        "起诉时是否随案移送法院，以最后一次为准",
    )


class DefenceOut(Answer):
    """A statement as it was made; it is never changed."""

    defence_id: str
    party_id: str
    agent_id: str | None = Field(description="Which agent of the party stated it · 由代理人提出的，其编号")
    at: InstantText
    for_court: bool
    text: str


class DefenceListOut(Answer):
    """One page of the statements this reader may read, oldest first."""

    items: list[DefenceOut]
    next: str | None


@operations.post(
    "/v1/cases/{case_id}/defences",
    "提交答辩意见",
    Answered(model=DefenceOut, status=201, headers=("Idempotent-Replayed",)),
    actions=(STATE_DEFENCE,),
    refusals=(CaseNotFound, IdempotencyKeyReused),
)
def state_a_defence(call: Call, case_id: CaseId, idempotency_key: IdempotencyKey, body: DefenceIn) -> Reply:
    """State your defence, or your party's as its agent; bank, mediator and centre read it, others do not.

    It changes neither the case's version nor its events. It is in a dossier only if your last statement says
    `for_court`, and only of a suit.
    """
    idempotency = Idempotency(
        caller=f"{call.actor.role}#{call.actor.subject}",
        key=idempotency_key,
        body_sha256=_digest(case_id, body),
    )
    stated = state_defence(
        call.hub, call.actor, case_id, body.text, for_court=body.for_court, idempotency=idempotency
    )
    headers = {"Idempotent-Replayed": "true"} if stated.replayed else {}
    return Reply(DefenceOut.of(stated.defence), headers, case_id=case_id)


@operations.get(
    "/v1/cases/{case_id}/defences",
    "查询答辩意见",
    Answered(model=DefenceListOut),
    actions=(READ_DEFENCES,),
    refusals=(CaseNotFound, CursorRefused),
)
def list_defences(call: Call, case_id: CaseId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List what the parties said in their defence, oldest first; a respondent reads its own.

    A page may be short or empty and still continue: go on while `next` is not null.
    """
    listed = f"defences of {case_id}"
    after = int(place_of(cursor, call.actor, listed, _PLACE) or 0)
    page = read_defences(call.hub, call.actor, case_id, after, limit)
    following = cursor_for(call.actor, listed, str(page.after)) if page.after else None
    return Reply(DefenceListOut(items=[DefenceOut.of(each) for each in page.defences], next=following))


def _digest(case_id: str, body: DefenceIn) -> str:
    # The case is part of the digest: the same key and text on another case is another request.
    content = {"case_id": case_id, "text": body.text, "for_court": body.for_court}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
