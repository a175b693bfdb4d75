"""Routes of a borrower's own application: without an account, for the centre, and for who is asked to answer.

Promise: whoever has no account proves its phone first; whatever phone, person or institution is named, the
answers are the same. Masked values are shown to everybody but the applicant; whoever sees them whole is on
record first. Downside: the pass that a code gives is a secret of half an hour, so it travels in bodies only.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.operations import Access, Answered, Call, Operations, Place, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, ID, Cursor, IdempotencyKey, Limit, etag
from chalicelib.api.refusals import CursorRefused, RequestFault
from chalicelib.api.schemas.base import AmountText, Answer, DayText, InstantText, Request
from chalicelib.api.schemas.fields import (
    ContractNumber,
    Identifier,
    Name,
    PositiveAmount,
    Read,
    Statement,
    matching,
    string,
    visible,
)
from chalicelib.api.schemas.filings import court_faults
from chalicelib.api.schemas.identifiers import IdNumber, Phone
from chalicelib.api.schemas.parties import paper_fault
from chalicelib.capabilities.applications import service
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
    ENDED,
    LONGEST_REASON,
    Application,
    ApplicationState,
    Ask,
    Content,
    DeclineGround,
    Hardship,
    last_day,
)
from chalicelib.capabilities.contacts.model import Purpose
from chalicelib.domain.agreement.errors import CodeNotVerified
from chalicelib.domain.calendar import local_date
from chalicelib.domain.errors import (
    ApplicationNotFound,
    IdempotencyKeyReused,
    InstitutionNotEnrolled,
    InstitutionSuspended,
    PassNotAccepted,
    PhoneTakesNoCodes,
    RuleViolated,
    StaleVersion,
    TooManyCodes,
)
from chalicelib.domain.events import Channel
from chalicelib.domain.id_documents import IdDocument, normalised, recognised
from chalicelib.domain.parties import mask_id_number, mask_name, mask_phone
from chalicelib.domain.roles import Actor
from chalicelib.use_cases.ports import Hub

operations: Final = Operations("applications")

SMALL: Final = 8 * 1024
"""Bytes of a body at most: what an applicant writes is short."""
_PLACE: Final = r"[0-9A-Za-z:.+_-]{1,200}"
_MONTH: Final = r"20[0-9]{2}-(0[1-9]|1[0-2])"
ApplicationId = Annotated[
    str,
    Read(string, {"type": "string", "pattern": f"^{ID}$"}),
    Place("path", "The application's id · 申请编号"),
]
VisitToken = Annotated[str, matching("[0-9a-f]{32}", "identifier_format", longest=32)]
IfMatchApplication = Annotated[
    int,
    Read(
        lambda value: int(string(value).strip().strip('"')),
        {"type": "string", "pattern": '^"(0|[1-9][0-9]{0,8})"$', "examples": ['"1"']},
    ),
    Place("header", "The application's ETag as it was read · 所读申请的 ETag", "if-match"),
]


class CodeIn(Request):
    """To which phone a code is sent."""

    phone: Phone


class CodeOut(Answer):
    """That a code is on its way, if one may be sent now; the answer is the same for every phone."""

    valid_seconds: int = 600


class VisitIn(Request):
    """A phone and the code that was sent to it."""

    phone: Phone
    code: Annotated[str, matching("[0-9]{6}", "code_digits", longest=6, examples=["123456"])]


class VisitOut(Answer):
    """A pass for half an hour: send it in the body of what follows, and keep it nowhere."""

    visit_token: str = Field(validation_alias="token")
    expires_at: InstantText


class Told(Request):
    """What an applicant tells: who it is, whose loan as far as known, and what it asks for."""

    name: Name
    id_number: IdNumber
    id_document: IdDocument | None = Field(default=None, description="证件类型")
    lender: Name = Field(
        description="The institution as the applicant calls it · 贷款机构", examples=["示例农商银行"]
    )
    contract_number: ContractNumber | None = Field(default=None, description="合同编号，不知道可不填")
    amount: PositiveAmount | None = Field(default=None, description="贷款金额，不知道可不填")
    asks: list[Ask] = Field(min_length=1, max_length=len(Ask), description="希望怎样解决")
    monthly: PositiveAmount | None = Field(default=None, description="每月能还的金额")
    hardship: Hardship | None = Field(default=None, description="困难原因")
    reason: Annotated[str, visible(longest=LONGEST_REASON, lines=True)] | None = Field(
        default=None, description="In the applicant's own words · 情况说明"
    )

    def content(self, phone: str) -> Content:
        """Return what is stored, sealed."""
        document = None if recognised(self.id_number) else self.id_document
        return Content(
            name=self.name,
            id_number=self.id_number,
            id_document=document,
            phone=phone,
            lender=self.lender,
            contract_number=self.contract_number,
            amount=self.amount,
            monthly=self.monthly,
            asks=tuple(ask for ask in Ask if ask in self.asks),
            hardship=self.hardship,
            reason=self.reason,
        )


EXAMPLE: Final[Mapping[str, Any]] = {
    "name": "张三",
    "id_number": "11010519491231002X",
    "lender": "示例农商银行",
    "amount": "80000.00",
    "asks": ["instalments"],
    "monthly": "1500.00",
    "hardship": "harvest",
    "reason": "今年遭了灾，希望分期还。",
}


class ApplicationIn(Told):
    """An application from a phone that has shown a code."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"visit_token": "0123456789abcdef0123456789abcdef", "court_id": "jiaocheng", **EXAMPLE}
            ]
        }
    )

    visit_token: VisitToken
    court_id: Identifier


