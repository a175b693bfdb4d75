"""Routes of the sessions, for the parties, the mediator and the centre.

Promise: a party is shown the sessions to which it is invited and no others; who asks for another gets what
who asks for none gets. Downside: a session is changed by four routes, each with a body of its own.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import hashlib
from typing import Annotated, Final

from pydantic import Field

from chalicelib.api.operations import Answered, Call, Operations, Place, Reply
from chalicelib.api.parameters import CaseId, IdempotencyKey
from chalicelib.api.presenting import CODE_REFUSALS
from chalicelib.api.schemas.base import Answer, InstantText, Request
from chalicelib.api.schemas.fields import Identifier, Instant, Read, string, visible, whole_number
from chalicelib.api.schemas.settlements import OneTimeCode, Sha256
from chalicelib.capabilities.sessions import service
from chalicelib.capabilities.sessions.declaration import (
    DRAFT_MINUTES,
    JOIN_SESSION,
    READ_SESSIONS,
    RECORD_ATTENDANCE,
    SCHEDULE_SESSION,
    SIGN_MINUTES,
)
from chalicelib.capabilities.sessions.model import (
    LONGEST,
    LONGEST_TEXT,
    Attendance,
    Came,
    IdentityCheck,
    Meeting,
    Session,
    SessionKind,
    SessionState,
    trips,
)
from chalicelib.domain.agreement.errors import CodeRequestedTooSoon
from chalicelib.domain.errors import (
    CaseNotFound,
    IdempotencyKeyReused,
    PhoneTakesNoCodes,
    RuleViolated,
    SessionNotFound,
)
from chalicelib.use_cases.records import Idempotency

operations: Final = Operations("sessions")
CALENDAR_TYPE: Final = "text/calendar"
_ID: Final = "[0-9a-f]{8,64}"
_OF_ONE: Final = (CaseNotFound, SessionNotFound, RuleViolated)

SessionId = Annotated[
    str,
    Read(string, {"type": "string", "pattern": f"^{_ID}$"}),
    Place("path", "The session's id · 调解会编号"),
]


class MeetingIn(Request):
    """When, how and where; on the hour or half hour, in whole half hours."""

    kind: SessionKind
    starts_at: Instant
    minutes: Annotated[int, whole_number(least=30, most=LONGEST)] = Field(examples=[60])
    room: Identifier | None = Field(
        None, description="For a session in person, and no other · 仅现场调解会填写", examples=["room-1"]
    )

    @property
    def meeting(self) -> Meeting:
        """The domain's value."""
        return Meeting(kind=self.kind, starts_at=self.starts_at, minutes=self.minutes, room=self.room)


class SessionIn(MeetingIn):
    """A session to schedule."""

    invited: Annotated[list[Identifier], Field(min_length=1, max_length=100)] | None = Field(
        None,
        description="Everybody if left out; a private talk is kept from who is not named · "
        "未填写时邀请全体当事人；单方会谈对其他当事人不可见",
        examples=[["r1"]],
    )
    continues: Identifier | None = Field(
        None, description="The session that was adjourned to this one · 休会前的调解会编号"
    )


class AttendanceIn(Request):
    """That a party took part."""

    party_id: Identifier = Field(examples=["r1"])
    came: Came
    identity: IdentityCheck


class AttendancesIn(Request):
    """Who took part; replaces the list before."""

    attendance: Annotated[list[AttendanceIn], Field(min_length=1, max_length=100)]


class MinutesIn(Request):
    """The minutes as drafted."""

    text: Annotated[str, visible(longest=LONGEST_TEXT, lines=True)] = Field(
        examples=["双方就还款期限交换意见，未达成一致，约定下周继续调解。"]
    )


class MinutesSignatureIn(Request):
    """Whose signature this is: by a code, by the token of an institution, or on paper, as recorded."""

    party_id: Identifier = Field(examples=["r1"])
    sha256: Sha256 = Field(description="Of the minutes that were read · 所阅笔录的 SHA-256")
    code: OneTimeCode | None = None
    on_paper: Annotated[bool, Field(strict=True)] = False


class AttendanceOut(Answer):
    """How a party took part."""

    party_id: str
    came: Came
    identity: IdentityCheck


class MinutesSignatureOut(Answer):
    """A signature under the minutes."""

    party_id: str
    at: InstantText
    on_paper: bool
    counts: bool = Field(description="False: on paper, recorded by one person only · 纸质签名尚待复核")


class SessionOut(Answer):
    """A session as it is now."""

    session_id: str
    state: SessionState
    kind: SessionKind
    starts_at: InstantText
    minutes: int
    room: str | None
    invited: list[str]
    continues: str | None
    moves: int = Field(description="How often it was moved or cancelled · 改期及取消次数")
    attendance: list[AttendanceOut]
    minutes_drafted: bool
    signatures: list[MinutesSignatureOut]


