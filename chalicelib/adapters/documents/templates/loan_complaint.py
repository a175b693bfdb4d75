"""民事起诉状（金融借款合同纠纷）: the element-form complaint of a loan case, editions 2024 and 2025."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.templates import complaint
from chalicelib.adapters.documents.templates.complaint import EDITION_2024, EDITION_2025
from chalicelib.adapters.documents.templates.elements import Element, Row
from chalicelib.adapters.documents.wording import choice, day, in_full, stated, yuan

if TYPE_CHECKING:
    from chalicelib.adapters.documents.outline import Outline
    from chalicelib.adapters.documents.templates.complaint import Edition
    from chalicelib.adapters.documents.templates.elements import Part
    from chalicelib.adapters.documents.views.court import LoanComplaint

CAUSE: Final = "金融借款合同纠纷"
_CLAIMS: Final = (
    Row(
        label="本金",
        elements=(Element("claims.as_of", "截至"), Element("claims.principal", "尚欠本金")),
        text=lambda view: f"截至{day(view.claims.as_of)}，尚欠本金{in_full(view.claims.principal)}",
    ),
    Row(
        label="利息（复利、罚息）",
        elements=(
            Element("claims.as_of", "截至"),
            Element("claims.interest", "期内利息", yuan),
            Element("claims.compound_interest", "复利", yuan),
            Element("claims.penalty_interest", "罚息（违约金）", yuan),
            Element("claims.method", "计算方式"),
            Element("claims.until_paid", "是否请求支付至实际清偿之日止"),
        ),
    ),
    Row(label="是否请求提前还款或解除合同", elements=(Element("claims.acceleration", write=stated),)),
    Row(label="是否主张担保权利", elements=(Element("claims.security", write=stated),)),
    complaint.COSTS,
)
_FACTS: Final = (
    Row(
        label="合同签订情况（名称、编号、签订时间、地点）",
        elements=(
            Element("facts.contract_name", "合同名称"),
            Element("facts.contract_number", "合同编号"),
            Element("facts.signed_on", "签订时间", day),
            Element("facts.signed_at", "签订地点"),
        ),
    ),
    Row(
        label="签订主体",
        elements=(Element("facts.lender", "贷款人"), Element("facts.borrower", "借款人")),
    ),
    Row(
        label="借款金额",
        elements=(Element("facts.agreed", "约定"), Element("facts.disbursed", "实际发放")),
    ),
    Row(
        label="借款期限",
        elements=(
            Element("facts.matured", "是否到期"),
            Element("facts.term_from", "约定期限自"),
            Element("facts.term_until", "至"),
        ),
        text=lambda view: (
            f"是否到期：{choice(view.facts.matured)}\n"
            f"约定期限：{day(view.facts.term_from)}起至{day(view.facts.term_until)}止"
        ),
    ),
    Row(
        label="借款利率",
        elements=(
            Element("facts.rate", "利率"),
            Element("facts.overdue_rate", "逾期上浮"),
            Element("facts.compound_rate", "复利"),
            Element("facts.penalty_rate", "罚息"),
            Element("facts.rate_clauses", "合同条款"),
        ),
    ),
    Row(label="借款发放时间", elements=(Element("facts.disbursed_on"),)),
    Row(label="还款方式", elements=(Element("facts.repayment_method"),)),
    Row(
        label="还款情况",
        elements=(
            Element("facts.repaid_principal", "已还本金", yuan),
            Element("facts.repaid_interest", "已还利息", yuan),
            Element("facts.interest_paid_until", "还息至", lambda on: day(on) if on else "未曾付息"),
        ),
    ),
    complaint.overdue("是否存在逾期还款"),
    *complaint.SECURITY,
)


def parts(edition: Edition) -> tuple[Part, ...]:
    """Return the form's parts behind the parties."""
    return complaint.parts_of(edition, (*_CLAIMS, *complaint.closing_claims(edition)), _FACTS)


def loan_complaint_2024(view: LoanComplaint) -> Outline:
    """Lay out the complaint in the order of the 2024 edition."""
    return complaint.laid_out(CAUSE, view, parts(EDITION_2024))


def loan_complaint_2025(view: LoanComplaint) -> Outline:
    """Lay out the complaint in the order of the 2025 edition."""
    return complaint.laid_out(CAUSE, view, parts(EDITION_2025))
