"""What is a little short, what runs again after a default, and how long a record may grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.agreement.default import (
    declare_default,
    first_day_of_default,
    line_in_default,
    state_of,
)
from chalicelib.domain.agreement.draft import DefaultClause
from chalicelib.domain.agreement.errors import ContentUnclear, RecordFull
from chalicelib.domain.agreement.negotiation import MOST_OFFERS, Negotiation, make_offer, withdraw
from chalicelib.domain.agreement.offer import OfferTerms
from chalicelib.domain.agreement.performance import MOST_ENTRIES, Performance, opened, record
from chalicelib.domain.agreement.position import position
from chalicelib.domain.agreement.reminders import next_action, reminders_on
from chalicelib.domain.agreement.schedules import LumpSum
from chalicelib.domain.agreement.settlement import Settlement, claimable
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_outcome import PerformanceState
from tests.unit.domain.agreement.support import (
    BOOK,
    CALENDAR,
    CLAUSE,
    OWED,
    SIGNED,
    agreed,
    paid,
    refuses,
    rules_out,
)
from tests.unit.domain.loan.support import day, g1, nonzero, pay, yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.agreement.performance import Entry

LAST_DAY = date(2030, 1, 1)
A_YUAN = replace(CLAUSE, tolerance=yuan("1"))
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LUMP = LumpSum(day("2026-04-15"))
"""Golden case 1 in one payment: 107,330.56, of which 6,257.60 more was waived."""


@pytest.mark.parametrize(
    ("tolerance", "short", "state", "clawback"),
    [
        ("0", "0.02", PerformanceState.DEFAULTED, "6257.60"),
        ("1", "0.02", PerformanceState.PERFORMED, "0.00"),
        ("1", "1.00", PerformanceState.PERFORMED, "0.00"),
        ("1", "1.01", PerformanceState.DEFAULTED, "6257.60"),
    ],
)
def test_a_few_fen_short_on_the_last_day_cost_no_waiver(
    tolerance: str, short: str, state: PerformanceState, clawback: str
) -> None:
    """Within the tolerance the agreement is performed; a fen beyond it, or without one, all comes back."""
    agreement = agreed(LUMP, default_clause=replace(CLAUSE, tolerance=yuan(tolerance)))
    assert str(agreement.plan.total) == "107330.56"
    amount = agreement.plan.total - yuan(short)
    performance = record(opened(agreement), paid("2026-04-15", amount), LAST_DAY)
    on = day("2026-04-21")
    if state is PerformanceState.DEFAULTED:
        performance = declare_default(performance, on, CALENDAR)
    assert line_in_default(performance, on, CALENDAR) == (
        agreement.plan.lines[0] if state is PerformanceState.DEFAULTED else None
    )
    assert state_of(performance) is state
    assert str(position(performance).clawback) == clawback
    assert next_action(performance, on, CALENDAR) is None


def test_an_instalment_a_little_short_is_no_default() -> None:
    """The missing yuan stays owed; the next default can only be the second line's."""
    agreement = agreed(default_clause=A_YUAN)
    first, second = agreement.plan.lines[:2]
    performance = record(opened(agreement), paid(first.due, first.amount - yuan("1")), LAST_DAY)
    assert line_in_default(performance, day("2026-05-14"), CALENDAR) is None
    assert line_in_default(performance, day("2026-06-01"), CALENDAR) == second
    assert first_day_of_default(performance, CALENDAR) == second.due + timedelta(days=6)
    assert position(performance).remaining == agreement.plan.total - first.amount + yuan("1")


@pytest.mark.parametrize(
    "clause",
    [
        replace(CLAUSE, tolerance=yuan("100.01")),
        replace(CLAUSE, tolerance=Money(-1)),
        DefaultClause(grace_days=5, clawback=False, acceleration=True, resumes=True),
        DefaultClause(grace_days=5, clawback=True, acceleration=False, resumes=True),
    ],
)
def test_a_clause_that_contradicts_itself_is_unclear(clause: DefaultClause) -> None:
    """A tolerance of more than 100 yuan, or interest that runs again on what stays waived or undue."""
    with rules_out(ContentUnclear, "default_clause_definite"):
        agreed(default_clause=clause)
    assert agreed(default_clause=replace(CLAUSE, tolerance=yuan("100"), resumes=True)).default_clause.resumes