class CounterApplicationIn(Told):
    """An application that the centre's staff enters for a person at the counter."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phone": "13800001234", **EXAMPLE}]})

    phone: Phone = Field(description="A mobile number, if the person wants to be told · 联系电话")


class ToldOut(Answer):
    """What the applicant told; name, number and phone are masked but for the applicant and after a look."""

    name: str
    id_number: str
    id_document: IdDocument | None
    phone: str
    lender: str
    contract_number: str | None
    amount: AmountText | None
    asks: list[Ask]
    monthly: AmountText | None
    hardship: Hardship | None
    reason: str | None


class ApplicationOut(Answer):
    """An application as its applicant sees it."""

    application_id: str
    number: str = Field(description="How it is named on the telephone · 申请号", examples=["2026-000123"])
    court_id: str
    state: ApplicationState
    received_at: InstantText
    answer_by: DayText | None = Field(description="By when the institution has to answer · 机构答复期限")
    ground: DeclineGround | None = Field(description="Why it was declined · 不予受理的理由")
    declined_because: str | None
    can_withdraw: bool = Field(description="Whether it may still be taken back · 是否可以撤回")
    told: ToldOut


class MessageOut(Answer):
    """Whether a message about the application was sent."""

    kind: str = Field(examples=["application_received"])
    to: str = Field(validation_alias="party_id", examples=["applicant"])
    state: str = Field(examples=["sent"])
    ended_at: InstantText | None


class StaffApplicationOut(ApplicationOut):
    """An application as the centre and the institution that is asked see it."""

    version: int
    channel: Channel
    institution_id: str | None
    unanswered_at: InstantText | None = Field(description="When the limit passed in silence · 逾期未答复时间")
    joined_by: str | None = Field(description="The case of the filing that joined it · 并入的案件编号")
    allowed_actions: list[str] = Field(description="What you may do about it now · 可办理事项")
    messages: list[MessageOut]


class ListedOut(Answer):
    """An application in a list."""

    application_id: str
    number: str
    state: ApplicationState
    received_at: InstantText
    institution_id: str | None
    answer_by: DayText | None
    unanswered_at: InstantText | None
    joined_by: str | None


class ListOut(Answer):
    """One page of applications, the oldest first."""

    items: list[ListedOut]
    next: str | None


class OwnIn(Request):
    """A pass."""

    visit_token: VisitToken


class OwnOut(Answer):
    """What came from the phone, the oldest first."""

    items: list[ApplicationOut]


class OwnWithdrawalIn(Request):
    """Which application to take back."""

    visit_token: VisitToken
    application_id: Identifier


class TakingUpIn(Request):
    """Which institution is asked."""

    institution_id: Identifier


class DecliningIn(Request):
    """Why, by code and in words for the applicant."""

    ground: DeclineGround
    because: Statement = Field(description="The applicant reads this · 告知申请人的理由")


class LookIn(Request):
    """What somebody looks at an applicant's details for; it is recorded."""

    purpose: Purpose


