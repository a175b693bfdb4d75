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

from chalicelib.domain.agreement.errors import OverpaymentDiffers, PaymentDateImpossible, PaymentUnknown
from chalicelib.domain.agreement.performance import payments_in, with_payment, without_payment
from chalicelib.domain.agreement.plan import total_of
from chalicelib.domain.agreement.position import position
from chalicelib.domain.agreement.settlement import first_of, recomputed
from chalicelib.domain.calendar import local_date
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from chalicelib.domain.agreement.performance import Entry
    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.case import Case
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


def take_back(case: Case, settlement: Settlement, reference: str, at: datetime) -> Settlement:
    """Take a payment back; a second time changes nothing.

    Raises PaymentUnknown, also for one that a standing offer deducts: it is about the sum without it.
    """
    in_the_offer = {each.reference for each in payments_in(settlement.taken_off)}
    if reference in in_the_offer and _stands(case, at):
        raise PaymentUnknown("reference", f"the offer that stands deducts {reference}")
    return replace(settlement, entries=without_payment(settlement.entries, reference, local_date(at)))


def _stands(case: Case, at: datetime) -> bool:
    """Tell whether an offer may still come into force."""
    if case.stage is Stage.IN_MEDIATION:
        return case.offer is not None and (case.offer.accepted or case.offer.open_at(at))
    return case.stage is Stage.SETTLED


def deducted(settlement: Settlement) -> Settlement | None:
    """Return the settlement once everything recorded is deducted; None if that changes nothing."""
    same = settlement.taken_off == settlement.entries
    return None if same else replace(settlement, deducted=len(settlement.entries))


def given_back(case: Case, settlement: Settlement) -> Settlement:
    """Return the settlement of a case that comes back from its way to the court.

    What was deducted from the claim stays deducted: the claim is less by it.
    """
    if case.transfer is None or not settlement.taken_off:
        return settlement
    negotiation = replace(settlement.negotiation, owed=Amounts.from_claim(case.claim))
    return replace(settlement.carried_over(), negotiation=negotiation)


def check_day(payment: Payment, debt: Debt | None) -> None:
    """Refuse a payment before anything was paid out: PaymentDateImpossible."""
    if debt is not None and payment.on < debt.opens:
        raise PaymentDateImpossible("on", f"{payment.on} is before {debt.opens}")


def _paid(entries: Sequence[Entry]) -> Money:
    return total_of(payment.amount for payment in payments_in(entries))
