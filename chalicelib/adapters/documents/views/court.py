"""The views of the papers for the court: element-form complaints and the joint application.

None has a field for what was offered in mediation (法释〔2016〕14号 22).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.adapters.documents.views.common import BLANK, Quiet
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.adapters.documents.views.common import Blank, Participant, Signatory, Stated


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Litigation(Quiet):
    """What every complaint (民事起诉状) states apart from the debt; agents are those of the suit."""

    number: str | None = None  # the mediation's case number
    court: str
    plaintiffs: tuple[Participant, ...]
    defendants: tuple[Participant, ...]
    third_parties: tuple[Participant, ...] = ()
    agreed_forum: Stated = BLANK  # 仲裁、法院管辖约定
    preservation: Stated = BLANK  # 诉前保全/财产保全
    basis_contract: str  # 请求依据: 合同约定
    basis_law: str  # 请求依据: 法律规定
    other_facts: str | None = None
    evidence: tuple[str, ...]
    knows_mediation: bool | Blank = BLANK  # 是否了解调解
    considers_mediation: bool | Blank = BLANK  # 是否考虑先行调解
    signatory: Signatory


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Security(Quiet):
    """What secures the debt, as the forms of both causes ask it; BLANK where no party's role tells."""

    collateral: Stated = BLANK  # 物的担保（抵押、质押）合同
    securers: str | None = None  # 担保人
    things: str | None = None  # 担保物
    maximum_amount: Stated = BLANK  # 最高额担保
    registration: Stated = BLANK  # 抵押、质押登记
    guarantee: Stated = BLANK  # 保证合同
    general: str | None = None  # 一般保证: the guarantors' names
    joint: str | None = None  # 连带责任保证
    other: Stated = BLANK  # 其他担保方式


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LoanClaims(Quiet):
    """诉讼请求 of a loan case."""

    as_of: date
    principal: Money
    interest: Money
    compound_interest: Money
    penalty_interest: Money
    method: str  # 计算方式
    until_paid: bool | Blank = BLANK  # 至实际清偿之日
    acceleration: Stated = BLANK  # 提前到期或解除合同
    security: Stated = BLANK  # 担保权利
    costs: Money = ZERO  # 实现债权的费用
    costs_detail: str | None = None
    court_fee: bool | Blank = BLANK  # 诉讼费用由被告负担
    other: str | None = None

    @property
    def costs_claimed(self) -> bool:
        """是否主张实现债权的费用."""
        return self.costs > ZERO

    @property
    def total(self) -> Money:
        """标的总额."""
        accrued = self.interest + self.compound_interest + self.penalty_interest
        return self.principal + accrued + self.costs


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LoanFacts(Quiet):
    """事实与理由 of a loan case."""

    contract_name: str | None  # None: left to be filled in
    contract_number: str
    signed_on: date | None  # None: left to be filled in
    signed_at: str | None
    lender: str
    borrower: str
    agreed: Money
    disbursed: Money
    term_from: date
    term_until: date
    rate: str
    overdue_rate: str
    compound_rate: str
    penalty_rate: str
    rate_clauses: str | None  # 条款号
    disbursed_on: date
    repayment_method: str
    repaid_principal: Money
    repaid_interest: Money
    interest_paid_until: date | None
    overdue_since: date | None
    overdue_days: int
    matured: bool = True  # 是否到期
    security: Security = field(default_factory=Security)

    @property
    def overdue(self) -> bool:
        """是否逾期."""
        return self.overdue_since is not None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LoanComplaint(Quiet):
    """民事起诉状（金融借款合同纠纷）."""

    litigation: Litigation
    claims: LoanClaims
    facts: LoanFacts
    made_on: date


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CardClaims(Quiet):
    """诉讼请求 of a credit-card case."""

    as_of: date
    principal: Money  # 透支本金
    interest: Money
    penalty_interest: Money
    compound_interest: Money
    breach_fee: Money  # 违约金
    service_fee: Money  # 手续费
    method: str
    until_paid: bool | Blank = BLANK
    security: Stated = BLANK
    costs: Money = ZERO
    costs_detail: str | None = None
    court_fee: bool | Blank = BLANK
    other: str | None = None

    @property
    def costs_claimed(self) -> bool:
        """是否主张实现债权的费用."""
        return self.costs > ZERO

    @property
    def total(self) -> Money:
        """标的总额."""
        accrued = self.interest + self.penalty_interest + self.compound_interest
        return self.principal + accrued + self.breach_fee + self.service_fee + self.costs


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CardFacts(Quiet):
    """事实与理由 of a credit-card case."""

    card_number: str
    holder: str  # 登记权利人
    opened_on: date | None  # None: left to be filled in
    issuer: str  # 办卡行
    holder_obligations: str  # 合同主要约定
    rate: str
    breach_fee_rate: str
    rate_clauses: str | None
    notice_of_terms: Stated  # 对格式条款的提示说明
    repaid: Money
    repayments: str | None
    overdue_since: date | None
    overdue_days: int
    demands: tuple[str, ...] | Blank  # 通知和催收
    security: Security = field(default_factory=Security)

    @property
    def overdue(self) -> bool:
        """是否逾期."""
        return self.overdue_since is not None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CardComplaint(Quiet):
    """民事起诉状（信用卡纠纷）."""

    litigation: Litigation
    claims: CardClaims
    facts: CardFacts
    made_on: date


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ConfirmationApplication(Quiet):
    """司法确认申请书: both sides together, within 30 days of the agreement taking effect (民诉法 205)."""

    court: str
    applicants: tuple[Participant, ...]
    organisation: str
    mediators: tuple[str, ...]
    agreement_number: str
    cause: str
    mediated_on: date
    in_force_on: date
    content: tuple[str, ...]  # 调解协议的主要内容
    enclosures: tuple[str, ...]
    signatories: tuple[Signatory, ...]
    made_on: date
