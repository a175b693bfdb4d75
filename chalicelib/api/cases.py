"""Routes for every role: read one case, a list of cases, and the events of a case.

Promise: a caller sees its own tenant's cases and never learns whether others' cases exist.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from typing import Annotated

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.operations import Answered, Call, Operations, Place, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, CaseId, Cursor, Limit
from chalicelib.api.presenting import case_reply, without_details
from chalicelib.api.refusals import CursorRefused
from chalicelib.api.schemas.cases import CaseListOut, CaseOut, UnreadableCaseOut, case_out
from chalicelib.api.schemas.events import EventListOut, link_out
from chalicelib.api.schemas.fields import visible
from chalicelib.domain.errors import CaseNotFound
from chalicelib.domain.permissions import shown
from chalicelib.domain.stages import Action, Stage
from chalicelib.observability import log
from chalicelib.use_cases.list_cases import list_cases
from chalicelib.use_cases.loading import names_on
from chalicelib.use_cases.read_case import read_case
from chalicelib.use_cases.read_events import read_events

operations = Operations("cases")

NumberFilter = Annotated[
    str | None,
    visible(longest=64, examples=["蕉调〔2026〕123号"]),
    Place("query", "Only the case with this number, however its brackets are typed · 案号"),
]
StageFilter = Annotated[Stage | None, Place("query", "Only cases at this stage · 仅限该阶段的案件")]


@operations.get(
    "/v1/cases",
    "案件列表",
    Answered(model=CaseListOut),
    actions=(Action.LIST,),
    refusals=(CursorRefused,),
)
def list_own_cases(
    call: Call,
    stage: StageFilter = None,
    case_number: NumberFilter = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Reply:
    """List the cases you see, newest filing first.

    A page may be short or empty and still continue: go on while `next` is not null.
    Lists show no personal data of parties.
    """
    listed = f"cases?stage={stage or ''}" + (f"&case_number={case_number}" if case_number else "")
    after = place_of(cursor, call.actor, listed)
    page = list_cases(call.hub, call.actor, stage, after, limit, case_number=case_number)
    names = names_on(call.hub, call.actor, page.cases)
    for unreadable in page.unreadable:
        log.error("case_unreadable", extra={"case_id": unreadable.case_id, "code": unreadable.code})
    return Reply(
        CaseListOut(
            items=[case_out(without_details(call, case, names), call.actor) for case in page.cases],
            unreadable=[UnreadableCaseOut.of(unreadable) for unreadable in page.unreadable],
            next=cursor_for(call.actor, listed, page.after) if page.after else None,
        )
    )


@operations.get(
    "/v1/cases/{case_id}",
    "查询案件",
    Answered(model=CaseOut, headers=("ETag",)),
    actions=(Action.READ,),
    refusals=(CaseNotFound,),
)
def show_case(call: Call, case_id: CaseId) -> Reply:
    """Read a case, its masked parties, and what you may do next.

    Send the ETag in `If-Match` with the act that you decide on.
    """
    return case_reply(call, read_case(call.hub, call.actor, case_id))


@operations.get(
    "/v1/cases/{case_id}/events",
    "案件经过",
    Answered(model=EventListOut),
    actions=(Action.READ,),
    refusals=(CaseNotFound, CursorRefused),
)
def list_events(call: Call, case_id: CaseId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List what happened to a case, oldest first, each event chained to its predecessor by SHA-256.

    A court's people are not told of offers, nor of what was agreed before it is in force (TY22): they get a
    stub in such an event's place (`sequence`, `previous`, `hash`), and the chain still verifies.
    """
    listed = f"events of {case_id}"
    after = place_of(cursor, call.actor, listed)
    page = read_events(call.hub, call.actor, case_id, _sequence(after), limit)
    events = page.events
    following = cursor_for(call.actor, listed, str(events[-1].sequence)) if len(events) == limit else None
    links = [link_out(shown(event, call.actor), page.names) for event in events]
    return Reply(EventListOut(items=links, next=following))


def _sequence(after: str | None) -> int:
    if after is not None and not after.isdecimal():
        raise CursorRefused("no place in a chain")
    return int(after or 0)
