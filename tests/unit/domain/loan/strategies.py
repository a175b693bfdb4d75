"""Random loans, cards and histories that the arithmetic must accept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from chalicelib.domain.loan.card import CardContract, MissedMinimum, Overdraft, ServiceFee
from chalicelib.domain.loan.charges import cost
from chalicelib.domain.loan.components import STATUTORY_ORDER
from chalicelib.domain.loan.contract import (
    Compounding,
    CompoundRate,
    Disbursement,
    Instalment,
    LoanContract,
    Prepayment,
)
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.loan.rates import FixedRate
from chalicelib.domain.loan.schedule import ExplicitDays, monthly, quarterly
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.loan.charges import Charge
    from chalicelib.domain.loan.schedule import InterestSchedule

    Draw = Callable[[st.SearchStrategy[Any]], Any]

OPENS = date(2021, 3, 22)
day_counts = st.sampled_from(DayCount)
dates = st.dates(date(2019, 1, 1), date(2031, 12, 31))
amounts = st.integers(1, 50_000_000).map(Money)
percents = st.decimals(0, 36, places=2)
orders = st.permutations(STATUTORY_ORDER).map(tuple)


def after(first: int, last: int) -> st.SearchStrategy[date]:
    """Days from `first` to `last` days after the loans open."""
    return st.integers(first, last).map(lambda days: OPENS + timedelta(days=days))


def _schedules() -> st.SearchStrategy[InterestSchedule]:
    days = st.integers(1, 31)
    listed = st.sets(after(1, 900), max_size=6).map(lambda found: ExplicitDays(tuple(sorted(found))))
    return st.one_of(listed, days.map(monthly), days.map(quarterly))


@st.composite
def contracts(draw: Draw) -> LoanContract:
    """Draw a loan opened on OPENS, with up to two drawdowns, instalments, rate changes and misuse."""
    first: Money = draw(amounts)
    second: Money | None = draw(st.none() | amounts)
    disbursements = [Disbursement(on=OPENS, amount=first)]
    if second is not None:
        disbursements.append(Disbursement(on=draw(after(0, 60)), amount=second))
    maturity: date = draw(after(61, 800))
    days = draw(st.sets(after(61, 900).filter(lambda found: found <= maturity), max_size=4))
    part = Money(max(1, first.fen // 5))
    steps = draw(st.lists(st.tuples(after(1, 1000), percents), max_size=3, unique_by=lambda step: step[0]))
    rates = [FixedRate(starts=OPENS - timedelta(days=draw(st.integers(0, 9))), annual_percent=draw(percents))]
    rates += [FixedRate(starts=starts, annual_percent=percent) for starts, percent in sorted(steps)]
    return LoanContract(
        agreed_amount=first + (second or ZERO),
        disbursements=tuple(draw(st.permutations(disbursements))),
        maturity=maturity,
        day_count=draw(day_counts),
        rates=tuple(rates),
        interest_due=draw(_schedules()),
        overdue_markup_percent=Decimal(draw(st.integers(30, 50))),
        misuse_markup_percent=Decimal(draw(st.integers(50, 100))),
        instalments=tuple(Instalment(on=on, amount=part) for on in sorted(days)) if first.fen >= 5 else (),
        compounding=draw(st.sampled_from(Compounding)),
        compound_rate=draw(st.sampled_from(CompoundRate)),
        allocation_order=draw(orders),
        prepayment=draw(st.sampled_from(Prepayment)),
        misused_since=draw(st.none() | after(0, 900)),
        accelerated_on=draw(
            st.none() | after(61, 800).map(lambda found: found if found < maturity else None)
        ),
    )


@st.composite
def payment_lists(draw: Draw) -> list[Payment]:
    """Draw up to six payments after OPENS, some of them on one day."""
    drawn = draw(st.lists(st.tuples(after(0, 1200), amounts), max_size=6))
    return [
        Payment(on=on, amount=amount, reference=f"p{number}") for number, (on, amount) in enumerate(drawn)
    ]


@st.composite
def cost_lists(draw: Draw) -> list[Charge]:
    """Draw up to two costs of enforcing."""
    drawn = draw(st.lists(st.tuples(after(0, 1200), amounts), max_size=2))
    return [cost(on, amount, f"c{number}") for number, (on, amount) in enumerate(drawn)]


@st.composite
def cards(draw: Draw) -> CardContract:
    """Draw a card with up to three overdrafts, missed minimum payments and fees."""
    drawn = draw(st.lists(st.tuples(after(0, 300), st.integers(1, 60), amounts), min_size=0, max_size=2))
    posted = [(OPENS, 25, draw(amounts)), *drawn]
    missed = draw(st.lists(st.tuples(after(1, 600), amounts), max_size=3))
    fees = draw(st.lists(st.tuples(after(0, 600), amounts), max_size=2))
    return CardContract(
        daily_percent=draw(st.decimals(0, Decimal("0.05"), places=4)),
        statement_day=draw(st.integers(1, 31)),
        day_count=draw(day_counts),
        overdrafts=tuple(
            Overdraft(posted=on, due=on + timedelta(days=days), amount=amount) for on, days, amount in posted
        ),
        compounding=draw(st.booleans()),
        breach_fee_percent=draw(st.decimals(Decimal("0.01"), 5, places=2)),
        breach_fee_low=draw(st.integers(1, 2000).map(Money)),
        missed_minimums=tuple(
            MissedMinimum(due=on, unpaid=amount, reference=f"m{number}")
            for number, (on, amount) in enumerate(missed)
        ),
        fees=tuple(
            ServiceFee(on=on, amount=amount, reference=f"f{number}")
            for number, (on, amount) in enumerate(fees)
        ),
        allocation_order=draw(orders),
        principal_first_after_days=draw(st.none() | st.integers(0, 200)),
    )
