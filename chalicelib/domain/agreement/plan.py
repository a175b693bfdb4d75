"""The repayment plan: which amount is due on which day.

Promise: every line is above zero, dates ascend, and the capital of all lines is the agreed sum to the fen.
Capital is a part of the agreed sum, whatever component of the debt it pays; interest is what the plan adds.
Downside: a plan says nothing of what has been paid; `position` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain.agreement.due_dates import MOST_INSTALMENTS, months_from
from chalicelib.domain.agreement.errors import (
    AmountTooSmall,
    DueDatesInvalid,
    PlanDoesNotAddUp,
    PlanTooLong,
)
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Iterable


class Method(StrEnum):
    """How the lines came about."""

    SINGLE = "single"  # 一次性
    EQUAL_PRINCIPAL = "equal_principal"  # 等额本金
    EQUAL_PAYMENT = "equal_payment"  # 等额本息
    CUSTOM = "custom"  # 自定


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One payment: its number from 1, its due date, its part of the agreed sum and the plan's interest."""

    stored_as_row: ClassVar = True
    number: int
    due: date
    capital: Money
    interest: Money = ZERO

    @property
    def amount(self) -> Money:
        """What is to be paid."""
        return self.capital + self.interest


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All payments in order; `annual_percent` is the rate at which the plan bears interest."""

    method: Method
    annual_percent: Decimal
    lines: tuple[PlanLine, ...]

    def __post_init__(self) -> None:
        if not self.lines:
            raise DueDatesInvalid("lines", "a plan has at least one payment")
        if len(self.lines) > MOST_INSTALMENTS:
            raise PlanTooLong("lines", found=len(self.lines), most=MOST_INSTALMENTS)
        due: date | None = None
        for number, line in enumerate(self.lines, start=1):
            if line.number != number or (due is not None and line.due <= due):
                raise DueDatesInvalid("lines", f"payment {line.number} on {line.due} is out of order")
            if line.capital <= ZERO or line.interest < ZERO:
                raise AmountTooSmall("lines", given=line.amount, payments=1)
            due = line.due

    @property
    def capital(self) -> Money:
        """The agreed sum that the plan pays off."""
        return total_of(line.capital for line in self.lines)

    @property
    def interest(self) -> Money:
        """The interest that the plan adds."""
        return total_of(line.interest for line in self.lines)

    @property
    def total(self) -> Money:
        """Everything to be paid."""
        return self.capital + self.interest

    @property
    def first_due(self) -> date:
        """The first due date."""
        return self.lines[0].due

    @property
    def last_due(self) -> date:
        """The last due date."""
        return self.lines[-1].due

    @property
    def months(self) -> int:
        """How many calendar months the plan touches."""
        return months_from(self.first_due, self.last_due)

    def through(self, number: int) -> Money:
        """Return what is due with this payment and all before it."""
        return total_of(line.amount for line in self.lines[:number])

    def due_by(self, day: date) -> Money:
        """Return what falls due up to and including a day."""
        return total_of(line.amount for line in self.lines if line.due <= day)

    def heaviest_month(self) -> Money:
        """Return the most that falls due within one calendar month."""
        months: dict[tuple[int, int], Money] = {}
        for line in self.lines:
            month = (line.due.year, line.due.month)
            months[month] = months.get(month, ZERO) + line.amount
        return max(months.values())

    def check_sum(self, agreed: Money) -> None:
        """Refuse a plan that pays off more or less than the agreed sum."""
        if self.capital != agreed:
            raise PlanDoesNotAddUp("lines", given=self.capital, agreed=agreed)

    def unbegun_interest(self, agreed_on: date, day: date) -> Money:
        """Return the interest of the periods that have not begun on a day (Civil Code 677).

        A line's period begins after the due date before it, the first one's after the day of agreement.
        """
        return total_of(line.interest for line in self.unbegun(agreed_on, day))

    def unbegun(self, agreed_on: date, day: date) -> tuple[PlanLine, ...]:
        """Return the lines whose period has not begun on a day."""
        begins = (agreed_on, *(line.due for line in self.lines))
        return tuple(line for line, begin in zip(self.lines, begins, strict=False) if day <= begin)


def total_of(amounts: Iterable[Money]) -> Money:
    """Return the sum of amounts, zero for none."""
    return sum(amounts, ZERO)
