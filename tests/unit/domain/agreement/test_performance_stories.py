"""Performance, told: recordings, defaults and reversals, one story each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.domain.agreement.default import (
    arrears,
    declare_default,
    demandable,
    first_day_of_default,
    last_day_of_grace,
    line_in_default,
    state_of,
)
from chalicelib.domain.agreement.draft import Agreement, DefaultClause
from chalicelib.domain.agreement.errors import (
    NotInDefault,
    PaymentDateImpossible,
    PaymentUnknown,
    ReferenceMissing,
    ReferenceReused,
)
from chalicelib.domain.agreement.performance import (
    DefaultDeclared,
    Performance,
    opened,
    record,
    reverse,
)
from chalicelib.domain.agreement.position import position, remaining_by_component
from chalicelib.domain.agreement.schedules import EqualPrincipal, LumpSum
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.errors import HubError
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.errors import AmountOutOfBounds, PaymentBeforeDisbursement
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.money import ZERO
from chalicelib.domain.settlement_outcome import PerformanceState, SettlementOutcome
from tests.unit.domain.agreement.support import (
    CALENDAR,
    CLAUSE,
    MONTHLY,
    SIGNED,
    agreed,
    paid,
    refuses,
    rules_out,
)
from tests.unit.domain.loan.support import day, g1, pay, yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.domain.loan.payments import Payment

LAST_DAY: Final = SIGNED + timedelta(days=2200)


def recorded(agreement: Agreement, payments: Iterable[Payment]) -> Performance:
    """Record these payments in this order."""
    performance = opened(agreement)
    for payment in payments:
        performance = record(performance, payment, LAST_DAY)
    return performance


# --- recording -------------------------------------------------------------------------------------


def test_idempotent_on_the_institutions_reference() -> None:
    """The same again changes nothing; another day or amount under it is refused."""
    once = recorded(agreed(), [paid("2026-04-15", "9204.94")])
    assert record(once, paid("2026-04-15", "9204.94"), SIGNED) is once
    for other in (paid("2026-04-14", "9204.94"), paid("2026-04-15", "9204.95")):
        with refuses(ReferenceReused, "reference"):
            record(once, other, LAST_DAY)


@pytest.mark.parametrize(
    ("payment", "error", "field"),
    [
        (paid("2026-05-02", "1"), PaymentDateImpossible, "on"),
        (paid("2026-05-01", "1", " "), ReferenceMissing, "reference"),
    ],
)
def test_a_payment_that_can_not_be(payment: Payment, error: Any, field: str) -> None:
    """In the future, without a reference; one of long ago can be."""
    with refuses(error, field):
        record(opened(agreed()), payment, day("2026-05-01"))
    for on in ("2024-03-02", "2026-05-01"):
        assert record(opened(agreed()), paid(on, "1"), day("2026-05-01")).payments


def test_what_the_loan_refuses_already() -> None:
    """Nothing is paid before the loan was, and no payment is zero."""
    with pytest.raises(PaymentBeforeDisbursement):
        assess_loan(g1(), [pay("2021-03-21", "1")], day("2022-09-30"))
    for amount in ("0", "-1"):
        with pytest.raises(AmountOutOfBounds):
            paid("2026-04-15", amount)


def test_an_unknown_payment_is_not_reversed() -> None:
    with refuses(PaymentUnknown, "reference"):
        reverse(opened(agreed()), "p1", SIGNED)


def test_paid_on_the_spot_is_performed_at_once() -> None:
    """Its receipt is the payment; taking it back leaves the sum open."""
    spot = agreed(LumpSum(SIGNED), outcome=SettlementOutcome.PAID_ON_THE_SPOT, receipt_ref="receipt-1")
    performance = opened(spot)
    assert state_of(performance) is PerformanceState.PERFORMED
    assert performance.payments == (paid(SIGNED, "107330.56", "receipt-1"),)
    assert position(performance).paid_off_on == SIGNED
    back = reverse(performance, "receipt-1", SIGNED)
    assert str(position(back).remaining) == "107330.56"
    assert state_of(back) is PerformanceState.PERFORMING


# --- stories ---------------------------------------------------------------------------------------


def test_golden_instalments_performed() -> None:
    """Golden case 1 in twelve parts, paid month by month, the last one a yuan too much."""
    agreement = agreed()
    performance = opened(agreement)
    for line in agreement.plan.lines:
        assert state_of(performance) is PerformanceState.PERFORMING
        amount = line.amount + (yuan("1") if line.number == 12 else ZERO)
        performance = record(performance, paid(line.due, amount, f"p{line.number}"), line.due)
    assert state_of(performance) is PerformanceState.PERFORMED
    now = position(performance)
    assert (str(now.paid), str(now.overpaid), str(now.remaining)) == ("110460.35", "1.00", "0.00")
    assert now.paid_off_on == day("2027-03-15")


def test_golden_instalments_defaulted() -> None:
    """Three parts paid, the fourth not: the waiver of 3,128.81 comes back, all is due, less what was paid."""
    agreement = agreed()
    three = [paid(line.due, line.amount, f"p{line.number}") for line in agreement.plan.lines[:3]]
    performance = recorded(agreement, three)
    assert last_day_of_grace(performance, agreement.plan.lines[3], CALENDAR) == day("2026-07-20")
    with rules_out(NotInDefault):
        declare_default(performance, day("2026-07-20"), CALENDAR)
    assert str(arrears(performance, day("2026-07-20"))) == "9204.94"
    defaulted = declare_default(performance, day("2026-07-21"), CALENDAR)
    assert state_of(defaulted) is PerformanceState.DEFAULTED
    now = position(defaulted)
    assert (str(now.clawback), str(now.paid), str(now.remaining)) == ("3128.81", "27614.82", "85973.34")
    assert str(demandable(defaulted, day("2026-07-21"))) == "85973.34"
    assert remaining_by_component(defaulted) == Amounts(principal=yuan("85973.34"))
    paid_up = record(defaulted, paid("2026-08-01", "85973.34", "last"), LAST_DAY)
    assert state_of(paid_up) is PerformanceState.PERFORMED
    assert str(position(paid_up).clawback) == "3128.81"


def test_default_without_clawback_or_acceleration() -> None:
    """The waiver stays waived, and only what has fallen due can be demanded."""
    for clause, remaining, due in (
        (replace(CLAUSE, clawback=False), "110459.35", "110459.35"),
        (replace(CLAUSE, acceleration=False), "113588.16", "12333.75"),
        (DefaultClause(grace_days=5, clawback=False, acceleration=False), "110459.35", "9204.94"),
    ):
        on = day("2026-04-21")
        defaulted = declare_default(opened(agreed(default_clause=clause)), on, CALENDAR)
        assert (str(position(defaulted).remaining), str(demandable(defaulted, on))) == (remaining, due)
        assert str(demandable(defaulted, day("2026-05-15"))) == str(
            min(yuan(due) + yuan("9204.94"), position(defaulted).remaining)
        )


def test_what_was_paid_counts_against_what_can_be_demanded() -> None:
    """5,000 of the first 9,204.94 were paid: the rest can be demanded, after a default with the waiver."""
    agreement = agreed(default_clause=replace(CLAUSE, acceleration=False))
    part = recorded(agreement, [paid("2026-04-10", "5000")])
    assert str(demandable(part, day("2026-04-15"))) == str(arrears(part, day("2026-04-15"))) == "4204.94"
    defaulted = declare_default(part, day("2026-04-21"), CALENDAR)
    assert str(demandable(defaulted, day("2026-04-21"))) == "7333.75"


def test_grace_ends_on_a_working_day() -> None:
    """Five days after 26 September 2026 is 1 October; with the week off, the 8th is the last day."""
    calendar = WorkingCalendar(
        days_off=frozenset(date(2026, 10, number) for number in range(1, 8)), years=frozenset({2026})
    )
    performance = opened(agreed(EqualPrincipal(dates=replace(MONTHLY, month=8, day=26))))
    second = performance.agreement.plan.lines[1]
    assert last_day_of_grace(performance, second, calendar) == date(2026, 10, 8)
    first = paid("2026-08-26", performance.agreement.plan.lines[0].amount)
    performance = record(performance, first, LAST_DAY)
    assert first_day_of_default(performance, calendar) == date(2026, 10, 9)
    assert line_in_default(performance, date(2026, 10, 8), calendar) is None
    assert line_in_default(performance, date(2026, 10, 9), calendar) == second


def test_a_default_declared_on_a_wrong_record_falls_away() -> None:
    """The bank records late what was paid in time; taking that back brings the default back."""
    on = day("2026-04-21")
    defaulted = declare_default(opened(agreed()), on, CALENDAR)
    cured = record(defaulted, paid("2026-04-21", "9204.94"), LAST_DAY)
    assert (position(cured).default, position(cured).clawback) == (None, ZERO)
    assert state_of(cured) is PerformanceState.PERFORMING
    assert state_of(reverse(cured, "p1", LAST_DAY)) is PerformanceState.DEFAULTED
    late = record(defaulted, paid("2026-04-22", "9204.94"), LAST_DAY)
    assert state_of(late) is PerformanceState.DEFAULTED
    again = declare_default(cured, day("2026-05-21"), CALENDAR)
    assert position(again).default == DefaultDeclared(line=2, on=day("2026-05-21"))
    assert position(reverse(again, "p1", LAST_DAY)).default == DefaultDeclared(line=1, on=on)


def test_a_refused_entry_changes_nothing() -> None:
    """After each refusal the very same performance is at hand."""
    performance = recorded(agreed(), [paid("2026-04-15", "1")])
    before = replace(performance)
    acts: list[Callable[[], Performance]] = [
        lambda: record(performance, paid("2026-04-15", "2"), LAST_DAY),
        lambda: record(performance, paid("2120-01-01", "2", "p2"), LAST_DAY),
        lambda: reverse(performance, "p9", LAST_DAY),
        lambda: declare_default(performance, SIGNED, CALENDAR),
    ]
    for act in acts:
        with pytest.raises(HubError):
            act()
        assert performance == before
