"""Loans, cards and statements in few words, for the tests of the loan arithmetic."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.domain.loan.card import CardContract, Overdraft
from chalicelib.domain.loan.contract import Disbursement, LoanContract
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.loan.rates import FixedRate
from chalicelib.domain.loan.schedule import ExplicitDays, quarterly
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.loan.components import Amounts, Component
    from chalicelib.domain.loan.errors import LoanError
    from chalicelib.domain.loan.statement import Segment, Statement


def yuan(text: str) -> Money:
    """Read "12.5", "12" or "12.50" as yuan."""
    return Money(int(Decimal(text) * 100))


def day(text: str) -> date:
    """Read an ISO date."""
    return date.fromisoformat(text)


@contextmanager
def refuses(error: type[LoanError], field: str) -> Iterator[None]:
    """Expect exactly this refusal, of exactly this field, with something said about it."""
    with pytest.raises(error) as refused:
        yield
    assert type(refused.value) is error
    assert refused.value.field == field
    assert str(refused.value).removeprefix(f"{field}: ") not in {"", "None", str(refused.value)}


G1_CUT_OFF: Final = date(2022, 9, 30)
G2_CUT_OFF: Final = date(2025, 6, 30)


def g1(day_count: DayCount = DayCount.ACT_360, **changes: Any) -> LoanContract:
    """Golden case 1 of the domain: one period, +50 %."""
    terms: dict[str, Any] = {
        "agreed_amount": yuan("100000"),
        "disbursements": (Disbursement(on=day("2021-03-22"), amount=yuan("100000")),),
        "maturity": day("2022-03-21"),
        "day_count": day_count,
        "rates": (FixedRate(starts=day("2021-03-22"), annual_percent=Decimal("7.25")),),
        "interest_due": ExplicitDays(),
        "overdue_markup_percent": Decimal(50),
    }
    return LoanContract(**terms | changes)


def g2(**changes: Any) -> LoanContract:
    """Golden case 2 of the domain: two quarterly periods, +40 %."""
    terms: dict[str, Any] = {
        "agreed_amount": yuan("150000"),
        "disbursements": (Disbursement(on=day("2024-03-20"), amount=yuan("150000")),),
        "maturity": day("2024-09-20"),
        "rates": (FixedRate(starts=day("2024-03-20"), annual_percent=Decimal("5.80")),),
        "interest_due": quarterly(20),
        "overdue_markup_percent": Decimal(40),
    }
    return g1(**terms | changes)


def card(**changes: Any) -> CardContract:
    """Make a card with one overdraft of 10,000 posted on 10 January, statements on the 5th."""
    terms: dict[str, Any] = {
        "daily_percent": Decimal("0.05"),
        "statement_day": 5,
        "day_count": DayCount.ACT_365,
        "overdrafts": (Overdraft(posted=day("2024-01-10"), due=day("2024-02-25"), amount=yuan("10000")),),
        "compounding": True,
        "breach_fee_percent": Decimal(5),
    }
    return CardContract(**terms | changes)


def pay(on: str, amount: str, reference: str = "") -> Payment:
    """Make a payment, its reference being the day unless given."""
    return Payment(on=day(on), amount=yuan(amount), reference=reference or on)


def nonzero(amounts: Amounts) -> dict[str, str]:
    """Return the components that are not zero, in words and yuan."""
    fields = ("costs", "fees", "compound_interest", "penalty_interest", "breach_fee", "interest", "principal")
    found = {name: getattr(amounts, name) for name in fields}
    return {name: str(amount) for name, amount in found.items() if amount != Money(0)}


def told(segment: Segment) -> tuple[str, str, int, str, Decimal, str]:
    """Return a segment's start, end, days, base, rate and amount."""
    line = segment.line
    return (
        segment.start.isoformat(),
        segment.end.isoformat(),
        segment.days,
        str(line.base),
        line.rate.percent,
        str(segment.amount),
    )


def rows(statement: Statement, component: Component) -> list[tuple[str, str, int, str, Decimal, str]]:
    """Return a component's segments as rows."""
    return [told(segment) for segment in statement.of(component)]
