"""Routes of the notes on a case, for everybody who handles it.

Promise: a note is for its author's role, the mediator and the centre, and for the parties if it is shared;
judges, courts and operators are refused. Downside: a page may be short or empty although more
pages follow, because notes that the reader may not read are left out.
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
from chalicelib.capabilities.notes.declaration import ADD_NOTE, READ_NOTES
from chalicelib.capabilities.notes.model import LONGEST_TEXT
from chalicelib.capabilities.notes.service import add_note, read_notes
from chalicelib.domain.errors import CaseNotFound, IdempotencyKeyReused
from chalicelib.domain.roles import Role
from chalicelib.use_cases.loading import name_by
from chalicelib.use_cases.records import Idempotency

operations: Final = Operations("notes")


class NoteIn(Request):
    """A note to write."""

    text: Annotated[str, visible(longest=LONGEST_TEXT, lines=True)] = Field(
        examples=["借款人周三以后才有空接电话"]
    )
    shared: Annotated[bool, Field(strict=True)] = Field(
        False, description="Whether the parties may read it, beside the mediator and the centre · 当事人可见"
    )


class NoteOut(Answer):
    """A note as it was written; it is never changed."""

    note_id: str
    at: InstantText
    role: Role
    subject: str
    name: str | None = Field(
        description="Of one of the court's people: the roster's name for it, where notes are read · 姓名"
    )
    shared: bool
    text: str


class NoteListOut(Answer):
    """One page of the notes this reader may read, oldest first."""

    items: list[NoteOut]
    next: str | None


@operations.post(
    "/v1/cases/{case_id}/notes",
    "添加案件备注",
    Answered(model=NoteOut, status=201, headers=("Idempotent-Replayed",)),
    actions=(ADD_NOTE,),
    refusals=(CaseNotFound, IdempotencyKeyReused),
)
def write_note(call: Call, case_id: CaseId, idempotency_key: IdempotencyKey, body: NoteIn) -> Reply:
    """Write a note on a case, ended or not.

    The author's role, the mediator and the centre can read it, and the parties if it is `shared`. It changes
    neither the case's version nor its events, and is part of no dossier.
    """
    idempotency = Idempotency(
        caller=f"{call.actor.role}#{call.actor.subject}",
        key=idempotency_key,
        body_sha256=_digest(case_id, body),
    )
    added = add_note(call.hub, call.actor, case_id, body.text, shared=body.shared, idempotency=idempotency)
    headers = {"Idempotent-Replayed": "true"} if added.replayed else {}
    return Reply(NoteOut.of(added.note, name=None), headers, case_id=case_id)


@operations.get(
    "/v1/cases/{case_id}/notes",
    "查询案件备注",
    Answered(model=NoteListOut),
    actions=(READ_NOTES,),
    refusals=(CaseNotFound, CursorRefused),
)
def list_notes(call: Call, case_id: CaseId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List the notes on a case that you may read, oldest first.

    A page may be short or empty and still continue: go on while `next` is not null.
    """
    listed = f"notes of {case_id}"
    after = place_of(cursor, call.actor, listed) or "0"
    if not after.isdecimal():
        raise CursorRefused("no place in a log")
    page = read_notes(call.hub, call.actor, case_id, int(after), limit)
    following = cursor_for(call.actor, listed, str(page.after)) if page.after else None
    items = [NoteOut.of(note, name=name_by(page.names, note)) for note in page.notes]
    return Reply(NoteListOut(items=items, next=following))


def _digest(case_id: str, body: NoteIn) -> str:
    # The case is part of the digest: the same key and text on another case is another request.
    content = {"case_id": case_id, "text": body.text, "shared": body.shared}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
