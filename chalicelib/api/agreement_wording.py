"""The words for what an agreement can't be made of, and for what a rule of the settlement refuses.

Promise: each code of `domain.agreement.errors` has its words in both languages; the rules' own words come
from `domain.agreement.grounds`, so that refusal and documentation say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.api.languages import Words
from chalicelib.api.problem_kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

AGREEMENT_WORDINGS: Final[Mapping[str, Words]] = {
    "agreement_error": Words("no agreement can be made of this", "不能据此达成协议"),
    "plan_does_not_add_up": Words(
        "the payments must add up to what is kept of the debt, to the fen",
        "各期金额之和应当与减免后的应付金额完全一致（精确到分）",
    ),
    "plan_too_long": Words("a plan has at most 60 payments within 60 months", "还款计划至多 60 期、60 个月"),
    "amount_too_small": Words(
        "nothing would be left to pay in some payment", "存在金额为零的期次，请减少期数"
    ),
    "due_dates_invalid": Words(
        "at least two payments, on days that ascend, after today and within half a year for the first",
        "分期不少于两期，日期依次递增，首期晚于今日且在半年以内",
    ),
    "concession_beyond_policy": Words(
        "more is waived than the institution's policy allows", "减免超出机构的减免政策"
    ),
    "offer_unknown": Words("there is no offer of this number", "没有该序号的方案"),
    "validity_out_of_bounds": Words(
        "an offer is open for 1 to 15 days, within the mediation and before its first payment is due",
        "方案有效期为 1 至 15 日，且在调解期限以内、首期到期日之前",
    ),
    "party_unknown": Words("no party of this agreement", "不是该协议的当事人"),
    "hash_malformed": Words("64 lower-case hex digits of a SHA-256", "须为 64 位小写十六进制 SHA-256"),
    "reference_missing": Words("a payment has the institution's reference", "请填写机构的还款流水号"),
    "reference_reused": Words(
        "this reference was recorded with another day or amount; use a new one",
        "该流水号已登记为其他日期或者金额，请使用新的流水号",
    ),
    "payment_unknown": Words("no payment of this reference was recorded", "没有登记过该流水号的还款"),
    "payment_date_impossible": Words(
        "not before the agreement and not after today in China", "不得早于协议之日，不得晚于今日（北京时间）"
    ),
}

_UNUSABLE: Final = Words("No agreement can be made of this", "不能据此达成协议")
_REFUSED: Final = {
    "agreement_refused": Words("A rule of the settlement refuses this", "不符合调解协议规则"),
    "offer_expired": Words("The offer has expired", "方案已逾期失效"),
    "offer_closed": Words("The offer can't be answered any more", "方案已不能答复"),
    "other_side_answers": Words("The other side answers an offer", "方案应由对方答复"),
    "not_your_offer": Words("The offer is not yours to withdraw", "只能撤回本方方案"),
    "own_offer_open": Words("Your own offer is open", "本方方案尚待答复"),
    "offer_accepted": Words("An offer has been accepted", "已有方案被接受"),
    "content_unclear": Words("The agreement's content is not definite", "协议内容不明确"),
    "already_signed": Words("The party has signed", "该当事人已签署"),
    "document_differs": Words("This is not the document to be signed", "并非待签署的文本"),
    "code_not_verified": Words("The one-time code is not verified", "验证码未通过核验"),
    "codes_exhausted": Words("Too many wrong codes", "验证码错误次数过多"),
    "code_expired": Words("The one-time code has expired", "验证码已失效"),
    "signing_ended": Words("A party has refused to sign", "已有当事人拒绝签署"),
    "signed_too_late": Words("The agreement is signed too late", "协议签署已逾期"),
    "not_in_default": Words("Nothing is in default", "不构成违约"),
    "default_stands": Words("The default has been declared", "已经认定违约"),
    "confirmation_window_closed": Words("The window to confirm is closed", "司法确认申请期已过"),
    "already_applied": Words("The side has applied", "该方已经申请"),
    "application_incomplete": Words("The other side has not applied", "对方尚未申请"),
    "ruling_contradicts": Words("The court has ruled otherwise", "与法院已作出的裁定不一致"),
}
_RULE: Final = Words("The rule requires", "规则要求")

AGREEMENT_PROBLEMS: Final[Mapping[str, Kind]] = {
    **{code: Kind(422, _UNUSABLE, words) for code, words in AGREEMENT_WORDINGS.items()},
    "offer_unknown": Kind(404, Words("Offer not found", "方案不存在"), AGREEMENT_WORDINGS["offer_unknown"]),
    **{code: Kind(409, title, _RULE) for code, title in _REFUSED.items()},
}
