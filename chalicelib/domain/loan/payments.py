"""Payments, and what each was applied to.

Promise: what is due comes before what is not (Civil Code 560), and within it the order agreed or, without
agreement, costs, interest, principal (561). What is left pays in advance: the interest accrued so far, then
principal (677). What exceeds everything owed is reported as overpaid, never lost and never negative.
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
            raise PaymentBeforeDisbursement("payments.on", f"{payment.reference} was paid before {opens}")
    return sorted(payments, key=lambda payment: (payment.on, payment.reference))


def apply(payment: Payment, ledger: Ledger, order: Sequence[Component]) -> AppliedPayment:
    """Apply a payment to the ledger and say to what."""
    left = payment.amount
    used: dict[Component, Money] = {}
    for component in order:
        used[component] = ledger.pay(component, left)
        left -= used[component]
    prepaid = ledger.prepay(left)
    return AppliedPayment(
        payment=payment,
        rule=STATUTORY_ALLOCATION if tuple(order) == STATUTORY_ORDER else AGREED_ALLOCATION,
        applied=Amounts.of(used),
        prepaid=prepaid,
        overpaid=left - prepaid.total,
    )
