"""The rows of the loan arithmetic and the concession policies, for the one table of problems.

Promise: each refusal of `domain.loan` has its words. Why apart: the table would be too long to read.
Downside: most callers see these codes as faults of a field instead; see `domain_faults`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.api.languages import Words
from chalicelib.api.problem_kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

LOAN_PROBLEMS: Final[Mapping[str, Kind]] = {
    "loan_error": Kind(
        422,
        Words("The loan's terms or figures are refused", "贷款要素或金额有误"),
        Words("Correct what the errors name.", "请按提示更正。"),
    ),
    "rate_out_of_bounds": Kind(
        422,
        Words("A rate is out of bounds", "利率超出允许范围"),
        Words("Send a rate or percentage within the limits of policy.", "请填写政策允许范围内的利率或比例。"),
    ),
    "amount_out_of_bounds": Kind(
        422,
        Words("An amount is out of bounds", "金额超出允许范围"),
        Words("Send an amount that is possible here.", "请填写合理的金额。"),
    ),
    "history_too_long": Kind(
        422,
        Words("The history is too long to be shown", "还款历史过长，无法展示"),
        Words(
            "A statement holds 8,000 segments. Describe the contract with fewer payments or rate changes.",
            "明细最多含 8000 段，请减少还款或利率变动的笔数。",
        ),
    ),
    "dates_out_of_order": Kind(
        422,
        Words("Dates are out of order", "日期先后有误"),
        Words("Put the dates in their order.", "请更正日期先后顺序。"),
    ),
    "term_missing": Kind(
        422,
        Words("A term is missing", "缺少必要条款"),
        Words("Add the term that the facts need.", "请补充所需条款。"),
    ),
    "invalid_schedule": Kind(
        422,
        Words("The schedule has a day that does not exist", "还款安排日期无效"),
        Words("Name days and months that exist.", "请填写存在的日期。"),
    ),
    "allocation_order_incomplete": Kind(
        422,
        Words("The order of allocation is incomplete", "清偿顺序不完整"),
        Words("Name every component exactly once.", "请将各项债权各列一次。"),
    ),
    "duplicate_reference": Kind(
        422,
        Words("Something is named twice", "存在重复项"),
        Words("Name each entry once.", "每项仅可出现一次。"),
    ),
    "payment_before_disbursement": Kind(
        422,
        Words("A payment comes before the loan was paid out", "还款早于放款"),
        Words("Correct the date of the payment or of the disbursement.", "请更正还款或放款日期。"),
    ),
    "principal_exceeded": Kind(
        422,
        Words("More principal than was agreed", "本金超出约定"),
        Words("Correct the amounts of principal.", "请更正本金金额。"),
    ),
    "lpr_unknown": Kind(
        422,
        Words("No loan prime rate is known for this day", "该日期无 LPR 报价"),
        Words("Choose a day the hub's table of quotes reaches.", "请选择已有 LPR 报价的日期。"),
    ),
    "evidence_missing": Kind(
        422,
        Words("Evidence is missing", "缺少证据"),
        Words("Name the evidence of each interruption of limitation.", "请提供诉讼时效中断的证据。"),
    ),
    "claim_differs": Kind(
        422,
        Words("The claim is not the computed one", "诉讼请求与计算结果不符"),
        Words("Compare the claim with the statement line by line.", "请逐项核对诉讼请求与计算结果。"),
    ),
    "concession_error": Kind(
        422,
        Words("The concession policy does not allow this", "减免政策不允许"),
        Words("Read the institution's concession policy.", "请查询该机构的减免政策。"),
    ),
    "policy_not_in_force": Kind(
        409,
        Words("No concession policy is in force on this day", "该日期无有效减免政策"),
        Words("Choose a day on which a version is valid.", "请选择政策有效期内的日期。"),
    ),
    "policy_version_unknown": Kind(
        422,
        Words("No such version of the concession policy", "减免政策版本不存在"),
        Words("Take the version from the institution's policy.", "请使用该机构已发布的版本。"),
    ),
    "policy_book_invalid": Kind(
        500,
        Words("The stored versions of a policy do not fit together", "存储的减免政策版本不连续"),
        Words("Tell the operator the request id.", "请将 request_id 告知运维人员。"),
    ),
    "tier_not_applicable": Kind(
        422,
        Words("The tier does not apply", "减免档次不适用"),
        Words("Choose a tier whose conditions are met.", "请选择符合条件的减免档次。"),
    ),
}
