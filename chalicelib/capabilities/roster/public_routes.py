"""Routes of the public part of a roster: with a token always, without one where the stage shows it.

Promise: what is answered without a token is the same as with one; a stage that keeps it closed answers as if
there were no such route. Downside: a party names the court, which its case says.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import re
from typing import Annotated, Final

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.operations import Access, Answered, Call, Operations, Place, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, ID, Cursor, Limit
from chalicelib.api.refusals import CursorRefused, RouteNotFound
from chalicelib.api.schemas.base import Answer, InOrder
from chalicelib.api.schemas.fields import Read, matching, string, visible
from chalicelib.capabilities.roster.declaration import READ_MEDIATORS
from chalicelib.capabilities.roster.model import Person
from chalicelib.capabilities.roster.public import (
    Wanted,
    export_mediators,
    public_export,
    public_page,
    read_mediators,
)
from chalicelib.domain.appointment import OrganisationKind, Qualification
from chalicelib.domain.claim import CaseType

operations: Final = Operations("roster")
CSV: Final = "text/csv"

_TEXT: Final = visible(longest=100)
CourtId = Annotated[
    str, Read(string, {"type": "string", "pattern": f"^{ID}$"}), Place("path", "The court · 法院编号")
]
OfCourt = Annotated[
    str,
    matching(ID, "identifier_format", longest=64),
    Place("query", "The court, as a case names it · 法院编号"),
]
Expertise = Annotated[CaseType | None, Place("query", "Who knows this kind of case · 案由")]
Area = Annotated[str | None, _TEXT, Place("query", "Who works in the area · 服务区域")]
Language = Annotated[str | None, _TEXT, Place("query", "Who speaks the language · 语言或者方言")]


class MediatorOut(Answer):
    """A mediator, as the public may see it."""

    mediator_id: str
    name: str
    organisation: OrganisationKind | None
    qualifications: Annotated[list[Qualification], InOrder]
    expertise: Annotated[list[CaseType], InOrder]
    areas: Annotated[list[str], InOrder]
    languages: Annotated[list[str], InOrder]


class MediatorsOut(Answer):
    """One page of a court's mediators; it may be short although more follow."""

    items: list[MediatorOut]
    next: str | None


@operations.get(
    "/v1/mediators",
    "查询调解员名册",
    Answered(model=MediatorsOut),
    actions=(READ_MEDIATORS,),
    refusals=(CursorRefused,),
)
def list_mediators(
    call: Call,
    court_id: OfCourt,
    expertise: Expertise = None,
    area: Area = None,
    language: Language = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Reply:
    """List a court's mediators with what they know, where they work and what they speak.

    Whoever may choose a mediator sees whom; nothing personal beyond the name is shown.
    """
    wanted = Wanted(expertise=expertise, area=area, language=language)
    listed = _listed(court_id, wanted)
    after = place_of(cursor, call.actor, listed, ID)
    return _page(call, listed, *read_mediators(call.hub, call.actor, court_id, wanted, after, limit))


@operations.get(
    "/v1/mediators/export",
    "导出调解员名册",
    Answered(model=None, media_types=(CSV,)),
    actions=(READ_MEDIATORS,),
)
def export(
    call: Call,
    court_id: OfCourt,
    expertise: Expertise = None,
    area: Area = None,
    language: Language = None,
) -> Reply:
    """Fetch a court's mediators as CSV: UTF-8 with its mark, a list in one cell."""
    wanted = Wanted(expertise=expertise, area=area, language=language)
    return Reply(export_mediators(call.hub, call.actor, court_id, wanted), media_type=CSV)


@operations.get(
    "/v1/public/courts/{court_id}/mediators",
    "公开查询调解员名册",
    Answered(model=MediatorsOut),
    access=Access.OPEN,
    refusals=(RouteNotFound, CursorRefused),
)
def list_public_mediators(
    call: Call,
    court_id: CourtId,
    expertise: Expertise = None,
    area: Area = None,
    language: Language = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Reply:
    """List a court's mediators to everybody; 404 unless the stage shows its roster."""
    _check_shown(call)
    wanted = Wanted(expertise=expertise, area=area, language=language)
    listed = _listed(court_id, wanted)
    after = place_of(cursor, call.actor, listed, ID)
    return _page(call, listed, *public_page(call.hub, _id(court_id), wanted, after, limit))


@operations.get(
    "/v1/public/courts/{court_id}/mediators/export",
    "公开导出调解员名册",
    Answered(model=None, media_types=(CSV,)),
    access=Access.OPEN,
    refusals=(RouteNotFound,),
)
def export_public(
    call: Call,
    court_id: CourtId,
    expertise: Expertise = None,
    area: Area = None,
    language: Language = None,
) -> Reply:
    """Fetch a court's mediators as CSV; 404 unless the stage shows its roster."""
    _check_shown(call)
    wanted = Wanted(expertise=expertise, area=area, language=language)
    return Reply(public_export(call.hub, _id(court_id), wanted), media_type=CSV)


def _check_shown(call: Call) -> None:
    if not call.hub.shows_public_roster:
        raise RouteNotFound("the public roster")


def _id(court_id: str) -> str:
    if re.fullmatch(ID, court_id) is None:
        raise RouteNotFound("the public roster")
    return court_id


def _listed(court_id: str, wanted: Wanted) -> str:
    return f"mediators of {court_id}: {wanted.expertise}, {wanted.area}, {wanted.language}"


def _page(call: Call, listed: str, people: tuple[Person, ...], after: str | None) -> Reply:
    following = cursor_for(call.actor, listed, after) if after else None
    return Reply(MediatorsOut(items=[_mediator(each) for each in people], next=following))


def _mediator(person: Person) -> MediatorOut:
    return MediatorOut.of(person.profile, mediator_id=person.person_id, name=person.name)
