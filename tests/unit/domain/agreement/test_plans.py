"""Plans: whatever the schedule, the parts are the whole; due dates are clipped to the month."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.agreement.due_dates import MonthlyDates, months_from
from chalicelib.domain.agreement.errors import (
    AmountTooSmall,
    DueDatesInvalid,
    PlanDoesNotAddUp,
    PlanTooLong,
)
from chalicelib.domain.agreement.plan import Method, Plan, PlanLine, total_of
from chalicelib.domain.agreement.schedules import (
    PLAN_LIMITS,
    CustomInstalments,
    DatedAmount,
    EqualPayment,
    EqualPrincipal,
    LumpSum,
    PlanLimits,
)
from chalicelib.domain.loan.concession import Repayment
from chalicelib.domain.loan.errors import RateOutOfBounds
from chalicelib.domain.money import ZERO, Money
from tests.unit.domain.agreement.support import MONTHLY, SIGNED, custom, months, rates, refuses, schedules
from tests.unit.domain.loan.support import day, yuan

if TYPE_CHECKING:
    from chalicelib.domain.agreement.schedules import Schedule

METHODS = {
    LumpSum: Method.SINGLE,
    EqualPrincipal: Method.EQUAL_PRINCIPAL,
    EqualPayment: Method.EQUAL_PAYMENT,
    CustomInstalments: Method.CUSTOM,
}


def _plan(schedule: Schedule, amount: Money) -> Plan:
    try:
        return schedule.plan(amount)
    except AmountTooSmall:
        assume(False)
        raise


@given(st.data(), st.integers(2, 100_000_000).map(Money))
def test_the_parts_are_the_whole(data: st.DataObject, amount: Money) -> None:
    """Capital adds up to the fen, every payment is above zero, dates ascend, and the shape is as asked."""
    schedule = data.draw(schedules(amount))
    plan = _plan(schedule, amount)
    assert plan.capital == amount == total_of(line.capital for line in plan.lines)
    assert plan.total == amount + plan.interest == plan.through(len(plan.lines))
    assert all(line.capital > ZERO and line.interest >= ZERO for line in plan.lines)
    due = [line.due for line in plan.lines]
    assert due == sorted(set(due))
    assert (plan.first_due, plan.last_due) == (due[0], due[-1])
    assert (schedule.last_due, schedule.payments) == (due[-1], len(due))
    assert schedule.repayment is (Repayment.LUMP_SUM if len(due) == 1 else Repayment.INSTALMENTS)
    assert plan.method is METHODS[type(schedule)]
    assert [line.number for line in plan.lines] == list(range(1, len(due) + 1))
    for number, line in enumerate(plan.lines, start=1):
        assert plan.due_by(line.due) == plan.through(number)
        assert plan.due_by(line.due - timedelta(days=1)) == plan.through(number - 1)
    plan.check_sum(amount)
    with refuses(PlanDoesNotAddUp, "lines"):
        plan.check_sum(Money(amount.fen + 1))


@given(months, st.integers(60, 100_000_000).map(Money))
def test_the_last_part_takes_the_remainder(dates: MonthlyDates, amount: Money) -> None:
    """Equal principal: all parts equal, rounded down; the last has less than a fen per part more."""
    capitals = [line.capital.fen for line in EqualPrincipal(dates=dates).plan(amount).lines]
    assert set(capitals[:-1]) == {amount.fen // dates.count}
    assert 0 <= capitals[-1] - capitals[0] < dates.count


@given(months, rates, st.integers(100_00, 100_000_000).map(Money))
def test_equal_payments_are_equal(dates: MonthlyDates, rate: Decimal, amount: Money) -> None:
    """All payments but the last are the same; the last differs by the roundings of the months before it."""
    plan = EqualPayment(dates=dates, annual_percent=rate).plan(amount)
    payments = [line.amount.fen for line in plan.lines]
    assert len(set(payments[:-1])) == 1
    growth = (1 + float(rate) / 1200) ** dates.count
    assert abs(payments[-1] - payments[0]) <= dates.count * (growth + 1)
    assert plan.interest == ZERO or rate > 0


@given(months, rates, st.integers(100_00, 100_000_000).map(Money))
def test_interest_is_a_twelfth_of_the_rate_on_what_is_open(
    dates: MonthlyDates, rate: Decimal, amount: Money
) -> None:
    """Each line bears interest on the capital still open before it, whichever method."""
    for kind in (EqualPrincipal, EqualPayment):
        left = amount.fen
        for line in kind(dates=dates, annual_percent=rate).plan(amount).lines:
            exact = Decimal(left) * rate / 1200
            assert abs(Decimal(line.interest.fen) - exact) <= Decimal("0.5")
            left -= line.capital.fen


@given(months)
def test_due_dates_are_clipped_and_never_slip(dates: MonthlyDates) -> None:
    """One date a month, on the day or the month's last day."""
    due = dates.dates()
    assert len(due) == dates.count
    assert due[0] == date(2026, dates.month, min(dates.day, calendar.monthrange(2026, dates.month)[1]))
    for number, found in enumerate(due):
        assert months_from(due[0], found) == number + 1
        assert found.day == min(dates.day, calendar.monthrange(found.year, found.month)[1])


