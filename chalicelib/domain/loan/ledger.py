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
    """Principal, interest or settled penalty interest that fell due on a day, with its unpaid part."""

    source: Component
    due: date
    unpaid: Money


@dataclass(slots=True)
class Ledger:
    """Items due, oldest first; what is payable without a due day; interest and principal not due yet."""

    items: list[Item] = field(default_factory=list)
    payable: dict[Component, Money] = field(default_factory=dict)
    accrued: Money = ZERO
    undue: Money = ZERO

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
        self._fall_due(Component.PRINCIPAL, day, amount)

    def interest_falls_due(self, day: date) -> None:
        """Make all accrued contract interest due."""
        self._fall_due(Component.INTEREST, day, self.accrued)
        self.accrued = ZERO

    def penalty_settles(self, day: date) -> None:
        """Settle the penalty interest payable so far, so that it can bear compound interest."""
        self._fall_due(Component.PENALTY_INTEREST, day, self.payable.pop(Component.PENALTY_INTEREST, ZERO))

    def _fall_due(self, source: Component, day: date, amount: Money) -> None:
        if amount > ZERO:
            self.items.append(Item(source, day, amount))

    def unpaid(self, source: Component) -> Iterator[Item]:
        """Yield the unpaid items of a component, oldest first."""
        return (item for item in self.items if item.source is source and item.unpaid > ZERO)

    def due(self, component: Component) -> Money:
        """Return what could be demanded of a component today."""
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
        return Amounts(interest=interest, principal=principal)

    @property
    def owed(self) -> Amounts:
        """What is due, by component."""
        return Amounts.of({component: self.due(component) for component in Component})

    @property
    def not_yet_due(self) -> Amounts:
        """What is owed, but can't be demanded yet."""
        return Amounts(interest=self.accrued, principal=self.undue)

    def overdue_since(self, day: date) -> date | None:
        """Return the oldest due day of unpaid principal or contract interest before this day."""
        sources = (Component.PRINCIPAL, Component.INTEREST)
        return min(
            (item.due for source in sources for item in self.unpaid(source) if item.due < day), default=None
        )
