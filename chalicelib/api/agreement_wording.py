"""The words for what an agreement can't be made of, in both languages, by the code of the refusal.

Promise: as in `wording`: each says what to send instead. What a rule refuses is told by the rule itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.api.languages import Words

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
