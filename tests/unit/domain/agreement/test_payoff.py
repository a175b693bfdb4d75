"""Early payoff and acceleration: interest of periods that have not begun is never owed (Civil Code 677)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from chalicelib.domain.agreement.default import (
    arrears,
    declare_default,
    demandable,
    line_in_default,
    state_of,
)
from chalicelib.domain.agreement.performance import opened, record
from chalicelib.domain.agreement.position import lines, payoff, position, remaining_by_component
from chalicelib.domain.agreement.schedules import EqualPrincipal
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.settlement_outcome import PerformanceState
from tests.unit.domain.agreement.support import CALENDAR, CLAUSE, MONTHLY, SIGNED, agreed, paid
from tests.unit.domain.loan.support import day

LAST_DAY: Final = SIGNED + timedelta(days=2200)
TWELVE_PERCENT: Final = EqualPrincipal(dates=replace(MONTHLY, count=3), annual_percent=Decimal(12))


def test_early_payoff_saves_the_interest_of_later_periods() -> None:
    """At 12 % in three parts: whoever pays all before the second period begins owes one month's interest."""
    agreement = agreed(TWELVE_PERCENT)
    interest = [line.interest for line in agreement.plan.lines]
    assert interest == sorted(interest, reverse=True)
    first_only = agreement.plan.capital + interest[0]
    performance = opened(agreement)
    assert payoff(performance, SIGNED) == agreement.plan.capital
    assert payoff(performance, day("2026-04-15")) == first_only
    assert payoff(performance, day("2026-04-16")) == first_only + interest[1]
    assert payoff(performance, day("2026-05-16")) == agreement.plan.total
    off = record(performance, paid("2026-04-15", first_only), LAST_DAY)
    now = position(off)
    assert (now.rebate, now.remaining, now.paid_off_on) == (
        interest[1] + interest[2],
        ZERO,
        day("2026-04-15"),
    )
    assert [each.to_pay for each in lines(off)] == [
        agreement.plan.lines[0].amount,
        *(line.capital for line in agreement.plan.lines[1:]),
    ]
    assert payoff(off, day("2026-05-01")) == ZERO
    short = record(performance, paid("2026-04-15", first_only - Money(1)), LAST_DAY)
    assert (position(short).rebate, position(short).remaining) == (ZERO, interest[1] + interest[2] + Money(1))
    assert payoff(short, day("2026-04-15")) == Money(1)
    assert payoff(short, SIGNED) == ZERO


def test_acceleration_stops_the_plans_interest() -> None:
    """Called in during the second period: the third one's interest is never owed."""
    agreement = agreed(TWELVE_PERCENT)
    on = day("2026-04-21")
    called_in = declare_default(opened(agreement), on, CALENDAR)
    third = agreement.plan.lines[2].interest
    assert position(called_in).rebate == third > ZERO
    assert payoff(called_in, LAST_DAY) == position(called_in).remaining
    assert lines(called_in)[2].to_pay == agreement.plan.lines[2].capital
    parts = remaining_by_component(called_in)
    assert parts.interest == agreement.kept.interest + agreement.plan.interest - third
    assert parts.penalty_interest == (agreement.kept + agreement.waived).penalty_interest
    slow = agreed(TWELVE_PERCENT, default_clause=replace(CLAUSE, acceleration=False))
    assert position(declare_default(opened(slow), on, CALENDAR)).rebate == ZERO


def test_who_has_paid_off_early_is_never_in_default() -> None:
    """The instalments' days pass, with interest in them that is not owed: nothing is late or in arrears."""
    agreement = agreed(TWELVE_PERCENT)
    amount = payoff(opened(agreement), day("2026-04-15"))
    assert amount < agreement.plan.total
    off = record(opened(agreement), paid("2026-04-15", amount), LAST_DAY)
    assert state_of(off) is PerformanceState.PERFORMED
    assert line_in_default(off, LAST_DAY, CALENDAR) is None
    assert (arrears(off, LAST_DAY), demandable(off, LAST_DAY)) == (ZERO, ZERO)
    called_in = declare_default(opened(agreement), day("2026-04-21"), CALENDAR)
    assert arrears(called_in, LAST_DAY) <= position(called_in).remaining


def test_a_payoff_on_the_day_of_the_default_lifts_it() -> None:
    """The sweep declared in the morning, the borrower pays in the afternoon: the waiver stays."""
    agreement, on = agreed(), day("2026-04-21")
    defaulted = declare_default(opened(agreement), on, CALENDAR)
    assert payoff(defaulted, on) == agreement.plan.total
    assert payoff(defaulted, day("2026-04-22")) == agreement.plan.total + agreement.waived.total
    off = record(defaulted, paid(on, agreement.plan.total), LAST_DAY)
    assert (position(off).default, position(off).remaining, position(off).overpaid) == (None, ZERO, ZERO)


def test_after_a_default_the_agreed_sum_pays_off_no_longer() -> None:
    """The waiver taken back is owed as well; interest stopped on the day of the default."""
    agreement = agreed(TWELVE_PERCENT)
    called_in = declare_default(opened(agreement), day("2026-04-21"), CALENDAR)
    agreed_sum = record(called_in, paid("2026-06-30", agreement.plan.total), LAST_DAY)
    assert position(agreed_sum).paid_off_on is None
    assert position(agreed_sum).remaining == agreement.waived.total - agreement.plan.lines[2].interest
    rest = paid("2026-07-01", position(agreed_sum).remaining, "rest")
    assert position(record(agreed_sum, rest, LAST_DAY)).paid_off_on == rest.on
    assert position(record(called_in, paid(rest.on, payoff(called_in, rest.on)), LAST_DAY)).remaining == ZERO