class FiguresOut(Answer):
    """Of the applications received in a month, how many came to what until now."""

    month: str
    received: int
    taken_up: int
    declined: int
    withdrawn: int
    joined: int
    joined_late: int = Field(description="Of those joined, after the limit · 其中逾期后并入")
    unanswered: int = Field(description="Of those taken up, unanswered within the limit · 机构逾期未答复")


def _person_faults(body: Mapping[str, Any], hub: Hub) -> Iterator[RequestFault]:
    number = body.get("id_number")
    if isinstance(number, str):
        today = local_date(hub.clock.now())
        if fault := paper_fault({**body, "kind": "person"}, normalised(number), today):
            yield RequestFault(f"/{fault[0]}", fault[1])


def _application_faults(body: Mapping[str, Any], hub: Hub) -> Iterator[RequestFault]:
    yield from _person_faults(body, hub)
    yield from court_faults(body.get("court_id"), hub)


@operations.post(
    "/v1/application-codes",
    "获取申请验证码",
    Answered(model=CodeOut, status=202),
    access=Access.OPEN,
    refusals=(PhoneTakesNoCodes, TooManyCodes),
    largest_body=SMALL,
)
def request_applicant_code(call: Call, body: CodeIn) -> Reply:
    """Send a one-time code to a phone, from which its owner wants to apply.

    The answer is the same for every mobile number, whether a code was just sent or not. A phone gets one a
    minute and ten a day at most, and one connection asks for a limited number of them.
    """
    service.request_code(call.hub, body.phone, call.source)
    return Reply(CodeOut())


@operations.post(
    "/v1/application-visits",
    "以验证码开始办理",
    Answered(model=VisitOut, status=201),
    access=Access.OPEN,
    refusals=(CodeNotVerified,),
    largest_body=SMALL,
)
def begin_application_visit(call: Call, body: VisitIn) -> Reply:
    """Exchange a code, once, for a pass of half an hour."""
    return Reply(VisitOut.of(service.begin_visit(call.hub, body.phone, body.code)))


@operations.post(
    "/v1/applications",
    "提交调解申请",
    Answered(model=ApplicationOut, status=201, headers=("Idempotent-Replayed",)),
    access=Access.OPEN,
    refusals=(PassNotAccepted, RuleViolated, IdempotencyKeyReused),
    check=_application_faults,
    largest_body=SMALL,
)
def submit_application(call: Call, idempotency_key: IdempotencyKey, body: ApplicationIn) -> Reply:
    """Apply for a mediation with an institution that lent you money; the phone is that of the pass.

    The centre decides whether it takes the application up. Nothing is told of whether an institution, a loan
    or a case is known.
    """
    content = body.content(phone="")
    shown = service.submit(
        call.hub, body.visit_token, body.court_id, content, idempotency_key, _digest(call.body)
    )
    return _created(_own(shown), shown)


