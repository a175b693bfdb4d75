"""Schedule sessions, move and cancel them, record who came, and draft, read and sign their minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chalicelib.capabilities.sessions.declaration import (
    DRAFT_MINUTES,
    JOIN_SESSION,
    READ_SESSIONS,
    RECORD_ATTENDANCE,
    SCHEDULE_SESSION,
    SIGN_MINUTES,
)
from chalicelib.capabilities.sessions.model import (
    HAS_WAY_IN,
    IN_MEDIATION,
    INVITED,
    MINUTES_DRAFTED,
    MOST_SESSIONS,
    ON_PAPER,
    ROOM_FOR_SESSIONS,
    TELEPHONE_OFFERED,
    VIDEO_OFFERED,
    Attend,
    Cancel,
    Done,
    Draft,
    Move,
    Session,
    SessionAct,
    SessionKind,
    SignMinutes,
    own_parties,
    sheet_of,
)
from chalicelib.domain.errors import PhoneTakesNoCodes, SessionNotFound
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.phones import takes_messages
from chalicelib.domain.roles import Role
from chalicelib.domain.rules import OWN_PARTY
from chalicelib.domain.second_record import for_code
from chalicelib.use_cases.follow_up import follow_up_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.capabilities.sessions.model import Attendance, Meeting
    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Action
    from chalicelib.use_cases.people_ports import WayIn
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Idempotency, IssuedCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A stored session; a repeated key gets the same one, as it is now, with `replayed` set."""

    session: Session
    replayed: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Minutes:
    """The text of minutes with the salt of its digest."""

    salt: str
    text: str


class Sessions(Protocol):
    """The stored sessions; each change stands in the case's log of talk."""

    def add(
        self,
        case: Case,
        session: Session,
        act: SessionAct,
        salt: str,
        idempotency: Idempotency,
        due_at: datetime,
    ) -> Scheduled:
        """Store a session, hold its mediator's and its room's time, and owe what tells of it, all at once.

        A key used before returns its session, or raises IdempotencyKeyReused for another body. Raises
        RuleViolated where that time is held by another session.
        """
        ...

    def act(
        self,
        case: Case,
        session_id: str,
        act: SessionAct,
        salt: str,
        due_at: datetime,
        minutes: Minutes | None = None,
    ) -> Session:
        """Store an act on a session; one that changes nothing stores nothing. Raises as `add`."""
        ...

    def get(self, case_id: str, session_id: str) -> Session:
        """Read a session; raises SessionNotFound."""
        ...

    def all_of(self, case_id: str) -> tuple[Session, ...]:
        """Read a case's sessions, in the order of their times."""
        ...

    def minutes(self, case: Case, session_id: str) -> Minutes | None:
        """Read the minutes of a session; None if none are drafted."""
        ...


def schedule_session(
    hub: Hub,
    actor: Actor,
    case_id: str,
    meeting: Meeting,
    invited: Sequence[str] | None,
    continues: str | None,
    idempotency: Idempotency,
) -> Scheduled:
    """Schedule a session for all parties, or for those who are named: a private talk is kept from the others.

    `continues` is the session that was adjourned to this one. The case's version stays as it is. Raises
    NotPermitted, CaseNotFound, SessionNotFound, RuleViolated or IdempotencyKeyReused.
    """
    case = _case(hub, actor, SCHEDULE_SESSION, case_id)
    mediator_id = _mediator_of(case)
    stored, now = hub.part(Sessions), hub.clock.now()
    if rule := meeting.refusal(now):
        raise rule.refusal()
    parties = frozenset(case.party_ids if invited is None else invited)
    if not parties or not parties <= case.party_ids:
        raise INVITED.refusal()
    before = stored.get(case_id, continues) if continues else None
    if before is not None and not parties <= frozenset(before.invited):
        raise INVITED.refusal()
    if len(stored.all_of(case_id)) >= MOST_SESSIONS:
        raise ROOM_FOR_SESSIONS.refusal()
    session = Session(
        session_id=hub.new_id(),
        kind=meeting.kind,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        room=meeting.room,
        mediator_id=mediator_id,
        invited=tuple(sorted(parties)),
        continues=continues,
        line=_new_line(hub, meeting.kind),
    )
    act = SessionAct(done=Done.SCHEDULED, at=now, role=actor.role, subject=actor.subject)
    return stored.add(case, session, act, hub.new_salt(), idempotency, follow_up_time(hub))


