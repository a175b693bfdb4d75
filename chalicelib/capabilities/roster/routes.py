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
from chalicelib.api.operations import Answered, Call, Operations, Place, Reply
from chalicelib.api.parameters import (
    DEFAULT_LIMIT,
    ID,
    CaseId,
    Cursor,
    IfMatchPerson,
    Limit,
    PersonId,
    etag,
)
from chalicelib.api.refusals import CursorRefused
from chalicelib.api.schemas.base import Answer, DayText, InOrder, InstantText, Request
from chalicelib.api.schemas.fields import Day, Identifier, Name, Statement, visible, whole_number
from chalicelib.api.schemas.filings import Warned
from chalicelib.api.wording import wording
from chalicelib.capabilities.roster.declaration import (
    ENTER_PERSON,
    READ_APPOINTMENTS,
    READ_DISCLOSURES,
    READ_PERSON,
    READ_RECOMMENDATIONS,
    READ_ROSTER,
    REASSIGN_CASES,
)
from chalicelib.capabilities.roster.disclosing import read_disclosures
from chalicelib.capabilities.roster.model import PersonState
from chalicelib.capabilities.roster.reassigning import reassign_cases
from chalicelib.capabilities.roster.service import (
    enter_person,
    read_appointments,
    read_person,
    read_roster,
    recommend_mediators,
)
from chalicelib.domain.appointment import (
    Absence,
    Appointed,
    Assessment,
    Credential,
    CredentialKind,
    Obstacle,
    OrganisationKind,
    Profile,
    Qualification,
    Selection,
)
from chalicelib.domain.claim import CaseType
from chalicelib.domain.errors import (
    CaseNotFound,
    PersonNotFound,
    StalePerson,
)
from chalicelib.domain.reasons import ReplacementGround
from chalicelib.domain.roles import Role

operations: Final = Operations("roster")

Office = Literal[Role.MEDIATOR, Role.CENTRE, Role.JUDGE]
_CHANGED: Final = 200
_LISTED: Final = "roster"


class CredentialIn(Request):
    """A certificate or a training, valid until the end of a day."""

    kind: CredentialKind
    valid_until: Day


class AbsenceIn(Request):
    """Days on which somebody is away, the first and the last included."""

    first: Day
    last: Day


class ProfileIn(Request):
    """What decides which cases a mediator may be given (M13)."""

    organisation: OrganisationKind | None = None
    qualifications: list[Qualification] = Field(default_factory=list, max_length=2)
    expertise: list[CaseType] = Field(default_factory=list, max_length=2)
    areas: list[Name] = Field(default_factory=list, max_length=20)
    languages: list[Name] = Field(default_factory=list, max_length=20)
    institutions: list[Identifier] = Field(
        default_factory=list,
        max_length=20,
        description="Institutions it is linked to: it gets none of their cases · 有关联的机构",
    )
    limit: Annotated[int, whole_number(least=0, most=1000)] | None = Field(
        default=None, description="The most open cases · 同时在办案件上限"
    )
    credentials: list[CredentialIn] = Field(default_factory=list, max_length=40)
    absences: list[AbsenceIn] = Field(default_factory=list, max_length=40)

    def profile(self) -> Profile:
        """Return the value."""
        lists = ("qualifications", "expertise", "areas", "languages", "institutions")
        return Profile(
            organisation=self.organisation,
            limit=self.limit,
            credentials=tuple(each.make(Credential) for each in self.credentials),
            absences=tuple(each.make(Absence) for each in self.absences),
            **{name: frozenset(getattr(self, name)) for name in lists},
        )


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
    profile: ProfileIn | None = Field(
        default=None, description="Of a mediator; absent, it stays as it was · 调解员的专长与承办条件"
    )


class CredentialOut(Answer):
    """A certificate or a training."""

    kind: CredentialKind
    valid_until: DayText


class AbsenceOut(Answer):
    """Days on which somebody is away."""

    first: DayText
    last: DayText


class ProfileOut(Answer):
    """What decides which cases a mediator may be given."""

    organisation: OrganisationKind | None
    qualifications: Annotated[list[Qualification], InOrder]
    expertise: Annotated[list[CaseType], InOrder]
    areas: Annotated[list[str], InOrder]
    languages: Annotated[list[str], InOrder]
    institutions: Annotated[list[str], InOrder]
    limit: int | None
    credentials: list[CredentialOut]
    absences: list[AbsenceOut]