@operations.post(
    "/v1/own-applications",
    "查询本人申请",
    Answered(model=OwnOut),
    access=Access.OPEN,
    refusals=(PassNotAccepted,),
    largest_body=SMALL,
)
def list_own_applications(call: Call, body: OwnIn) -> Reply:
    """List the applications that came from your phone, the oldest first."""
    items = [_own(each) for each in service.own(call.hub, body.visit_token)]
    return Reply(OwnOut(items=items))


@operations.post(
    "/v1/own-applications/withdrawal",
    "撤回本人申请",
    Answered(model=ApplicationOut),
    access=Access.OPEN,
    refusals=(PassNotAccepted, ApplicationNotFound, RuleViolated, StaleVersion),
    largest_body=SMALL,
)
def withdraw_own_application(call: Call, body: OwnWithdrawalIn) -> Reply:
    """Take back your application, as long as no filing has joined it."""
    return Reply(_own(service.withdraw_own(call.hub, body.visit_token, body.application_id)))


@operations.post(
    "/v1/counter-applications",
    "窗口登记调解申请",
    Answered(model=StaffApplicationOut, status=201, headers=("Idempotent-Replayed", "ETag")),
    actions=(ENTER_APPLICATION,),
    refusals=(RuleViolated, IdempotencyKeyReused),
    check=_person_faults,
    largest_body=SMALL,
)
def enter_application(call: Call, idempotency_key: IdempotencyKey, body: CounterApplicationIn) -> Reply:
    """Enter an application for somebody at your counter; check first who stands before you."""
    shown = service.enter(call.hub, call.actor, body.content(body.phone), idempotency_key, _digest(call.body))
    return _created(_staff(shown, call.actor), shown, {"ETag": etag(shown.application.version)})


