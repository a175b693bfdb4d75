"""The one table of errors: each with its HTTP status and its words in both languages.

Promise: HTTP is decided here and nowhere deeper; each row tells the caller what to do, and has the words
beside a field of the request, if a field can cause the error. The code is the error's own. A test walks the
whole error tree and fails for a class without a row. Downside: the wording of API Gateway's own answers
stands in the template, with the same codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo.errors import RecordTooNew, RecordUnreadable, SealBroken
from chalicelib.adapters.identity import IssuerUnreachable, Unauthorized
from chalicelib.adapters.signatures import BadSignature
from chalicelib.api import refusals
from chalicelib.api.languages import Words
from chalicelib.domain import errors as domain
from chalicelib.domain.agreement import errors as agreement
from chalicelib.domain.loan import errors as loan
from chalicelib.domain.loan.comparison import ClaimDiffers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_UNAUTHENTICATED: Final = 401
_BUSY_SECONDS: Final = 2
INTERNAL_ERROR: Final = "internal_error"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """How an error is answered: its status, its title, what the caller should do, and how soon (seconds).

    `fault` is the text beside the field of the request that caused the error; `members` are attributes of
    the error that the answer also holds.
    """

    status: int
    title: Words
    detail: Words
    retry_after: int | None = None
    fault: Words | None = None
    members: tuple[str, ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        """The headers it sends: when to come back, and which scheme proves the caller (RFC 9110)."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        if self.status == _UNAUTHENTICATED:
            headers["WWW-Authenticate"] = "Bearer"
        return headers


_TELL_THE_OPERATOR: Final = Words("Tell the operator the request id.", "请将 request_id 告知运维人员。")
_TRY_LATER: Final = Words("Try again later.", "请稍后重试。")
_WAIT: Final = Words("Wait as long as Retry-After says.", "请按 Retry-After 等待后重试。")
_CHECK_ADDRESS: Final = Words("Check the address.", "请核对地址。")


_INTERNAL: Final = ProblemType(
    500,
    Words("Internal error", "服务器内部错误"),
    Words(
        "Try again later; tell the operator the request id if it stays.",
        "请稍后重试；如持续出现，请将 request_id 告知运维人员。",
    ),
)


def _meaningless(en: str, zh: str) -> ProblemType:
    return ProblemType(
        422,
        Words("The agreement's terms have a fault", "协议内容有误"),
        Words("Correct the named value, then send it again.", "请更正所列内容后重新发送。"),
        fault=Words(en, zh),
    )


_REFUSED: Final = ProblemType(
    409,
    Words("A rule refuses this", "不符合规则"),
    Words("The rule requires", "规则要求"),
    members=("rule", "article"),
)


AWAITED: Final = {
    "screening": Words("its screening", "案件筛查"),
    "appointment": Words("the appointment of a mediator", "指派调解员"),
    "mediator_acceptance": Words("the mediator's acceptance of the appointment", "调解员接受指派"),
    "consent": Words("the consent of {party}", "{party} 同意调解"),
    "waiver": Words(
        "the word of {party} that this mediator may mediate all the same", "{party} 同意仍由该调解员调解"
    ),
    "offer": Words("an offer", "当事人提出要约"),
    "answer": Words("the answer of {party} to the offer", "{party} 答复要约"),
    "agreement": Words("the agreement drawn up from the accepted offer", "依据已获承诺的要约制作调解协议"),
    "identity": Words(
        "the mediator's or the centre's check of who {party} is", "调解员或者中心核对 {party} 的身份"
    ),
    "signature": Words("the signature of {party}", "{party} 签署调解协议"),
    "agreement_in_force": Words("the agreement in force, signed by all", "调解协议经全体签署生效"),
    "default": Words("a default on the agreement in force", "履行调解协议发生违约"),
    "mediation": Words("the beginning of the mediation", "调解开始"),
    "mediation_ended": Words(
        "the end of the mediation without an agreement: a party refuses it, the mediator or a party ends it, "
        "or its time is over",
        "调解未达成协议而终结（当事人不同意调解、调解员或者当事人终结调解，或者期限届满）",
    ),
    "transfer": Words("the transfer to the court", "移送法院"),
    "receipt": Words("the court's receipt of the transfer", "法院的收件回执"),
    "return": Words("the court's return for correction", "法院退回补正"),
    "correction": Words("the institution's correction", "机构补正"),
    "resubmission": Words("what was corrected on its way to the court again", "补正后重新移送"),
    "objection": Words("an objection", "当事人提出异议"),
    "objection_decision": Words("the centre's decision on the objection", "中心对异议作出决定"),
    "challenge": Words("a challenge of the mediator", "当事人申请调解员回避"),
}
"""What an action can wait for (`domain.awaited`), in words."""
PAST: Final = Words("The case is past it.", "本案已不能再执行此操作。")
MISSING: Final = Words("Missing: {what}.", "尚缺：{what}。")
SEPARATOR: Final = Words("; ", "；")


