"""Debts, offers, agreements and their performance: in few words, and at random."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from chalicelib.domain.agreement.draft import DefaultClause, Draft, agree
from chalicelib.domain.agreement.due_dates import MonthlyDates
from chalicelib.domain.agreement.errors import AgreementError, AmountTooSmall
from chalicelib.domain.agreement.offer import OfferTerms
from chalicelib.domain.agreement.schedules import (
    CustomInstalments,
    DatedAmount,
    EqualPayment,
    EqualPrincipal,
    LumpSum,
)
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.concession import Proposal, Repayment
from chalicelib.domain.loan.concession_policy import PolicyBook
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.settlement_outcome import SettlementOutcome
from tests.unit.domain.loan.support import G1_CUT_OFF, day, g1, yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.domain.agreement.draft import Agreement
    from chalicelib.domain.agreement.errors import AgreementRefused
    from chalicelib.domain.agreement.schedules import Schedule
    from chalicelib.domain.loan.concession import Concession

    Draw = Callable[[st.SearchStrategy[Any]], Any]

__all__ = ["day", "yuan"]

SIGNED: Final = date(2026, 3, 2)
"""A Monday with no holiday near."""
NOON: Final = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""12:00 in China on that day."""
CALENDAR: Final = WorkingCalendar()
OWED: Final = assess_loan(g1(), [], G1_CUT_OFF).owed
"""Golden case 1: 100,000 + 7,330.56 + 5,830.21 + 427.39."""
BOOK: Final = PolicyBook("bank-1").published(day("2020-05-01"), None)
CLAUSE: Final = DefaultClause(grace_days=5, clawback=True, acceleration=True)
MONTHLY: Final = MonthlyDates(year=2026, month=4, day=15, count=12)
LUMP: Final = OfferTerms(tier="lump_sum", schedule=LumpSum(day("2026-03-31")))
PARTS: Final = OfferTerms(tier="instalments", schedule=EqualPrincipal(dates=MONTHLY))


@contextmanager
def refuses(error: type[AgreementError], field: str) -> Iterator[None]:
    """Expect exactly this refusal, of exactly this field, with something said about it."""
    with pytest.raises(error) as refused:
        yield
    assert type(refused.value) is error
    assert refused.value.field == field
    assert str(refused.value).removeprefix(f"{field}: ") not in {"", "None", str(refused.value)}


@contextmanager
def rules_out(error: type[AgreementRefused], rule: str = "") -> Iterator[None]:
    """Expect exactly this refusal; its rule is its code unless another is named."""
    with pytest.raises(error) as refused:
        yield
    assert type(refused.value) is error
    assert refused.value.rule == (rule or error.code)


def concession(owed: Amounts = OWED, repayment: Repayment = Repayment.INSTALMENTS) -> Concession:
    """Concede what the default tier of this kind of repayment does."""
    proposal = Proposal(repayment=repayment, days=30)
    return BOOK.version(1).concede(repayment.value, proposal, owed)


def draft(schedule: Schedule, owed: Amounts = OWED, **changes: Any) -> Draft:
    """Draft an agreement of SIGNED on this schedule, complete unless changed."""
    kind = schedule.repayment
    conceded = concession(owed, kind)
    terms: dict[str, Any] = {
        "outcome": SettlementOutcome(kind.value),
        "agreed_on": SIGNED,
        "concession": conceded,
        "plan": schedule.plan(conceded.kept.total),
        "account_ref": "account-1",
        "default_clause": CLAUSE,
        "confirmation_wanted": True,
    }
    return Draft(**terms | changes)


def agreed(schedule: Schedule | None = None, **changes: Any) -> Agreement:
    """Make an agreement of SIGNED; twelve equal parts of golden case 1 unless told otherwise."""
    return agree(draft(schedule or EqualPrincipal(dates=MONTHLY), **changes))


def paid(on: str | date, amount: str | Money, reference: str = "p1") -> Payment:
    """Make a payment."""
    return Payment(
        on=day(on) if isinstance(on, str) else on,
        amount=yuan(amount) if isinstance(amount, str) else amount,
        reference=reference,
    )


# --- at random -------------------------------------------------------------------------------------

months = st.builds(
    MonthlyDates,
    year=st.just(2026),
    month=st.integers(4, 8),
    day=st.integers(1, 31),
    count=st.integers(2, 60),
)
rates = st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("3.65"), Decimal("7.25"), Decimal(24)])
fen = st.integers(1, 3_000_000).map(Money)
debts = st.builds(
    Amounts,
    principal=st.integers(1, 300_000_00).map(Money),
    interest=fen,
    penalty_interest=fen,
    compound_interest=fen,
    costs=fen,
)


@st.composite
def custom(draw: Draw, amount: Money) -> CustomInstalments:
    """Cut an amount at random places and put the parts on random days."""
    assume(amount.fen >= 2)
    cuts = sorted(draw(st.sets(st.integers(1, amount.fen - 1), min_size=1, max_size=6)))
    edges = [0, *cuts, amount.fen]
    days = st.sets(st.integers(1, 150), min_size=len(edges) - 1, max_size=len(edges) - 1)
    dates = sorted(SIGNED + timedelta(days=found) for found in draw(days))
    pieces = (Money(high - low) for low, high in pairwise(edges))
    return CustomInstalments(tuple(map(DatedAmount, dates, pieces)))


@st.composite
def schedules(draw: Draw, amount: Money | None = None) -> Schedule:
    """Draw a schedule that fits an agreement of SIGNED; custom ones need to know the amount."""
    kinds = [
        st.integers(0, 100).map(lambda days: LumpSum(SIGNED + timedelta(days=days))),
        st.builds(EqualPrincipal, dates=months, annual_percent=rates),
        st.builds(EqualPayment, dates=months, annual_percent=rates),
        *([custom(amount)] if amount else []),
    ]
    found: Schedule = draw(st.one_of(kinds))
    return found


@st.composite
def agreements(draw: Draw) -> Agreement:
    """Draw an agreement of SIGNED with any debt, schedule and default clause."""
    owed: Amounts = draw(debts)
    schedule: Schedule = draw(schedules(concession(owed).kept.total))
    clause = st.builds(
        DefaultClause,
        grace_days=st.integers(0, 30),
        clawback=st.booleans(),
        acceleration=st.booleans(),
        tolerance=st.sampled_from([ZERO, Money(1), Money(1_00), Money(100_00)]),
    )
    try:
        return agree(draft(schedule, owed, default_clause=draw(clause)))
    except AmountTooSmall:
        assume(False)
        raise


@st.composite
def payment_lists(draw: Draw, agreement: Agreement, most: int = 8) -> list[Payment]:
    """Draw distinct payments from the day of agreement on, up to twice what is to be paid in all."""
    amounts = st.one_of(
        st.integers(1, agreement.plan.total.fen * 2 // most + 1).map(Money),
        st.sampled_from([line.amount for line in agreement.plan.lines]),
        st.just(agreement.plan.total),
    )
    drawn = draw(st.lists(st.tuples(st.integers(0, 400), amounts), max_size=most))
    return [
        Payment(on=SIGNED + timedelta(days=days), amount=amount, reference=f"p{number}")
        for number, (days, amount) in enumerate(drawn)
    ]
