"""A borrower's own application (借款人自行申请调解) and its life, from the counter or a phone to a filing.

Promise: an application is no case. The centre takes it up, which asks the institution to answer by a filing,
or declines it with a reason; the filing joins it, in time or late; silence is on record. Each step is decided
here, once: a step that was taken already is refused, whatever comes twice, late or out of order. Ids, codes
and times only are open; what the applicant wrote is `Content`, which is stored sealed.
Downside: whether a loan exists at all is known when the institution answers, not before.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.calendar import CHINA, after_working_days, local_date
from chalicelib.domain.case_deadline import CaseDeadline
from chalicelib.domain.errors import ApplicationNotFound
from chalicelib.domain.events import Channel  # noqa: TC001 - the table reads the annotations
from chalicelib.domain.id_documents import (
    IdDocument,
    normalised,
)
from chalicelib.domain.money import Money  # noqa: TC001 - the table reads the annotations
from chalicelib.domain.notices import NoticeKind, notice_of
from chalicelib.domain.own_place import OwnPlace
from chalicelib.domain.rules import Rule
from chalicelib.domain.talk import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.errors import HubError
    from chalicelib.domain.notices import PartyNotice
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.talk import Head

DEADLINE: Final = "application_answer"
"""The kind of the deadline by which the institution answers."""
REMINDED_BEFORE: Final = timedelta(days=2)
"""How long before its limit the institution is reminded [policy]."""
MOST_OPEN: Final = 3
"""Open applications of one phone [policy]: more are spam, or a case for the counter."""
LONGEST_REASON: Final = 1000
"""Characters of what an applicant writes in its own words."""
APPLICANT: Final = "applicant"
INSTITUTION: Final = "institution"
VISIT_SECONDS: Final = 1800
"""How long a pass holds that was given for a code; real time, as for a session of the console [policy]."""
PHONE_SECONDS: Final = 3600
"""How long a phone is kept to which a code is sent."""
MOST_FROM_ONE_SOURCE: Final = 60
"""Codes that one source may ask for in an hour [policy]; a village behind one address has several phones."""
SOURCE_SECONDS: Final = 3600
KEPT_SECONDS: Final = 3 * 366 * 86_400
"""How long an application is kept after its last step [policy]: as the records of processing, three years."""
OWNER: Final = "applications"
"""Whose key makes the marks of phones and seals them, before a court is chosen."""

TO_DECIDE: Final = Rule(
    "application_to_decide",
    "[policy]",
    "the centre has neither taken up nor declined the application, and it is not withdrawn",
    "申请尚未受理、未作出不予受理决定，也未撤回",
)
TO_ANSWER: Final = Rule(
    "application_to_answer",
    "[policy]",
    "the centre has taken up the application, no filing has joined it, and it is not withdrawn",
    "中心已受理申请，尚无立案与之合并，且申请未撤回",
)
NOT_ENDED: Final = Rule(
    "application_not_ended",
    "[policy]",
    "the application is open: no filing has joined it, and it is neither declined nor withdrawn",
    "申请尚未结束（未与机构立案合并，未不予受理，也未撤回）",
)
SAME_PERSON: Final = Rule(
    "application_of_a_respondent",
    "[policy]",
    "one of the filing's respondents is the applicant, by the number of its paper",
    "立案的被申请人之一为该申请人（以证件号码核对）",
)
SAME_COURT: Final = Rule(
    "application_at_the_court",
    "[policy]",
    "the filing is with the court whose centre took up the application",
    "立案法院与受理申请的中心所属法院一致",
)
ROOM: Final = Rule(
    "room_for_an_application",
    "[policy]",
    f"at most {MOST_OPEN} applications from one phone are open at a time",
    f"同一手机号码同时未办结的申请不超过{MOST_OPEN}件",
)


class ApplicationState(StrEnum):
    """Where an application stands."""

    RECEIVED = "received"  # 已收到，待中心处理
    ASKED = "asked"  # 已受理，待机构答复
    UNANSWERED = "unanswered"  # 机构逾期未答复
    JOINED = "joined"  # 机构已立案，申请并入
    DECLINED = "declined"  # 不予受理
    WITHDRAWN = "withdrawn"  # 已撤回


ENDED: Final = frozenset({ApplicationState.JOINED, ApplicationState.DECLINED, ApplicationState.WITHDRAWN})


class Ask(StrEnum):
    """What an applicant asks for."""

    MORE_TIME = "more_time"  # 延期还款
    INSTALMENTS = "instalments"  # 分期还款
    LESS_INTEREST = "less_interest"  # 减免罚息、复利
    OTHER = "other"  # 其他


class Hardship(StrEnum):
    """Why it can't pay as agreed."""

    ILLNESS = "illness"  # 患病
    LOST_WORK = "lost_work"  # 失业或者收入减少
    HARVEST = "harvest"  # 歉收、受灾
    BUSINESS = "business"  # 生意亏损
    FAMILY = "family"  # 家庭变故
    OTHER = "other"  # 其他