class TripsOut(Answer):
    """On how many days a party came in person."""

    party_id: str
    trips: int


class SessionListOut(Answer):
    """The sessions that you may know of, in the order of their times, and the trips made for them."""

    items: list[SessionOut]
    trips: list[TripsOut]


class WayInOut(Answer):
    """Your own way in: a URL, or a number with a code."""

    url: str | None = Field(description="With a token of your own: do not pass it on · 本人专用，请勿转发")
    number: str | None
    code: str | None
    opens_at: InstantText
    closes_at: InstantText


class MinutesOut(Answer):
    """The minutes of a session."""

    text: str
    sha256: str = Field(description="A salted digest; changes with the text · 笔录摘要")
    signatures: list[MinutesSignatureOut]


class MinutesCodeOut(Answer):
    """A code was sent."""

    number: int
    expires_at: InstantText


@operations.post(
    "/v1/cases/{case_id}/sessions",
    "安排调解会",
    Answered(model=SessionOut, status=201, headers=("Idempotent-Replayed",)),
    actions=(SCHEDULE_SESSION,),
    refusals=(CaseNotFound, SessionNotFound, IdempotencyKeyReused, RuleViolated),
)
def schedule_a_session(
    call: Call, case_id: CaseId, idempotency_key: IdempotencyKey, body: SessionIn
) -> Reply:
    """Schedule a session; the mediator's and the room's time is held for it.

    It changes neither the case's version nor its events. Respondents who are invited are told by message, at
    once and a day before; who is not invited does not learn of it.
    """
    idempotency = Idempotency(
        caller=f"{call.actor.role}#{call.actor.subject}",
        key=idempotency_key,
        # The case is part of the digest: the same key and body on another case is another request.
        body_sha256=hashlib.sha256(f"{case_id}\n{body.model_dump_json()}".encode()).hexdigest(),
    )
    made = service.schedule_session(
        call.hub, call.actor, case_id, body.meeting, body.invited, body.continues, idempotency
    )
    headers = {"Idempotent-Replayed": "true"} if made.replayed else {}
    return Reply(_session(made.session), headers, case_id=case_id)


@operations.get(
    "/v1/cases/{case_id}/sessions",
    "查询调解会",
    Answered(model=SessionListOut),
    actions=(READ_SESSIONS,),
    refusals=(CaseNotFound,),
)
def list_sessions(call: Call, case_id: CaseId) -> Reply:
    """List the sessions to which you are invited; mediator and centre see all.

    `trips` counts the days on which a party came in person, of the sessions listed.
    """
    found = service.read_sessions(call.hub, call.actor, case_id)
    counted = [TripsOut(party_id=name, trips=days) for name, days in sorted(trips(found).items())]
    return Reply(SessionListOut(items=[_session(each) for each in found], trips=counted), case_id=case_id)


@operations.post(
    "/v1/cases/{case_id}/sessions/{session_id}/time",
    "调解会改期",
    Answered(model=SessionOut),
    actions=(SCHEDULE_SESSION,),
    refusals=_OF_ONE,
)
def move_session(call: Call, case_id: CaseId, session_id: SessionId, body: MeetingIn) -> Reply:
    """Move a session that was neither held nor cancelled; who is invited is told.

    The same request again changes nothing.
    """
    moved = service.move_session(call.hub, call.actor, case_id, session_id, body.meeting)
    return Reply(_session(moved), case_id=case_id)


@operations.post(
    "/v1/cases/{case_id}/sessions/{session_id}/cancellation",
    "取消调解会",
    Answered(model=SessionOut),
    actions=(SCHEDULE_SESSION,),
    refusals=_OF_ONE,
)
def cancel_session(call: Call, case_id: CaseId, session_id: SessionId) -> Reply:
    """Cancel a session; its time is free again, and who is invited is told.

    The same request again changes nothing.
    """
    return Reply(_session(service.cancel_session(call.hub, call.actor, case_id, session_id)), case_id=case_id)


@operations.get(
    "/v1/cases/{case_id}/sessions/{session_id}/joining",
    "获取入会方式",
    Answered(model=WayInOut),
    actions=(JOIN_SESSION,),
    refusals=_OF_ONE,
)
def show_way_in(call: Call, case_id: CaseId, session_id: SessionId) -> Reply:
    """Get your own way into a session by video or telephone to which you are invited; no account is needed.

    The URL of a video session holds a token. It is given from half an hour before the session until half an
    hour after its end, and is valid as long.
    """
    session, found = service.way_in(call.hub, call.actor, case_id, session_id)
    content = WayInOut.of(found, opens_at=session.opens_at, closes_at=session.closes_at)
    return Reply(content, {"Cache-Control": "no-store"}, case_id=case_id)


