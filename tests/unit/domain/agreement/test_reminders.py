"""Reminders, and the sweep's next day: never skipped, never early, over when all is paid."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agreement.default import (
    declare_default,
    first_day_of_default,
    line_in_default,
    state_of,
)
from chalicelib.domain.agreement.performance import opened, record
from chalicelib.domain.agreement.position import position
from chalicelib.domain.agreement.reminders import (
    PaymentReminder,
    ReminderPolicy,
    next_action,
    reminders,
    reminders_on,
)
from chalicelib.domain.money import Money
from chalicelib.domain.settlement_outcome import PerformanceState
from tests.unit.domain.agreement.support import (
    CALENDAR,
    SIGNED,
    agreed,
    agreements,
    paid,
    payment_lists,
)
from tests.unit.domain.loan.support import day, yuan

if TYPE_CHECKING:
    from chalicelib.domain.agreement.draft import Agreement

LAST_DAY = SIGNED + timedelta(days=3000)
policies = st.lists(st.integers(-30, 30), max_size=6).map(lambda days: ReminderPolicy(tuple(days)))


@given(st.data(), agreements(), policies)
def test_a_sweep_led_by_the_due_index_misses_nothing(
    data: st.DataObject, agreement: Agreement, policy: ReminderPolicy
) -> None:
    """Day by day over what was paid: each reminder's day is named, a default is found at once."""
    pending = sorted(data.draw(payment_lists(agreement)), key=lambda payment: payment.on, reverse=True)
    performance, today = opened(agreement), SIGNED - timedelta(days=31)
    while pending or next_action(performance, today, CALENDAR, policy):
        following = next_action(performance, today, CALENDAR, policy) or LAST_DAY
        if pending and pending[-1].on <= following:
            today = max(today, pending[-1].on - timedelta(days=1))
            performance = record(performance, pending.pop(), LAST_DAY)
            continue
        assert not [each for each in reminders(performance, policy) if today < each.on < following]
        assert today < following
        today = following
        first = first_day_of_default(performance, CALENDAR)
        assert first is not None
        assert today <= first
        assert (today == first) is (line_in_default(performance, today, CALENDAR) is not None)
        if today == first:
            performance = declare_default(performance, today, CALENDAR)
    assert state_of(performance) is not PerformanceState.PERFORMING


def test_reminders_of_what_is_open() -> None:
    """A paid line is not reminded of, one paid in part of the rest; days may be before and after."""
    performance = opened(agreed())
    performance = record(performance, paid("2026-03-20", "10204.94"), LAST_DAY)
    found = reminders(performance, ReminderPolicy((1, -3, -3)))
    assert found[:2] == [
        PaymentReminder(line=2, on=day("2026-05-12"), days=-3, remaining=yuan("8204.94")),
        PaymentReminder(line=2, on=day("2026-05-16"), days=1, remaining=yuan("8204.94")),
    ]
    assert len(found) == 22
    assert [each.on for each in found] == sorted(each.on for each in found)
    assert reminders_on(performance, day("2026-05-12"), ReminderPolicy((-3,))) == found[:1]
    assert reminders_on(performance, day("2026-04-12")) == []
    assert [each.days for each in reminders(performance)[:6]] == [-7, -3, -1, 0, 1, 3]


def test_the_next_day_to_look() -> None:
    """The next reminder, else the first day of default, else tomorrow for one that was missed."""
    performance = opened(agreed())
    policy = ReminderPolicy((-3, 1))
    nexts = [
        next_action(performance, day(after), CALENDAR, policy)
        for after in ("2026-03-02", "2026-04-12", "2026-04-16", "2026-04-20", "2026-04-21", "2026-04-22")
    ]
    assert nexts == [
        day(on) for on in ("2026-04-12", "2026-04-16", "2026-04-21", "2026-04-21", "2026-04-22", "2026-04-23")
    ]


def test_nothing_left_to_watch() -> None:
    """Neither reminders nor a next day once all is paid, nor after a default."""
    done = record(opened(agreed()), paid("2026-03-20", "110459.35"), LAST_DAY)
    defaulted = declare_default(opened(agreed()), day("2026-04-21"), CALENDAR)
    for performance in (done, defaulted):
        assert reminders(performance) == []
        assert next_action(performance, SIGNED, CALENDAR) is None
        assert first_day_of_default(performance, CALENDAR) is None
    assert position(done).overpaid == Money(0)
