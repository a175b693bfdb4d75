"""Performance: payments once each, in any order, taken back without a trace, to the fen."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agreement.default import (
    arrears,
    declare_default,
    demandable,
    line_in_default,
    state_of,
)
from chalicelib.domain.agreement.errors import (
    DefaultStands,
    NotInDefault,
)
from chalicelib.domain.agreement.performance import (
    DefaultDeclared,
    Performance,
    Reversal,
    opened,
    record,
    reverse,
)
from chalicelib.domain.agreement.plan import total_of
from chalicelib.domain.agreement.position import lines, payoff, position, remaining_by_component
from chalicelib.domain.agreement.schedules import EqualPrincipal
from chalicelib.domain.loan.components import STATUTORY_ORDER
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.settlement_outcome import PerformanceState
from tests.unit.domain.agreement.support import (
    CALENDAR,
    MONTHLY,
    SIGNED,
    agreements,
    payment_lists,
    rules_out,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.domain.agreement.draft import Agreement

    Draw = Callable[[st.SearchStrategy[Any]], Any]

LAST_DAY: Final = SIGNED + timedelta(days=2200)
days_after = st.integers(0, 2200).map(lambda days: SIGNED + timedelta(days=days))
TWELVE_PERCENT: Final = EqualPrincipal(dates=replace(MONTHLY, count=3), annual_percent=Decimal(12))


def recorded(agreement: Agreement, payments: Iterable[Payment]) -> Performance:
    """Record these payments in this order."""
    performance = opened(agreement)
    for payment in payments:
        performance = record(performance, payment, LAST_DAY)
    return performance


def declared(performance: Performance, on: date) -> Performance:
    """Declare the default of a day, if there is one to declare."""
    try:
        return declare_default(performance, on, CALENDAR)
    except (NotInDefault, DefaultStands):
        return performance


@st.composite
def performances(draw: Draw) -> Performance:
    """Draw an agreement with payments, reversals and declared defaults."""
    agreement: Agreement = draw(agreements())
    performance = opened(agreement)
    for payment in draw(payment_lists(agreement)):
        performance = record(performance, payment, LAST_DAY)
        if draw(st.integers(0, 3)) == 0:
            performance = reverse(performance, payment.reference, LAST_DAY)
        performance = declared(performance, draw(days_after))
    return performance


def _told(performance: Performance) -> tuple[object, ...]:
    return (
        position(performance),
        lines(performance),
        remaining_by_component(performance),
        state_of(performance),
    )


# --- whatever happens ------------------------------------------------------------------------------


@given(performances(), days_after)
def test_the_books_balance(performance: Performance, on: date) -> None:
    """Agreed + clawed back - rebate = paid + remaining - overpaid; nothing is negative, nothing lost."""
    now, agreement = position(performance), performance.agreement
    assert now.agreed == agreement.plan.total
    assert now.agreed + now.clawback - now.rebate == now.paid + now.remaining - now.overpaid
    assert now.paid == total_of(payment.amount for payment in performance.payments)
    assert min(now.remaining, now.overpaid, now.clawback, now.rebate, now.paid) >= ZERO
    assert ZERO in {now.remaining, now.overpaid}
    assert (now.remaining == ZERO) is (now.paid_off_on is not None)
    assert now.clawback in {ZERO, agreement.waived.total if agreement.default_clause.clawback else ZERO}
    assert now.clawback == ZERO or now.default is not None
    assert now.rebate <= agreement.plan.interest
    assert arrears(performance, on) <= demandable(performance, on) <= now.remaining
    assert demandable(performance, agreement.plan.last_due) == now.remaining
    assert arrears(performance, on) >= ZERO


@given(performances())
def test_the_parts_tell_the_same_as_the_whole(performance: Performance) -> None:
    """By line, oldest due first, and by component, costs first: the sums are the position's."""
    now, standings = position(performance), lines(performance)
    assert total_of(each.to_pay for each in standings) == now.agreed - now.rebate
    assert total_of(each.paid for each in standings) == min(now.paid, now.agreed - now.rebate)
    for earlier, later in itertools.pairwise(standings):
        assert ZERO in (earlier.remaining, later.paid)
    for each in standings:
        assert ZERO <= each.paid <= each.to_pay <= each.line.amount
        assert each.remaining >= ZERO
    parts = remaining_by_component(performance)
    assert parts.total == now.remaining
    assert all(parts[component] >= ZERO for component in STATUTORY_ORDER)
    owed = performance.agreement.kept + performance.agreement.waived
    open_parts = [component for component in STATUTORY_ORDER if parts[component] > ZERO]
    for component in STATUTORY_ORDER:
        if open_parts and STATUTORY_ORDER.index(component) > STATUTORY_ORDER.index(open_parts[0]):
            untouched = owed if now.clawback > ZERO else performance.agreement.kept
            extra = performance.agreement.plan.interest - now.rebate
            assert parts[component] - untouched[component] in {ZERO, extra}