def test_the_31st_through_february_and_the_turn_of_the_year() -> None:
    dates = MonthlyDates(year=2027, month=11, day=31, count=5).dates()
    assert [each.isoformat() for each in dates] == [
        "2027-11-30",
        "2027-12-31",
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
    ]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"month": 13}, DueDatesInvalid),
        ({"month": 0}, DueDatesInvalid),
        ({"day": 0}, DueDatesInvalid),
        ({"day": 32}, DueDatesInvalid),
        ({"year": 1999}, DueDatesInvalid),
        ({"year": 2200}, DueDatesInvalid),
        ({"count": 1}, DueDatesInvalid),
        ({"count": 61}, PlanTooLong),
    ],
)
def test_months_that_no_calendar_has(change: dict[str, Any], error: type[DueDatesInvalid]) -> None:
    """A 13th month, a 32nd day, a 61st instalment, an instalment plan of one."""
    with refuses(error, next(iter(change))):
        replace(MONTHLY, **change)


def test_the_outermost_dates_are_taken() -> None:
    assert MonthlyDates(year=2000, month=1, day=1, count=2).dates()[0] == date(2000, 1, 1)
    assert MonthlyDates(year=2199, month=12, day=31, count=60).dates()[-1] == date(2204, 11, 30)


def test_equal_payment_worked_by_hand() -> None:
    """12,000 over 12 months at 12 % a year: 1,066.19 a month, as every bank's table has it."""
    plan = EqualPayment(dates=MONTHLY, annual_percent=Decimal(12)).plan(yuan("12000"))
    assert [str(line.amount) for line in plan.lines] == ["1066.19"] * 11 + ["1066.14"]
    assert str(plan.lines[0].interest) == "120.00"
    assert str(plan.interest) == "794.23"
    assert plan.method is Method.EQUAL_PAYMENT


def test_equal_principal_worked_by_hand() -> None:
    """1,000 in three parts at 12 %: 333.33, 333.33, 333.34 with 10.00, 6.67 and 3.33 interest."""
    schedule = EqualPrincipal(dates=replace(MONTHLY, count=3), annual_percent=Decimal(12))
    plan = schedule.plan(yuan("1000"))
    assert [str(line.capital) for line in plan.lines] == ["333.33", "333.33", "333.34"]
    assert [str(line.interest) for line in plan.lines] == ["10.00", "6.67", "3.33"]
    assert plan.method is Method.EQUAL_PRINCIPAL


def test_a_thread_that_computes_with_few_digits_changes_nothing() -> None:
    schedule = EqualPayment(dates=replace(MONTHLY, count=60), annual_percent=Decimal("7.25"))
    amount = yuan("999999.99")
    expected = schedule.plan(amount)
    with localcontext() as context:
        context.prec = 3
        assert schedule.plan(amount) == expected


@pytest.mark.parametrize(
    ("schedule", "amount", "field"),
    [
        (LumpSum(SIGNED), ZERO, "lines"),
        (EqualPrincipal(dates=MONTHLY), Money(11), "amount"),
        (EqualPayment(dates=MONTHLY), Money(11), "amount"),
        (EqualPrincipal(dates=MONTHLY), Money(-1200), "amount"),
        (EqualPayment(dates=MONTHLY, annual_percent=Decimal(12)), Money(5), "lines"),
        (EqualPayment(dates=replace(MONTHLY, count=60), annual_percent=Decimal("0.01")), Money(91), "lines"),
        (
            CustomInstalments((DatedAmount(SIGNED, yuan("2")), DatedAmount(day("2026-04-01"), ZERO))),
            yuan("2"),
            "lines",
        ),
    ],
)
def test_too_little_for_a_payment(schedule: Schedule, amount: Money, field: str) -> None:
    """Nothing of a plan is zero or negative; where equal parts would be, the amount is too small."""
    with refuses(AmountTooSmall, field):
        schedule.plan(amount)


@given(st.data(), st.integers(2, 100_000_000).map(Money), st.integers(-5, 5).filter(bool))
def test_a_custom_plan_that_does_not_add_up(data: st.DataObject, amount: Money, off: int) -> None:
    """A fen too much or too little is refused."""
    schedule = data.draw(custom(amount))
    with refuses(PlanDoesNotAddUp, "lines"):
        schedule.plan(Money(amount.fen + off))


def test_custom_parts_come_in_order_and_in_number() -> None:
    """Dates ascend strictly; one part is no instalment plan, 61 are too many."""
    one = DatedAmount(SIGNED, yuan("1"))
    with refuses(DueDatesInvalid, "lines"):
        CustomInstalments((one, one)).plan(yuan("2"))
    with refuses(DueDatesInvalid, "count"):
        CustomInstalments((one,))
    with refuses(PlanTooLong, "count"):
        CustomInstalments((one,) * 61)