def move_session(hub: Hub, actor: Actor, case_id: str, session_id: str, to: Meeting) -> Session:
    """Move a session to another time, room or kind, and to the mediator whom the case has now.

    Raises NotPermitted, CaseNotFound, SessionNotFound or RuleViolated.
    """
    case = _case(hub, actor, SCHEDULE_SESSION, case_id)
    act = Move(
        done=Done.MOVED,
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        to=to,
        mediator_id=_mediator_of(case),
        line=_new_line(hub, to.kind),
    )
    return _acted(hub, case, session_id, act)


def cancel_session(hub: Hub, actor: Actor, case_id: str, session_id: str) -> Session:
    """Cancel a session; the same again changes nothing. Raises as `move_session`."""
    case = _case(hub, actor, SCHEDULE_SESSION, case_id)
    act = Cancel(done=Done.CANCELLED, at=hub.clock.now(), role=actor.role, subject=actor.subject)
    return _acted(hub, case, session_id, act)


def record_attendance(
    hub: Hub, actor: Actor, case_id: str, session_id: str, attendance: Sequence[Attendance]
) -> Session:
    """Record who came, how, and how the identity was checked. Raises as `move_session`."""
    case = _case(hub, actor, RECORD_ATTENDANCE, case_id)
    act = Attend(
        done=Done.ATTENDED,
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        attendance=tuple(sorted(attendance, key=lambda each: each.party_id)),
    )
    return _acted(hub, case, session_id, act)


def read_sessions(hub: Hub, actor: Actor, case_id: str) -> tuple[Session, ...]:
    """Return the sessions that the reader may know of; raises NotPermitted or CaseNotFound."""
    case = _case(hub, actor, READ_SESSIONS, case_id)
    return tuple(each for each in hub.part(Sessions).all_of(case_id) if each.invites(actor, case))


def way_in(hub: Hub, actor: Actor, case_id: str, session_id: str) -> tuple[Session, WayIn]:
    """Return a session with the caller's own way in; each call makes another id for who comes in.

    Raises NotPermitted, CaseNotFound, SessionNotFound, or RuleViolated where there is none now.
    """
    case = _case(hub, actor, JOIN_SESSION, case_id)
    session = _seen(hub, actor, case, session_id)
    if rule := session.refusal_of_way_in(hub.clock.now()):
        raise rule.refusal()
    channel = hub.meeting_channels.get(session.kind)
    if channel is None or session.line is None:
        raise HAS_WAY_IN.refusal()
    found = channel.way_in(
        session.line,
        hub.new_salt(),
        leads=actor.role is Role.MEDIATOR,
        opens_at=session.opens_at,
        closes_at=session.closes_at,
    )
    if found is None:
        raise HAS_WAY_IN.refusal()
    return session, found


def read_invitation(hub: Hub, actor: Actor, case_id: str, session_id: str) -> tuple[Session, str]:
    """Return a session with the name of the centre that invites to it.

    Raises NotPermitted, CaseNotFound or SessionNotFound.
    """
    case = _case(hub, actor, READ_SESSIONS, case_id)
    return _seen(hub, actor, case, session_id), hub.names_of(case.court_id).organisation


def draft_minutes(hub: Hub, actor: Actor, case_id: str, session_id: str, text: str) -> Session:
    """Draft the minutes of a session; nobody may have signed yet. Raises as `move_session`."""
    case = _case(hub, actor, DRAFT_MINUTES, case_id)
    stored = hub.part(Sessions)
    known = stored.minutes(case, session_id)
    if known is not None and known.text == text:
        return stored.get(case_id, session_id)
    minutes = Minutes(hub.new_salt(), text)
    act = Draft(
        done=Done.MINUTES_DRAFTED,
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        sheet=sheet_of(minutes.salt, text),
    )
    return _acted(hub, case, session_id, act, minutes)


def read_minutes(hub: Hub, actor: Actor, case_id: str, session_id: str) -> tuple[Session, str]:
    """Return a session with the text of its minutes, to who was present, the mediator and the centre.

    Raises NotPermitted, CaseNotFound, SessionNotFound, or RuleViolated where none are drafted.
    """
    case = _case(hub, actor, READ_SESSIONS, case_id)
    session = _seen(hub, actor, case, session_id)
    if not session.shows_minutes(actor, case):
        raise SessionNotFound(session_id)
    minutes = hub.part(Sessions).minutes(case, session_id)
    if minutes is None:
        raise MINUTES_DRAFTED.refusal()
    return session, minutes.text


