"""A loan contract in JSON: every option of the arithmetic, each with the domain's value it becomes.

Promise: terms that the law leaves to the parties have no default here, except those that the domain's
contract has; the day count has none. Downside: even a plain loan must name its day count and schedule.
"""

# No `from __future__ import annotations`: pydantic reads these annotations as values.
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.domain_faults import Made
from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.debt_fields import (
    BasisPoints,
    DayOfMonth,
    DebtDay,
    LookbackDays,
    Month,
)
from chalicelib.api.schemas.fields import AmountOrZero, PositiveAmount, Rate
from chalicelib.domain.loan.components import STATUTORY_ORDER, Component
from chalicelib.domain.loan.contract import (
    Compounding,
    CompoundRate,
    Disbursement,
    Instalment,
    LoanContract,
    Prepayment,
)
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.limits import PBC_2003_251
from chalicelib.domain.loan.lpr import Tenor
from chalicelib.domain.loan.rates import FixedRate, LprRate, Reset
from chalicelib.domain.loan.schedule import ExplicitDays, InterestSchedule, MonthDay, monthly, quarterly

_COMPONENTS = {"minItems": len(Component), "maxItems": len(Component), "uniqueItems": True}


class DisbursementIn(Request):
    """A pay-out, of which `withheld` was kept back at once and is no principal (Civil Code 670)."""

    on: DebtDay
    amount: PositiveAmount
    withheld: AmountOrZero = Field(description="预先扣除的利息")

    def disbursement(self) -> Disbursement:
        """Return the domain's value."""
        return self.make(Disbursement)


class FixedRateIn(Request):
    """A yearly rate from a day on."""

    kind: Literal["fixed"]
    starts: DebtDay
    annual_percent: Rate

    def term(self) -> FixedRate:
        """Return the domain's value; RateOutOfBounds beyond the limits for contract rates."""
        PBC_2003_251.check_annual("rates.annual_percent", self.annual_percent)
        return self.make(FixedRate, "kind")


class LprRateIn(Request):
    """The LPR plus basis points from a day on, priced on one day and anew at each reset."""

    kind: Literal["lpr"]
    starts: DebtDay
    priced_on: DebtDay = Field(description="Whose quote in force is used · 定价基准日")
    tenor: Tenor = Field(description="期限品种")
    spread_bp: BasisPoints = Field(description="Basis points on top · 加点（基点）")
    reset: Reset = Field(description="重定价日")
    lookback_days: LookbackDays = Field(
        description="A reset uses the quote in force so many days before it · 重定价取前若干日的报价"
    )

    def term(self) -> LprRate:
        """Return the domain's value."""
        return self.make(LprRate, "kind")


class ExplicitDaysIn(Request):
    """Interest falls due on listed days; none: with the principal (利随本清)."""

    kind: Literal["explicit"]
    days: list[DebtDay] = Field(max_length=400)

    def schedule(self) -> InterestSchedule:
        """Return the domain's value."""
        return ExplicitDays(tuple(self.days))


class MonthlyIn(Request):
    """Interest falls due on a day of each month (按月付息)."""

    kind: Literal["monthly"]
    day: DayOfMonth

    def schedule(self) -> InterestSchedule:
        """Return the domain's value."""
        return monthly(self.day)


class QuarterlyIn(Request):
    """Interest falls due on a day of March, June, September and December (按季付息)."""

    kind: Literal["quarterly"]
    day: DayOfMonth

    def schedule(self) -> InterestSchedule:
        """Return the domain's value."""
        return quarterly(self.day)


class InMonthsIn(Request):
    """Interest falls due on a day of these months, such as twice a year."""

    kind: Literal["in_months"]
    day: DayOfMonth
    months: list[Month] = Field(min_length=1, max_length=12)

    def schedule(self) -> InterestSchedule:
        """Return the domain's value."""
        return MonthDay(self.day, tuple(self.months))


class InstalmentIn(Request):
    """Principal due on a day (分期还本); the rest is due at maturity."""

    on: DebtDay
    amount: PositiveAmount

    def instalment(self) -> Instalment:
        """Return the domain's value."""
        return self.make(Instalment)


RateIn = Annotated[FixedRateIn | LprRateIn, Field(discriminator="kind")]
ScheduleIn = Annotated[
    ExplicitDaysIn | MonthlyIn | QuarterlyIn | InMonthsIn, Field(discriminator="kind", description="付息日")
]
AllocationOrder = Annotated[
    list[Component],
    Field(
        default_factory=lambda: list(STATUTORY_ORDER),
        description="In which order payments are applied to what is due (Civil Code 561) · 清偿顺序",
        json_schema_extra={**_COMPONENTS, "default": [str(component) for component in STATUTORY_ORDER]},
    ),
]


class LoanIn(Request):
    """A loan contract (借款合同) as agreed, and what became of it."""

    kind: Literal["loan"]
    agreed_amount: PositiveAmount = Field(description="约定金额")
    disbursements: list[DisbursementIn] = Field(min_length=1, max_length=100, description="实际发放")
    maturity: DebtDay = Field(description="到期日")
    day_count: DayCount = Field(
        description="As the contract says; never assumed. 30/360 is 30E/360, not the American count · "
        "计息基础，以合同为准；30/360 指 30E/360"
    )
    rates: list[RateIn] = Field(
        min_length=1, max_length=50, description="Oldest first; the first by the first pay-out · 利率"
    )
    interest_due: ScheduleIn
    overdue_markup_percent: Rate = Field(description="Added to the rate when overdue · 逾期加收")
    misuse_markup_percent: Rate | None = Field(None, description="Added on misuse · 挪用加收")
    misused_since: DebtDay | None = Field(None, description="未按约定用途使用之日")
    instalments: list[InstalmentIn] = Field(
        default_factory=list, max_length=400, description="Principal due before maturity · 分期还本"
    )
    compounding: Compounding = Field(Compounding.ON_INTEREST, description="复利计收范围")
    compound_rate: CompoundRate = Field(CompoundRate.CONTRACT_THEN_PENALTY, description="复利利率")
    allocation_order: AllocationOrder
    prepayment: Prepayment = Field(
        Prepayment.NEXT_DUES,
        description="Which dues principal paid in advance meets · 提前归还的本金冲抵哪些期次",
    )
    accelerated_on: DebtDay | None = Field(None, description="宣布提前到期日")

    def contract(self) -> LoanContract:
        """Return the domain's contract, judged by the limits of 银发〔2003〕251号."""
        return self.make(
            LoanContract,
            "kind",
            disbursements=tuple(entry.disbursement() for entry in self.disbursements),
            rates=tuple(entry.term() for entry in self.rates),
            interest_due=self.interest_due.schedule(),
            instalments=tuple(entry.instalment() for entry in self.instalments),
            allocation_order=tuple(self.allocation_order),
        )

    def parts(self) -> Iterator[Made]:
        """Yield each part that the domain can check on its own."""
        for index, paid in enumerate(self.disbursements):
            yield Made(pointer=f"/disbursements/{index}", make=paid.disbursement)
        for index, rate in enumerate(self.rates):
            yield Made(pointer=f"/rates/{index}", make=rate.term)
        yield Made(pointer="/interest_due", make=self.interest_due.schedule)
