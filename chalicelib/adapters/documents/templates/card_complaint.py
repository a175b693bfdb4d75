"""民事起诉状（信用卡纠纷）: the element-form complaint of a credit-card case, editions 2024 and 2025."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.outline import Field
from chalicelib.adapters.documents.templates import complaint, shared
from chalicelib.adapters.documents.templates.complaint import EDITION_2024, EDITION_2025
from chalicelib.adapters.documents.views.common import BLANK
from chalicelib.adapters.documents.wording import BLANK_TEXT, choice, day, in_full, labelled, stated

if TYPE_CHECKING:
    from chalicelib.adapters.documents.outline import Outline
    from chalicelib.adapters.documents.templates.complaint import Edition
    from chalicelib.adapters.documents.views.court import CardClaims, CardComplaint, CardFacts

_CAUSE: Final = "信用卡纠纷"


def card_complaint_2024(view: CardComplaint) -> Outline:
    """Lay out the complaint in the order of the 2024 edition."""
    return _laid_out(view, EDITION_2024)


def card_complaint_2025(view: CardComplaint) -> Outline:
    """Lay out the complaint in the order of the 2025 edition."""
    return _laid_out(view, EDITION_2025)


def _laid_out(view: CardComplaint, edition: Edition) -> Outline:
    claims, facts = _claims(view.claims, edition), _facts(view.facts)
    return complaint.laid_out(edition, _CAUSE, view.litigation, claims, facts, view.made_on)


def _claims(claims: CardClaims, edition: Edition) -> list[Field]:
    as_of = day(claims.as_of)
    interest = complaint.interest_claim(
        (
            ("利息", claims.interest),
            ("罚息", claims.penalty_interest),
            ("复利", claims.compound_interest),
            ("违约金", claims.breach_fee),
            ("手续费", claims.service_fee),
        ),
        as_of,
        claims.method,
        until_paid=claims.until_paid,
    )
    return [
        Field(label="透支本金", value=f"截至{as_of}，尚欠透支本金{in_full(claims.principal)}"),
        Field(label="利息、罚息、复利、违约金、手续费", value=interest),
        Field(label="是否主张担保权利", value=stated(claims.security)),
        Field(label="是否主张实现债权的费用", value=complaint.costs_claim(claims.costs, claims.costs_detail)),
        *complaint.fee_rows(edition, court_fee=claims.court_fee),
        complaint.other_claims(edition, claims.other, court_fee=claims.court_fee),
        Field(label="标的总额", value=f"{in_full(claims.total)}（暂计至{as_of}）"),
    ]


def _facts(facts: CardFacts) -> list[Field]:
    return [
        Field(label="信用卡办理情况", value=_card(facts)),
        Field(label="信用卡合约的主要约定", value=_terms(facts)),
        Field(label="是否对被告就信用卡合约主要条款进行提示注意、说明", value=stated(facts.notice_of_terms)),
        Field(
            label="被告已还款金额",
            value=labelled(("已还款", in_full(facts.repaid)), ("还款明细", facts.repayments)),
        ),
        Field(label="被告逾期未还款情况", value=_overdue(facts)),
        Field(
            label="是否向被告进行通知和催收",
            value=_demands(facts),
        ),
        Field(label="是否签订物的担保（抵押、质押）合同", value=stated(facts.collateral)),
        Field(label="是否签订保证合同", value=stated(facts.guarantee)),
    ]


def _demands(facts: CardFacts) -> str:
    return stated(BLANK if facts.demands is BLANK else "\n".join(shared.numbered(facts.demands)))


def _card(facts: CardFacts) -> str:
    return labelled(
        ("信用卡卡号", facts.card_number),
        ("登记权利人", facts.holder),
        ("办卡时间", day(facts.opened_on)),
        ("办卡行", facts.issuer),
    )


def _terms(facts: CardFacts) -> str:
    return labelled(
        ("主要约定", facts.holder_obligations),
        ("利息、复利计算标准", facts.rate),
        ("违约金、手续费计算标准", facts.breach_fee_rate),
        ("合约条款", facts.rate_clauses or BLANK_TEXT),
    )


def _overdue(facts: CardFacts) -> str:
    if facts.overdue_since is None:
        return choice(False)
    return f"{choice(True)}\n逾期时间：{day(facts.overdue_since)}起，至今已逾期{facts.overdue_days}天"