class DeclineGround(StrEnum):
    """Why the centre does not take an application up."""

    NO_LOAN_DISPUTE = "no_loan_dispute"  # 不属于金融借款、信用卡纠纷
    NOT_ENROLLED = "not_enrolled"  # 该机构未入驻
    NOT_OF_THIS_COURT = "not_of_this_court"  # 不属本院辖区
    IN_COURT_ALREADY = "in_court_already"  # 已在法院审理
    REPEATED = "repeated"  # 重复申请
    NOT_UNDERSTOOD = "not_understood"  # 信息不全，无法联系核实
    OTHER = "other"  # 其他


class Done(StrEnum):
    """What happened to an application; each is an entry of its log."""

    RECEIVED = "received"
    TAKEN_UP = "taken_up"
    DECLINED = "declined"
    JOINED = "joined"
    REMINDED = "reminded"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Content:
    """What an applicant tells: who, which institution and loan as far as known, what for. It is sealed.

    `lender` is the institution as the applicant calls it; `declined_because` is the centre's text for it.
    """

    name: str
    id_number: str
    phone: str
    lender: str
    asks: tuple[Ask, ...]
    id_document: IdDocument | None = None
    contract_number: str | None = None
    amount: Money | None = None
    monthly: Money | None = None
    hardship: Hardship | None = None
    reason: str | None = None
    declined_because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application: ids, codes and times.

    `mark` stands for the phone from which it comes, `answer_by` is the end of the institution's limit,
    `joined_by` the case of the filing that joined it.
    """

    application_id: str
    court_id: str
    number: str
    mark: str
    channel: Channel
    received_at: datetime
    state: ApplicationState = ApplicationState.RECEIVED
    version: int = 1
    institution_id: str | None = None
    answer_by: datetime | None = None
    reminded: bool = False
    unanswered_at: datetime | None = None
    ground: DeclineGround | None = None
    joined_by: str | None = None
    changed_at: datetime

    @property
    def place(self) -> OwnPlace:
        """Where its records stand, and whose key seals them."""
        return OwnPlace(self.application_id, owner_of(self.court_id), self.court_id)

    @property
    def listed_at(self) -> str:
        """Its place in the lists: the oldest first."""
        return f"{self.received_at.isoformat(timespec='microseconds')}.{self.application_id}"

    @property
    def month(self) -> str:
        """The month in China in which it was received, by which it is counted."""
        return f"{self.received_at.astimezone(CHINA):%Y-%m}"

    def taken_up(self, institution_id: str, by: Actor, at: datetime, limit: Limit) -> Step:
        """Ask the institution; raises RuleViolated."""
        if self.state is not ApplicationState.RECEIVED:
            raise TO_DECIDE.refusal()
        until = after_working_days(at, limit.working_days, limit.calendar)
        after = self._after(ApplicationState.ASKED, at, institution_id=institution_id, answer_by=until)
        told = {"application": self.number, "until": last_day(until)}
        return Step(
            before=self,
            after=after,
            act=Act.of(Done.TAKEN_UP, by, at, institution_id=institution_id, until=last_day(until)),
            notices=(
                after.notice(APPLICANT, NoticeKind.APPLICATION_TAKEN_UP, told),
                after.notice(INSTITUTION, NoticeKind.APPLICATION_ASKED, told),
            ),
            deadline=CaseDeadline(
                case_id=self.application_id,
                kind=DEADLINE,
                rule="[policy]",
                due_at=until,
                remind_at=until - REMINDED_BEFORE if until - REMINDED_BEFORE > at else None,
            ),
        )

    def declined(
        self, ground: DeclineGround, content: Content, because: str, by: Actor, at: datetime
    ) -> Step:
        """Decline it, with a text for the applicant; raises RuleViolated."""
        if self.state is not ApplicationState.RECEIVED:
            raise TO_DECIDE.refusal()
        after = self._after(ApplicationState.DECLINED, at, ground=ground)
        told = after.notice(APPLICANT, NoticeKind.APPLICATION_DECLINED, {"application": self.number})
        act = Act.of(Done.DECLINED, by, at, ground=ground)
        worded = replace(content, declined_because=because)
        return Step(before=self, after=after, act=act, notices=(told,), content=worded)

    def joined(self, case_id: str, by: Actor, at: datetime) -> Step:
        """Let a filing join it, in time or late; raises RuleViolated."""
        if self.state not in {ApplicationState.ASKED, ApplicationState.UNANSWERED}:
            raise TO_ANSWER.refusal()
        after = self._after(ApplicationState.JOINED, at, joined_by=case_id)
        told = after.notice(APPLICANT, NoticeKind.APPLICATION_JOINED, {"application": self.number})
        act = Act.of(Done.JOINED, by, at, case_id=case_id)
        return Step(before=self, after=after, act=act, notices=(told,))

    def reminding(self, by: Actor, at: datetime) -> Step | None:
        """Remind the institution, once; None if there is nothing to remind it of."""
        if (
            self.state is not ApplicationState.ASKED
            or self.reminded
            or self.answer_by is None
            or at >= self.answer_by
        ):
            return None
        after = self._after(ApplicationState.ASKED, at, reminded=True)
        told = {"application": self.number, "until": last_day(self.answer_by)}
        notice = after.notice(INSTITUTION, NoticeKind.APPLICATION_REMINDED, told)
        return Step(before=self, after=after, act=Act.of(Done.REMINDED, by, at), notices=(notice,))

    def silent(self, by: Actor, at: datetime) -> Step | None:
        """Record that the limit passed without an answer; None if it was answered, or has not passed."""
        if self.state is not ApplicationState.ASKED or self.answer_by is None or at < self.answer_by:
            return None
        after = self._after(ApplicationState.UNANSWERED, at, unanswered_at=at)
        told = {"application": self.number}
        return Step(
            before=self,
            after=after,
            act=Act.of(Done.UNANSWERED, by, at),
            notices=(
                after.notice(APPLICANT, NoticeKind.APPLICATION_UNANSWERED, told),
                after.notice(INSTITUTION, NoticeKind.APPLICATION_OVERDUE, told),
            ),
        )

    def withdrawn(self, by: Actor, at: datetime) -> Step:
        """Take it back; raises RuleViolated."""
        if self.state in ENDED:
            raise NOT_ENDED.refusal()
        after = self._after(ApplicationState.WITHDRAWN, at)
        return Step(before=self, after=after, act=Act.of(Done.WITHDRAWN, by, at))

    def notice(self, to: str, kind: NoticeKind, values: Mapping[str, str]) -> PartyNotice:
        """Return the message about its present version."""
        return notice_of(self.application_id, self.version, to, kind, values)

    def _after(self, state: ApplicationState, at: datetime, **changes: object) -> Application:
        return replace(self, state=state, version=self.version + 1, changed_at=at, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How long an institution has to answer, by the court's limits."""

    working_days: int
    calendar: WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What was done, by whom, and the facts of it: ids, codes and days."""

    done: Done
    at: datetime
    actor: Actor
    facts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, done: Done, by: Actor, at: datetime, **facts: str) -> Act:
        """Return the act."""
        return cls(done=done, at=at, actor=by, facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of an application's life, all of which is stored or nothing; `before` is None for a new one.

    `content` is what the applicant tells, where that is new or changes, and `salt` that of the entry in the
    log. `refused` is what it means that the application is no more as `before`.
    """

    before: Application | None
    after: Application
    act: Act
    notices: tuple[PartyNotice, ...] = ()
    deadline: CaseDeadline | None = None
    content: Content | None = None
    salt: str = ""
    refused: HubError | None = None

    @property
    def counts(self) -> tuple[str, ...]:
        """Under which names it is counted in the month of its application."""
        late = self.act.done is Done.JOINED and self.after.unanswered_at is not None
        return (
            () if self.act.done is Done.REMINDED else (str(self.act.done), *(["joined_late"] if late else []))
        )

    def entry_behind(self, head: Head) -> Entry:
        """Return its entry in the application's log."""
        return Entry(
            case_id=self.after.application_id,
            sequence=head.sequence + 1,
            kind=f"application_{self.act.done}",
            at=self.act.at,
            role=self.act.actor.role,
            subject=self.act.actor.subject,
            data={"version": str(self.after.version), **self.act.facts},
            salt=self.salt,
            previous=head.hash,
        ).sealed()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Visitor:
    """Who showed a code: the mark of its phone, and the phone."""

    mark: str
    phone: str

    @property
    def place(self) -> OwnPlace:
        """Where its codes stand."""
        return place_of(self.mark)

    @property
    def subject(self) -> str:
        """How it is named in a log: by its phone's mark, from which nobody learns the phone."""
        return f"{APPLICANT}:{self.mark[:16]}"