def _not_eligible(en: str, zh: str) -> ProblemType:
    return ProblemType(
        409,
        Words(f"The {en} can't be given this case", f"该{zh}不能指派给本案"),
        Words(
            f"Name another {en}, or have the centre enter this one on the roster (POST /v1/roster).",
            f"请另行指定{zh}，或者由中心将其登记入册（POST /v1/roster）。",
        ),
        fault=Words(
            f"name somebody who stands on the court's roster as an active {en}",
            f"请填写名册中在任的{zh}",
        ),
    )


def _tree(error: type[domain.HubError]) -> Iterator[type[domain.HubError]]:
    yield error
    for child in error.__subclasses__():
        yield from _tree(child)


_BY_ERROR: Final[Mapping[type[domain.HubError], ProblemType]] = {
    # The request can't be taken as it is.
    refusals.RequestRefused: ProblemType(
        400,
        Words("Bad request", "请求格式错误"),
        Words("Correct the request as the API's documentation describes it.", "请按接口文档更正请求。"),
    ),
    refusals.BodyUnreadable: ProblemType(
        400,
        Words("The body is not a JSON object", "请求体不是 JSON 对象"),
        Words(
            "Correct what errors names, then send one JSON object in UTF-8.",
            "请更正 errors 所列问题，然后发送一个 UTF-8 编码的 JSON 对象。",
        ),
    ),
    refusals.BodyTooLarge: ProblemType(
        413,
        Words("Request too large", "请求体过大"),
        Words("Send a smaller body: limit_bytes is the most.", "请缩小请求体，上限见 limit_bytes。"),
        members=("limit_bytes",),
    ),
    refusals.MediaTypeRefused: ProblemType(
        415,
        Words("Unsupported media type", "不支持的媒体类型"),
        Words(
            "Send Content-Type: application/json, in UTF-8.",
            "请以 Content-Type: application/json、UTF-8 编码发送。",
        ),
    ),
    refusals.IdempotencyKeyRequired: ProblemType(
        400,
        Words("An Idempotency-Key is required", "须提供 Idempotency-Key"),
        Words(
            "Send the header Idempotency-Key: 1 to 128 letters, digits or . _ : ~ - that are new for each "
            "filing and the same for its retries.",
            "请在请求头 Idempotency-Key 中提供 1 至 128 位字母、数字或 . _ : ~ - ，"
            "每次申请使用新值，重试时保持不变。",
        ),
    ),
    refusals.IfMatchRequired: ProblemType(
        428,
        Words("If-Match is required", "须提供 If-Match"),
        Words(
            "Read what you want to change and send its ETag in If-Match.",
            "请先读取所要更改的内容，并在 If-Match 中发送其 ETag。",
        ),
    ),
    refusals.IfMatchUnusable: ProblemType(
        400,
        Words("If-Match must name one version", "If-Match 须指明一个版本"),
        Words(
            'Send the ETag as you read it, such as "3"; "*", weak tags and lists are refused.',
            '请原样发送读取时所得的 ETag，例如 "3"；不接受 "*"、弱标签和多个值。',
        ),
    ),
    refusals.CursorRefused: ProblemType(
        400,
        Words("The cursor does not belong to this list", "游标与本列表不符"),
        Words(
            "Use a cursor only with the caller, resource and filters it was given for, or start without one.",
            "游标仅可由同一调用方以相同条件使用；否则请不带游标重新开始。",
        ),
    ),
    refusals.RouteNotFound: ProblemType(404, Words("Not found", "资源不存在"), _CHECK_ADDRESS),
    refusals.MethodNotAllowed: ProblemType(
        405,
        Words("Method not allowed", "不支持该请求方法"),
        Words("Use a method that the API's documentation lists.", "请使用接口文档列明的请求方法。"),
    ),
    domain.InvalidInput: ProblemType(
        422,
        Words("The request has faults", "请求内容有误"),
        Words(
            "Correct every fault listed in errors, then send it again.",
            "请更正 errors 所列全部问题后重新发送。",
        ),
    ),
    # The caller can't be identified, or may not do this.
    Unauthorized: ProblemType(
        401,
        Words("Authentication required", "未通过身份认证"),
        Words("Send a valid bearer token of a configured issuer.", "请提供已配置签发方的有效令牌。"),
    ),
    BadSignature: ProblemType(
        401,
        Words("The signature is refused", "签名未通过验证"),
        Words(
            "Sign the exact bytes of the body with a key the hub knows for this court, not more than five "
            "minutes ago (Standard Webhooks).",
            "请用枢纽已登记的本院密钥对请求体原文签名，且签名时间相差不超过五分钟（Standard Webhooks）。",
        ),
    ),
    domain.NotPermitted: ProblemType(
        403,
        Words("Not permitted", "无权执行此操作"),
        Words("Your role may not do this.", "您的角色无权执行此操作。"),
        members=("role",),
    ),
    # What does not exist for this caller.
    domain.NotFound: ProblemType(404, Words("Not found", "资源不存在"), _CHECK_ADDRESS),
    domain.CaseNotFound: ProblemType(
        404,
        Words("Case not found", "案件不存在"),
        Words("There is no such case for you; check its id.", "案件不存在或者您无权访问，请核对案件编号。"),
    ),
    domain.TransferNotFound: ProblemType(
        404,
        Words("Transfer not found", "移送记录不存在"),
        Words(
            "There is no such transfer for your court; check its id.",
            "该移送不存在或者并非移送至贵院，请核对移送编号。",
        ),
    ),
    domain.DocumentNotFound: ProblemType(
        404,
        Words("Document not found", "材料不存在"),
        Words("Take the document's id from the manifest.", "请使用材料清单中的材料编号。"),
    ),
    domain.PaperNotFound: ProblemType(
        404,
        Words("Document not found", "文书不存在"),
        Words(
            "There is no such document for you; take its id from the case's list.",
            "文书不存在或者您无权查阅，请使用文书列表中的编号。",
        ),
    ),
    domain.SessionNotFound: ProblemType(
        404,
        Words("Session not found", "调解会不存在"),
        Words(
            "There is no such session for you; take its id from the case's list.",
            "调解会不存在或者您未受邀，请使用调解会列表中的编号。",
        ),
    ),
    domain.CallbackNotFound: ProblemType(
        404, Words("Callback not found", "回调不存在"), Words("Check the callback's id.", "请核对回调编号。")
    ),
    domain.PolicyNotFound: ProblemType(
        404,
        Words("Concession policy not found", "减免政策不存在"),
        Words(
            "There is no such institution's policy for you; check its id.",
            "该机构不存在或者您无权查阅其减免政策，请核对机构编号。",
        ),
    ),
    domain.InstitutionNotFound: ProblemType(
        404,
        Words("Institution not found", "机构不存在"),
        Words(
            "No such institution is enrolled, or it is another one; check its id.",
            "该机构未入驻或者您无权查阅，请核对机构编号。",
        ),
    ),
    domain.ApplicationNotFound: ProblemType(
        404,
        Words("Application not found", "申请不存在"),
        Words(
            "There is no such application, or it is not yours to see; check its id.",
            "该申请不存在或者您无权查阅，请核对申请编号。",
        ),
    ),
    domain.PassNotAccepted: ProblemType(
        403,
        Words("Show a code again", "请重新验证手机"),
        Words(
            "The visit is over after half an hour: ask for a new code and begin a new visit.",
            "本次办理已超过半小时，请重新获取验证码后继续。",
        ),
    ),
    domain.TooManyCodes: ProblemType(
        429,
        Words("Too many codes for one connection", "本网络获取验证码次数过多"),
        Words(
            "Wait as long as Retry-After says, or apply at the mediation centre's counter.",
            "请按 Retry-After 等待，或者到调解中心窗口办理。",
        ),
        retry_after=600,
    ),
    # Named field by field; see `domain_faults`.
    domain.NotAsEnrolled: ProblemType(
        422,
        Words("Not as enrolled", "与入驻信息不一致"),
        Words(
            "Correct what errors names, or ask the centre to enrol it.",
            "请更正 errors 所列内容，或请中心登记入驻信息。",
        ),
    ),
    domain.PersonNotFound: ProblemType(
        404,
        Words("Nobody of this id", "名册中没有此人"),
        Words(
            "Nobody of this id stands on your court's roster, or the entry is not yours; check the id.",
            "本院名册中没有该编号的人员，或者您无权查阅，请核对编号。",
        ),
    ),
    domain.TextTellsOfParties: ProblemType(
        422,
        Words("The text tells of the parties", "内容涉及当事人或者调解方案"),
        Words(
            "Ask about the law only: leave out what found names (name, id_number, phone, account, amount).",
            "此处只讨论法律问题，请删去 found 所列内容（姓名、证件号码、电话、账号、金额）。",
        ),
        members=("found",),
    ),
    # The present state does not allow it.
    domain.Conflict: ProblemType(
        409,
        Words("Conflict with the present state", "与当前状态冲突"),
        Words("Read the case again, then decide again.", "请重新读取案件后再作决定。"),
    ),
    domain.DuplicateFiling: ProblemType(
        409,
        Words("This claim is open already", "该债权已有未结案件"),
        Words(
            "An open case of the contract claims one of these instalments (existing_instalment_scope): go on "
            "with the case named by existing_case_id; a new filing is possible when it has ended.",
            "该合同已有未结案件，其期次（existing_instalment_scope）与本次申请重叠：请在 existing_case_id "
            "所列案件中继续办理；该案结束后方可再次申请。",
        ),
        members=("existing_case_id", "existing_instalment_scope"),
    ),
    domain.IdempotencyKeyReused: ProblemType(
        422,
        Words("The Idempotency-Key was used with another body", "Idempotency-Key 已用于其他内容"),
        Words(
            "Use a new key for a new filing; repeat the same body to retry.",
            "新的申请请使用新值；重试请发送相同内容。",
        ),
    ),
    domain.StaleVersion: ProblemType(
        412,
        Words("The case changed meanwhile", "案件已被更改"),
        Words(
            "Read the case again, then decide again with its new ETag.",
            "请重新读取案件，并以新的 ETag 再作决定。",
        ),
    ),
    domain.StalePolicy: ProblemType(
        412,
        Words("The policy has a newer version", "减免政策已有新版本"),
        Words(
            "Read the policy again, then decide again with its new ETag.",
            "请重新读取减免政策，并以新的 ETag 再作决定。",
        ),
    ),
    domain.StaleInstitution: ProblemType(
        412,
        Words("The enrolment has another version", "入驻信息已有其他版本"),
        Words(
            "Read the institution again, then decide again with its ETag; a new one has the version 0.",
            "请重新读取机构信息，并以其 ETag 再作决定；新机构的版本为 0。",
        ),
    ),
    domain.InstitutionNotEnrolled: ProblemType(
        409,
        Words("The institution is not enrolled", "机构尚未入驻"),
        Words(
            "Ask the mediation centre to enrol it (POST /v1/institutions), then send this again.",
            "请联系调解中心办理入驻（POST /v1/institutions），然后重新提交。",
        ),
    ),
    domain.InstitutionSuspended: ProblemType(
        409,
        Words("The institution is suspended", "机构已被暂停"),
        Words(
            "It files nothing new until the centre ends the suspension; its open cases go on.",
            "中心恢复之前不得提交新的申请；未结案件继续办理。",
        ),
    ),
    domain.StalePerson: ProblemType(
        412,
        Words("The entry has a newer version", "名册记载已有新版本"),
        Words(
            "Read the person again, then decide again with the new ETag; somebody new has the version 0.",
            "请重新读取该人员，并以新的 ETag 再作决定；新增人员的版本为 0。",
        ),
    ),
    domain.NotEligible: _not_eligible("person", "人员"),
    domain.MediatorNotEligible: _not_eligible("mediator", "调解员"),
    domain.JudgeNotEligible: _not_eligible("judge", "法官"),
    domain.ActionNotAvailable: ProblemType(
        409,
        Words("Not available at this stage", "当前阶段不可执行此操作"),
        Words(
            "Read the case: allowed_actions lists what can be done now.",
            "请读取案件，allowed_actions 列出当前可执行的操作。",
        ),
        members=("stage", "action", "missing"),
    ),
    domain.RuleViolated: replace(_REFUSED, members=(*_REFUSED.members, "missing")),
    domain.PaperNotPossible: ProblemType(
        409,
        Words("The document can't be made yet", "暂不能制作该文书"),
        Words(
            "missing names what the case or the request does not have; see the guide to documents.",
            "missing 列出案件或请求中尚缺的内容，参见文书指南。",
        ),
        members=("kind", "missing"),
    ),
    domain.PhoneTakesNoCodes: ProblemType(
        409,
        Words("This phone can't get a code", "该号码无法接收验证码"),
        Words(
            "The party has no mobile number of the mainland on record: have it corrected, or sign in person.",
            "当事人登记的不是内地手机号码，请更正号码，或者当面签署。",
        ),
    ),
    domain.DebtNotKnown: ProblemType(
        409,
        Words("The case was filed without its debt", "案件未附合同与还款记录"),
        Words("Only a case filed with debt has a statement.", "仅提交时附 debt 的案件可查询计算明细。"),
    ),
    # What the loan arithmetic refuses: most callers see it as a fault of a field.
    loan.LoanError: ProblemType(
        422,
        Words("The loan's terms or figures are refused", "贷款要素或金额有误"),
        Words("Correct what the errors name.", "请按提示更正。"),
        fault=Words("the debt can't be computed from this", "无法据此计算债务"),
    ),
    loan.RateOutOfBounds: ProblemType(
        422,
        Words("A rate is out of bounds", "利率超出允许范围"),
        Words("Send a rate or percentage within the limits of policy.", "请填写政策允许范围内的利率或比例。"),
        fault=Words(
            "{given} % can't be: {low} % to {high} %, at most six decimals; send percent, not a fraction",
            "{given}% 超出允许范围：须为 {low}% 至 {high}%，至多六位小数；请填写百分数而非小数",
        ),
    ),
    loan.AmountOutOfBounds: ProblemType(
        422,
        Words("An amount is out of bounds", "金额超出允许范围"),
        Words("Send an amount that is possible here.", "请填写合理的金额。"),
        fault=Words("this comes to {given}, and must be {bounds}", "由此得出 {given}，须 {bounds}"),
    ),
    loan.HistoryTooLong: ProblemType(
        422,
        Words("The history is too long to be shown", "还款历史过长，无法展示"),
        Words(
            "A statement holds 8,000 segments, that of a filing 6,000, so that its papers can be made. "
            "Describe the contract with fewer payments or rate changes.",
            "明细最多含 8000 段，提交申请时最多 6000 段（以便生成文书），请减少还款或利率变动的笔数。",
        ),
        fault=Words(
            "payments and unpaid items make {found} segments of the statement, {most} at most; send payments "
            "of a month as one",
            "还款与未付款项组合成 {found} 段明细，至多 {most} 段；请按月合并还款",
        ),
    ),
    loan.DatesOutOfOrder: ProblemType(
        422,
        Words("Dates are out of order", "日期先后有误"),
        Words("Put the dates in their order.", "请更正日期先后顺序。"),
        fault=Words("{given} is too early: {earliest} or later", "{given} 过早，不得早于 {earliest}"),
    ),
    loan.TermMissing: ProblemType(
        422,
        Words("A term is missing", "缺少必要条款"),
        Words("Add the term that the facts need.", "请补充所需条款。"),
        fault=Words("the contract lacks a term that its facts need", "合同缺少与所填事实相应的约定"),
    ),
    loan.InvalidSchedule: ProblemType(
        422,
        Words("The schedule has a day that does not exist", "还款安排日期无效"),
        Words("Name days and months that exist.", "请填写存在的日期。"),
        fault=Words(
            "days are 1 to 31 and months 1 to 12; look back no days or more",
            "日须为 1 至 31，月须为 1 至 12，回溯天数不得为负",
        ),
    ),
    loan.AllocationOrderIncomplete: ProblemType(
        422,
        Words("The order of allocation is incomplete", "清偿顺序不完整"),
        Words("Name every component exactly once.", "请将各项债权各列一次。"),
        fault=Words("name each component exactly once", "清偿顺序须包含每一项目且各仅一次"),
    ),
    loan.DuplicateReference: ProblemType(
        422,
        Words("Something is named twice", "存在重复项"),
        Words("Name each entry once.", "每项仅可出现一次。"),
        fault=Words("this occurs twice; name it once", "重复，仅可出现一次"),
    ),
    loan.PaymentBeforeDisbursement: ProblemType(
        422,
        Words("A payment comes before the loan was paid out", "还款早于放款"),
        Words("Correct the date of the payment or of the disbursement.", "请更正还款或放款日期。"),
        fault=Words(
            "nothing was owed on {given}: not before the first principal was paid out on {earliest}",
            "{given} 尚无债务，不得早于首次发放日 {earliest}",
        ),
    ),
    loan.PrincipalExceeded: ProblemType(
        422,
        Words("More principal than was agreed", "本金超出约定"),
        Words("Correct the amounts of principal.", "请更正本金金额。"),
        fault=Words(
            "{given} is more than {most}, which was agreed or paid out by then",
            "{given} 超过约定金额或者截至当时已发放的本金 {most}",
        ),
    ),
    loan.LprUnknown: ProblemType(
        422,
        Words("No loan prime rate is known for this day", "该日期无 LPR 报价"),
        Words("Choose a day the hub's table of quotes reaches.", "请选择已有 LPR 报价的日期。"),
        fault=Words(
            "the quotes in lpr do not reach {day}, a day that is priced; add the publication in force then",
            "lpr 未覆盖定价日 {day}，请补充当时有效的报价",
        ),
    ),
    loan.EvidenceMissing: ProblemType(
        422,
        Words("Evidence is missing", "缺少证据"),
        Words("Name the evidence of each interruption of limitation.", "请提供诉讼时效中断的证据。"),
        fault=Words("name the evidence", "请注明证据"),
    ),
    loan.EndUnexpected: ProblemType(
        422,
        Words("This interruption has no end", "该中断事由没有终结日"),
        Words("Leave its end out.", "请删除终结日。"),
        fault=Words(
            "only a lawsuit or a mediation ends; leave this out", "仅起诉、申请调解等程序有终结日，请删除该项"
        ),
    ),
    ClaimDiffers: ProblemType(
        422,
        Words("The claim is not the computed one", "诉讼请求与计算结果不符"),
        Words("Compare the claim with the statement line by line.", "请逐项核对诉讼请求与计算结果。"),
    ),
    loan.ConcessionError: ProblemType(
        422,
        Words("The concession policy does not allow this", "减免政策不允许"),
        Words("Read the institution's concession policy.", "请查询该机构的减免政策。"),
        fault=Words("the concession policy does not allow this", "减免政策不允许"),
    ),
    loan.PolicyNotInForce: ProblemType(
        409,
        Words("No concession policy is in force on this day", "该日期无有效减免政策"),
        Words("Choose a day on which a version is valid.", "请选择政策有效期内的日期。"),
        fault=Words("no concession policy covers this day", "该日无生效的减免政策"),
    ),
    loan.PolicyVersionUnknown: ProblemType(
        422,
        Words("No such version of the concession policy", "减免政策版本不存在"),
        Words("Take the version from the institution's policy.", "请使用该机构已发布的版本。"),
        fault=Words("this version was never published", "未发布过该版本"),
    ),
    loan.PolicyBookInvalid: ProblemType(
        500,
        Words("The stored versions of a policy do not fit together", "存储的减免政策版本不连续"),
        _TELL_THE_OPERATOR,
        fault=Words("versions are one institution's, numbered from 1", "版本须属同一机构并自 1 起连续编号"),
    ),
    loan.TierNotApplicable: ProblemType(
        422,
        Words("The tier does not apply", "减免档次不适用"),
        Words("Choose a tier whose conditions are met.", "请选择符合条件的减免档次。"),
        fault=Words(
            "there is no such tier, or this is not within its conditions: see the institution's policy",
            "没有该减免档次，或者不符合其条件，请查询机构的减免政策",
        ),
    ),
    # Terms that no agreement can have; a rule that refuses has its own words.
    agreement.AgreementError: _meaningless("no agreement can be made of this", "不能据此达成协议"),
    agreement.PlanDoesNotAddUp: _meaningless(
        "the payments add up to {given}, and must to what is kept of the debt: {agreed}",
        "各期金额之和为 {given} 元，应当与减免后的应付金额 {agreed} 元完全一致",
    ),
    agreement.PlanTooLong: _meaningless(
        "a plan has at most {most} payments within {most} months; this has {found}",
        "还款计划至多 {most} 期、{most} 个月，现为 {found}",
    ),
    agreement.AmountTooSmall: _meaningless(
        "{given} in {payments} payments: each must be 0.01 or more",
        "{given} 元分 {payments} 期支付：每期不得少于 0.01 元",
    ),
    agreement.DueDatesInvalid: _meaningless(
        "the first payment is due today or later, and within 183 days; instalments are two or more, on days "
        "that ascend",
        "首期（一次性还款的为还款日）不得早于今日，且在 183 日以内；分期不少于两期，日期依次递增",
    ),
    agreement.ConcessionBeyondPolicy: _meaningless(
        "more is waived than the institution's policy allows", "减免超出机构的减免政策"
    ),
    agreement.OfferUnknown: ProblemType(
        404,
        Words("Offer not found", "方案不存在"),
        Words("There is no offer of this number.", "没有该序号的方案。"),
        fault=Words("there is no offer of this number", "没有该序号的方案"),
    ),
    agreement.ValidityOutOfBounds: _meaningless(
        "{given} days can't be: an offer is open for {low} to {high} days, within the mediation and before "
        "its first payment is due",
        "方案有效期为 {low} 至 {high} 日，且在调解期限以内、首期到期日之前，不能是 {given} 日",
    ),
    agreement.PartyUnknown: _meaningless("no party of this agreement", "不是该协议的当事人"),
    agreement.HashMalformed: _meaningless(
        "64 lower-case hex digits of a SHA-256", "须为 64 位小写十六进制 SHA-256"
    ),
    agreement.ReferenceMissing: _meaningless(
        "a payment has the institution's reference", "请填写机构的还款流水号"
    ),
    agreement.ReferenceReused: _meaningless(
        "this reference was recorded with another day or amount; use a new one",
        "该流水号已登记为其他日期或者金额，请使用新的流水号",
    ),
    agreement.PaymentUnknown: _meaningless(
        "no payment of this reference was recorded", "没有登记过该流水号的还款"
    ),
    agreement.PaymentDeducted: _meaningless(
        "an offer, the agreement or this round is about the debt less this payment: withdraw or decline "
        "the offer, or end the attempt, then take it back; what an agreement in force or an earlier round "
        "has deducted is claimed by a filing of its own once this case is over",
        "方案、协议或者本轮调解的金额已扣减该笔款项：请先撤销或者拒绝方案，或者终结本次调解，再予冲正；"
        "已由生效协议或者此前轮次扣减的，请待本案终结后另行提交申请主张",
    ),
    agreement.PaymentDateImpossible: _meaningless(
        "{given} can't be: the day of a payment must be {bounds}", "{given} 不合理，还款日期须 {bounds}"
    ),
    agreement.OverpaymentDiffers: _meaningless(
        "the payment exceeds what remains by {excess}: correct it, or state that sum here",
        "该笔款项超出剩余应付金额 {excess} 元：请更正金额，或在此如实填写该超出部分",
    ),
    agreement.RecordFull: _meaningless(
        "as many as one record holds: {most}. Ask the operator",
        "已达到单条记录的上限：{most}。请联系运维人员",
    ),
    **dict.fromkeys(_tree(agreement.AgreementRefused), _REFUSED),
    agreement.CodeRequestedTooSoon: ProblemType(
        429,
        Words("Another one-time code is not to be had yet", "暂不能获取新的验证码"),
        Words("Wait as long as Retry-After says. The rule requires", "请按 Retry-After 等待。规则要求"),
        retry_after=60,
        members=("rule", "article"),
    ),
    # The caller is not at fault: the hub, the court or a gateway failed.
    domain.HubError: _INTERNAL,
    domain.ChainBroken: ProblemType(
        500, Words("The record of events does not verify", "事件记录校验不通过"), _TELL_THE_OPERATOR
    ),
    # A filing for an unknown court is a fault of its body; this is a case whose court was taken away.
    domain.UnknownCourt: ProblemType(
        500, Words("The case's court is not configured", "案件所属法院未配置"), _TELL_THE_OPERATOR
    ),
    SealBroken: ProblemType(
        500, Words("A stored record does not open", "存储的记录无法解密"), _TELL_THE_OPERATOR
    ),
    RecordTooNew: ProblemType(
        500, Words("A stored record is of a later release", "存储的记录来自更新的版本"), _TELL_THE_OPERATOR
    ),
    RecordUnreadable: ProblemType(
        500, Words("A stored record can't be read", "存储的记录无法读取"), _TELL_THE_OPERATOR
    ),
    domain.ContentAltered: ProblemType(
        500, Words("A stored file is not what was stored", "存储的文件与存入时不符"), _TELL_THE_OPERATOR
    ),
    domain.StoreBusy: ProblemType(
        503,
        Words("The hub is busy", "系统繁忙"),
        Words(
            "Nothing was changed. Wait as long as Retry-After says, then send the same request again.",
            "未作任何更改。请按 Retry-After 等待后重新发送同一请求。",
        ),
        retry_after=_BUSY_SECONDS,
    ),
    domain.TimestampUnavailable: ProblemType(
        503,
        Words("The timestamp authority gave no timestamp", "时间戳服务未提供时间戳"),
        Words(
            "Nothing was signed; the agreement itself is in force as it is. Wait as long as Retry-After "
            "says, then send the same request again.",
            "未作签名，协议的效力不受影响。请按 Retry-After 等待后重新发送同一请求。",
        ),
        retry_after=_BUSY_SECONDS,
    ),
    domain.Contended: ProblemType(
        503,
        Words("Others are changing the same records", "其他请求正在更改同一记录"),
        Words(
            "Nothing was changed. Wait as long as Retry-After says, then send the same request again.",
            "未作任何更改。请按 Retry-After 等待后重新发送同一请求。",
        ),
        retry_after=_BUSY_SECONDS,
    ),
    domain.OutcomeUnknown: ProblemType(
        503,
        Words("The outcome is unknown", "结果未知"),
        Words(
            "It may have taken effect. Wait as long as Retry-After says, then read the state again, or send "
            "exactly the same request again: if it took effect, it is not carried out twice.",
            "请求可能已经生效。请按 Retry-After 等待后重新查询，"
            "或重新发送完全相同的请求：已生效的不会重复执行。",
        ),
        retry_after=_BUSY_SECONDS,
    ),
    domain.CourtError: ProblemType(502, Words("The court's endpoint failed", "法院端接口异常"), _TRY_LATER),
    domain.CourtUnavailable: ProblemType(
        503,
        Words("The court's endpoint is unavailable", "法院端接口暂不可用"),
        _WAIT,
        retry_after=_BUSY_SECONDS,
    ),
    domain.CourtRefusedMessage: ProblemType(
        502, Words("The court's endpoint refused a message", "法院端接口拒收消息"), _TELL_THE_OPERATOR
    ),
    domain.MessengerError: ProblemType(502, Words("The message gateway failed", "短信网关异常"), _TRY_LATER),
    domain.MessengerUnavailable: ProblemType(
        503, Words("The message gateway is unavailable", "短信网关暂不可用"), _WAIT, retry_after=_BUSY_SECONDS
    ),
    domain.MessengerRefused: ProblemType(
        502, Words("The message gateway refused a message", "短信网关拒收消息"), _TELL_THE_OPERATOR
    ),
    IssuerUnreachable: ProblemType(
        503,
        Words("The token could not be judged", "暂时无法核验令牌"),
        Words("Wait as long as Retry-After says, then send it again.", "请按 Retry-After 等待后重新发送。"),
        retry_after=_BUSY_SECONDS,
    ),
}
PROBLEMS: Final[Mapping[str, ProblemType]] = {
    **{error.code: answered for error, answered in _BY_ERROR.items()},
    # API Gateway's own answers, and the answer to an unforeseen error.
    "too_many_requests": ProblemType(
        429, Words("Too many requests", "请求过于频繁"), _WAIT, retry_after=_BUSY_SECONDS
    ),
    "gateway_timeout": ProblemType(
        504,
        Words("The hub did not answer in time", "服务响应超时"),
        Words("Read the state, then try again.", "请先查询当前状态，再行重试。"),
    ),
    INTERNAL_ERROR: _INTERNAL,
}
"""By code; the gateway's own codes are among them, so that its answers are documented too."""
