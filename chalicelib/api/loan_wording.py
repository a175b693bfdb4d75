"""The words for each refusal of the loan arithmetic, in both languages, by its code.

Promise: as in `wording`. Used twice: beside the field, and as the detail of a problem, should one reach the
edge by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.api.languages import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

LOAN_WORDINGS: Final[Mapping[str, Words]] = {
    "loan_error": Words("the debt can't be computed from this", "无法据此计算债务"),
    "rate_out_of_bounds": Words(
        "this percentage is outside the limits that are allowed for it; send percent, not a fraction",
        "该比率超出允许范围；请填写百分数而非小数",
    ),
    "amount_out_of_bounds": Words(
        "this amount can't be: what is left of it must be above zero", "金额不合理，扣除后须大于零"
    ),
    "dates_out_of_order": Words(
        "not before the date it must follow",
        "不得早于其应晚于的日期",
    ),
    "term_missing": Words("the contract lacks a term that its facts need", "合同缺少与所填事实相应的约定"),
    "invalid_schedule": Words(
        "days are 1 to 31 and months 1 to 12; look back no days or more",
        "日须为 1 至 31，月须为 1 至 12，回溯天数不得为负",
    ),
    "allocation_order_incomplete": Words(
        "name each component exactly once", "清偿顺序须包含每一项目且各仅一次"
    ),
    "duplicate_reference": Words("this occurs twice; name it once", "重复，仅可出现一次"),
    "payment_before_disbursement": Words(
        "nothing was owed on that day; not before the first principal was paid out",
        "该日尚无债务，不得早于首次发放日",
    ),
    "principal_exceeded": Words(
        "more than agreed was paid out, or more falls due than was paid out by then",
        "发放金额超过约定金额，或到期本金超过已发放本金",
    ),
    "lpr_unknown": Words(
        "the quotes in lpr do not reach a day that is priced; add the publication in force then",
        "lpr 未覆盖定价日，请补充当时有效的报价",
    ),
    "history_too_long": Words(
        "too many payments on too many unpaid items for one statement; send payments of a month as one",
        "还款与未付款项组合过多，无法列明；请按月合并还款",
    ),
    "evidence_missing": Words("name the evidence", "请注明证据"),
    "concession_error": Words("the concession policy does not allow this", "减免政策不允许"),
    "policy_not_in_force": Words("no concession policy covers this day", "该日无生效的减免政策"),
    "policy_version_unknown": Words("this version was never published", "未发布过该版本"),
    "policy_book_invalid": Words(
        "versions are one institution's, numbered from 1", "版本须属同一机构并自 1 起连续编号"
    ),
    "tier_not_applicable": Words("a condition of the tier is not met", "不符合该档减免条件"),
}
