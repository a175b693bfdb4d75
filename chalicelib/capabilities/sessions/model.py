"""A session of a mediation (调解会): its time, who is invited, who came and how, and who signed its minutes.

Promise: who may read a session is decided here and nowhere else: the mediator, the centre, and who is
invited, so that a private talk (单方会谈) is kept from the other side. Trips are counted from attendance, by
party and day. A session holds ids, codes and times only; its minutes are sealed beside it. Downside: times
are whole half hours, so that a mediator's and a room's time can be held by records that exclude each other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.capabilities.sessions.declaration import SIGN_MINUTES
from chalicelib.domain.calendar import local_date
from chalicelib.domain.hashing import salted_digest
from chalicelib.domain.notices import NoticeKind, notice_of_talk, notice_to
from chalicelib.domain.roles import Role
from chalicelib.domain.rules import Rule
from chalicelib.domain.talk import Entry
from chalicelib.domain.work import WorkKind, asks_beside, made

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.notices import PartyNotice
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.talk import Head
    from chalicelib.domain.work import Work

KIND: Final = "session"
"""What an act on a session is called in the log of talk."""
SLOT: Final = timedelta(minutes=30)
"""In what units time is held."""
LONGEST: Final = 240
"""Minutes of a session."""
MOST_SESSIONS: Final = 100
"""Sessions of a case."""
LONGEST_TEXT: Final = 10_000
"""Characters of minutes."""
REMINDED_BEFORE: Final = timedelta(days=1)
WAY_IN_AROUND: Final = timedelta(minutes=30)
"""How long before a session, and after its end, its way in is open."""

IN_MEDIATION: Final = Rule(
    "session_in_mediation",
    "OL12",
    "sessions are held while the case is open and its mediator has accepted",
    "案件未结且调解员已接受指派，方可安排调解会",
)
ROOM_FOR_SESSIONS: Final = Rule(
    "room_for_sessions", "[policy]", f"a case has at most {MOST_SESSIONS} sessions", "每案调解会不超过100次"
)
IN_THE_FUTURE: Final = Rule(
    "session_in_the_future", "[policy]", "a session is set for a time to come", "调解会时间须在将来"
)
ON_THE_HALF_HOUR: Final = Rule(
    "session_half_hours",
    "[policy]",
    f"a session begins on the hour or half hour and lasts whole half hours, at most {LONGEST} minutes",
    f"调解会须于整点或半点开始，时长为30分钟的整数倍，最长{LONGEST}分钟",
)
ROOM_IF_IN_PERSON: Final = Rule(
    "session_room",
    "[policy]",
    "a session in person, and no other, has a room",
    "现场调解须指定调解室，其他方式不得指定",
)
MEDIATOR_FREE: Final = Rule(
    "mediator_free",
    "[policy]",
    "the mediator has no other session at that time",
    "调解员该时段已有其他调解会",
)
ROOM_FREE: Final = Rule("room_free", "[policy]", "the room is free at that time", "调解室该时段已被占用")
VIDEO_OFFERED: Final = Rule(
    "video_offered",
    "[policy]",
    "sessions by video need a video host",
    "本部署未配置视频会议，不能安排视频调解",
)
TELEPHONE_OFFERED: Final = Rule(
    "telephone_offered",
    "[policy]",
    "sessions by telephone need a telephone conference",
    "本部署未配置电话会议，不能安排电话调解",
)
HAS_WAY_IN: Final = Rule(
    "session_has_way_in",
    "[policy]",
    "one comes in from afar to a session by video or telephone that stands",
    "只有未取消的视频或电话调解会才有远程入口",
)
WAY_IN_OPEN: Final = Rule(
    "session_way_in_open",
    "[policy]",
    "the way in is open from half an hour before a session until half an hour after its end",
    "入口于调解会开始前30分钟开放，结束后30分钟关闭",
)
INVITED: Final = Rule(
    "session_invited", "TY22", "who is named is invited to the session", "所列当事人须为受邀当事人"
)
STILL_TO_COME: Final = Rule(
    "session_to_come", "[policy]", "the session is neither cancelled nor held", "调解会尚未取消或举行"
)
HAS_BEGUN: Final = Rule(
    "session_begun",
    "[policy]",
    "the session was not cancelled and its time has come",
    "调解会未取消且已到开始时间",
)
PRESENT: Final = Rule("session_present", "TY20", "who signs the minutes was present", "签署笔录者须到会")
MINUTES_DRAFTED: Final = Rule(
    "minutes_drafted", "TY20", "the mediator has drafted the minutes", "调解员已制作调解笔录"
)
MINUTES_OPEN: Final = Rule(
    "minutes_open", "TY20", "minutes that somebody has signed stay as they are", "已有人签署的笔录不得更改"
)
AS_READ: Final = Rule(
    "minutes_as_read",
    "TY20",
    "what is signed are the minutes as they are now: read them again, and sign those",
    "签署的应为现行笔录，请重新查阅后签署",
)
ON_PAPER: Final = Rule(
    "minutes_on_paper",
    "TY20",
    "mediator or centre record the signature on paper of a party who came in person",
    "调解员或者中心只能登记现场到会当事人的纸质签名",
)


class SessionKind(StrEnum):
    """How a session is held."""

    IN_PERSON = "in_person"  # 现场
    TELEPHONE = "telephone"  # 电话
    VIDEO = "video"  # 视频


class SessionState(StrEnum):
    """Whether a session stands."""

    SCHEDULED = "scheduled"  # 已安排
    CANCELLED = "cancelled"  # 已取消


class Came(StrEnum):
    """By which channel a party took part."""

    IN_PERSON = "in_person"  # 到场
    ONLINE = "online"  # 线上
    TELEPHONE = "telephone"  # 电话


class IdentityCheck(StrEnum):
    """How the mediator made sure of who takes part (核对身份)."""

    DOCUMENT_SEEN = "document_seen"  # 查验证件
    SIGNED_IN = "signed_in"  # 凭验证码登录
    ASKED = "asked"  # 电话核对登记信息


class Done(StrEnum):
    """What was done about a session."""

    SCHEDULED = "scheduled"  # 已安排
    MOVED = "moved"  # 已改期
    CANCELLED = "cancelled"  # 已取消
    ATTENDED = "attended"  # 已登记到会情况
    MINUTES_DRAFTED = "minutes_drafted"  # 已制作笔录
    MINUTES_SIGNED = "minutes_signed"  # 已签署笔录


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """That a party took part: how, and how its identity was checked."""

    party_id: str
    came: Came
    identity: IdentityCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesSignature:
    """A party's signature; one on paper counts once another of the centre's staff has recorded it too."""

    party_id: str
    at: datetime
    recorded_by: str
    on_paper: bool = False
    confirmed_by: str | None = None

    @property
    def counts(self) -> bool:
        """Whether nothing is missing."""
        return not self.on_paper or self.confirmed_by is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """How, when and where: what a session is moved to. `minutes` are its length."""

    kind: SessionKind
    starts_at: datetime
    minutes: int
    room: str | None = None

    def refusal(self, now: datetime) -> Rule | None:
        """Return the rule that stands against this meeting; None if none does."""
        if self.starts_at <= now:
            return IN_THE_FUTURE
        if self.starts_at.timestamp() % SLOT.total_seconds() or self.minutes * 60 % SLOT.total_seconds():
            return ON_THE_HALF_HOUR
        in_person = self.kind is SessionKind.IN_PERSON
        return ROOM_IF_IN_PERSON if in_person != (self.room is not None) else None

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Meeting):
    """A session. `version` counts every change, `moves` those that a calendar has to know (its SEQUENCE).

    `reminder` is the id of the notice that reminds of it. `sheet` is a salted digest of its minutes. `line`
    is the room of a session by video, the code of one by telephone; only its way in shows it.
    """

    session_id: str
    mediator_id: str
    invited: tuple[str, ...]
    continues: str | None = None
    state: SessionState = SessionState.SCHEDULED
    version: int = 1
    moves: int = 0
    reminder: str | None = None
    attendance: tuple[Attendance, ...] = ()
    sheet: str | None = None
    signatures: tuple[MinutesSignature, ...] = ()
    line: str | None = None

    @property
    def opens_at(self) -> datetime:
        """When its way in opens."""
        return self.starts_at - WAY_IN_AROUND

    @property
    def closes_at(self) -> datetime:
        """When its way in closes."""
        return self.ends_at + WAY_IN_AROUND

    def refusal_of_way_in(self, now: datetime) -> Rule | None:
        """Return the rule that stands against coming in now; None if none does.

        A number and a code may be noted down beforehand; a token is made when it is used.
        """
        if self.state is SessionState.CANCELLED or self.line is None:
            return HAS_WAY_IN
        early = self.kind is SessionKind.VIDEO and now < self.opens_at
        return WAY_IN_OPEN if early or now >= self.closes_at else None

    @property
    def present(self) -> frozenset[str]:
        """The parties that took part."""
        return frozenset(each.party_id for each in self.attendance)

    @property
    def held(self) -> frozenset[tuple[str, str, int]]:
        """What it keeps from other sessions: whose time or which room, and the slot's number since 1970."""
        if self.state is SessionState.CANCELLED:
            return frozenset()
        first = int(self.starts_at.timestamp() // SLOT.total_seconds())
        slots = range(first, first + self.minutes * 60 // int(SLOT.total_seconds()))
        names = [("mediator", self.mediator_id)] + ([("room", self.room)] if self.room else [])
        return frozenset((what, name, slot) for what, name in names for slot in slots)

    def invites(self, actor: Actor, case: Case) -> bool:
        """Tell whether somebody who sees the case may know of this session: never a judge or a court."""
        if actor.role in {Role.MEDIATOR, Role.CENTRE}:
            return True
        return bool(own_parties(actor, case) & frozenset(self.invited))

    def shows_minutes(self, actor: Actor, case: Case) -> bool:
        """Tell whether somebody may read the minutes: the mediator, the centre, and who was present."""
        return actor.role in {Role.MEDIATOR, Role.CENTRE} or bool(own_parties(actor, case) & self.present)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAct:
    """An act on a session: who, when, and what; `after` is the session once it is done."""

    done: Done
    at: datetime
    role: Role
    subject: str

    def after(self, session: Session) -> Session:
        """Return the session once this is done, or the same one if that changes nothing; RuleViolated."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(SessionAct):
    """Move a session; the same event in every calendar."""

    to: Meeting
    mediator_id: str
    line: str | None = None
    """A new one, for a session that is held in another way from now on."""

    def after(self, session: Session) -> Session:
        """See `SessionAct`."""
        _require_to_come(session)
        moved = replace(
            session,
            kind=self.to.kind,
            starts_at=self.to.starts_at,
            minutes=self.to.minutes,
            room=self.to.room,
            mediator_id=self.mediator_id,
            line=(session.line if session.kind is self.to.kind else None) or self.line,
        )
        if moved == session:
            return session
        if rule := self.to.refusal(self.at):
            raise rule.refusal()
        return replace(moved, moves=session.moves + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(SessionAct):
    """Cancel a session that was not held."""

    def after(self, session: Session) -> Session:
        """See `SessionAct`."""
        if session.state is SessionState.CANCELLED:
            return session
        _require_to_come(session)
        return replace(session, state=SessionState.CANCELLED, moves=session.moves + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attend(SessionAct):
    """Record who came; the list replaces the one before, until somebody has signed the minutes."""

    attendance: tuple[Attendance, ...]

    def after(self, session: Session) -> Session:
        """See `SessionAct`."""
        recorded = replace(session, attendance=self.attendance)
        if recorded == session:
            return session
        if session.signatures:
            raise MINUTES_OPEN.refusal()
        if session.state is SessionState.CANCELLED or self.at < session.starts_at:
            raise HAS_BEGUN.refusal()
        if not recorded.present <= frozenset(session.invited):
            raise INVITED.refusal()
        return recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(SessionAct):
    """Draft the minutes, or draft them anew until somebody has signed."""

    sheet: str

    def after(self, session: Session) -> Session:
        """See `SessionAct`."""
        if session.signatures:
            raise MINUTES_OPEN.refusal()
        if not session.attendance:
            raise PRESENT.refusal()
        return replace(session, sheet=self.sheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignMinutes(SessionAct):
    """Sign the minutes: a party by its code or token, or mediator and centre for one who signed on paper."""

    party_id: str
    sheet: str
    """The salted digest of the minutes that were read."""
    on_paper: bool = False

    def after(self, session: Session) -> Session:
        """See `SessionAct`; a second record by another of the centre's staff confirms one on paper."""
        if session.sheet is None:
            raise MINUTES_DRAFTED.refusal()
        if session.sheet != self.sheet:
            raise AS_READ.refusal()
        found = next((each for each in session.attendance if each.party_id == self.party_id), None)
        if found is None:
            raise PRESENT.refusal()
        if self.on_paper and found.came is not Came.IN_PERSON:
            raise ON_PAPER.refusal()
        others = tuple(each for each in session.signatures if each.party_id != self.party_id)
        known = next((each for each in session.signatures if each.party_id == self.party_id), None)
        return replace(session, signatures=(*others, self._signature(known)))

    def _signature(self, known: MinutesSignature | None) -> MinutesSignature:
        if known is not None and (known.counts or self.on_paper):
            second = not known.counts and self.role is Role.CENTRE and self.subject != known.recorded_by
            return replace(known, confirmed_by=self.subject) if second else known
        return MinutesSignature(
            party_id=self.party_id, at=self.at, recorded_by=self.subject, on_paper=self.on_paper
        )


def own_parties(actor: Actor, case: Case) -> frozenset[str]:
    """Return the parties for whom a caller speaks: an institution for all its applicants."""
    if actor.role is Role.INSTITUTION:
        return case.applicant_ids
    own = actor.party_in(case.case_id) if actor.role is Role.BORROWER else None
    return frozenset([own] if own else [])


def trips(sessions: Iterable[Session]) -> Mapping[str, int]:
    """Return on how many days each party came in person (最多跑一趟); a party that never came is absent."""
    days = {
        (each.party_id, local_date(session.starts_at))
        for session in sessions
        for each in session.attendance
        if each.came is Came.IN_PERSON
    }
    return Counter(party_id for party_id, _ in days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Who is told of a change, and who is reminded; `session` knows its reminder."""

    session: Session
    notices: tuple[PartyNotice, ...]


_TOLD: Final = {
    Done.SCHEDULED: NoticeKind.SESSION_SCHEDULED,
    Done.MOVED: NoticeKind.SESSION_MOVED,
    Done.CANCELLED: NoticeKind.SESSION_CANCELLED,
}


def told(case: Case, session: Session, act: SessionAct, sequence: int) -> Telling:
    """Return the notices of an act that stands as entry `sequence` in the log of talk.

    Institutions read the API. The reminder comes a day before; it replaces the one before.
    """
    done, at = act.done, act.at
    if done not in _TOLD:
        return Telling(session=session, notices=_told_its_signature(case, act, sequence))
    to = case.respondent_ids & frozenset(session.invited)
    notice = notice_to(case.case_id, sequence, to, _TOLD[done], {})
    remind_at = session.starts_at - REMINDED_BEFORE
    reminds = done is not Done.CANCELLED and remind_at > at
    reminder = (
        notice_to(case.case_id, sequence, to, NoticeKind.SESSION_NEAR, {}, not_before=remind_at)
        if reminds
        else None
    )
    return Telling(
        session=replace(session, reminder=reminder.notice_id if reminder else None),
        notices=tuple(each for each in (notice, reminder) if each),
    )


def _told_its_signature(case: Case, act: SessionAct, sequence: int) -> tuple[PartyNotice, ...]:
    """Return the notice to a respondent whose signature on paper somebody else records."""
    if not isinstance(act, SignMinutes) or not act.on_paper or act.party_id not in case.respondent_ids:
        return ()
    values = {"act": SIGN_MINUTES}
    return (notice_of_talk(case.case_id, sequence, act.party_id, NoticeKind.ACT_RECORDED, values),)


def entry_of(case_id: str, session: Session, act: SessionAct, head: Head, salt: str) -> Entry:
    """Return an act's entry in the log of talk, behind its `head`: ids, codes and digests."""
    sheet = {"sheet": session.sheet} if session.sheet else {}
    return Entry(
        case_id=case_id,
        sequence=head.sequence + 1,
        kind=KIND,
        at=act.at,
        role=act.role,
        subject=act.subject,
        data={"session_id": session.session_id, "done": act.done, "version": session.version, **sheet},
        salt=salt,
        previous=head.hash,
    ).sealed()


def work_of_session(case: Case, session: Session) -> tuple[Work, ...]:
    """Return what a session asks of the case's mediator, of its institution and of the centre now.

    Nothing once it is cancelled, or the case is in court or over.
    """
    if session.state is SessionState.CANCELLED or not asks_beside(case):
        return ()
    about, ended = session.session_id, session.ends_at
    if not session.attendance:
        return made(case, WorkKind.HOLD_SESSION, session.starts_at, about)
    if session.sheet is None:
        return made(case, WorkKind.DRAFT_MINUTES, ended, about)
    signed = {each.party_id for each in session.signatures}
    unconfirmed = [each for each in session.signatures if not each.counts]
    to_sign = session.present - signed
    works = [
        made(case, WorkKind.CONFIRM_MINUTES, each.at, f"{about}.{each.party_id}") for each in unconfirmed
    ]
    if to_sign:
        works.append(made(case, WorkKind.OBTAIN_MINUTES_SIGNATURES, ended, about))
    if to_sign & case.applicant_ids:
        works.append(made(case, WorkKind.SIGN_MINUTES, ended, about))
    return tuple(work for each in works for work in each)


def sheet_of(salt: str, text: str) -> str:
    """Return the digest by which minutes are known; the salt is sealed together with the text."""
    return salted_digest(salt, {"text": text})


def _require_to_come(session: Session) -> None:
    if session.state is SessionState.CANCELLED or session.attendance:
        raise STILL_TO_COME.refusal()
