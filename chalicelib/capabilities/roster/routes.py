"""Routes of the roster: the centre enters and reads people; a mediator or a judge reads its own entry.

Promise: nobody learns who stands on another court's roster. A change names the version it is based on
(`If-Match`), so the second of two clerks is refused; the same change sent again by the same person gets the
first answer. Downside: nobody is removed; who left is suspended.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import re
from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, ID, Cursor, IfMatchPerson, Limit, PersonId, etag
from chalicelib.api.refusals import CursorRefused
from chalicelib.api.schemas.base import Answer, InstantText, Request
from chalicelib.api.schemas.fields import Identifier, Name, Statement
from chalicelib.api.schemas.filings import Warned
from chalicelib.api.wording import wording
from chalicelib.capabilities.roster.declaration import ENTER_PERSON, READ_PERSON, READ_ROSTER
from chalicelib.capabilities.roster.model import PersonState
from chalicelib.capabilities.roster.service import enter_person, read_person, read_roster
from chalicelib.domain.errors import PersonNotFound, StalePerson
from chalicelib.domain.roles import Role

operations: Final = Operations("roster")

Office = Literal[Role.MEDIATOR, Role.CENTRE, Role.JUDGE]
_CHANGED: Final = 200
_LISTED: Final = "roster"


class PersonIn(Request):
    """A person as it shall stand on the roster from now on."""

    person_id: Identifier = Field(
        description="`mediator_id` or `judge_id` of its token, a clerk's subject · 与其令牌所载编号一致",
        examples=["m-001"],
    )
    name: Annotated[Name, Field(examples=["林和"])]
    role: Office
    state: PersonState = Field(
        PersonState.ACTIVE, description="Who is suspended is given no new case · 暂停期间不再指派新案"
    )
    reason: Annotated[Statement, Field(examples=["新聘调解员"])]


class PersonVersionOut(Answer):
    """A version of the entry: what it said, who made it and why."""

    version: int
    name: str
    role: Role
    state: PersonState
    reason: str
    changed_by: str
    changed_at: InstantText


class PersonOut(PersonVersionOut):
    """A person of the roster."""

    court_id: str
    person_id: str


class EnteredOut(PersonOut):
    """A person as it was entered, and what of it may be a slip."""

    warnings: list[Warned] = Field(description="Accepted nevertheless · 已登记，请核对")


class PersonWithVersionsOut(PersonOut):
    """A person of the roster, and every version of its entry."""

    versions: list[PersonVersionOut] = Field(description="The oldest first · 由旧到新")


class RosterOut(Answer):
    """One page of a court's roster, by id."""

    items: list[PersonOut]
    next: str | None


@operations.post(
    "/v1/roster",
    "登记或者变更名册人员",
    Answered(model=EnteredOut, status=201, headers=("ETag",), also=(_CHANGED,)),
    actions=(ENTER_PERSON,),
    refusals=(StalePerson,),
)
def enter(call: Call, if_match: IfMatchPerson, body: PersonIn) -> Reply:
    """Enter somebody on your court's roster, or change the entry, with a reason.

    The entry is as the body says from now on; each version is kept. Cases that are under way stay with their
    mediator and judge, and papers that were made stay as they are. `warnings` name characters of the name
    that papers show as code points.
    """
    person = enter_person(
        call.hub,
        call.actor,
        person_id=body.person_id,
        name=body.name,
        role=body.role,
        state=body.state,
        reason=body.reason,
        expected_version=if_match,
    )
    status = 201 if person.version == 1 else _CHANGED
    content = EnteredOut.of(person, warnings=list(_warnings(call, person.name)))
    return Reply(content, {"ETag": etag(person.version)}, status=status)


def _warnings(call: Call, name: str) -> Iterator[Warned]:
    if code_points := call.hub.unprintable(name):
        words = wording("not_printable", {"code_points": ", ".join(code_points)})
        yield Warned(pointer="/name", code="not_printable", message=words.to(call.language))


@operations.get(
    "/v1/roster",
    "查询人员名册",
    Answered(model=RosterOut),
    actions=(READ_ROSTER,),
    refusals=(CursorRefused,),
)
def list_people(call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List the people of your court's roster, by their ids."""
    after = place_of(cursor, call.actor, _LISTED, ID)
    page = read_roster(call.hub, call.actor, after, limit)
    following = cursor_for(call.actor, _LISTED, page.after) if page.after else None
    return Reply(RosterOut(items=[PersonOut.of(person) for person in page.people], next=following))


@operations.get(
    "/v1/roster/{person_id}",
    "查询名册人员",
    Answered(model=PersonWithVersionsOut, headers=("ETag",)),
    actions=(READ_PERSON,),
    refusals=(PersonNotFound,),
)
def show_person(call: Call, person_id: PersonId) -> Reply:
    """Read a person of your court's roster; a mediator or a judge reads its own entry.

    Send the ETag in `If-Match` with the change that you decide on.
    """
    if re.fullmatch(ID, person_id) is None:
        raise PersonNotFound(person_id)
    versions = read_person(call.hub, call.actor, person_id)
    person = versions[-1]
    content = PersonWithVersionsOut.of(person, versions=[PersonVersionOut.of(each) for each in versions])
    return Reply(content, {"ETag": etag(person.version)})
