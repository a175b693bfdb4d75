"""Payments outside an agreement in force (协议生效前后收到的款项): in mediation, at the court, after the end.

Promise: each is recorded by its day and counts in what remains, wherever the case stands. Until an agreement
is in force it comes off the claim, and the next offer is about the rest; once the court has the case, it
comes off what was claimed there. With the debt known, what remains is computed to the day.
Downside: an offer that was made before stays as it was made: if it comes into force, what was paid since
counts under it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.agreement.errors import OverpaymentDiffers, PaymentDateImpossible
from chalicelib.domain.agreement.performance import payments_in, with_payment, without_payment
from chalicelib.domain.agreement.plan import total_of
from chalicelib.domain.agreement.position import position
from chalicelib.domain.agreement.settlement import BeforeSuit, first_of, recomputed, with_all_payments
from chalicelib.domain.calendar import local_date
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.debt import assess
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.objections import offer_stands

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from chalicelib.domain.agreement.performance import Entry
    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.case import Case
    from chalicelib.domain.claim import Claim
    from chalicelib.domain.loan.debt import Debt
    from chalicelib.domain.loan.payments import Payment


def owed_now(case: Case, settlement: Settlement, on: date, debt: Debt | None = None) -> Amounts:
    """Return what is owed of a claim without an agreement in force: to the day if the debt is known."""
    claimed = Amounts.from_claim(case.claim)
    if not settlement.entries:
        return claimed
    if debt is not None:
        return recomputed(settlement, debt, on)
    return claimed - first_of(_paid(settlement.entries), claimed)


def of_the_claim(case: Case) -> bool:
    """Tell whether what remains is a rest of the claim: no agreement is in force, no court was asked."""
    return case.transfer is None and case.confirmation is None


def outstanding(case: Case, settlement: Settlement, on: date, debt: Debt | None = None) -> Money:
    """Return what remains: of what the court was asked for, under the agreement in force, or of the claim."""
    if case.transfer is not None:
        asked = case.claim.total + _paid(settlement.taken_off)
        return max(asked - _paid(settlement.entries), ZERO)
    if case.confirmation is not None:
        return position(settlement.performance).remaining
    return owed_now(case, settlement, on, debt).total


def paid_up(case: Case, settlement: Settlement, on: date, debt: Debt | None) -> bool:
    """Tell whether nothing remains, nor falls due later."""
    if outstanding(case, settlement, on, debt) > ZERO:
        return False
    return debt is None or assess(with_all_payments(settlement, debt), on).not_yet_due.total == ZERO


def receive(
    case: Case, settlement: Settlement, payment: Payment, stated: Money, today: date, debt: Debt | None
) -> Settlement:
    """Record a payment once; `stated` is how much of it exceeds what remains.

    Raises what `with_payment` raises, PaymentDateImpossible for a day before the debt's first, or
    OverpaymentDiffers.
    """
    check_day(payment, debt)
    after = replace(settlement, entries=with_payment(settlement.entries, payment, today))
    excess = max(payment.amount - outstanding(case, settlement, today, debt), ZERO)
    if excess != stated:
        raise OverpaymentDiffers("overpayment", "another sum is beyond what remains", excess=excess)
    return after


def take_back(settlement: Settlement, reference: str, at: datetime) -> Settlement:
    """Take a payment back; a second time changes nothing. Raises PaymentUnknown."""
    return replace(settlement, entries=without_payment(settlement.entries, reference, local_date(at)))


def deducted_now(case: Case, settlement: Settlement, at: datetime) -> tuple[Payment, ...]:
    """Return the payments by which an agreed sum, an offer that stands, or this round is less."""
    of_an_offer = settlement.of_the_offer if offer_stands(case, at) else ()
    return (*settlement.carried, *payments_in(of_an_offer))


def deducted(case: Case, settlement: Settlement) -> Settlement | None:
    """Return the settlement once the court is asked for the rest; None if nothing was recorded."""
    if not settlement.entries:
        return None
    before = BeforeSuit(claim=case.claim, deducted=settlement.deducted)
    return replace(settlement, deducted=len(settlement.entries), before_suit=before)


def given_back(case: Case, settlement: Settlement) -> tuple[Settlement, Claim]:
    """Return settlement and claim of a case that comes back from its way to the court, as before.

    An earlier release did not store how it was: then what was deducted from the claim stays deducted.
    """
    if case.transfer is None or not settlement.taken_off:
        return settlement, case.claim
    before = settlement.before_suit
    if before is not None:
        return replace(settlement, deducted=before.deducted, before_suit=None), before.claim
    negotiation = replace(settlement.negotiation, owed=Amounts.from_claim(case.claim))
    return replace(settlement.carried_over(), negotiation=negotiation), case.claim


def check_day(payment: Payment, debt: Debt | None) -> None:
    """Refuse a payment before anything was paid out: PaymentDateImpossible."""
    if debt is not None and payment.on < debt.opens:
        raise PaymentDateImpossible("on", given=payment.on, bounds=f">= {debt.opens}")


def _paid(entries: Sequence[Entry]) -> Money:
    return total_of(payment.amount for payment in payments_in(entries))
