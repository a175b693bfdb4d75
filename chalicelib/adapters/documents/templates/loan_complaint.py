"""民事起诉状（金融借款合同纠纷）: the element-form complaint of a loan case, editions 2024 and 2025."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.outline import Field
from chalicelib.adapters.documents.templates import complaint
from chalicelib.adapters.documents.templates.complaint import EDITION_2024, EDITION_2025
from chalicelib.adapters.documents.views.common import BLANK
from chalicelib.adapters.documents.wording import (
    BLANK_TEXT,
    choice,
    day,
    in_full,
    labelled,
    or_nothing,
    stated,
    yuan,
)

if TYPE_CHECKING:
    from chalicelib.adapters.documents.outline import Outline
    from chalicelib.adapters.documents.templates.complaint import Edition
    from chalicelib.adapters.documents.views.court import LoanClaims, LoanComplaint, LoanFacts

_CAUSE: Final = "金融借款合同纠纷"


def loan_complaint_2024(view: LoanComplaint) -> Outline:
    """Lay out the complaint in the order of the 2024 edition."""
    return _laid_out(view, EDITION_2024)


def loan_complaint_2025(view: LoanComplaint) -> Outline:
    """Lay out the complaint in the order of the 2025 edition."""
    return _laid_out(view, EDITION_2025)


def _laid_out(view: LoanComplaint, edition: Edition) -> Outline:
    claims, facts = _claims(view.claims, edition), _facts(view.facts)
    return complaint.laid_out(edition, _CAUSE, view.litigation, claims, facts, view.made_on)


def _claims(claims: LoanClaims, edition: Edition) -> list[Field]:
    as_of = day(claims.as_of)
    interest = complaint.interest_claim(
        (
            ("期内利息", claims.interest),
            ("复利", claims.compound_interest),
            ("罚息（违约金）", claims.penalty_interest),
        ),
        as_of,
        claims.method,
        until_paid=claims.until_paid,
    )
    return [
        Field(label="本金", value=f"截至{as_of}，尚欠本金{in_full(claims.principal)}"),
        Field(label="利息（复利、罚息）", value=interest),
        Field(label="是否请求提前还款或解除合同", value=stated(claims.acceleration)),
        Field(label="是否主张担保权利", value=stated(claims.security)),
        Field(label="是否主张实现债权的费用", value=complaint.costs_claim(claims.costs, claims.costs_detail)),
        *complaint.fee_rows(edition, court_fee=claims.court_fee),
        complaint.other_claims(edition, claims.other, court_fee=claims.court_fee),
        Field(label="标的总额", value=f"{in_full(claims.total)}（暂计至{as_of}）"),
    ]


def _facts(facts: LoanFacts) -> list[Field]:
    return [
        Field(label="合同签订情况（名称、编号、签订时间、地点）", value=_contract(facts)),
        Field(label="签订主体", value=labelled(("贷款人", facts.lender), ("借款人", facts.borrower))),
        Field(
            label="借款金额",
            value=labelled(("约定", in_full(facts.agreed)), ("实际发放", in_full(facts.disbursed))),
        ),
        Field(
            label="借款期限",
            value=f"约定期限：{day(facts.term_from)}起至{day(facts.term_until)}止",
        ),
        Field(label="借款利率", value=_rates(facts)),
        Field(label="借款发放时间", value=day(facts.disbursed_on)),
        Field(label="还款方式", value=facts.repayment_method),
        Field(label="还款情况", value=_repaid(facts)),
        Field(label="是否存在逾期还款", value=_overdue(facts)),
        Field(label="是否签订物的担保（抵押、质押）合同", value=stated(facts.collateral)),
        Field(label="是否办理抵押、质押登记", value=stated(facts.collateral_registration)),
        Field(label="是否最高额担保（抵押、质押）", value=stated(facts.maximum_amount)),
        Field(label="是否签订保证合同", value=stated(facts.guarantee)),
        Field(label="保证方式", value=_guarantee_kind(facts)),
        Field(label="其他担保方式", value=stated(facts.other_security)),
    ]


def _guarantee_kind(facts: LoanFacts) -> str:
    kind = facts.guarantee_kind
    return "一般保证☐　连带责任保证☐" if kind is BLANK else or_nothing(kind)


def _contract(facts: LoanFacts) -> str:
    return labelled(
        ("合同名称", facts.contract_name),
        ("合同编号", facts.contract_number),
        ("签订时间", day(facts.signed_on)),
        ("签订地点", facts.signed_at or BLANK_TEXT),
    )


def _rates(facts: LoanFacts) -> str:
    return labelled(
        ("利率", facts.rate),
        ("逾期上浮", facts.overdue_rate),
        ("复利", facts.compound_rate),
        ("罚息", facts.penalty_rate),
        ("合同条款", facts.rate_clauses or BLANK_TEXT),
    )


def _repaid(facts: LoanFacts) -> str:
    return labelled(
        ("已还本金", yuan(facts.repaid_principal)),
        ("已还利息", yuan(facts.repaid_interest)),
        ("还息至", day(facts.interest_paid_until) if facts.interest_paid_until else "未曾付息"),
    )


def _overdue(facts: LoanFacts) -> str:
    if facts.overdue_since is None:
        return choice(False)
    return f"{choice(True)}\n逾期时间：{day(facts.overdue_since)}起，至今已逾期{facts.overdue_days}天"
