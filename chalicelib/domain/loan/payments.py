"""Payments, and what each was applied to.

Promise: what is due comes before what is not (Civil Code 560), and within it the order agreed or, without
agreement, costs, interest, principal (561). What is left pays in advance: the interest accrued so far, then
principal (677). What exceeds everything owed is reported as overpaid, never lost and never negative.
Which dues principal paid in advance meets is a term of the contract (`contract.Prepayment`).
Downside: an overpaid amount is not kept for debts that arise later; it is to be paid back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.components import STATUTORY_ORDER, Amounts, Component
from chalicelib.domain.loan.errors import PaymentBeforeDisbursement
from chalicelib.domain.loan.legal import AGREED_ALLOCATION, STATUTORY_ALLOCATION, LegalBasis
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.loan.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """An amount received on a day, under the institution's reference."""

    kind: ClassVar = "payment"
    on: date
    amount: Money
    reference: str

    def __post_init__(self) -> None:
        checks.positive("payments.amount", self.amount)


@dataclass(frozen=True, slots=True)
class Allocation:
    """In which order a payment is applied to what is due, and by which rule."""

    order: tuple[Component, ...]
    rule: LegalBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedPayment:
    """A payment and its use: for what was due, in advance, and the part beyond everything owed."""

    payment: Payment
    rule: LegalBasis
    applied: Amounts
    prepaid: Amounts
    overpaid: Money


def in_order(payments: Sequence[Payment], opens: date) -> list[Payment]:
    """Return the payments by day and reference, however they were listed; refuse impossible ones."""
    checks.unique("payments.reference", (payment.reference for payment in payments))
    for payment in payments:
        if payment.on < opens:
            raise PaymentBeforeDisbursement("payments.on", given=payment.on, earliest=opens)
    return sorted(payments, key=lambda payment: (payment.on, payment.reference))


def allocation(order: tuple[Component, ...]) -> Allocation:
    """Return the contract's order with its rule: the statutory one, or what was agreed."""
    return Allocation(order, STATUTORY_ALLOCATION if order == STATUTORY_ORDER else AGREED_ALLOCATION)


def apply(payment: Payment, ledger: Ledger, allocation: Allocation) -> AppliedPayment:
    """Apply a payment to the ledger and say to what."""
    left = payment.amount
    used: dict[Component, Money] = {}
    for component in allocation.order:
        used[component] = ledger.pay(component, left)
        left -= used[component]
    prepaid = ledger.prepay(left)
    return AppliedPayment(
        payment=payment,
        rule=allocation.rule,
        applied=Amounts.of(used),
        prepaid=prepaid,
        overpaid=left - prepaid.total,
    )
