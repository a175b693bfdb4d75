"""Charges: amounts owed that are not computed from a rate: costs of enforcing, service fees, breach fees.

Promise: a charge bears no interest, is payable from its day, and explains itself by base and percentage
where it has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.errors import PaymentBeforeDisbursement
from chalicelib.domain.loan.legal import COSTS_OF_ENFORCING, LegalBasis
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """An amount of costs, fees or breach fee owed from a day on."""

    on: date
    component: Component
    amount: Money
    reference: str
    rule: LegalBasis
    base: Money | None = None
    percent: Decimal | None = None

    def __post_init__(self) -> None:
        checks.positive("charges.amount", self.amount)


def cost(on: date, amount: Money, reference: str) -> Charge:
    """Return a cost of enforcing the claim (实现债权的费用); the reference names its evidence."""
    return Charge(
        on=on, component=Component.COSTS, amount=amount, reference=reference, rule=COSTS_OF_ENFORCING
    )


def in_order(charges: Sequence[Charge], opens: date) -> list[Charge]:
    """Return the charges by day and reference; refuse one before anything was owed."""
    checks.unique("charges.reference", (charge.reference for charge in charges))
    for charge in charges:
        if charge.on < opens:
            raise PaymentBeforeDisbursement("charges.on", given=charge.on, earliest=opens)
    return sorted(charges, key=lambda charge: (charge.on, charge.reference))
