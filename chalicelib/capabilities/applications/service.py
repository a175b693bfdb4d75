"""Take applications from people without an account, let the centre decide, and let a filing join one.

Promise: whoever has no account proves its phone by a code, and sees what came from that phone, nothing else;
no answer tells whether a person, a loan or a case is known. The centre sees its court's applications, an
institution those it is asked to answer. Who looked at an applicant's details is on record first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.capabilities.applications.declaration import (
    DECLINE_APPLICATION,
    ENTER_APPLICATION,
    READ_APPLICANT,
    READ_APPLICATION_FIGURES,
    READ_APPLICATIONS,
    TAKE_UP_APPLICATION,
    WITHDRAW_APPLICATION,
)
from chalicelib.capabilities.applications.model import (
    APPLICANT,
    TO_ANSWER,
    Application,
    ApplicationState,
    Limit,
    Visitor,
    check_filing,
    check_room,
    number_of,
    received,
)
from chalicelib.capabilities.calls.service import Calls
from chalicelib.capabilities.contacts.model import Look, Salts
from chalicelib.capabilities.contacts.service import Looks
from chalicelib.capabilities.institutions.model import InstitutionState
from chalicelib.capabilities.institutions.service import Institutions
from chalicelib.domain.agreement.errors import AgreementRefused, CodeNotVerified, CodeRequestedTooSoon
from chalicelib.domain.calendar import local_date
from chalicelib.domain.errors import (
    ApplicationNotFound,
    InstitutionNotEnrolled,
    InstitutionSuspended,
    NotPermitted,
    PassNotAccepted,
    PhoneTakesNoCodes,
    StaleVersion,
    TooManyCodes,
)
from chalicelib.domain.events import Channel
from chalicelib.domain.notices import NoticeKind, notice_of
from chalicelib.domain.parties import Side
from chalicelib.domain.permissions import authorise, may
from chalicelib.domain.phones import takes_messages
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Action
from chalicelib.use_cases.capability_ports import OwnApplications, Told
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.records import Idempotency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.capabilities.applications.model import Content, DeclineGround, Step
    from chalicelib.capabilities.calls.model import NoticeOnRecord
    from chalicelib.domain.case import Context
    from chalicelib.domain.case_deadline import CaseDeadline
    from chalicelib.domain.commands import FileDispute
    from chalicelib.domain.notices import PartyNotice
    from chalicelib.use_cases.ports import Hub


FOR_APPLYING: Final = hashlib.sha256(b"to apply").hexdigest()
"""What a code is for; in the place of a document that is signed."""
LOOKED_AT: Final = ("name", "phone", "id_number")
"""The fields that a look at an applicant's details shows whole."""
SHELVES: Final = ("open", "ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A pass for an applicant, and until when it holds in real time."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An application with what its applicant wrote; `replayed` if it was stored by an earlier request."""

    application: Application
    content: Content = field(repr=False)
    notices: Sequence[NoticeOnRecord] = ()
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Applications, the oldest first; `after` is the place where the list continues, None at its end."""

    applications: tuple[Application, ...]
    after: str | None


class Applications(Protocol):
    """The stored applications, their lists and counts, and what is known of a phone that shows a code."""

    def visitor_of(self, phone: str) -> Visitor:
        """Return the visitor with a phone; the same phone always has the same mark."""
        ...

    def keep_phone(self, visitor: Visitor) -> None:
        """Keep a phone, sealed and for an hour, to which a code is sent."""
        ...

    def phone_of(self, mark: str) -> str | None:
        """Return a phone that is kept; None if its time is over."""
        ...

    def count_source(self, source: str) -> bool:
        """Count a request of a source in this hour; False if it has had enough."""
        ...

    def open_visit(self, visitor: Visitor, token_sha256: str) -> int:
        """Store a pass under the hash of its token; return until when it holds, in seconds of real time."""
        ...

    def visitor(self, token_sha256: str) -> Visitor | None:
        """Return who has a pass; None if there is none or it is over."""
        ...

    def next_number(self, court_id: str, year: int) -> int:
        """Return a court's next number of a year; numbers have gaps."""
        ...

    def knows(self, idempotency: Idempotency) -> bool:
        """Tell whether something was stored under a key."""
        ...

    def add(self, step: Step, idempotency: Idempotency, due_at: datetime) -> tuple[Application, bool]:
        """Store a new application once for its key; return it, and whether it was stored before.

        Raises IdempotencyKeyReused or StoreBusy.
        """
        ...

    def save(self, step: Step, due_at: datetime) -> bool:
        """Store a step; False if the application is not as before it. Raises StoreBusy."""
        ...

    def find(self, application_id: str) -> tuple[Application, Content] | None:
        """Read an application as last committed, with what its applicant tells."""
        ...

    def standing(self, application_id: str) -> Application | None:
        """Read an application alone: whoever may not open what is sealed can look after it."""
        ...

    def of_visitor(self, mark: str) -> tuple[tuple[Application, Content], ...]:
        """Read what came from a phone, the oldest first."""
        ...

    def of_court(self, court_id: str, shelf: str, after: str | None, limit: int) -> Page:
        """Read a page of a court's applications: the open ones or those that have ended."""
        ...

    def of_institution(self, institution_id: str, after: str | None, limit: int) -> Page:
        """Read a page of what an institution is asked to answer."""
        ...

    def figures(self, court_id: str, month: str) -> Mapping[str, int]:
        """Return how many applications of a month came to what, by name."""
        ...


def request_code(hub: Hub, phone: str, source: str) -> None:
    """Send a code to a phone; nothing if one was sent just now. Nobody is told more.

    Raises PhoneTakesNoCodes, which the number alone says, or TooManyCodes for the source.
    """
    if not takes_messages(phone):
        raise PhoneTakesNoCodes(APPLICANT)
    applications = hub.part(Applications)
    if source and not applications.count_source(source):
        hub.metrics.count("ApplicationCodesRefused")
        raise TooManyCodes("too many codes for one source")
    visitor = applications.visitor_of(phone)
    applications.keep_phone(visitor)

    def told(number: int) -> PartyNotice:
        values = {"number": str(number)}
        return notice_of(visitor.mark, number, APPLICANT, NoticeKind.APPLICATION_CODE, values)

    try:
        hub.codes.issue(visitor.place, APPLICANT, FOR_APPLYING, follow_up_time(hub), told=told)
    except CodeRequestedTooSoon:
        return
    hub.metrics.count("ApplicationCodesIssued")


def begin_visit(hub: Hub, phone: str, code: str) -> Visit:
    """Give a pass for a right code, once. Raises CodeNotVerified, whatever is wrong."""
    applications = hub.part(Applications)
    visitor = applications.visitor_of(phone)
    try:
        hub.codes.verify(visitor.place, APPLICANT, FOR_APPLYING, code, once=True)
    except AgreementRefused as refused:
        raise CodeNotVerified from refused
    token = hub.new_salt()
    expires_at = applications.open_visit(visitor, token_hash(token))
    return Visit(token=token, expires_at=datetime.fromtimestamp(expires_at, UTC))


def submit(hub: Hub, token: str, court_id: str, content: Content, key: str, body_sha256: str) -> Shown:
    """Receive an application from whoever has a pass; its phone is the one that showed the code.

    Raises PassNotAccepted, UnknownCourt, RuleViolated or IdempotencyKeyReused.
    """
    visitor = _visitor(hub, token)
    idempotency = Idempotency(caller=visitor.subject, key=key, body_sha256=body_sha256)
    applicant = _actor(visitor)
    told = replace(content, phone=visitor.phone)
    return _receive(hub, applicant, court_id, told, visitor.mark, Channel.ONLINE, idempotency)


def enter(hub: Hub, actor: Actor, content: Content, key: str, body_sha256: str) -> Shown:
    """Receive an application at the counter, where the centre's staff sees who applies.

    Raises NotPermitted, RuleViolated or IdempotencyKeyReused.
    """
    court_id = _court_of(actor, ENTER_APPLICATION)
    visitor = hub.part(Applications).visitor_of(content.phone)
    idempotency = Idempotency(caller=f"{actor.role}#{actor.subject}", key=key, body_sha256=body_sha256)
    return _receive(hub, actor, court_id, content, visitor.mark, Channel.IN_PERSON, idempotency)


def _receive(
    hub: Hub,
    by: Actor,
    court_id: str,
    content: Content,
    mark: str,
    channel: Channel,
    idempotency: Idempotency,
) -> Shown:
    hub.limits_of(court_id)
    applications, now = hub.part(Applications), hub.clock.now()
    # What was stored under the key before is answered, even if there is no room for it by now.
    if not applications.knows(idempotency):
        check_room([each for each, _ in applications.of_visitor(mark)])
    year = local_date(now).year
    application = Application(
        application_id=hub.new_id(),
        court_id=court_id,
        number=number_of(year, applications.next_number(court_id, year)),
        mark=mark,
        channel=channel,
        received_at=now,
        changed_at=now,
    )
    step = received(application, content, by, hub.new_salt())
    stored, replayed = applications.add(step, idempotency, follow_up_time(hub))
    if not replayed:
        hub.metrics.count("ApplicationsReceived")
    return Shown(application=stored, content=content, replayed=replayed)


def own(hub: Hub, token: str) -> tuple[Shown, ...]:
    """Return what came from the phone of whoever has a pass; raises PassNotAccepted."""
    found = hub.part(Applications).of_visitor(_visitor(hub, token).mark)
    return tuple(Shown(application=each, content=content) for each, content in found)


def withdraw_own(hub: Hub, token: str, application_id: str) -> Shown:
    """Take back an application that came from the phone; a second time changes nothing.

    Raises PassNotAccepted, ApplicationNotFound, RuleViolated or StaleVersion.
    """
    visitor = _visitor(hub, token)
    found = hub.part(Applications).find(application_id)
    if found is None or found[0].mark != visitor.mark:
        raise ApplicationNotFound(application_id)
    return _withdrawn(hub, _actor(visitor), *found)


def withdraw(hub: Hub, actor: Actor, application_id: str) -> Shown:
    """Take back an application for an applicant who says so at the counter; see `withdraw_own`."""
    _court_of(actor, WITHDRAW_APPLICATION)
    return _withdrawn(hub, actor, *_seen(hub, actor, application_id))


def _withdrawn(hub: Hub, by: Actor, application: Application, content: Content) -> Shown:
    if application.state is not ApplicationState.WITHDRAWN:
        application = _save(hub, application.withdrawn(by, hub.clock.now()))
    return Shown(application=application, content=content)


def take_up(hub: Hub, actor: Actor, application_id: str, institution_id: str, version: int) -> Shown:
    """Ask an enrolled institution to answer by a filing; the same decision again changes nothing.

    Raises NotPermitted, ApplicationNotFound, RuleViolated, StaleVersion, InstitutionNotEnrolled or
    InstitutionSuspended.
    """
    court_id = _court_of(actor, TAKE_UP_APPLICATION)
    application, content = _seen(hub, actor, application_id)
    if application.institution_id == institution_id and application.version > version:
        return Shown(application=application, content=content)
    _check_version(application, version)
    enrolment = hub.part(Institutions).latest(institution_id)
    if enrolment is None or court_id not in enrolment.institution.courts:
        raise InstitutionNotEnrolled(institution_id)
    if enrolment.institution.state is not InstitutionState.ACTIVE:
        raise InstitutionSuspended(institution_id)
    limit = Limit(working_days=hub.limits_of(court_id).application_answer_working_days, calendar=hub.calendar)
    step = application.taken_up(institution_id, actor, hub.clock.now(), limit)
    return Shown(application=_save(hub, step), content=content)


def decline(
    hub: Hub, actor: Actor, application_id: str, ground: DeclineGround, because: str, version: int
) -> Shown:
    """Decline an application, with a reason in words for the applicant; see `take_up`."""
    _court_of(actor, DECLINE_APPLICATION)
    application, content = _seen(hub, actor, application_id)
    if (application.ground, content.declined_because) == (ground, because):
        return Shown(application=application, content=content)
    _check_version(application, version)
    step = application.declined(ground, content, because, actor, hub.clock.now())
    return Shown(application=_save(hub, step), content=replace(content, declined_because=because))


def read(hub: Hub, actor: Actor, application_id: str) -> Shown:
    """Return an application, and who was told of what; raises NotPermitted or ApplicationNotFound."""
    authorise(actor, READ_APPLICATIONS)
    application, content = _seen(hub, actor, application_id)
    told = [
        each
        for each in hub.part(Calls).notices(application_id)
        if actor.role is Role.CENTRE or each.party_id != APPLICANT
    ]
    return Shown(application=application, content=content, notices=told)


def look(hub: Hub, actor: Actor, application_id: str, purpose: str) -> Shown:
    """Return an application with its applicant's details whole, once the look is on record."""
    authorise(actor, READ_APPLICANT)
    application, content = _seen(hub, actor, application_id)
    seen = Look(
        look_id=hub.new_id(),
        case_id=application_id,
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        purpose=purpose,
        fields=LOOKED_AT,
        parties=(APPLICANT,),
    )
    hub.part(Looks).add(application.place, seen, Salts(hub.new_salt(), hub.new_salt()))
    return Shown(application=application, content=content)


def list_page(hub: Hub, actor: Actor, shelf: str, after: str | None, limit: int) -> Page:
    """Return a page of a centre's applications, or of what an institution is asked to answer."""
    authorise(actor, READ_APPLICATIONS)
    applications = hub.part(Applications)
    if actor.role is Role.INSTITUTION:
        return applications.of_institution(actor.institution_id or "", after, limit)
    return applications.of_court(_court_of(actor, READ_APPLICATIONS), shelf, after, limit)


def figures(hub: Hub, actor: Actor, month: str) -> Mapping[str, int]:
    """Return how many applications of a month came to what; raises NotPermitted."""
    return hub.part(Applications).figures(_court_of(actor, READ_APPLICATION_FIGURES), month)


def on_deadline(hub: Hub, deadline: CaseDeadline) -> None:
    """Remind the institution, or record its silence; nothing if it has answered. Raises StaleVersion."""
    application = hub.part(Applications).standing(deadline.case_id)
    if application is None:
        return
    now = hub.clock.now()
    by = Actor(role=Role.SYSTEM, subject="hub")
    step = application.reminding(by, now) if deadline.reminder_is_next else application.silent(by, now)
    if step is None:
        return
    _save(hub, step)
    hub.metrics.count("ApplicationsReminded" if deadline.reminder_is_next else "ApplicationsUnanswered")


class AnsweredByFiling(OwnApplications):
    """The core's port: a filing joins an application, and messages about one find their phones."""

    def joining(self, hub: Hub, command: FileDispute, case_id: str, context: Context) -> object | None:
        """Return the step by which a filing joins the application that it names."""
        if command.application_id is None:
            return None
        found = hub.part(Applications).find(command.application_id)
        if found is None:
            raise ApplicationNotFound(command.application_id)
        application, content = found
        respondents = {party.party_id for party in command.parties if party.side is Side.RESPONDENT}
        numbers = [each.id_number for each in command.details if each.party_id in respondents]
        check_filing(application, content, command.institution_id, command.court_id, numbers)
        if application.state is not ApplicationState.JOINED:
            step = application.joined(case_id, context.actor, context.at)
            return replace(step, salt=hub.new_salt())
        # Perhaps this very filing has joined it: then its key is answered; any other filing is refused.
        before = replace(application, state=ApplicationState.UNANSWERED, version=application.version - 1)
        step = before.joined(case_id, context.actor, context.at)
        return replace(step, salt=hub.new_salt(), refused=TO_ANSWER.refusal())

    def told(self, hub: Hub, notice: PartyNotice) -> Told | None:
        """Return the phones that get a message about an application, as long as it is true."""
        applications = hub.part(Applications)
        if notice.kind is NoticeKind.APPLICATION_CODE:
            return _code_to(hub, notice)
        found = applications.find(notice.case_id)
        if found is None or not _still_true(notice.kind, found[0].state):
            return None
        application, content = found
        if notice.party_id == APPLICANT:
            return Told(phones={APPLICANT: content.phone}, values=notice.values)
        enrolment = hub.part(Institutions).latest(application.institution_id or "")
        contacts = enrolment.private.contacts if enrolment else ()
        phones = {f"contact-{number}": each.phone for number, each in enumerate(contacts, start=1)}
        return Told(phones=phones, values=notice.values)


_TRUE_WHILE: Final = {
    NoticeKind.APPLICATION_ASKED: {ApplicationState.ASKED, ApplicationState.UNANSWERED},
    NoticeKind.APPLICATION_REMINDED: {ApplicationState.ASKED},
    NoticeKind.APPLICATION_OVERDUE: {ApplicationState.UNANSWERED},
    NoticeKind.APPLICATION_UNANSWERED: {ApplicationState.UNANSWERED},
}
"""While what a message says is so; any other is true until the application is withdrawn."""


def _still_true(kind: NoticeKind, state: ApplicationState) -> bool:
    return state in _TRUE_WHILE.get(kind, set(ApplicationState) - {ApplicationState.WITHDRAWN})


def _code_to(hub: Hub, notice: PartyNotice) -> Told | None:
    phone = hub.part(Applications).phone_of(notice.case_id)
    if phone is None:
        return None
    visitor, number = Visitor(mark=notice.case_id, phone=phone), notice.values["number"]
    code = hub.codes.code_of(visitor.place, APPLICANT, int(number))
    return None if code is None else Told(phones={APPLICANT: phone}, values={"number": number, "code": code})


_OFFERED: Final = {
    ApplicationState.RECEIVED: (TAKE_UP_APPLICATION, DECLINE_APPLICATION, WITHDRAW_APPLICATION),
    ApplicationState.ASKED: (Action.FILE, WITHDRAW_APPLICATION),
    ApplicationState.UNANSWERED: (Action.FILE, WITHDRAW_APPLICATION),
}


def allowed(actor: Actor, application: Application) -> tuple[Action, ...]:
    """Return what an actor who sees an application may do about it now."""
    return tuple(action for action in _OFFERED.get(application.state, ()) if may(actor, action))


def token_hash(token: str) -> str:
    """Return what a pass is known by: the SHA-256 of its token, 64 hex digits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _visitor(hub: Hub, token: str) -> Visitor:
    visitor = hub.part(Applications).visitor(token_hash(token))
    if visitor is None:
        raise PassNotAccepted("no such pass, or its time is over")
    return visitor


def _actor(visitor: Visitor) -> Actor:
    return Actor(role=Role.BORROWER, subject=visitor.subject)


def _seen(hub: Hub, actor: Actor, application_id: str) -> tuple[Application, Content]:
    """Read an application that the actor may see: of its court, or that it is asked to answer."""
    found = hub.part(Applications).find(application_id)
    if found is None:
        raise ApplicationNotFound(application_id)
    of_court = actor.role is Role.CENTRE and actor.court_id == found[0].court_id
    asked = actor.role is Role.INSTITUTION and actor.institution_id == found[0].institution_id
    # Who withdraws takes back that its details are handed on.
    if of_court or (asked and found[0].state is not ApplicationState.WITHDRAWN):
        return found
    raise ApplicationNotFound(application_id)


def _check_version(application: Application, version: int) -> None:
    if application.version != version:
        raise StaleVersion(application.application_id)


def _save(hub: Hub, step: Step) -> Application:
    if not hub.part(Applications).save(replace(step, salt=hub.new_salt()), follow_up_time(hub)):
        raise StaleVersion(step.after.application_id)
    return step.after


def _court_of(actor: Actor, action: Action) -> str:
    authorise(actor, action)
    if actor.court_id is None:
        raise NotPermitted(actor.role, action)
    return actor.court_id
