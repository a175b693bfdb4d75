"""What a contract must be, or is refused with the field that is wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.loan.components import STATUTORY_ORDER, Component
from chalicelib.domain.loan.contract import Disbursement, Instalment
from chalicelib.domain.loan.errors import (
    AllocationOrderIncomplete,
    AmountOutOfBounds,
    DatesOutOfOrder,
    LoanError,
    PrincipalExceeded,
    RateOutOfBounds,
    TermMissing,
)
from chalicelib.domain.loan.limits import RateLimits
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.rates import FixedRate
from chalicelib.domain.loan.schedule import ExplicitDays
from tests.unit.domain.loan.support import day, g1, refuses, yuan

if TYPE_CHECKING:
    from chalicelib.domain.loan.contract import LoanContract


def _rate(percent: str, starts: str = "2021-03-22") -> tuple[FixedRate, ...]:
    return (FixedRate(starts=day(starts), annual_percent=Decimal(percent)),)


def _paid_out(on: str, amount: str = "100000") -> tuple[Disbursement, ...]:
    return (Disbursement(on=day(on), amount=yuan(amount)),)


def _due(*parts: tuple[str, str]) -> tuple[Instalment, ...]:
    return tuple(Instalment(on=day(on), amount=yuan(amount)) for on, amount in parts)


REFUSED: list[tuple[dict[str, Any], type[LoanError], str]] = [
    ({"rates": _rate("5000")}, RateOutOfBounds, "rates"),
    ({"rates": _rate("36.01")}, RateOutOfBounds, "rates"),
    ({"rates": _rate("-0.01")}, RateOutOfBounds, "rates"),
    ({"rates": _rate("7.1234567")}, RateOutOfBounds, "rates"),
    ({"rates": _rate("NaN")}, RateOutOfBounds, "rates"),
    ({"rates": _rate("Infinity")}, RateOutOfBounds, "rates"),
    ({"rates": ()}, TermMissing, "rates"),
    ({"rates": _rate("7.25", "2021-03-23")}, TermMissing, "rates"),
    ({"rates": _rate("7.25") * 2}, DatesOutOfOrder, "rates"),
    ({"overdue_markup_percent": Decimal("29.99")}, RateOutOfBounds, "overdue_markup_percent"),
    ({"overdue_markup_percent": Decimal("50.01")}, RateOutOfBounds, "overdue_markup_percent"),
    ({"misuse_markup_percent": Decimal("49.99")}, RateOutOfBounds, "misuse_markup_percent"),
    ({"misuse_markup_percent": Decimal("100.01")}, RateOutOfBounds, "misuse_markup_percent"),
    ({"misused_since": day("2021-04-01")}, TermMissing, "misuse_markup_percent"),
    (
        {"misused_since": day("2021-03-21"), "misuse_markup_percent": Decimal(50)},
        DatesOutOfOrder,
        "misused_since",
    ),
    ({"agreed_amount": yuan("0")}, AmountOutOfBounds, "agreed_amount"),
    ({"agreed_amount": yuan("-1")}, AmountOutOfBounds, "agreed_amount"),
    ({"agreed_amount": yuan("99999.99")}, PrincipalExceeded, "disbursements"),
    ({"disbursements": ()}, TermMissing, "disbursements"),
    ({"maturity": day("2021-03-22")}, DatesOutOfOrder, "maturity"),
    ({"accelerated_on": day("2021-03-22")}, DatesOutOfOrder, "accelerated_on"),
    ({"accelerated_on": day("2022-03-21")}, DatesOutOfOrder, "maturity"),
    ({"interest_due": ExplicitDays((day("2021-03-22"),))}, DatesOutOfOrder, "interest_due"),
    ({"instalments": _due(("2022-03-22", "1"))}, DatesOutOfOrder, "maturity"),
    ({"instalments": _due(("2021-07-01", "1"), ("2021-06-01", "1"))}, DatesOutOfOrder, "instalments"),
    ({"instalments": _due(("2021-07-01", "1"), ("2021-07-01", "1"))}, DatesOutOfOrder, "instalments"),
    ({"instalments": _due(("2021-07-01", "100000.01"))}, PrincipalExceeded, "instalments"),
    ({"instalments": _due(("2021-06-01", "1"), ("2021-07-01", "100000"))}, PrincipalExceeded, "instalments"),
    ({"instalments": _due(("2021-03-21", "1"))}, PrincipalExceeded, "instalments"),
    ({"allocation_order": STATUTORY_ORDER[1:]}, AllocationOrderIncomplete, "allocation_order"),
    (
        {"allocation_order": (*STATUTORY_ORDER, Component.COSTS)},
        AllocationOrderIncomplete,
        "allocation_order",
    ),
    (
        {"allocation_order": (*STATUTORY_ORDER[1:], Component.FEES)},
        AllocationOrderIncomplete,
        "allocation_order",
    ),
]


@pytest.mark.parametrize(("changes", "error", "field"), REFUSED, ids=lambda value: str(value)[:60])
def test_a_contract_that_cannot_be_is_refused(
    changes: dict[str, Any], error: type[LoanError], field: str
) -> None:
    """By the named error, with the field, and with the field in its text."""
    with refuses(error, field):
        g1(**changes)


ACCEPTED: list[dict[str, Any]] = [
    {"rates": _rate("36")},
    {"rates": _rate("0")},
    {"rates": _rate("7.123456")},
    {"rates": _rate("7.25", "2021-03-21")},
    {"overdue_markup_percent": Decimal(30)},
    {"misuse_markup_percent": Decimal(50)},
    {"misuse_markup_percent": Decimal(100), "misused_since": day("2021-03-22")},
    {"agreed_amount": yuan("100000.01")},
    {"maturity": day("2021-03-23")},
    {"accelerated_on": day("2021-03-23")},
    {"accelerated_on": day("2022-03-20")},
    {"interest_due": ExplicitDays((day("2021-03-23"),))},
    {"instalments": _due(("2022-03-21", "100000"))},
    {"instalments": _due(("2021-07-01", "40000"), ("2021-08-01", "60000"))},
    {"instalments": _due(("2021-03-22", "100000"))},
    {"allocation_order": STATUTORY_ORDER[::-1]},
]


@pytest.mark.parametrize("changes", ACCEPTED, ids=lambda value: str(value)[:60])
def test_the_edge_of_what_is_allowed_is_allowed(changes: dict[str, Any]) -> None:
    """Limits include their ends, and the result can be computed."""
    contract: LoanContract = g1(**changes)
    assert assess_loan(contract, [], day("2022-09-30")).charged.principal == yuan("100000")


def test_what_falls_due_must_have_been_paid_out_by_then() -> None:
    """A second drawdown does not help an instalment before it."""
    drawn = (*_paid_out("2021-03-22", "50000"), *_paid_out("2021-07-01", "50000"))
    g1(disbursements=drawn, instalments=_due(("2021-07-01", "60000")))
    with refuses(PrincipalExceeded, "instalments"):
        g1(disbursements=drawn, instalments=_due(("2021-06-30", "60000")))


def test_terms_end_after_the_last_drawdown() -> None:
    """Maturity and acceleration come after every disbursement, listed in any order."""
    drawn = (*_paid_out("2021-07-01", "50000"), *_paid_out("2021-03-22", "50000"))
    with refuses(DatesOutOfOrder, "maturity"):
        g1(disbursements=drawn, maturity=day("2021-07-01"))
    with refuses(DatesOutOfOrder, "accelerated_on"):
        g1(disbursements=drawn, accelerated_on=day("2021-07-01"))
    assert g1(disbursements=drawn, maturity=day("2021-07-02")).falls_due == day("2021-07-02")


@pytest.mark.parametrize(
    ("amount", "withheld", "field"),
    [
        ("0", "0", "disbursements.amount"),
        ("-1", "0", "disbursements.amount"),
        ("100", "-0.01", "disbursements.withheld"),
        ("100", "100", "disbursements.withheld"),
    ],
)
def test_a_disbursement_leaves_the_borrower_something(amount: str, withheld: str, field: str) -> None:
    with refuses(AmountOutOfBounds, field):
        Disbursement(on=day("2021-03-22"), amount=yuan(amount), withheld=yuan(withheld))
    assert Disbursement(on=day("2021-03-22"), amount=yuan("100"), withheld=yuan("99.99")).principal == yuan(
        "0.01"
    )


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_instalment_is_an_amount(amount: str) -> None:
    with refuses(AmountOutOfBounds, "instalments.amount"):
        _due(("2021-07-01", amount))


def test_a_cut_off_before_the_first_day_is_refused() -> None:
    with refuses(DatesOutOfOrder, "cut_off"):
        assess_loan(g1(), [], day("2021-03-21"))


def test_the_limits_are_data() -> None:
    """Another lender's limits allow what the central bank's do not, and the reverse."""
    other = RateLimits(
        annual_high=Decimal(10),
        overdue_low=Decimal(0),
        overdue_high=Decimal(20),
        misuse_low=Decimal(10),
        misuse_high=Decimal(40),
    )
    g1(limits=other, overdue_markup_percent=Decimal(0), misuse_markup_percent=Decimal(10))
    with pytest.raises(RateOutOfBounds, match=r"^overdue_markup_percent: 50 % is not within 0 to 20 %$"):
        g1(limits=other)
    with pytest.raises(RateOutOfBounds, match=r"^rates: 10\.01 % is not within 0 to 10 %$"):
        g1(limits=other, rates=_rate("10.01"), overdue_markup_percent=Decimal(0))
