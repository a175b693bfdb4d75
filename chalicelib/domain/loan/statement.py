"""The calculation statement (计算明细): every amount of a debt with the days, base, rate and rule behind it.

Promise: for each component, what was charged less what was paid is what is owed, due or not yet due; the
claim is made from the same amounts. Downside: it is for one cut-off day; another day needs another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.loan.charges import Charge
from chalicelib.domain.loan.components import NOTHING, Amounts, Component
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.legal import LegalBasis
from chalicelib.domain.loan.payments import AppliedPayment, Payment
from chalicelib.domain.loan.rates import Rate
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.claim import Claim

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What accrues as long as nothing changes: a component, on a base, at a rate, by a rule.

    `source` is the component whose unpaid part is the base; `due` is its due day if the base is one item.
    """

    component: Component
    source: Component
    base: Money
    rate: Rate
    rule: LegalBasis
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A line over [start, end) and what it came to, rounded once."""

    line: Line
    start: date
    end: date
    day_count: DayCount
    days: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawdown:
    """Principal that was paid out or drawn on a day."""

    on: date
    amount: Money
    rule: LegalBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A debt on a day: `owed` is due, `not_yet_due` is not; entries after the day are listed as later."""

    as_of: date
    day_count: DayCount
    drawdowns: tuple[Drawdown, ...]
    segments: tuple[Segment, ...]
    charges: tuple[Charge, ...]
    payments: tuple[AppliedPayment, ...]
    owed: Amounts
    not_yet_due: Amounts
    oldest_due: date | None  # the oldest last day to pay that passed unpaid
    later_charges: tuple[Charge, ...] = ()
    later_payments: tuple[Payment, ...] = ()

    @property
    def charged(self) -> Amounts:
        """Everything that came to be owed, by component."""
        charges = _sum(Amounts.of({charge.component: charge.amount}) for charge in self.charges)
        interest = _sum(Amounts.of({part.line.component: part.amount}) for part in self.segments)
        return charges + interest + _sum(Amounts(principal=part.amount) for part in self.drawdowns)

    @property
    def paid(self) -> Amounts:
        """Everything that payments were applied to, due or in advance, by component."""
        return _sum(part.applied + part.prepaid for part in self.payments)

    @property
    def overpaid(self) -> Money:
        """What was paid beyond everything owed."""
        return sum((part.overpaid for part in self.payments), ZERO)

    @property
    def overdue_since(self) -> date | None:
        """The first day overdue (逾期): the day after the last day to pay, on which one may still pay."""
        return self.oldest_due and self.oldest_due + _ONE_DAY

    @property
    def overdue_days(self) -> int:
        """The calendar days from the oldest unpaid due day to the cut-off: the first overdue day is one."""
        return (self.as_of - self.oldest_due).days if self.oldest_due else 0

    def of(self, component: Component) -> tuple[Segment, ...]:
        """Return the segments of a component, as they were computed."""
        return tuple(segment for segment in self.segments if segment.line.component is component)

    def claim(self) -> Claim:
        """Return what is due as a claim (诉讼请求)."""
        return self.owed.as_claim(self.as_of)


def _sum(amounts: Iterable[Amounts]) -> Amounts:
    return sum(amounts, NOTHING)