@operations.get(
    "/v1/cases/{case_id}/sessions/{session_id}/invitation.ics",
    "下载日历邀请",
    Answered(model=None, media_types=(CALENDAR_TYPE,)),
    actions=(READ_SESSIONS,),
    refusals=(CaseNotFound, SessionNotFound),
)
def show_invitation(call: Call, case_id: CaseId, session_id: SessionId) -> Reply:
    """Get the session for a calendar (iCalendar, RFC 5545 and 5546).

    Read again after it was moved or cancelled, it updates the same event. It names nobody, and no way in.
    """
    # Its library loads with the first invitation, not with the API.
    from chalicelib.capabilities.sessions.invitation import invitation  # noqa: PLC0415

    session, centre = service.read_invitation(call.hub, call.actor, case_id, session_id)
    content = invitation(session, centre, call.hub.clock.now())
    return Reply(content, {"Cache-Control": "no-store"}, CALENDAR_TYPE, case_id=case_id)


@operations.post(
    "/v1/cases/{case_id}/sessions/{session_id}/attendance",
    "登记到会情况",
    Answered(model=SessionOut),
    actions=(RECORD_ATTENDANCE,),
    refusals=_OF_ONE,
)
def record_attendance(call: Call, case_id: CaseId, session_id: SessionId, body: AttendancesIn) -> Reply:
    """Record who took part, by which channel, and how the identity was checked.

    The list replaces the one before, until somebody has signed the minutes.
    """
    attendance = [Attendance(**each.model_dump()) for each in body.attendance]
    kept = service.record_attendance(call.hub, call.actor, case_id, session_id, attendance)
    return Reply(_session(kept), case_id=case_id)


@operations.post(
    "/v1/cases/{case_id}/sessions/{session_id}/minutes",
    "制作调解笔录",
    Answered(model=SessionOut),
    actions=(DRAFT_MINUTES,),
    refusals=_OF_ONE,
)
def draft_minutes(call: Call, case_id: CaseId, session_id: SessionId, body: MinutesIn) -> Reply:
    """Draft the minutes of a session, or draft them anew; once somebody has signed they stay as they are."""
    drafted = service.draft_minutes(call.hub, call.actor, case_id, session_id, body.text)
    return Reply(_session(drafted), case_id=case_id)


@operations.get(
    "/v1/cases/{case_id}/sessions/{session_id}/minutes",
    "查阅调解笔录",
    Answered(model=MinutesOut),
    actions=(READ_SESSIONS,),
    refusals=_OF_ONE,
)
def show_minutes(call: Call, case_id: CaseId, session_id: SessionId) -> Reply:
    """Read the minutes of a session at which you were present; mediator and centre read all."""
    session, text = service.read_minutes(call.hub, call.actor, case_id, session_id)
    content = MinutesOut(text=text, sha256=session.sheet or "", signatures=_signatures(session))
    return Reply(content, {"Cache-Control": "no-store"}, case_id=case_id)


@operations.post(
    "/v1/cases/{case_id}/sessions/{session_id}/minutes/codes",
    "获取笔录签署验证码",
    Answered(model=MinutesCodeOut, status=202),
    actions=(SIGN_MINUTES,),
    refusals=(*_OF_ONE, PhoneTakesNoCodes, CodeRequestedTooSoon),
)
def request_minutes_code(call: Call, case_id: CaseId, session_id: SessionId) -> Reply:
    """Get a code for signing the minutes as they are now, at the phone that is on record."""
    issued = service.request_minutes_code(call.hub, call.actor, case_id, session_id)
    return Reply(MinutesCodeOut.of(issued), case_id=case_id)


@operations.post(
    "/v1/cases/{case_id}/sessions/{session_id}/minutes/signatures",
    "签署调解笔录",
    Answered(model=SessionOut),
    actions=(SIGN_MINUTES,),
    refusals=(*_OF_ONE, *CODE_REFUSALS),
)
def sign_minutes(call: Call, case_id: CaseId, session_id: SessionId, body: MinutesSignatureIn) -> Reply:
    """Sign the minutes: a respondent with its code, an institution with its token.

    Mediator and centre record what a party who came in person signed on paper; it counts once another of the
    centre's staff has recorded it too. The same request again changes nothing.
    """
    signed = service.sign_minutes(
        call.hub,
        call.actor,
        case_id,
        session_id,
        body.party_id,
        body.sha256,
        body.code,
        on_paper=body.on_paper,
    )
    return Reply(_session(signed), case_id=case_id)


def _session(session: Session) -> SessionOut:
    return SessionOut.of(
        session,
        invited=list(session.invited),
        attendance=[AttendanceOut.of(each) for each in session.attendance],
        minutes_drafted=session.sheet is not None,
        signatures=_signatures(session),
    )


def _signatures(session: Session) -> list[MinutesSignatureOut]:
    return [MinutesSignatureOut.of(each) for each in session.signatures]
