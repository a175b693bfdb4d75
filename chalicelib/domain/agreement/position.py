"""Where the performance stands: paid, remaining, overpaid, line by line and by component.

Promise: agreed + clawed back - rebate = paid + remaining - overpaid, to the fen and at any time; neither
remaining nor overpaid is ever negative. Payments go to what is due first; the rest pays in advance.
A debtor who pays everything early owes no plan interest for periods that have not begun (Civil Code 677).
Downside: late payments bear no interest here; an agreement that wants it would be a new loan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from chalicelib.domain.agreement.errors import OverpaymentDiffers
from chalicelib.domain.agreement.performance import DefaultDeclared
from chalicelib.domain.agreement.plan import PlanLine, total_of
from chalicelib.domain.loan.components import NOTHING, STATUTORY_ORDER, Amounts, Component
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.domain.agreement.draft import Agreement
    from chalicelib.domain.agreement.performance import Performance
    from chalicelib.domain.loan.payments import Payment


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The balance; amounts in yuan. `paid_off_on` is the day on which nothing remained."""

    agreed: Money
    clawback: Money
    rebate: Money
    paid: Money
    paid_off_on: date | None
    default: DefaultDeclared | None

    @property
    def to_pay(self) -> Money:
        """Everything that is to be paid under the agreement as things stand."""
        return self.agreed + self.clawback - self.rebate

    @property
    def remaining(self) -> Money:
        """What is still to be paid."""
        return max(self.to_pay - self.paid, ZERO)

    @property
    def overpaid(self) -> Money:
        """What was paid beyond `to_pay`, and has to be paid back."""
        return max(self.paid - self.to_pay, ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStanding:
    """A payment of the plan: how much of it has to be paid now, and how much was paid."""

    line: PlanLine
    to_pay: Money
    paid: Money

    @property
    def remaining(self) -> Money:
        """What is still to be paid of it."""
        return self.to_pay - self.paid


def position(performance: Performance) -> Position:
    """Return the balance after everything recorded."""
    agreement, payments = performance.agreement, performance.payments
    default = standing_default(performance)
    paid_off_on = _paid_off_on(agreement, payments, default)
    return Position(
        agreed=agreement.plan.total,
        clawback=_clawback(agreement, default),
        rebate=agreement_rebate(agreement, _interest_stops_on(agreement, default, paid_off_on)),
        paid=total_of(payment.amount for payment in payments),
        paid_off_on=paid_off_on,
        default=default,
    )


def standing_default(performance: Performance) -> DefaultDeclared | None:
    """Return the first declared default that still stands.

    A declared default no longer stands if its instalment was paid by the day of the declaration and only
    recorded later: nobody loses a waiver because the institution records late.
    """
    for declared in performance.declared:
        if uncovered(performance, declared.on, through=declared.line):
            return declared
    return None


def uncovered(performance: Performance, day: date, *, through: int) -> bool:
    """Tell whether the payments up to and including a day do not cover the plan up to a line."""
    line = first_uncovered(performance, day)
    return line is not None and line.number <= through


def first_uncovered(performance: Performance, day: date) -> PlanLine | None:
    """Return the first line that the payments up to and including a day do not cover; None: all are.

    What is short by no more than the clause's tolerance is covered.
    """
    agreement = performance.agreement
    prior = [payment for payment in performance.payments if payment.on <= day]
    if _paid_off_on(agreement, prior, None) is not None:
        return None
    covered = total_of(payment.amount for payment in prior) + agreement.default_clause.tolerance
    through = ZERO
    for line in agreement.plan.lines:
        through += line.amount
        if covered < through:
            return line
    return None


def check_overpayment(before: Performance, after: Performance, stated: Money) -> None:
    """Refuse what was paid beyond the remaining sum unless just that much was stated: OverpaymentDiffers."""
    excess = max(position(after).overpaid - position(before).overpaid, ZERO)
    if excess != stated:
        raise OverpaymentDiffers("overpayment", "another sum is beyond what remains", excess=excess)


def lines(performance: Performance) -> tuple[LineStanding, ...]:
    """Return each payment of the plan with what was paid of it, oldest due first."""
    return tuple(_standings(performance, position(performance)))


def counts_as_paid(performance: Performance) -> bool:
    """Tell whether nothing is asked any more: a rest within the default clause's tolerance counts as paid."""
    return position(performance).remaining <= performance.agreement.default_clause.tolerance


def payoff(performance: Performance, on: date) -> Money:
    """Return what pays everything off on a day; nothing once all counts as paid.

    A default declared on that day or later is ignored, because the payoff would lift it.
    """
    agreement, now = performance.agreement, position(performance)
    if counts_as_paid(performance):
        return ZERO
    default = now.default if now.default and now.default.on < on else None
    rebate = agreement_rebate(agreement, _interest_stops_on(agreement, default, on))
    return max(agreement.plan.total + _clawback(agreement, default) - rebate - now.paid, ZERO)


def remaining_by_component(performance: Performance) -> Amounts:
    """Return what remains, by component of the debt: payments went to costs, interest, principal (561).

    Its total is the remaining sum; what is claimed after a default is taken from it.
    """
    now, agreement = position(performance), performance.agreement
    interest = Amounts(interest=agreement.plan.interest - now.rebate)
    owed = agreement.kept + interest + (agreement.waived if now.clawback > ZERO else NOTHING)
    left, open_amounts = now.paid, dict[Component, Money]()
    for component in STATUTORY_ORDER:
        used = min(left, owed[component])
        open_amounts[component] = owed[component] - used
        left -= used
    return Amounts.of(open_amounts)


def agreement_rebate(agreement: Agreement, stops_on: date | None) -> Money:
    """Return the plan interest that is not owed when interest stops on a day; nothing if it does not."""
    return ZERO if stops_on is None else agreement.plan.unbegun_interest(agreement.agreed_on, stops_on)


def _paid_off_on(
    agreement: Agreement, payments: Sequence[Payment], default: DefaultDeclared | None
) -> date | None:
    paid, least = ZERO, agreement.plan.capital + _clawback(agreement, default)
    for payment in payments:
        paid += payment.amount
        if paid < least:
            continue  # the plan's interest is all that a rebate can take off
        stops = _interest_stops_on(agreement, default, payment.on)
        if paid >= agreement.plan.total + _clawback(agreement, default) - agreement_rebate(agreement, stops):
            return payment.on
    return None


def _clawback(agreement: Agreement, default: DefaultDeclared | None) -> Money:
    """Return the waiver that a standing default takes back, if the agreement says so (Civil Code 158)."""
    return agreement.waived.total if default and agreement.default_clause.clawback else ZERO


def _interest_stops_on(
    agreement: Agreement, default: DefaultDeclared | None, day: date | None
) -> date | None:
    """Return the day of a standing default that made everything due, else this day.

    A default stands only if the debt was not paid off before it, so its day is never the later of the two.
    """
    return default.on if default and agreement.default_clause.acceleration else day


def _standings(performance: Performance, now: Position) -> Iterator[LineStanding]:
    agreement, left = performance.agreement, now.paid
    stops = _interest_stops_on(agreement, now.default, now.paid_off_on)
    unbegun = agreement.plan.unbegun(agreement.agreed_on, stops) if stops is not None else ()
    for line in agreement.plan.lines:
        to_pay = line.capital if line in unbegun else line.amount
        used = min(left, to_pay)
        left -= used
        yield LineStanding(line=line, to_pay=to_pay, paid=used)