def test_a_plan_is_made_of_numbered_lines() -> None:
    """None, more than sixty, or out of number: no plan."""
    line = PlanLine(number=1, due=SIGNED, capital=yuan("1"))
    days = (SIGNED + timedelta(days=number) for number in range(61))
    many = tuple(PlanLine(number=n, due=on, capital=yuan("1")) for n, on in enumerate(days, start=1))
    assert len(_made(*many[:60]).lines) == 60
    with refuses(DueDatesInvalid, "lines"):
        _made()
    with refuses(PlanTooLong, "lines"):
        _made(*many)
    with refuses(DueDatesInvalid, "lines"):
        _made(replace(line, number=2))
    with refuses(AmountTooSmall, "lines"):
        _made(replace(line, interest=Money(-1)))


def _made(*lines: PlanLine) -> Plan:
    return Plan(method=Method.CUSTOM, annual_percent=Decimal(0), lines=lines)


def test_the_heaviest_month_adds_up_what_falls_into_it() -> None:
    parts = (("2026-04-01", "10"), ("2026-04-30", "15"), ("2026-05-01", "20"), ("2027-04-02", "21"))
    schedule = CustomInstalments(tuple(DatedAmount(day(on), yuan(amount)) for on, amount in parts))
    plan = schedule.plan(yuan("66"))
    assert plan.heaviest_month() == yuan("25")
    assert plan.months == 13


def test_interest_of_periods_that_have_not_begun() -> None:
    """A period begins on the day after the due date before it."""
    plan = EqualPrincipal(dates=replace(MONTHLY, count=3), annual_percent=Decimal(12)).plan(yuan("1000"))
    unbegun = {
        on: str(plan.unbegun_interest(SIGNED, day(on)))
        for on in ("2026-03-02", "2026-03-03", "2026-04-15", "2026-04-16", "2026-05-15", "2026-05-16")
    }
    assert list(unbegun.values()) == ["20.00", "10.00", "10.00", "3.33", "3.33", "0.00"]


def test_limits_of_a_plan() -> None:
    """60 months by default, the first payment within 183 days and not before the agreement, 24 % a year."""
    assert (PLAN_LIMITS.months, PLAN_LIMITS.first_due_within_days) == (60, 183)
    plan = EqualPayment(dates=replace(MONTHLY, count=60), annual_percent=Decimal(24)).plan(yuan("6000"))
    PLAN_LIMITS.check(plan, SIGNED)
    with refuses(PlanTooLong, "lines"):
        PlanLimits(months=59).check(plan, SIGNED)
    for agreed_on in (plan.first_due + timedelta(days=1), plan.first_due - timedelta(days=184)):
        with refuses(DueDatesInvalid, "lines"):
            PLAN_LIMITS.check(plan, agreed_on)
    for agreed_on in (plan.first_due, plan.first_due - timedelta(days=183)):
        PLAN_LIMITS.check(plan, agreed_on)
    with pytest.raises(RateOutOfBounds, match=r"^annual_percent: "):
        PLAN_LIMITS.check(replace(plan, annual_percent=Decimal("24.01")), SIGNED)
    with pytest.raises(RateOutOfBounds, match=r"^annual_percent: "):
        EqualPayment(dates=MONTHLY, annual_percent=Decimal(5000))


def test_custom_dates_may_not_span_more_than_sixty_months() -> None:
    parts = tuple(DatedAmount(day(on), yuan("1")) for on in ("2026-04-30", "2031-03-31"))
    plan = CustomInstalments(parts).plan(yuan("2"))
    PLAN_LIMITS.check(plan, SIGNED)
    later = CustomInstalments((parts[0], DatedAmount(day("2031-04-01"), yuan("1")))).plan(yuan("2"))
    with refuses(PlanTooLong, "lines"):
        PLAN_LIMITS.check(later, SIGNED)


def test_a_plan_bears_no_interest_on_fees() -> None:
    """24 % on 12,000: a month costs 240.00; 1,200 of fees add 100 to each capital and no interest."""
    dates = replace(MONTHLY, count=12)
    rate = Decimal(24)
    for kind in (EqualPrincipal, EqualPayment):
        plain = kind(dates=dates, annual_percent=rate).plan(yuan("12000"))
        mixed = kind(dates=dates, annual_percent=rate).plan(yuan("13200"), yuan("1200"))
        assert str(mixed.lines[0].interest) == "240.00"
        assert [line.interest for line in mixed.lines] == [line.interest for line in plain.lines]
        added = [
            str(line.capital - before.capital) for line, before in zip(mixed.lines, plain.lines, strict=True)
        ]
        assert added == ["100.00"] * 12
        fees = kind(dates=dates, annual_percent=rate).plan(yuan("1200"), yuan("1200"))
        assert fees.interest == ZERO
        assert {str(line.capital) for line in fees.lines} == {"100.00"}


def test_a_plan_without_interest_is_one_of_the_whole_sum() -> None:
    """Nothing to keep apart: the parts are those of the sum, so that only the last one differs."""
    plan = EqualPrincipal(dates=replace(MONTHLY, count=3)).plan(yuan("1.00"), yuan("0.50"))
    assert [str(line.capital) for line in plan.lines] == ["0.33", "0.33", "0.34"]
