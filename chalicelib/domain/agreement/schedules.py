"""The ways in which a sum may be paid, and the plan that each makes of it.

Promise: parts add up to the fen. Remainder rule: each part is rounded down to the fen (equal principal) or
the equal payment half up (equal payment), and the last one takes what is left.
Interest of a month is a twelfth of the yearly rate on the capital still open, HALF_UP to the fen. What bears
no interest (costs, fees, breach fee) is paid in equal parts beside the capital that does.
Downside: the first period counts as one month however long it is [policy]; a custom plan avoids this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, ClassVar, Final

from chalicelib.domain.agreement.due_dates import MOST_INSTALMENTS, MonthlyDates, check_count
from chalicelib.domain.agreement.errors import AmountTooSmall, DueDatesInvalid, PlanTooLong
from chalicelib.domain.agreement.plan import Method, Plan, PlanLine
from chalicelib.domain.loan.checks import percent_within
from chalicelib.domain.loan.concession import Repayment
from chalicelib.domain.loan.rounding import share
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Iterator


_CONTEXT: Final = Context(prec=60, rounding=ROUND_HALF_UP)
_NONE: Final = Decimal(0)
_MONTHS: Final = 12
_ALL: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLimits:
    """The limits of a plan; all [policy]. Days count from the day of agreement."""

    months: int = MOST_INSTALMENTS
    first_due_within_days: int = 183
    annual_high: Decimal = Decimal(24)

    def check(self, plan: Plan, agreed_on: date) -> None:
        """Refuse a plan that is too long, starts too late or before its agreement, or costs too much."""
        percent_within("annual_percent", plan.annual_percent, _NONE, self.annual_high)
        if plan.months > self.months:
            raise PlanTooLong("lines", found=plan.months, most=self.months)
        if not 0 <= (plan.first_due - agreed_on).days <= self.first_due_within_days:
            raise DueDatesInvalid("lines", f"{plan.first_due} does not fit an agreement of {agreed_on}")


PLAN_LIMITS: Final = PlanLimits()


@dataclass(frozen=True, slots=True)
class LumpSum:
    """Everything at once, by a day (一次性还款)."""

    kind: ClassVar = "lump_sum"
    by: date

    @property
    def repayment(self) -> Repayment:
        """Which kind of repayment it is for the concession policy."""
        return Repayment.LUMP_SUM

    @property
    def last_due(self) -> date:
        """The day of the last payment."""
        return self.by

    @property
    def payments(self) -> int:
        """How many payments it takes."""
        return 1

    def plan(self, amount: Money, _interest_free: Money = ZERO) -> Plan:
        """Return the plan of one payment."""
        line = PlanLine(number=1, due=self.by, capital=amount)
        return Plan(method=Method.SINGLE, annual_percent=_NONE, lines=(line,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Monthly:
    dates: MonthlyDates
    annual_percent: Decimal = _NONE

    def __post_init__(self) -> None:
        # Keeps the arithmetic in bounds; what is allowed is a matter of `PlanLimits`.
        percent_within("annual_percent", self.annual_percent, _NONE, _ALL)

    @property
    def repayment(self) -> Repayment:
        """Which kind of repayment it is for the concession policy."""
        return Repayment.INSTALMENTS

    @property
    def last_due(self) -> date:
        """The day of the last payment."""
        return self.dates.dates()[-1]

    @property
    def payments(self) -> int:
        """How many payments it takes."""
        return self.dates.count

    def _lines(self, bearing: Money, capitals: Iterator[Money], interest_free: Money) -> Iterator[PlanLine]:
        left, others = bearing, _equal_parts(interest_free, self.dates.count)
        parts = zip(self.dates.dates(), capitals, others, strict=True)
        for number, (due, capital, other) in enumerate(parts, start=1):
            yield PlanLine(number=number, due=due, capital=capital + other, interest=self._interest(left))
            left -= capital

    def _bearing(self, amount: Money, interest_free: Money) -> Money:
        """Return what bears interest; without a rate all of it is shared out alike."""
        return amount - interest_free if self.annual_percent else amount

    def _interest(self, capital: Money) -> Money:
        return share(capital, self.annual_percent, of=_MONTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualPrincipal(_Monthly):
    """The same capital each month, and interest on what is still open (等额本金)."""

    kind: ClassVar = "equal_principal"

    def plan(self, amount: Money, interest_free: Money = ZERO) -> Plan:
        """Return the plan for an amount; AmountTooSmall if a part would be zero."""
        _check_parts(amount, self.dates.count)
        bearing = self._bearing(amount, interest_free)
        capitals = _equal_parts(bearing, self.dates.count)
        return Plan(
            method=Method.EQUAL_PRINCIPAL,
            annual_percent=self.annual_percent,
            lines=tuple(self._lines(bearing, capitals, amount - bearing)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualPayment(_Monthly):
    """The same payment each month (等额本息); without interest it is the same as equal principal."""

    kind: ClassVar = "equal_payment"

    def plan(self, amount: Money, interest_free: Money = ZERO) -> Plan:
        """Return the plan for an amount; AmountTooSmall if a payment would not even cover the interest."""
        if not self.annual_percent:
            return replace(EqualPrincipal(dates=self.dates).plan(amount), method=Method.EQUAL_PAYMENT)
        bearing = self._bearing(amount, interest_free)
        capitals = self._capitals(bearing)
        return Plan(
            method=Method.EQUAL_PAYMENT,
            annual_percent=self.annual_percent,
            lines=tuple(self._lines(bearing, capitals, amount - bearing)),
        )

    def _capitals(self, amount: Money) -> Iterator[Money]:
        payment, left = self._payment(amount), amount
        for _ in range(self.dates.count - 1):
            capital = payment - self._interest(left)
            yield capital
            left -= capital
        yield left

    def _payment(self, amount: Money) -> Money:
        """Return P·r·(1+r)^n / ((1+r)^n - 1), HALF_UP to the fen."""
        rate = _CONTEXT.divide(self.annual_percent, Decimal(100 * _MONTHS))
        growth = _CONTEXT.power(_CONTEXT.add(Decimal(1), rate), self.dates.count)
        above = _CONTEXT.multiply(_CONTEXT.multiply(Decimal(amount.fen), rate), growth)
        exact = _CONTEXT.divide(above, _CONTEXT.subtract(growth, Decimal(1)))
        return Money(int(_CONTEXT.quantize(exact, Decimal(1))))


@dataclass(frozen=True, slots=True)
class DatedAmount:
    """A day and what is to be paid on it."""

    stored_as_row: ClassVar = True
    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class CustomInstalments:
    """Any days and amounts the parties agree on; without interest."""

    kind: ClassVar = "custom"
    parts: tuple[DatedAmount, ...]

    def __post_init__(self) -> None:
        check_count(len(self.parts))

    @property
    def repayment(self) -> Repayment:
        """Which kind of repayment it is for the concession policy."""
        return Repayment.INSTALMENTS

    @property
    def last_due(self) -> date:
        """The day of the last payment."""
        return max(part.on for part in self.parts)

    @property
    def payments(self) -> int:
        """How many payments it takes."""
        return len(self.parts)

    def plan(self, amount: Money, _interest_free: Money = ZERO) -> Plan:
        """Return the plan; PlanDoesNotAddUp unless the parts are this amount."""
        lines = tuple(
            PlanLine(number=number, due=part.on, capital=part.amount)
            for number, part in enumerate(self.parts, start=1)
        )
        plan = Plan(method=Method.CUSTOM, annual_percent=_NONE, lines=lines)
        plan.check_sum(amount)
        return plan


Schedule = LumpSum | EqualPrincipal | EqualPayment | CustomInstalments


def _check_parts(amount: Money, count: int) -> None:
    if amount.fen < count:
        raise AmountTooSmall("amount", given=amount, payments=count)


def _equal_parts(amount: Money, count: int) -> Iterator[Money]:
    part = Money(amount.fen // count)
    for _ in range(count - 1):
        yield part
    yield Money(amount.fen - part.fen * (count - 1))
