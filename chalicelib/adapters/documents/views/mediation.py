"""The views of the mediation's own papers: agreement, undisputed facts, service address, report.

The report and the undisputed facts go to a court: they have no field for an offer, a concession or the
terms of a settlement (法释〔2016〕14号 22; OL18).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.views.common import Quiet
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.adapters.documents.views.common import Agent, Participant, Service, Signatory
    from chalicelib.domain.claim import Claim


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Account(Quiet):
    """Where to pay (收款账户)."""

    holder: str
    number: str
    bank: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Instalment(Quiet):
    """One payment of the plan; a lump sum is a plan of one."""

    number: int
    due_on: date
    amount: Money
    interest: Money = ZERO  # the part of `amount` that is the plan's own interest (分期利息)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Waiver(Quiet):
    """What the institution gives up (减免), and whether it comes back on default (减免失效)."""

    penalty_interest: Money
    compound_interest: Money
    other: Money = ZERO
    principal: Money = ZERO
    interest: Money = ZERO
    fees: Money = ZERO
    revived_on_default: bool = True

    @property
    def total(self) -> Money:
        """The sum given up."""
        charged = self.penalty_interest + self.compound_interest + self.other
        return charged + self.principal + self.interest + self.fees


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtNames:
    """The names of the parts of this kind of debt."""

    principal: str
    interest: str
    penalty: str
    costs: str


RESPONDENTS: Final = "被申请人"
LOAN_NAMES: Final = DebtNames(
    principal="借款本金", interest="期内利息", penalty="罚息", costs="实现债权的费用"
)
CARD_NAMES: Final = DebtNames(
    principal="透支本金", interest="利息", penalty="违约金", costs="手续费及实现债权的费用"
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MediationAgreement(Quiet):
    """调解协议书: it takes effect when all have signed; every amount, day and account is definite.

    Raises ValueError if the plan, without its own interest, does not add up to the claim less the waiver.
    """

    number: str
    organisation: str  # 调解组织
    mediators: tuple[str, ...]
    applicants: tuple[Participant, ...]
    respondents: tuple[Participant, ...]
    facts: tuple[str, ...]  # 主要事实
    dispute: str  # 争议事项
    claim: Claim
    waiver: Waiver
    plan: tuple[Instalment, ...]
    account: Account | None  # None only if it was paid on the spot
    default_clause: str  # 违约责任: from when, what falls due
    grace_days: int
    confirmation: bool  # 是否申请司法确认
    other_terms: tuple[str, ...]
    copies: int
    signatories: tuple[Signatory, ...]
    made_on: date
    cause: str = "借款纠纷"
    debt: DebtNames = LOAN_NAMES
    plan_rate: str | None = None  # 分期期间的年利率
    receipt: str | None = None  # 当场履行的收款凭证号: if it is given, the plan is paid already
    debtors: str = RESPONDENTS  # who has to pay; by name if only some respondents owe the debt
    owed_by: str | None = None  # whose debt it is, if nobody bound by the agreement owes it
    liabilities: tuple[str, ...] = ()  # what the others answer for (责任承担)

    def __post_init__(self) -> None:
        if self.payable - self.interest != self.claim.total - self.waiver.total:
            raise ValueError("the plan must add up to the claim less the waiver")

    @property
    def payable(self) -> Money:
        """The sum to be paid under the plan."""
        return sum((instalment.amount for instalment in self.plan), ZERO)

    @property
    def interest(self) -> Money:
        """The plan's own interest, a part of `payable`."""
        return sum((instalment.interest for instalment in self.plan), ZERO)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class UndisputedFacts(Quiet):
    """无争议事实记载 (OL18): what the parties confirmed together; usable later, unlike offers."""

    number: str
    organisation: str
    mediators: tuple[str, ...]
    applicants: tuple[Participant, ...]
    respondents: tuple[Participant, ...]
    cause: str  # 案由
    facts: tuple[str, ...]
    signatories: tuple[Signatory, ...]
    made_on: date


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ServiceAddressConfirmation(Quiet):
    """送达地址确认书 (OL17) of one party."""

    number: str
    organisation: str
    court: str
    cause: str
    role: str  # 申请人/被申请人
    participant: Participant
    service: Service
    agent: Agent | None  # who confirms for the party; None: the party itself
    signatory: Signatory
    made_on: date


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MediationReport(Quiet):
    """调解情况报告 to the court: when, by whom, how it ended and what is enclosed; never what was offered."""

    number: str
    court: str
    organisation: str
    mediators: tuple[str, ...]
    guiding_judge: str | None
    applicants: tuple[Participant, ...]
    respondents: tuple[Participant, ...]
    cause: str
    claim: Claim
    accepted_on: date
    ended_on: date
    extended_days: int
    sessions: tuple[tuple[date, str], ...] | None  # day, how (线上/线下) and who came; None: not known
    agreed: bool
    reason: str | None  # why it ended, if not by agreement
    undisputed_facts: bool
    addresses_confirmed: bool
    enclosures: tuple[str, ...]
    signatory: Signatory
    made_on: date
    debt: DebtNames = LOAN_NAMES
