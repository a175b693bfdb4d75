"""The components of a debt, and amounts by component.

Promise: every component has its own line from accrual to claim, and a total is always their sum.
Downside: a `Claim` has five lines only; `as_claim` says which components are added up there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.claim import Claim
from chalicelib.domain.loan.errors import AllocationOrderIncomplete
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Component(StrEnum):
    """What a debt consists of; each value is the name of a field of `Amounts`."""

    COSTS = "costs"  # 实现债权的费用
    FEES = "fees"  # 手续费
    COMPOUND_INTEREST = "compound_interest"  # 复利
    PENALTY_INTEREST = "penalty_interest"  # 罚息
    BREACH_FEE = "breach_fee"  # 违约金
    INTEREST = "interest"  # 期内利息
    PRINCIPAL = "principal"  # 本金


STATUTORY_ORDER: Final = tuple(Component)
"""Costs, interest, principal (Civil Code 561); within interest compound, penalty, contract [policy].

Fees stand with the costs and a card's breach fee with the penalty interest [policy].
"""


def check_order(field: str, order: tuple[Component, ...]) -> None:
    """Refuse an order of allocation that leaves out or repeats a component."""
    if sorted(order) != sorted(Component):
        raise AllocationOrderIncomplete(field, "each component has exactly one place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """An amount of yuan for each component."""

    costs: Money = ZERO
    fees: Money = ZERO
    compound_interest: Money = ZERO
    penalty_interest: Money = ZERO
    breach_fee: Money = ZERO
    interest: Money = ZERO
    principal: Money = ZERO

    @classmethod
    def of(cls, amounts: Mapping[Component, Money]) -> Amounts:
        """Return these amounts, zero for every component not mentioned."""
        return cls(**{component.value: amount for component, amount in amounts.items()})

    @classmethod
    def from_claim(cls, claim: Claim) -> Amounts:
        """Read a claim; its fees become costs, and its penalty interest is taken to contain no breach fee."""
        return cls(
            costs=claim.fees,
            compound_interest=claim.compound_interest,
            penalty_interest=claim.penalty_interest,
            interest=claim.interest,
            principal=claim.principal,
        )

    def as_claim(self, as_of: date) -> Claim:
        """Return the claim of these amounts: fees join the costs, a breach fee the penalty interest."""
        return Claim(
            principal=self.principal,
            interest=self.interest,
            penalty_interest=self.penalty_interest + self.breach_fee,
            compound_interest=self.compound_interest,
            fees=self.costs + self.fees,
            as_of=as_of,
        )

    def __getitem__(self, component: Component) -> Money:
        amount: Money = getattr(self, component.value)
        return amount

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts.of({component: self[component] + other[component] for component in Component})

    def __sub__(self, other: Amounts) -> Amounts:
        return Amounts.of({component: self[component] - other[component] for component in Component})

    @property
    def charges(self) -> Money:
        """Costs, fees and breach fee: what bears no interest, under the contract or under a plan."""
        return self.costs + self.fees + self.breach_fee

    @property
    def total(self) -> Money:
        """The sum of the components."""
        return sum((self[component] for component in Component), ZERO)


NOTHING: Final = Amounts()
