"""The settlement: what the parties negotiated, agreed, signed and paid in one round; stored beside the case.

Promise: confidential (TY22): a court receives nothing made from it, except the agreement itself once it is
asked to confirm or enforce that. Its repr shows nothing. What follows for the case (stage, next day to look
at it, claim) is computed here from the whole settlement.
Downside: a round's settlement is one value, rewritten with each offer and payment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.agreement import performance as performing
from chalicelib.domain.agreement.confirmation import window_reminders
from chalicelib.domain.agreement.default import demandable
from chalicelib.domain.agreement.draft import Agreement
from chalicelib.domain.agreement.negotiation import Negotiation
from chalicelib.domain.agreement.performance import DefaultDeclared, Entry, Performance
from chalicelib.domain.agreement.position import position, remaining_by_component
from chalicelib.domain.agreement.reminders import next_action
from chalicelib.domain.agreement.signing import Signing
from chalicelib.domain.claim import Claim
from chalicelib.domain.loan.components import STATUTORY_ORDER, Amounts, Component
from chalicelib.domain.loan.debt import assess
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.agreement.confirmation import Confirmation
    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.loan.debt import Debt

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeAccount:
    """Where to pay (收款账户): stored sealed beside the settlement; its repr shows nothing."""

    holder: str
    number: str
    bank: str

    def __repr__(self) -> str:
        return "PayeeAccount(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeSuit:
    """What was claimed before a suit was asked for, and how many entries the last offer had deducted."""

    claim: Claim
    deducted: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One round: offers and answers, then the agreement, its signing and what was paid under it.

    `carried` are the payments of earlier rounds: they are deducted from `negotiation.owed` already, and their
    references stay used. `entries` may begin before there is an agreement; the first `deducted` of them are
    taken off already from the debt last offered about, or claimed from the court; `before_suit` is how it was
    before that. `as_stored` is what a store read: what a later release put there is kept.
    """

    negotiation: Negotiation
    agreement: Agreement | None = None
    signing: Signing | None = None
    entries: tuple[Entry, ...] = ()
    carried: tuple[Payment, ...] = ()
    deducted: int | None = None
    before_suit: BeforeSuit | None = None
    as_stored: Mapping[str, Any] = field(
        default_factory=dict, compare=False, repr=False, metadata={"stored": None}
    )

    def __repr__(self) -> str:
        return "Settlement(...)"

    @property
    def taken_off(self) -> tuple[Entry, ...]:
        """The entries that are deducted already."""
        return self.entries[: self.deducted or 0]

    @property
    def of_the_offer(self) -> tuple[Entry, ...]:
        """The entries that the last offer deducts."""
        count = self.before_suit.deducted if self.before_suit else self.deducted
        return self.entries[: count or 0]

    def carried_over(self) -> Settlement:
        """Return it with what is deducted among the payments of earlier rounds."""
        return replace(
            self,
            entries=self.entries[len(self.taken_off) :],
            carried=(*self.carried, *performing.payments_in(self.taken_off)),
            deducted=None,
            before_suit=None,
        )

    @property
    def payments(self) -> tuple[Payment, ...]:
        """The payments of this round that count, under an agreement or not, by day and reference."""
        return performing.payments_in(self.entries)

    @property
    def performance(self) -> Performance:
        """The performance of the agreement; raises LookupError without one."""
        if self.agreement is None:
            raise LookupError("nothing was agreed in this round")
        return Performance(agreement=self.agreement, entries=self.entries)

    @property
    def to_sign(self) -> Signing:
        """The signing of what was agreed; raises LookupError without one."""
        if self.signing is None:
            raise LookupError("nothing was drawn up in this round")
        return self.signing

    def with_performance(self, performance: Performance) -> Settlement:
        """Return the settlement with what was recorded since."""
        return replace(self, entries=performance.entries)