class PersonVersionOut(Answer):
    """A version of the entry: what it said, who made it and why."""

    version: int
    name: str
    role: Role
    state: PersonState
    reason: str
    changed_by: str
    changed_at: InstantText
    profile: ProfileOut


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
        profile=body.profile.profile() if body.profile else None,
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


class DisclosedFactOut(Answer):
    """What was told, when, and by whom."""

    at: InstantText
    role: Role
    text: str


class ToldOut(Answer):
    """A mediator's relation to the case: what was told of it, and who agrees to this mediator."""

    mediator_id: str
    ground: str
    may_be_waived: bool = Field(description="Whether all may waive it together · 可否经全体当事人同意免除")
    waived_by: Annotated[list[str], InOrder]
    missing: list[str] = Field(description="Parties whose word is missing · 尚未表示同意的当事人")
    facts: list[DisclosedFactOut] = Field(description="The oldest first · 由旧到新")


class DisclosuresOut(Answer):
    """Mediators' relations to the case."""

    items: list[ToldOut]


@operations.get(
    "/v1/cases/{case_id}/disclosures",
    "查询披露事项",
    Answered(model=DisclosuresOut),
    actions=(READ_DISCLOSURES,),
    refusals=(CaseNotFound,),
)
def list_disclosures(call: Call, case_id: CaseId) -> Reply:
    """List mediators' relations to the case; a mediator reads what is about itself.

    One that follows from a decline, a challenge or a replacement has no facts of its own.
    """
    items = [
        ToldOut.of(
            each.disclosure,
            missing=list(each.missing),
            facts=[DisclosedFactOut.of(fact) for fact in each.facts],
        )
        for each in read_disclosures(call.hub, call.actor, case_id)
    ]
    return Reply(DisclosuresOut(items=items))


class AssessmentOut(Answer):
    """Why this mediator: each criterion with its value; null for what was not asked."""

    person_id: str
    expertise: bool = Field(description="Knows this kind of case · 专长与案由相符")
    area: bool | None = Field(description="Works in the area · 服务区域相符")
    language: bool | None = Field(description="Speaks the language · 语言相符")
    given: int = Field(description="Cases given so far · 累计承办")
    open: int = Field(description="Cases in hand · 在办")
    waived: bool = Field(
        description="Has a relation that every party has waived · 回避情形已经全体当事人同意"
    )


class ExcludedOut(Answer):
    """Who may not be given the case, and why."""

    person_id: str
    why: Obstacle


class SelectionOut(Answer):
    """Who is recommended, best first, and who may not be given the case."""

    on: DayText
    area: str | None
    language: str | None
    recommended: list[AssessmentOut]
    excluded: list[ExcludedOut]


class ConsideredOut(Answer):
    """A mediator who was considered: the version of its entry, and its cases then."""

    person_id: str
    version: int
    given: int | None
    open: int


class AppointedOut(Answer):
    """An appointment by the hub's own choice, and why it was this mediator."""

    version: int = Field(description="The case's, since then · 指派后的案件版本")
    on: DayText
    area: str | None
    language: str | None
    chosen: AssessmentOut
    recommended: list[AssessmentOut] = Field(description="For the centre · 仅中心可见")
    excluded: list[ExcludedOut] = Field(description="For the centre · 仅中心可见")
    considered: list[ConsideredOut] = Field(description="For the centre · 仅中心可见")


class AppointmentsOut(Answer):
    """The case's appointments by the hub's own choice, the oldest first."""

    items: list[AppointedOut]


_AREA: Final = visible(longest=100)
Area = Annotated[str | None, _AREA, Place("query", "Where the mediator should work · 服务区域")]
Language = Annotated[str | None, _AREA, Place("query", "What the mediator should speak · 语言或者方言")]


