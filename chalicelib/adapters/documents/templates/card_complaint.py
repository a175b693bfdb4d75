"""民事起诉状（信用卡纠纷）: the element-form complaint of a credit-card case, editions 2024 and 2025."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.templates import complaint, shared
from chalicelib.adapters.documents.templates.complaint import EDITION_2024, EDITION_2025
from chalicelib.adapters.documents.templates.elements import Element, Row
from chalicelib.adapters.documents.views.common import BLANK
from chalicelib.adapters.documents.wording import day, in_full, stated, yuan

if TYPE_CHECKING:
    from chalicelib.adapters.documents.outline import Outline
    from chalicelib.adapters.documents.templates.complaint import Edition
    from chalicelib.adapters.documents.templates.elements import Part
    from chalicelib.adapters.documents.views.common import Blank
    from chalicelib.adapters.documents.views.court import CardComplaint

CAUSE: Final = "信用卡纠纷"


def _demands(demands: tuple[str, ...] | Blank) -> str:
    return stated(BLANK if demands is BLANK else "\n".join(shared.numbered(demands)))


_CLAIMS: Final = (
    Row(
        label="透支本金",
        elements=(Element("claims.as_of", "截至"), Element("claims.principal", "尚欠透支本金")),
        text=lambda view: f"截至{day(view.claims.as_of)}，尚欠透支本金{in_full(view.claims.principal)}",
    ),
    Row(
        label="利息、罚息、复利、违约金、手续费",
        elements=(
            Element("claims.as_of", "截至"),
            Element("claims.interest", "利息", yuan),
            Element("claims.penalty_interest", "罚息", yuan),
            Element("claims.compound_interest", "复利", yuan),
            Element("claims.breach_fee", "违约金", yuan),
            Element("claims.service_fee", "手续费", yuan),
            Element("claims.method", "计算方式"),
            Element("claims.until_paid", "是否请求支付至实际清偿之日止"),
        ),
    ),
    Row(label="是否主张担保权利", elements=(Element("claims.security", write=stated),)),
    complaint.COSTS,
)
_FACTS: Final = (
    Row(
        label="信用卡办理情况",
        elements=(
            Element("facts.card_number", "信用卡卡号"),
            Element("facts.holder", "登记权利人"),
            Element("facts.opened_on", "办卡时间", day),
            Element("facts.issuer", "办卡行"),
        ),
    ),
    Row(
        label="信用卡合约的主要约定",
        elements=(
            Element("facts.holder_obligations", "主要约定"),
            Element("facts.rate", "利息、复利计算标准"),
            Element("facts.breach_fee_rate", "违约金、手续费计算标准"),
            Element("facts.rate_clauses", "合约条款"),
        ),
    ),
    Row(
        label="是否对被告就信用卡合约主要条款进行提示注意、说明",
        elements=(Element("facts.notice_of_terms", write=stated),),
    ),
    Row(
        label="被告已还款金额",
        elements=(Element("facts.repaid", "已还款"), Element("facts.repayments", "还款明细")),
    ),
    complaint.overdue("被告逾期未还款情况"),
    Row(label="是否向被告进行通知和催收", elements=(Element("facts.demands", write=_demands),)),
    *complaint.SECURITY,
)


def parts(edition: Edition) -> tuple[Part, ...]:
    """Return the form's parts behind the parties."""
    return complaint.parts_of(edition, (*_CLAIMS, *complaint.closing_claims(edition)), _FACTS)


def card_complaint_2024(view: CardComplaint) -> Outline:
    """Lay out the complaint in the order of the 2024 edition."""
    return complaint.laid_out(CAUSE, view, parts(EDITION_2024))


def card_complaint_2025(view: CardComplaint) -> Outline:
    """Lay out the complaint in the order of the 2025 edition."""
    return complaint.laid_out(CAUSE, view, parts(EDITION_2025))
