"""What holds for every loan and card, whatever its terms and whatever was paid."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.loan.card_terms import assess_card
from chalicelib.domain.loan.components import NOTHING, Amounts, Component
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.rates import FixedRate, Rate
from chalicelib.domain.money import ZERO, Money
from tests.unit.domain.loan.oracle import Naive
from tests.unit.domain.loan.strategies import (
    OPENS,
    after,
    amounts,
    cards,
    contracts,
    cost_lists,
    dates,
    day_counts,
    payment_lists,
    percents,
)

if TYPE_CHECKING:
    import random

    from chalicelib.domain.loan.card import CardContract
    from chalicelib.domain.loan.charges import Charge
    from chalicelib.domain.loan.contract import LoanContract
    from chalicelib.domain.loan.day_count import DayCount
    from chalicelib.domain.loan.payments import Payment
    from chalicelib.domain.loan.statement import Statement

cut_offs = after(0, 1200)


@given(amounts, percents, day_counts, dates, dates, st.lists(dates, max_size=5))
def test_splitting_a_range_moves_at_most_a_fen_per_split(
    base: Money, percent: Decimal, count: DayCount, one: date, two: date, splits: list[date]
) -> None:
    """Interest of the parts is that of the whole, give or take their roundings."""
    start, end = sorted((one, two))
    rate = Rate(percent=percent)
    ends = sorted({start, end, *(split for split in splits if start < split < end)})
    parts = [rate.on(base, count, *part) for part in itertools.pairwise(ends)]
    whole = rate.on(base, count, start, end)
    assert abs(sum(part.fen for part in parts) - whole.fen) <= max(len(parts) - 1, 0)


@given(contracts(), after(0, 1200))
def test_nothing_paid_is_what_a_naive_daily_sum_gives(contract: LoanContract, cut_off: date) -> None:
    """Each component equals the unrounded daily sum, within half a fen per segment."""
    statement = assess_loan(contract, [], cut_off)
    naive = Naive(contract, cut_off)
    owed, undue = statement.owed, statement.not_yet_due
    assert owed.principal.fen == naive.overdue
    assert undue.principal.fen == naive.undue
    exact = {
        Component.INTEREST: (owed.interest + undue.interest, naive.due_interest + naive.accrued),
        Component.PENALTY_INTEREST: (owed.penalty_interest, naive.penalty),
        Component.COMPOUND_INTEREST: (owed.compound_interest, naive.compound),
    }
    for component, (found, expected) in exact.items():
        # A compound line inherits the roundings of the lines it stands on, at a fraction of a fen each.
        slack = Decimal("0.5") * (len(statement.segments) if component is Component.COMPOUND_INTEREST else 0)
        allowed = Decimal("0.5") * len(statement.of(component)) + slack
        assert abs(Decimal(found.fen) - Decimal(expected.numerator) / Decimal(expected.denominator)) <= (
            allowed + Decimal("0.001")
        )


def _adds_up(statement: Statement, payments: list[Payment]) -> None:
    assert statement.charged - statement.paid == statement.owed + statement.not_yet_due
    counted = [payment for payment in payments if payment.on <= statement.as_of]
    assert statement.paid.total + statement.overpaid == sum((each.amount for each in counted), ZERO)
    assert len(statement.payments) + len(statement.later_payments) == len(payments)
    for found in (statement.owed, statement.not_yet_due, statement.paid, statement.charged):
        assert all(found[component] >= ZERO for component in Component)
        assert found.total == sum((found[component] for component in Component), ZERO)
    for applied in statement.payments:
        parts = applied.applied.total + applied.prepaid.total + applied.overpaid
        assert parts == applied.payment.amount
        assert applied.overpaid >= ZERO
    assert statement.claim().total == statement.owed.total
    assert statement.claim().as_of == statement.as_of


@given(contracts(), payment_lists(), cost_lists(), cut_offs)
def test_a_loans_statement_adds_up(
    contract: LoanContract, payments: list[Payment], costs: list[Charge], cut_off: date
) -> None:
    """Charged less paid is owed; every payment is used or reported; no component is ever negative."""
    statement = assess_loan(contract, payments, cut_off, costs=costs)
    _adds_up(statement, payments)
    assert len(statement.charges) + len(statement.later_charges) == len(costs)


@given(cards(), payment_lists(), cost_lists(), cut_offs)
def test_a_cards_statement_adds_up(
    contract: CardContract, payments: list[Payment], costs: list[Charge], cut_off: date
) -> None:
    """The same of a card; and no interest of a card that is overdue is left out of the claim."""
    statement = assess_card(contract, payments, cut_off, costs=costs)
    _adds_up(statement, payments)
    if statement.overdue_since is not None:
        assert statement.not_yet_due.interest == ZERO


@given(contracts(), payment_lists(), cut_offs)
def test_overpaying_means_owing_nothing(
    contract: LoanContract, payments: list[Payment], cut_off: date
) -> None:
    """A payment is overpaid only if on its day nothing else was left, due or not."""
    for applied in assess_loan(contract, payments, cut_off).payments:
        if applied.overpaid > ZERO:
            until_then = [
                each
                for each in payments
                if (each.on, each.reference) <= (applied.payment.on, applied.payment.reference)
            ]
            on_the_day = assess_loan(contract, until_then, applied.payment.on)
            assert on_the_day.owed == on_the_day.not_yet_due == NOTHING


@given(contracts(), payment_lists(), cost_lists(), cut_offs, st.randoms(use_true_random=False))
def test_the_order_of_listing_does_not_matter(
    contract: LoanContract,
    payments: list[Payment],
    costs: list[Charge],
    cut_off: date,
    chance: random.Random,
) -> None:
    """Payments, costs and disbursements may be listed in any order."""
    shuffled = replace(
        contract, disbursements=tuple(chance.sample(contract.disbursements, len(contract.disbursements)))
    )
    assert assess_loan(contract, payments, cut_off, costs=costs).owed == (
        assess_loan(
            shuffled,
            chance.sample(payments, len(payments)),
            cut_off,
            costs=chance.sample(costs, len(costs)),
        ).owed
    )


def _charges_never_shrink(earlier: Statement, later: Statement) -> None:
    assert all(later.charged[component] >= earlier.charged[component] for component in Component)


@given(contracts(), payment_lists(), cut_offs, st.integers(0, 400))
def test_more_days_of_a_loan_never_cost_less(
    contract: LoanContract, payments: list[Payment], cut_off: date, days: int
) -> None:
    """With the same history, a later cut-off charges at least as much of every component."""
    _charges_never_shrink(
        assess_loan(contract, payments, cut_off),
        assess_loan(contract, payments, cut_off + timedelta(days=days)),
    )


@given(cards(), payment_lists(), cut_offs, st.integers(0, 400))
def test_more_days_of_a_card_never_cost_less(
    contract: CardContract, payments: list[Payment], cut_off: date, days: int
) -> None:
    """The same of a card, where a bill cut short by the cut-off becomes one with the next."""
    _charges_never_shrink(
        assess_card(contract, payments, cut_off),
        assess_card(contract, payments, cut_off + timedelta(days=days)),
    )


@given(contracts(), cards())
def test_no_days_cost_nothing(contract: LoanContract, card: CardContract) -> None:
    """On the first day only principal is owed, none of it due."""
    paid_out = sum((paid.principal for paid in contract.disbursements if paid.on == OPENS), ZERO)
    statement = assess_loan(contract, [], OPENS)
    assert (statement.owed, statement.not_yet_due) == (NOTHING, Amounts(principal=paid_out))
    assert assess_card(card, [], OPENS).of(Component.INTEREST) == ()


@given(contracts(), payment_lists(), cut_offs)
def test_every_segment_explains_its_amount(
    contract: LoanContract, payments: list[Payment], cut_off: date
) -> None:
    """Base, rate, days and day count of a segment give its amount; ranges are real and within the term."""
    statement = assess_loan(contract, payments, cut_off)
    for part in statement.segments:
        assert OPENS <= part.start < part.end <= cut_off
        assert part.line.base > ZERO
        assert part.days == part.day_count.days(part.start, part.end)
        exact = part.line.base.fen * part.line.rate.percent * part.days / (100 * part.day_count.days_in_year)
        assert abs(part.amount.fen - exact) <= Decimal("0.5")


@given(contracts(), payment_lists(), cut_offs)
def test_principal_never_bears_two_kinds_of_interest(
    contract: LoanContract, payments: list[Payment], cut_off: date
) -> None:
    """On any day, the bases of interest and penalty together are the unpaid principal, never more."""
    statement = assess_loan(contract, payments, cut_off)
    on_principal = [part for part in statement.segments if part.line.source is Component.PRINCIPAL]
    for day in {part.start for part in on_principal}:
        base = sum((part.line.base for part in on_principal if part.start <= day < part.end), ZERO)
        drawn = sum((part.principal for part in contract.disbursements if part.on <= day), ZERO)
        repaid = (part.applied + part.prepaid for part in statement.payments if part.payment.on <= day)
        assert base == drawn - sum((part.principal for part in repaid), ZERO)


@given(contracts(), payment_lists(), cut_offs, after(1, 1100))
def test_a_rate_agreed_again_changes_nothing(
    contract: LoanContract, payments: list[Payment], cut_off: date, day: date
) -> None:
    """A line that goes on at the same rate stays one segment, so it is rounded once."""
    current = [term for term in contract.rates if isinstance(term, FixedRate) and term.starts <= day]
    if current[-1].starts == day:
        return
    again = replace(current[-1], starts=day)
    rates = tuple(sorted((*contract.rates, again), key=lambda term: term.starts))
    assert assess_loan(replace(contract, rates=rates), payments, cut_off) == (
        assess_loan(contract, payments, cut_off)
    )
