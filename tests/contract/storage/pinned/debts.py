"""Debts from a loan, a plain loan and a card, written out by hand."""

from datetime import date
from decimal import Decimal
from typing import Final

from chalicelib.domain.loan.card import CardContract, MissedMinimum, Overdraft, ServiceFee
from chalicelib.domain.loan.charges import cost
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.contract import (
    Compounding,
    CompoundRate,
    Disbursement,
    Instalment,
    LoanContract,
)
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.loan.limitation import Interruption, InterruptionKind
from chalicelib.domain.loan.limits import CardLimits, RateLimits
from chalicelib.domain.loan.lpr import LprPublication, LprTable, Tenor
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.loan.rates import FixedRate, LprRate, Reset
from chalicelib.domain.loan.schedule import ExplicitDays, MonthDay
from chalicelib.domain.money import Money

DEBT_LOAN: Final = Debt(
    contract=LoanContract(
        agreed_amount=Money(150_000_00),
        disbursements=(
            Disbursement(on=date(2024, 3, 20), amount=Money(100_000_00), withheld=Money(500_00)),
            Disbursement(on=date(2024, 4, 20), amount=Money(50_000_00)),
        ),
        maturity=date(2026, 3, 20),
        day_count=DayCount.ACT_365,
        rates=(
            FixedRate(starts=date(2024, 3, 20), annual_percent=Decimal("5.80")),
            LprRate(
                starts=date(2025, 3, 20),
                priced_on=date(2025, 3, 10),
                tenor=Tenor.FIVE_YEARS,
                spread_bp=120,
                reset=Reset.ANNIVERSARY,
                lookback_days=1,
            ),
        ),
        interest_due=MonthDay(day=20, months=(3, 6, 9, 12)),
        overdue_markup_percent=Decimal(40),
        misuse_markup_percent=Decimal("60.5"),
        instalments=(Instalment(on=date(2025, 3, 20), amount=Money(20_000_00)),),
        compounding=Compounding.ON_INTEREST_AND_PENALTY,
        compound_rate=CompoundRate.PENALTY_THROUGHOUT,
        allocation_order=(
            Component.PRINCIPAL,
            Component.COSTS,
            Component.FEES,
            Component.COMPOUND_INTEREST,
            Component.PENALTY_INTEREST,
            Component.BREACH_FEE,
            Component.INTEREST,
        ),
        limits=RateLimits(
            annual_high=Decimal(24),
            overdue_low=Decimal(31),
            overdue_high=Decimal(51),
            misuse_low=Decimal(52),
            misuse_high=Decimal(99),
        ),
        misused_since=date(2025, 1, 2),
        accelerated_on=date(2025, 12, 1),
    ),
    payments=(Payment(on=date(2024, 6, 20), amount=Money(1_000_05), reference="P-1"),),
    costs=(cost(date(2025, 6, 30), Money(2_000_00), "LAWYER-1"),),
    lpr=LprTable(
        (LprPublication(on=date(2025, 2, 20), one_year=Decimal("3.1"), five_years=Decimal("3.60")),)
    ),
    interruptions=(
        Interruption(
            kind=InterruptionKind.MEDIATION,
            on=date(2025, 7, 1),
            evidence="ev-1",
            ended_on=date(2025, 8, 1),
        ),
        Interruption(kind=InterruptionKind.DEMAND, on=date(2025, 9, 1), evidence="ev-2"),
    ),
)
DEBT_PLAIN: Final = Debt(
    contract=LoanContract(
        agreed_amount=Money(100_000_00),
        disbursements=(Disbursement(on=date(2021, 3, 22), amount=Money(100_000_00)),),
        maturity=date(2022, 3, 21),
        day_count=DayCount.ACT_360,
        rates=(FixedRate(starts=date(2021, 3, 22), annual_percent=Decimal("7.25")),),
        interest_due=ExplicitDays((date(2021, 9, 21), date(2022, 3, 21))),
        overdue_markup_percent=Decimal(50),
    )
)
DEBT_CARD: Final = Debt(
    contract=CardContract(
        daily_percent=Decimal("0.045"),
        statement_day=5,
        day_count=DayCount.THIRTY_360,
        overdrafts=(Overdraft(posted=date(2025, 1, 3), due=date(2025, 2, 25), amount=Money(12_345_67)),),
        compounding=True,
        breach_fee_percent=Decimal("4.5"),
        breach_fee_low=Money(10_00),
        missed_minimums=(MissedMinimum(due=date(2025, 2, 25), unpaid=Money(1_234_56), reference="M-1"),),
        fees=(ServiceFee(on=date(2025, 3, 5), amount=Money(36_00), reference="FEE-1"),),
        allocation_order=(
            Component.PRINCIPAL,
            Component.COSTS,
            Component.FEES,
            Component.COMPOUND_INTEREST,
            Component.PENALTY_INTEREST,
            Component.BREACH_FEE,
            Component.INTEREST,
        ),
        limits=CardLimits(daily_high=Decimal("0.06"), breach_fee_high=Decimal(6)),
    )
)
