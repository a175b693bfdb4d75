"""The state of a debt between two days: what is due since when, what is payable, what is not due yet.

Promise: amounts only move between places or come from an accrual; nothing is lost. Internal to the
accrual, and mutable for that reason; what leaves it is a frozen statement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Item:
    """Principal, interest or settled penalty interest that fell due on a day, with its unpaid part.

    `by` is the last day on which paying it is in time: a card's interest is billed first and payable later.
    """

    source: Component
    due: date
    unpaid: Money
    by: date


@dataclass(slots=True)
class Ledger:
    """Items due, oldest first; what is payable without a due day; interest and principal not due yet.

    `ahead` is the principal paid in advance that no due has met yet; `deferred` is what can't be demanded yet
    of what is payable.
    """

    items: list[Item] = field(default_factory=list)
    payable: dict[Component, Money] = field(default_factory=dict)
    accrued: Money = ZERO
    undue: Money = ZERO
    ahead: Money = ZERO
    deferred: dict[Component, Money] = field(default_factory=dict)

    def draw(self, amount: Money) -> None:
        """Take in principal that is not due yet."""
        self.undue += amount

    def add(self, component: Component, amount: Money) -> None:
        """Take in an accrued or charged amount; contract interest is not due before its due day."""
        if component is Component.INTEREST:
            self.accrued += amount
        else:
            self.payable[component] = self.payable.get(component, ZERO) + amount

    def principal_falls_due(self, day: date, amount: Money) -> None:
        """Make principal due, as far as there is any that is not due yet."""
        amount = min(amount, self.undue)
        self.undue -= amount
        self._fall_due(Component.PRINCIPAL, day, amount, day)

    def not_met(self, amount: Money) -> Money:
        """Return what of a due no principal paid in advance meets; what meets it is used up."""
        met = min(amount, self.ahead)
        self.ahead -= met
        return amount - met

    def interest_falls_due(self, day: date, by: date | None = None) -> None:
        """Make all accrued contract interest due; it is in time until `by` (without it: until its day)."""
        self._fall_due(Component.INTEREST, day, self.accrued, by or day)
        self.accrued = ZERO

    def call_in(self, day: date) -> None:
        """Make what was billed demandable on this day, also what could be paid later in time."""
        for item in self.items:
            item.by = min(item.by, day)

    def defer(self, component: Component) -> None:
        """Put off what is payable of a component: nothing can be demanded of it yet."""
        self.deferred[component] = self.payable.pop(component, ZERO)

    def penalty_settles(self, day: date) -> None:
        """Settle the penalty interest payable so far, so that it can bear compound interest."""
        settled = self.payable.pop(Component.PENALTY_INTEREST, ZERO)
        self._fall_due(Component.PENALTY_INTEREST, day, settled, day)

    def _fall_due(self, source: Component, day: date, amount: Money, by: date) -> None:
        if amount > ZERO:
            self.items.append(Item(source, day, amount, by))

    def unpaid(self, source: Component) -> Iterator[Item]:
        """Yield the unpaid items of a component, oldest first."""
        return (item for item in self.items if item.source is source and item.unpaid > ZERO)

    def due(self, component: Component) -> Money:
        """Return what fell due of a component, or was billed, and is unpaid."""
        items = sum((item.unpaid for item in self.unpaid(component)), ZERO)
        return items + self.payable.get(component, ZERO)

    def pay(self, component: Component, amount: Money) -> Money:
        """Apply a payment to what is due of a component, oldest first; return what was used."""
        left = amount
        for item in self.unpaid(component):
            used = min(left, item.unpaid)
            item.unpaid -= used
            left -= used
        used = min(left, self.payable.get(component, ZERO))
        if used > ZERO:
            self.payable[component] -= used
        return amount - left + used

    def prepay(self, amount: Money) -> Amounts:
        """Apply a payment to what is not due yet: accrued interest, then principal; return what was used."""
        interest = min(amount, self.accrued)
        principal = min(amount - interest, self.undue)
        self.accrued -= interest
        self.undue -= principal
        self.ahead += principal
        return Amounts(interest=interest, principal=principal)

    def owed(self, day: date) -> Amounts:
        """Return what can be demanded on a day, by component."""
        billed = self._billed(day)
        return Amounts.of({component: self.due(component) for component in Component}) - billed

    def not_yet_due(self, day: date) -> Amounts:
        """Return what is owed, but can't be demanded on a day yet."""
        undue = Amounts(interest=self.accrued, principal=self.undue)
        return undue + self._billed(day) + Amounts.of(self.deferred)

    def _billed(self, day: date) -> Amounts:
        later = (item.unpaid for item in self.unpaid(Component.INTEREST) if item.by > day)
        return Amounts(interest=sum(later, ZERO))

    def oldest_due(self, day: date) -> date | None:
        """Return the oldest last day to pay principal or contract interest that passed before this day."""
        sources = (Component.PRINCIPAL, Component.INTEREST)
        return min(
            (item.by for source in sources for item in self.unpaid(source) if item.by < day), default=None
        )
