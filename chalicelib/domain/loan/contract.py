"""A loan contract and what happened to the loan: all the arithmetic needs to know beside the payments.

Promise: terms that contradict each other are refused here with a named error; the accrual need not check.
Downside: one borrower account per contract: misuse concerns the whole loan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate
from typing import ClassVar

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.components import STATUTORY_ORDER, Component, check_order
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.errors import PrincipalExceeded, TermMissing
from chalicelib.domain.loan.limits import PBC_2003_251, RateLimits
from chalicelib.domain.loan.rates import FixedRate, RateTerm
from chalicelib.domain.loan.schedule import ExplicitDays, InterestSchedule
from chalicelib.domain.money import ZERO, Money


class Compounding(StrEnum):
    """On which unpaid interest compound interest (复利) runs."""

    NONE = "none"
    ON_INTEREST = "on_interest"  # 对期内利息计收复利
    ON_INTEREST_AND_PENALTY = "on_interest_and_penalty"  # 对罚息亦计收复利：有争议，须合同明确约定


class CompoundRate(StrEnum):
    """At which rate it runs: the usual reading of 银发〔2003〕251号, or the literal one."""

    CONTRACT_THEN_PENALTY = "contract_then_penalty"  # 到期前按合同利率，到期后按罚息利率
    PENALTY_THROUGHOUT = "penalty_throughout"  # 始终按罚息利率


class Prepayment(StrEnum):
    """Which dues principal paid in advance meets; the first by analogy to Civil Code 560 [policy]."""

    NEXT_DUES = "next_dues"  # 依到期先后冲抵
    LAST_DUES = "last_dues"  # 自最后一期倒序冲抵
    RE_SPREAD = "re_spread"  # 其后各期按比例重新分摊


@dataclass(frozen=True, slots=True, kw_only=True)
class Disbursement:
    """A pay-out of `amount`, of which `withheld` was kept back at once (Civil Code 670)."""

    stored_as_row: ClassVar = True
    on: date
    amount: Money
    withheld: Money = ZERO

    def __post_init__(self) -> None:
        checks.positive("disbursements.amount", self.amount)
        checks.not_negative("disbursements.withheld", self.withheld)
        checks.positive("disbursements.withheld", self.principal)

    @property
    def principal(self) -> Money:
        """What the borrower really received, which alone is principal."""
        return self.amount - self.withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """Principal due on a day (分期还本); what no instalment covers is due at maturity."""

    stored_as_row: ClassVar = True
    on: date
    amount: Money

    def __post_init__(self) -> None:
        checks.positive("instalments.amount", self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanContract:
    """The agreed terms, with the facts `misused_since` and `accelerated_on` (提前到期) of this loan."""

    kind: ClassVar = "loan"
    agreed_amount: Money
    disbursements: tuple[Disbursement, ...]
    maturity: date
    day_count: DayCount
    rates: tuple[RateTerm, ...]
    interest_due: InterestSchedule
    overdue_markup_percent: Decimal
    misuse_markup_percent: Decimal | None = None
    instalments: tuple[Instalment, ...] = ()
    compounding: Compounding = Compounding.ON_INTEREST
    compound_rate: CompoundRate = CompoundRate.CONTRACT_THEN_PENALTY
    allocation_order: tuple[Component, ...] = STATUTORY_ORDER
    prepayment: Prepayment = Prepayment.NEXT_DUES
    limits: RateLimits = PBC_2003_251
    misused_since: date | None = None
    accelerated_on: date | None = None

    def __post_init__(self) -> None:
        _check_disbursements(self)
        _check_rates(self)
        _check_dates(self)
        _check_instalments(self)
        check_order("allocation_order", self.allocation_order)

    @property
    def opens(self) -> date:
        """The day of the first disbursement."""
        return min(paid.on for paid in self.disbursements)

    @property
    def falls_due(self) -> date:
        """The day on which all principal is due: maturity, or before it by acceleration."""
        return self.accelerated_on or self.maturity

    @property
    def principal(self) -> Money:
        """All principal ever paid out."""
        return sum((paid.principal for paid in self.disbursements), ZERO)


def _check_disbursements(contract: LoanContract) -> None:
    checks.positive("agreed_amount", contract.agreed_amount)
    if not contract.disbursements:
        raise TermMissing("disbursements", "nothing was paid out")
    paid_out = sum((paid.amount for paid in contract.disbursements), ZERO)
    if paid_out > contract.agreed_amount:
        raise PrincipalExceeded("disbursements", given=paid_out, most=contract.agreed_amount)


def _check_rates(contract: LoanContract) -> None:
    if not contract.rates or contract.rates[0].starts > contract.opens:
        raise TermMissing("rates", f"no rate is agreed for {contract.opens}")
    checks.ascending("rates", [term.starts for term in contract.rates])
    for term in contract.rates:
        if isinstance(term, FixedRate):
            contract.limits.check_annual("rates", term.annual_percent)
    contract.limits.check_overdue("overdue_markup_percent", contract.overdue_markup_percent)
    if contract.misuse_markup_percent is not None:
        contract.limits.check_misuse("misuse_markup_percent", contract.misuse_markup_percent)
    elif contract.misused_since is not None:
        raise TermMissing("misuse_markup_percent", "a misused loan needs its agreed addition")


def _check_dates(contract: LoanContract) -> None:
    last_paid_out = max(paid.on for paid in contract.disbursements)
    checks.later("maturity", contract.maturity, last_paid_out)
    if contract.accelerated_on is not None:
        checks.later("accelerated_on", contract.accelerated_on, last_paid_out)
        checks.later("maturity", contract.maturity, contract.accelerated_on)
    if contract.misused_since is not None:
        checks.no_earlier("misused_since", contract.misused_since, contract.opens)
    if isinstance(contract.interest_due, ExplicitDays) and contract.interest_due.days:
        checks.later("interest_due", contract.interest_due.days[0], contract.opens)


def _check_instalments(contract: LoanContract) -> None:
    checks.ascending("instalments", [instalment.on for instalment in contract.instalments])
    falling_due = accumulate(instalment.amount for instalment in contract.instalments)
    for instalment, due in zip(contract.instalments, falling_due, strict=True):
        checks.no_earlier("maturity", contract.maturity, instalment.on)
        paid_out = sum((paid.principal for paid in contract.disbursements if paid.on <= instalment.on), ZERO)
        if due > paid_out:
            raise PrincipalExceeded("instalments", given=due, most=paid_out)