@operations.get(
    "/v1/cases/{case_id}/recommendations",
    "推荐调解员",
    Answered(model=SelectionOut),
    actions=(READ_RECOMMENDATIONS,),
    refusals=(CaseNotFound,),
)
def recommend(call: Call, case_id: CaseId, area: Area = None, language: Language = None) -> Reply:
    """Recommend three mediators, best first, and say why others may not be given the case.

    Who knows the kind of case comes first, then who works in the area and speaks the language; of those
    alike, who was given the fewest cases.
    """
    found = recommend_mediators(call.hub, call.actor, case_id, area, language)
    return Reply(_selection_out(found))


@operations.get(
    "/v1/cases/{case_id}/appointments",
    "查询指派理由",
    Answered(model=AppointmentsOut),
    actions=(READ_APPOINTMENTS,),
    refusals=(CaseNotFound,),
)
def explain(call: Call, case_id: CaseId) -> Reply:
    """Say why a mediator was appointed: the criteria with their values, as they were then.

    Appointments by name are the centre's own and are not explained. Only the centre sees who else was
    considered.
    """
    everything = call.actor.role is Role.CENTRE
    items = [_appointed_out(each, everything) for each in read_appointments(call.hub, call.actor, case_id)]
    return Reply(AppointmentsOut(items=items))


def _appointed_out(why: Appointed, everything: bool) -> AppointedOut:
    found = why.selection
    (chosen,) = (each for each in found.recommended if each.person_id == why.chosen)
    return AppointedOut(
        version=why.version,
        on=found.needs.on.isoformat(),
        area=found.needs.area,
        language=found.needs.language,
        chosen=_assessment_out(chosen, found),
        recommended=[_assessment_out(each, found) for each in found.recommended] if everything else [],
        excluded=_excluded(found) if everything else [],
        considered=[ConsideredOut.of(each) for each in found.considered] if everything else [],
    )


def _selection_out(found: Selection) -> SelectionOut:
    return SelectionOut(
        on=found.needs.on.isoformat(),
        area=found.needs.area,
        language=found.needs.language,
        recommended=[_assessment_out(each, found) for each in found.recommended],
        excluded=_excluded(found),
    )


def _assessment_out(each: Assessment, found: Selection) -> AssessmentOut:
    return AssessmentOut.of(each, waived=each.person_id in found.needs.waived)


def _excluded(found: Selection) -> list[ExcludedOut]:
    return [ExcludedOut(person_id=person_id, why=why) for person_id, why in found.excluded.items()]


class ReassignmentIn(Request):
    """Give a mediator's cases to others, some at a time."""

    ground: ReplacementGround
    dry_run: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Say what would be done, and change nothing · 仅试算，不作更改"
    )
    limit: Annotated[int, whole_number(least=1, most=25)] = 25
    cursor: Annotated[str, Field(max_length=2000)] | None = Field(
        default=None, description="`next` of the answer before · 上次返回的 next"
    )


class MovedOut(Answer):
    """A case, and who has it now."""

    case_id: str
    mediator_id: str


class LeftOut(Answer):
    """A case that stays, and why: an obstacle, or the rule that refuses."""

    case_id: str
    why: str


class ReassignedOut(Answer):
    """What became of some of the mediator's cases."""

    moved: list[MovedOut]
    left: list[LeftOut]
    next: str | None


@operations.post(
    "/v1/roster/{person_id}/reassignments",
    "批量更换调解员",
    Answered(model=ReassignedOut),
    actions=(REASSIGN_CASES,),
    refusals=(CursorRefused,),
)
def reassign(call: Call, person_id: PersonId, body: ReassignmentIn) -> Reply:
    """Give a mediator's cases to others, at most 25 by one request; go on with `cursor` until `next` is null.

    Each case goes to who is recommended first for it, as a replacement does. Begun again, it goes on with
    what is left: a case that was moved is no longer this mediator's.
    """
    listed = f"reassignment of {person_id}"
    found = reassign_cases(
        call.hub,
        call.actor,
        person_id,
        body.ground,
        after=place_of(body.cursor, call.actor, listed),
        limit=body.limit,
        dry_run=body.dry_run,
    )
    content = ReassignedOut(
        moved=[MovedOut(case_id=case_id, mediator_id=taker) for case_id, taker in found.moved.items()],
        left=[LeftOut(case_id=case_id, why=why) for case_id, why in found.left.items()],
        next=cursor_for(call.actor, listed, found.after) if found.after else None,
    )
    return Reply(content)