@operations.get(
    "/v1/applications",
    "申请列表",
    Answered(model=ListOut),
    actions=(READ_APPLICATIONS,),
    refusals=(CursorRefused,),
)
def list_applications(
    call: Call,
    shelf: Annotated[
        Literal["open", "ended"], Place("query", "The open ones, or those that have ended · 未结或已结")
    ] = "open",
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Reply:
    """List your court's applications, the oldest first; an institution gets those it is asked to answer."""
    listed = f"{shelf} applications"
    page = service.list_page(call.hub, call.actor, shelf, place_of(cursor, call.actor, listed, _PLACE), limit)
    following = cursor_for(call.actor, listed, page.after) if page.after else None
    items = [ListedOut.of(each, answer_by=_last_day(each)) for each in page.applications]
    return Reply(ListOut(items=items, next=following))


@operations.get(
    "/v1/application-figures",
    "申请办理情况统计",
    Answered(model=FiguresOut),
    actions=(READ_APPLICATION_FIGURES,),
)
def show_application_figures(
    call: Call,
    month: Annotated[
        str, matching(_MONTH, "month_format", longest=7, examples=["2026-11"]), Place("query", "月份")
    ],
) -> Reply:
    """Count what came of the applications that your court's centre received in a month."""
    counted = service.figures(call.hub, call.actor, month)
    names = [name for name in FiguresOut.model_fields if name != "month"]
    return Reply(FiguresOut(month=month, **{name: counted.get(name, 0) for name in names}))


@operations.get(
    "/v1/applications/{application_id}",
    "查询申请",
    Answered(model=StaffApplicationOut, headers=("ETag",)),
    actions=(READ_APPLICATIONS,),
    refusals=(ApplicationNotFound,),
)
def show_application(call: Call, application_id: ApplicationId) -> Reply:
    """Show an application, masked, and who was told of what."""
    return _shown(call, service.read(call.hub, call.actor, application_id))


@operations.post(
    "/v1/applications/{application_id}/looks",
    "查看申请人信息",
    Answered(model=StaffApplicationOut, headers=("ETag",)),
    actions=(READ_APPLICANT,),
    refusals=(ApplicationNotFound,),
    largest_body=SMALL,
)
def look_at_applicant(call: Call, application_id: ApplicationId, body: LookIn) -> Reply:
    """Show an applicant's details whole, once it is on record that you looked at them."""
    return _shown(call, service.look(call.hub, call.actor, application_id, body.purpose), whole=True)


@operations.post(
    "/v1/applications/{application_id}/taking-up",
    "受理申请",
    Answered(model=StaffApplicationOut, headers=("ETag",)),
    actions=(TAKE_UP_APPLICATION,),
    refusals=(ApplicationNotFound, RuleViolated, StaleVersion, InstitutionNotEnrolled, InstitutionSuspended),
    largest_body=SMALL,
)
def take_up_application(
    call: Call, application_id: ApplicationId, if_match: IfMatchApplication, body: TakingUpIn
) -> Reply:
    """Take an application up: the institution is asked to answer by a filing within the court's limit."""
    return _shown(call, service.take_up(call.hub, call.actor, application_id, body.institution_id, if_match))


@operations.post(
    "/v1/applications/{application_id}/declining",
    "不予受理申请",
    Answered(model=StaffApplicationOut, headers=("ETag",)),
    actions=(DECLINE_APPLICATION,),
    refusals=(ApplicationNotFound, RuleViolated, StaleVersion),
    largest_body=SMALL,
)
def decline_application(
    call: Call, application_id: ApplicationId, if_match: IfMatchApplication, body: DecliningIn
) -> Reply:
    """Decline an application with a reason that its applicant reads."""
    return _shown(
        call, service.decline(call.hub, call.actor, application_id, body.ground, body.because, if_match)
    )


@operations.post(
    "/v1/applications/{application_id}/withdrawal",
    "代为撤回申请",
    Answered(model=StaffApplicationOut, headers=("ETag",)),
    actions=(WITHDRAW_APPLICATION,),
    refusals=(ApplicationNotFound, RuleViolated, StaleVersion),
)
def withdraw_application(call: Call, application_id: ApplicationId) -> Reply:
    """Take back an application for its applicant, who says so at your counter or on the telephone."""
    return _shown(call, service.withdraw(call.hub, call.actor, application_id))


def _last_day(application: Application) -> str | None:
    until = application.answer_by
    return None if until is None else last_day(until)


def _told(shown: service.Shown, *, whole: bool) -> ToldOut:
    content = shown.content
    masked = (
        {}
        if whole
        else {
            "name": mask_name(content.name),
            "id_number": mask_id_number(content.id_number, content.id_document),
            "phone": mask_phone(content.phone),
        }
    )
    return ToldOut.of(content, asks=list(content.asks), **masked)


def _own(shown: service.Shown) -> ApplicationOut:
    return ApplicationOut.of(
        shown.application,
        answer_by=_last_day(shown.application),
        declined_because=shown.content.declined_because,
        can_withdraw=shown.application.state not in ENDED,
        told=_told(shown, whole=True),
    )


def _staff(shown: service.Shown, actor: Actor, *, whole: bool = False) -> StaffApplicationOut:
    return StaffApplicationOut.of(
        shown.application,
        answer_by=_last_day(shown.application),
        declined_because=shown.content.declined_because,
        can_withdraw=shown.application.state not in ENDED,
        told=_told(shown, whole=whole),
        allowed_actions=list(map(str, service.allowed(actor, shown.application))),
        messages=[MessageOut.of(each) for each in shown.notices],
    )


def _shown(call: Call, shown: service.Shown, *, whole: bool = False) -> Reply:
    return Reply(_staff(shown, call.actor, whole=whole), {"ETag": etag(shown.application.version)})


def _created(answer: Answer, shown: service.Shown, headers: Mapping[str, str] = {}) -> Reply:
    return Reply(answer, {**headers, **({"Idempotent-Replayed": "true"} if shown.replayed else {})})


def _digest(body: Mapping[str, Any]) -> str:
    # Without the pass: who has to show a code anew may send the same application again.
    content = {name: value for name, value in body.items() if name != "visit_token"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