def test_interest_that_runs_again_is_claimed_to_the_day() -> None:
    """Golden case 1 to 2026-06-30, with 500.00 that both list by one reference and 1,000.00 of the agreement.

    Penalty 47,185.42 less 50.47 paid; compound 449.53 paid, then 2,830.05 less 1,000.00, and 179.37 since.
    """
    debt = Debt(contract=g1(), payments=(pay("2022-10-10", "500", "early"),))
    agreement = agreed(default_clause=replace(CLAUSE, resumes=True))
    entries: tuple[Entry, ...] = (paid("2026-04-10", "1000", "new"), paid("2026-04-11", "500", "early"))
    performance = Performance(agreement=agreement, entries=entries)
    defaulted = declare_default(performance, day("2026-05-25"), CALENDAR)
    settlement = Settlement(
        negotiation=Negotiation(owed=OWED), agreement=agreement, entries=defaulted.entries
    )
    on = day("2026-06-30")
    assert nonzero(claimable(settlement, on, debt)) == {
        "principal": "100000.00",
        "interest": "7330.56",
        "penalty_interest": "47134.95",
        "compound_interest": "2009.42",
    }
    assert claimable(settlement, on).total == position(defaulted).remaining
    silent = replace(settlement, agreement=agreed())
    assert claimable(silent, on, debt).total == position(defaulted).remaining


class Counted(tuple[Any, ...]):
    """Entries that count how often somebody walks through all of them."""

    __slots__ = ()
    walks = 0

    def __iter__(self) -> Iterator[Any]:
        Counted.walks += 1
        return super().__iter__()


def test_a_look_walks_the_payments_a_fixed_number_of_times() -> None:
    """1,800 payments on sixty lines take no more walks than eighteen do."""
    agreement = agreed()
    walks = []
    for count in (18, 1800):
        entries = Counted(paid(SIGNED, Money(1), f"p{number}") for number in range(count))
        performance = Performance(agreement=agreement, entries=entries)
        Counted.walks = 0
        on = day("2026-06-01")
        assert line_in_default(performance, on, CALENDAR) is not None
        reminders_on(performance, on)
        next_action(performance, on, CALENDAR)
        walks.append(Counted.walks)
    assert walks[0] == walks[1] < 30


def test_a_full_record_takes_no_more_payments() -> None:
    """The limit is named; the same payment again is still no fault."""
    entries = tuple(paid(SIGNED, Money(1), f"p{number}") for number in range(2_000))
    assert MOST_ENTRIES == 2_000
    performance = Performance(agreement=agreed(), entries=entries)
    with refuses(RecordFull, "reference"):
        record(performance, paid(SIGNED, Money(1), "one-more"), LAST_DAY)
    assert record(performance, entries[0], LAST_DAY) is performance
    one_less = Performance(agreement=agreed(), entries=entries[1:])
    assert len(record(one_less, paid(SIGNED, Money(1), "last"), LAST_DAY).entries) == 2_000


def test_a_full_negotiation_takes_no_more_offers() -> None:
    """Sixty offers in one round; the sixty-first is refused before anything is computed."""
    assert MOST_OFFERS == 60
    negotiation = Negotiation(owed=OWED)
    terms = OfferTerms(tier="lump_sum", schedule=LUMP)
    for number in range(1, 61):
        negotiation = make_offer(negotiation, Side.APPLICANT, terms, BOOK, at=NOON, valid_days=5)
        negotiation = withdraw(negotiation, Side.APPLICANT, number, NOON)
    with refuses(RecordFull, "offers"):
        make_offer(negotiation, Side.APPLICANT, terms, BOOK, at=NOON, valid_days=5)
    assert OWED.total > ZERO
