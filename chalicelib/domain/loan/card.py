"""Credit-card debt (信用卡透支): overdrafts, daily interest, breach fees, service fees.

Promise: percentages are contract data, checked against limits that are policy data; a breach fee is a
share of the unpaid minimum payment and bears no interest. Overdrafts paid in advance are met in their order.
Downside: the interest-free period is taken as lost (a disputed debt was not paid in full in time), so
interest runs from the posting day; the history must not list an overdraft that was repaid in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.charges import Charge
from chalicelib.domain.loan.components import STATUTORY_ORDER, Component, check_order
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.errors import InvalidSchedule, TermMissing
from chalicelib.domain.loan.legal import CARD_BREACH_FEE, CARD_FEE
from chalicelib.domain.loan.limits import CARD_LIMITS, CardLimits
from chalicelib.domain.loan.rounding import share
from chalicelib.domain.loan.schedule import check_month_day
from chalicelib.domain.money import ZERO, Money

PRINCIPAL_FIRST_AFTER_DAYS: Final = 90
"""An account overdue for 91 days and more: principal first (商业银行信用卡业务监督管理办法 [check])."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdraft:
    """Principal drawn on the card (透支本金): posted on a day, to be repaid by `due` (到期还款日)."""

    stored_as_row: ClassVar = True
    posted: date
    due: date
    amount: Money

    def __post_init__(self) -> None:
        checks.positive("overdrafts.amount", self.amount)
        checks.later("overdrafts.due", self.due, self.posted)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedMinimum:
    """The part of a minimum payment (最低还款额) that was not paid by its due day."""

    stored_as_row: ClassVar = True
    due: date
    unpaid: Money
    reference: str

    def __post_init__(self) -> None:
        checks.positive("missed_minimums.unpaid", self.unpaid)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFee:
    """A fee (手续费) posted on a day: cash advance, instalment plan, yearly fee."""

    stored_as_row: ClassVar = True
    on: date
    amount: Money
    reference: str

    def __post_init__(self) -> None:
        checks.positive("fees.amount", self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContract:
    """The agreed terms of a card and the account's history beside its payments.

    `compounding` says whether interest billed and unpaid bears interest from the statement day on
    (按月计收复利); `breach_fee_low` is the lowest breach fee charged for one missed payment. On an account
    overdue for more than `principal_first_after_days` a payment meets principal first; None: never.
    """

    kind: ClassVar = "card"
    daily_percent: Decimal
    statement_day: int
    day_count: DayCount
    overdrafts: tuple[Overdraft, ...]
    compounding: bool
    breach_fee_percent: Decimal
    breach_fee_low: Money = ZERO
    missed_minimums: tuple[MissedMinimum, ...] = ()
    fees: tuple[ServiceFee, ...] = ()
    allocation_order: tuple[Component, ...] = STATUTORY_ORDER
    principal_first_after_days: int | None = PRINCIPAL_FIRST_AFTER_DAYS
    limits: CardLimits = CARD_LIMITS

    def __post_init__(self) -> None:
        self.limits.check_daily("daily_percent", self.daily_percent)
        self.limits.check_breach_fee("breach_fee_percent", self.breach_fee_percent)
        check_month_day("statement_day", self.statement_day)
        checks.not_negative("breach_fee_low", self.breach_fee_low)
        if not self.overdrafts:
            raise TermMissing("overdrafts", "nothing was drawn")
        check_order("allocation_order", self.allocation_order)
        if (self.principal_first_after_days or 0) < 0:
            raise InvalidSchedule(
                "principal_first_after_days", f"{self.principal_first_after_days} is below zero"
            )

    def charges(self) -> tuple[Charge, ...]:
        """Return the breach fees and service fees; both are owed from their day on."""
        return (*map(self._breach_fee, self.missed_minimums), *map(_service_fee, self.fees))

    def _breach_fee(self, missed: MissedMinimum) -> Charge:
        return Charge(
            on=missed.due,
            component=Component.BREACH_FEE,
            amount=max(share(missed.unpaid, self.breach_fee_percent), self.breach_fee_low),
            reference=missed.reference,
            rule=CARD_BREACH_FEE,
            base=missed.unpaid,
            percent=self.breach_fee_percent,
        )


def _service_fee(fee: ServiceFee) -> Charge:
    return Charge(
        on=fee.on, component=Component.FEES, amount=fee.amount, reference=fee.reference, rule=CARD_FEE
    )