@given(st.data(), agreements())
def test_the_order_of_recording_does_not_matter(data: st.DataObject, agreement: Agreement) -> None:
    """Distinct payments, recorded in any order and any of them twice, give the same balance."""
    payments = data.draw(payment_lists(agreement))
    again = data.draw(st.permutations([*payments, *payments[:2]]))
    on = data.draw(days_after)
    one, other = recorded(agreement, payments), recorded(agreement, again)
    assert _told(one) == _told(other)
    assert line_in_default(one, on, CALENDAR) == line_in_default(other, on, CALENDAR)
    assert _told(declared(one, on)) == _told(declared(other, on))


@given(performances(), days_after, st.integers(1, 10**9).map(Money))
def test_a_reversal_restores(performance: Performance, on: date, amount: Money) -> None:
    """A payment recorded and taken back leaves nothing but its two entries."""
    payment = Payment(on=on, amount=amount, reference="mistake")
    after = reverse(record(performance, payment, LAST_DAY), "mistake", LAST_DAY)
    assert _told(after) == _told(performance)
    assert after.entries[: len(performance.entries)] == performance.entries
    assert after.entries[-2:] == (payment, Reversal(reference="mistake", on=LAST_DAY))
    assert reverse(after, "mistake", LAST_DAY) is after
    assert record(after, payment, LAST_DAY) is after


@given(performances(), st.integers(0, 300))
def test_a_payoff_pays_off(performance: Performance, later: int) -> None:
    """The sum told for a day settles everything on that day; a fen less does not.

    What is paid but for a rest within the tolerance is performed: nothing is asked any more.
    """
    last = max((payment.on for payment in performance.payments), default=SIGNED)
    now = position(performance)
    on = max(last, now.default.on if now.default else SIGNED) + timedelta(days=later)
    amount = payoff(performance, on)
    if state_of(performance) is PerformanceState.PERFORMED:
        assert amount == ZERO
        return
    assert amount > ZERO
    done = record(performance, Payment(on=on, amount=amount, reference="off"), on)
    assert (position(done).remaining, position(done).overpaid) == (ZERO, ZERO)
    assert position(done).paid_off_on == on
    assert state_of(done) is PerformanceState.PERFORMED
    if amount > Money(1):
        short = Payment(on=on, amount=amount - Money(1), reference="short")
        assert position(record(performance, short, on)).remaining >= Money(1)


@given(st.data(), agreements(), days_after)
def test_default_needs_a_line_unpaid_after_its_grace(
    data: st.DataObject, agreement: Agreement, on: date
) -> None:
    """Counted afresh: what was due with its grace before a day, against what was paid by that day."""
    performance = recorded(agreement, data.draw(payment_lists(agreement)))
    grace = agreement.default_clause.grace_days
    late = [line for line in agreement.plan.lines if CALENDAR.roll(line.due + timedelta(days=grace)) < on]
    by_then = total_of(payment.amount for payment in performance.payments if payment.on <= on)
    short = by_then < total_of(line.amount for line in late)
    off = position(performance).paid_off_on
    found = line_in_default(performance, on, CALENDAR)
    assert (found is not None) is (short and (off is None or off > on))
    if found is None:
        with rules_out(NotInDefault):
            declare_default(performance, on, CALENDAR)
        return
    after = declare_default(performance, on, CALENDAR)
    assert position(after).default == DefaultDeclared(line=found.number, on=on) == after.entries[-1]
    with rules_out(DefaultStands):
        declare_default(after, on + timedelta(days=1), CALENDAR)
    if agreement.default_clause.clawback and off is None:
        assert position(after).clawback == agreement.waived.total