def request_minutes_code(hub: Hub, actor: Actor, case_id: str, session_id: str) -> IssuedCode:
    """Send a party that was present a code for signing the minutes as they are now.

    Raises NotPermitted, CaseNotFound, SessionNotFound, RuleViolated, PhoneTakesNoCodes or
    CodeRequestedTooSoon.
    """
    case = _case(hub, actor, SIGN_MINUTES, case_id)
    session = _seen(hub, actor, case, session_id)
    party_id = actor.party_in(case_id)
    if actor.role is not Role.BORROWER or party_id is None:
        raise OWN_PARTY.refusal()
    _signing(hub, actor, party_id, session.sheet or "").after(session)
    phones = {entry.party_id: entry.phone for entry in hub.cases.details(case)}
    if not takes_messages(phones[party_id]):
        raise PhoneTakesNoCodes(party_id)
    issued = hub.codes.issue(case, party_id, _bound_to(case, session, party_id), follow_up_time(hub))
    hub.metrics.count("SigningCodesIssued")
    return issued


def sign_minutes(
    hub: Hub,
    actor: Actor,
    case_id: str,
    session_id: str,
    party_id: str,
    sheet: str,
    code: str | None,
    *,
    on_paper: bool,
) -> Session:
    """Sign the minutes as they were read (`sheet`): a respondent by its code, an institution by its token.

    Others record a signature on paper; it counts once another of the centre's staff has recorded it too.
    Raises NotPermitted, CaseNotFound, SessionNotFound, RuleViolated or a refusal of the code.
    """
    case = _case(hub, actor, SIGN_MINUTES, case_id)
    session = _seen(hub, actor, case, session_id)
    recorder = actor.role in {Role.MEDIATOR, Role.CENTRE}
    if recorder is not on_paper:
        raise ON_PAPER.refusal()
    if not recorder and party_id not in own_parties(actor, case):
        raise OWN_PARTY.refusal()
    act = _signing(hub, actor, party_id, sheet, on_paper=on_paper)
    if act.after(session) == session:
        return session  # signed before: a code that was used is not asked for again
    if actor.role is Role.BORROWER:
        hub.codes.verify(case, party_id, _bound_to(case, session, party_id), code or "")
    return _acted(hub, case, session_id, act)


def _signing(hub: Hub, actor: Actor, party_id: str, sheet: str, *, on_paper: bool = False) -> SignMinutes:
    return SignMinutes(
        done=Done.MINUTES_SIGNED,
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        party_id=party_id,
        sheet=sheet,
        on_paper=on_paper,
    )


def _bound_to(case: Case, session: Session, party_id: str) -> str:
    return for_code(case, party_id, session.sheet or "")


def _case(hub: Hub, actor: Actor, action: Action, case_id: str) -> Case:
    authorise(actor, action)
    case = hub.cases.get(case_id)
    authorise_on(actor, action, case)
    return case


def _new_line(hub: Hub, kind: SessionKind) -> str | None:
    """Return a room or a code for a session; None for one in person. Raises RuleViolated for no channel."""
    if kind is SessionKind.IN_PERSON:
        return None
    channel = hub.meeting_channels.get(kind)
    line = channel.new_line(hub.new_salt()) if channel else None
    if line is None:
        raise (VIDEO_OFFERED if kind is SessionKind.VIDEO else TELEPHONE_OFFERED).refusal()
    return line


def _mediator_of(case: Case) -> str:
    if case.stage.terminal or case.accepted_at is None or case.mediator_id is None:
        raise IN_MEDIATION.refusal()
    return case.mediator_id


def _seen(hub: Hub, actor: Actor, case: Case, session_id: str) -> Session:
    session = hub.part(Sessions).get(case.case_id, session_id)
    if not session.invites(actor, case):
        raise SessionNotFound(session_id)
    return session


def _acted(hub: Hub, case: Case, session_id: str, act: SessionAct, minutes: Minutes | None = None) -> Session:
    return hub.part(Sessions).act(case, session_id, act, hub.new_salt(), follow_up_time(hub), minutes)