def put_in_force(settlement: Settlement) -> Settlement:
    """Open the performance of an agreement that all have signed; with a payment if paid on the spot.

    What was paid before the offer is deducted in it; what was paid since was paid under the agreement.
    """
    since = settlement.carried_over()
    return since.with_performance(performing.opened(since.performance.agreement, since.entries))


def next_follow_up(
    settlement: Settlement,
    confirmation: Confirmation,
    after: date,
    calendar: WorkingCalendar,
) -> date | None:
    """Return the next day later than `after` on which to remind of something or to look for a default."""
    performance = settlement.performance
    days = [next_action(performance, after, calendar)]
    if performance.agreement.confirmation_wanted:
        days += [day for day in window_reminders(confirmation, calendar) if day > after]
    return min((day for day in days if day is not None), default=None)


def handled_until(looked_for: date | None, today: date) -> date:
    """Return the last day that needs no more work: the day before `looked_for`, but not later than today."""
    return today if looked_for is None else min(looked_for - _ONE_DAY, today)


def claimable(settlement: Settlement, on: date, debt: Debt | None = None) -> Amounts:
    """Return what can be demanded after a default, by component: the remaining sum only.

    Without acceleration this is what has fallen due, shared out over the components in the statutory order.
    If the agreement says that interest runs again and the debt is known, it is computed anew to the day.
    """
    performance = settlement.performance
    if debt is not None and performance.agreement.default_clause.resumes:
        return recomputed(settlement, debt, on)
    return first_of(demandable(performance, on), remaining_by_component(performance))


def recomputed(settlement: Settlement, debt: Debt, on: date) -> Amounts:
    """Return what is owed on a day under the contract, from the debt and every payment ever made."""
    return assess(with_all_payments(settlement, debt), on).owed


def with_all_payments(settlement: Settlement, debt: Debt) -> Debt:
    """Return the debt with every payment recorded since; one that it lists itself counts once."""
    listed = {payment.reference for payment in debt.payments}
    since = (*settlement.carried, *settlement.payments)
    paid = (*debt.payments, *(payment for payment in since if payment.reference not in listed))
    return replace(debt, payments=paid)


def owed_again(settlement: Settlement, on: date, debt: Debt | None = None) -> Amounts:
    """Return the debt of a round whose agreement the court did not confirm: the original less all payments.

    If the debt is known, it is computed anew to the day, since interest ran on.
    The waiver was granted for this agreement only, so it ends with it (民事诉讼法 206; Civil Code 158).
    """
    if debt is not None:
        return recomputed(settlement, debt, on)
    performance = settlement.performance
    owed = performance.agreement.kept + performance.agreement.waived
    paid = first_of(position(performance).paid, owed)
    return owed - paid


def reopened(settlement: Settlement, owed: Amounts) -> Settlement:
    """Return the next round's settlement: nothing offered yet, about what is owed again."""
    return Settlement(negotiation=Negotiation(owed=owed), carried=(*settlement.carried, *settlement.payments))


def begun_anew(settlement: Settlement, owed: Amounts | None = None) -> Settlement:
    """Return the settlement of a new round after an objection was upheld: what was paid is kept.

    `owed` is what is owed after payments; without any it is what was negotiated about.
    """
    return reopened(settlement, owed or settlement.negotiation.owed)


def unsigned(settlement: Settlement, party_id: str) -> Settlement:
    """Return the settlement as it awaits this party's signature again, or for the first time."""
    left = tuple(each for each in settlement.to_sign.signatures if each.party_id != party_id)
    paid = tuple(each for each in settlement.entries if not isinstance(each, DefaultDeclared))
    return replace(
        settlement, entries=paid, signing=replace(settlement.to_sign, signatures=left, refusal=None)
    )


def first_of(amount: Money, owed: Amounts) -> Amounts:
    """Share an amount out over a debt in the statutory order; what exceeds the debt is left out."""
    left, taken = amount, dict[Component, Money]()
    for component in STATUTORY_ORDER:
        taken[component] = min(left, owed[component])
        left -= taken[component]
    return Amounts.of(taken)
