"""A credit card's contract and account in JSON, each with the domain's value it becomes.

Promise: percentages are the contract's and have no default. Downside: overdrafts that were repaid in time are
left out by whoever describes the account; the hub can't tell.
"""

# No `from __future__ import annotations`: pydantic reads these annotations as values.
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.domain_faults import Made
from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.debt_fields import DayOfMonth, DebtDay, Reference, YesOrNo
from chalicelib.api.schemas.fields import AmountOrZero, PositiveAmount, Rate, whole_number
from chalicelib.api.schemas.loans import AllocationOrder
from chalicelib.domain.loan.card import (
    PRINCIPAL_FIRST_AFTER_DAYS,
    CardContract,
    MissedMinimum,
    Overdraft,
    ServiceFee,
)
from chalicelib.domain.loan.day_count import DayCount


class OverdraftIn(Request):
    """Principal drawn on the card (透支本金)."""

    posted: DebtDay = Field(description="入账日")
    due: DebtDay = Field(description="到期还款日")
    amount: PositiveAmount

    def overdraft(self) -> Overdraft:
        """Return the domain's value."""
        return self.make(Overdraft)


class MissedMinimumIn(Request):
    """The part of a minimum payment (最低还款额) that was not paid by its due day."""

    due: DebtDay
    unpaid: PositiveAmount
    reference: Reference

    def missed(self) -> MissedMinimum:
        """Return the domain's value."""
        return self.make(MissedMinimum)


class ServiceFeeIn(Request):
    """A fee (手续费) posted on a day."""

    on: DebtDay
    amount: PositiveAmount
    reference: Reference

    def fee(self) -> ServiceFee:
        """Return the domain's value."""
        return self.make(ServiceFee)


class CardIn(Request):
    """A credit card (信用卡): the agreed terms and the account's history beside its payments."""

    kind: Literal["card"]
    daily_percent: Rate = Field(description="Daily rate of an overdraft · 日利率")
    statement_day: DayOfMonth = Field(description="账单日")
    day_count: DayCount = Field(
        description="As the contract says; never assumed. 30/360 is 30E/360, not the American count · "
        "计息基础，以合同为准；30/360 指 30E/360"
    )
    overdrafts: list[OverdraftIn] = Field(min_length=1, max_length=500)
    compounding: YesOrNo = Field(description="Whether billed interest bears interest · 是否按月计收复利")
    breach_fee_percent: Rate = Field(description="Of the unpaid minimum payment · 违约金比例")
    breach_fee_low: AmountOrZero = Field(description="违约金最低额")
    missed_minimums: list[MissedMinimumIn] = Field(default_factory=list, max_length=200)
    fees: list[ServiceFeeIn] = Field(default_factory=list, max_length=200)
    allocation_order: AllocationOrder
    principal_first_after_days: Annotated[int, whole_number(least=0, most=9_999)] | None = Field(
        PRINCIPAL_FIRST_AFTER_DAYS,
        description="On an account overdue for more days a payment meets principal first; null: never · "
        "逾期超过该天数的，还款先冲本金",
    )

    def contract(self) -> CardContract:
        """Return the domain's contract, judged by the usual limits for cards."""
        return self.make(
            CardContract,
            "kind",
            overdrafts=tuple(entry.overdraft() for entry in self.overdrafts),
            missed_minimums=tuple(entry.missed() for entry in self.missed_minimums),
            fees=tuple(entry.fee() for entry in self.fees),
            allocation_order=tuple(self.allocation_order),
        )

    def parts(self) -> Iterator[Made]:
        """Yield each part that the domain can check on its own."""
        for index, drawn in enumerate(self.overdrafts):
            yield Made(pointer=f"/overdrafts/{index}", make=drawn.overdraft)