def received(application: Application, content: Content, by: Actor, salt: str) -> Step:
    """Return the first step of an application's life."""
    told = application.notice(APPLICANT, NoticeKind.APPLICATION_RECEIVED, {"application": application.number})
    act = Act.of(Done.RECEIVED, by, application.received_at, channel=application.channel)
    return Step(before=None, after=application, act=act, notices=(told,), content=content, salt=salt)


def check_room(own: Iterable[Application]) -> None:
    """Raise RuleViolated if too many applications of a phone are open."""
    if sum(each.state not in ENDED for each in own) >= MOST_OPEN:
        raise ROOM.refusal()


def check_filing(
    application: Application, content: Content, institution_id: str, court_id: str, id_numbers: Iterable[str]
) -> None:
    """Refuse a filing that does not answer this application: another institution's, court's or person's.

    An application of which another institution was asked looks like none: raises ApplicationNotFound or
    RuleViolated.
    """
    if application.institution_id != institution_id:
        raise ApplicationNotFound(application.application_id)
    if application.court_id != court_id:
        raise SAME_COURT.refusal()
    if normalised(content.id_number) not in {normalised(number) for number in id_numbers}:
        raise SAME_PERSON.refusal()


def owner_of(court_id: str) -> str:
    """Return whose key seals the applications at a court."""
    return f"court:{court_id}"


def place_of(mark: str) -> OwnPlace:
    """Return where the codes of a phone stand."""
    return OwnPlace(mark, OWNER)


def number_of(year: int, counted: int) -> str:
    """Return an application's number, by which people name it on the telephone."""
    return f"{year}-{counted:06}"


def last_day(until: datetime) -> str:
    """Return the last day in China of a limit that ends at an instant."""
    return local_date(until - timedelta.resolution).isoformat()
