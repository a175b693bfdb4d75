"""Reminders of payments (还款提醒), and the next day on which the sweep has something to do.

Promise: the days to remind on are policy data, and only unpaid lines get reminders. `next_action` is the day
for the due index: always after the given day. A default whose day has passed comes on the next day, so that a
missed sweep is made up for. Downside: a reminder whose day was missed is not sent late; the next one is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement.default import first_day_of_default, state_of
from chalicelib.domain.agreement.position import lines
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.settlement_outcome import PerformanceState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.agreement.performance import Performance
    from chalicelib.domain.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class ReminderPolicy:
    """Days relative to the due date, negative before it [policy]."""

    days: tuple[int, ...] = (-7, -3, -1, 0, 1, 3)


DEFAULT_REMINDERS: Final = ReminderPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReminder:
    """A reminder of a line on a day, `days` after its due date (negative: before), with its unpaid rest."""

    line: int
    on: date
    days: int
    remaining: Money


def reminders(performance: Performance, policy: ReminderPolicy = DEFAULT_REMINDERS) -> list[PaymentReminder]:
    """Return all reminders of what is open, by day and line; none once performed or in default."""
    if state_of(performance) is not PerformanceState.PERFORMING:
        return []
    return sorted(_of_open_lines(performance, policy), key=lambda reminder: (reminder.on, reminder.line))


def reminders_on(
    performance: Performance, day: date, policy: ReminderPolicy = DEFAULT_REMINDERS
) -> list[PaymentReminder]:
    """Return the reminders of a day."""
    return [reminder for reminder in reminders(performance, policy) if reminder.on == day]


def next_action(
    performance: Performance,
    after: date,
    calendar: WorkingCalendar,
    policy: ReminderPolicy = DEFAULT_REMINDERS,
) -> date | None:
    """Return the next day with a reminder or a default; None when nothing is left to watch."""
    default = first_day_of_default(performance, calendar)
    if default is None:
        return None
    coming = (reminder.on for reminder in reminders(performance, policy) if reminder.on > after)
    return min((*coming, max(default, after + timedelta(days=1))))


def _of_open_lines(performance: Performance, policy: ReminderPolicy) -> Iterator[PaymentReminder]:
    for standing in lines(performance):
        if standing.remaining > ZERO:
            for days in sorted(set(policy.days)):
                on = standing.line.due + timedelta(days=days)
                yield PaymentReminder(
                    line=standing.line.number, on=on, days=days, remaining=standing.remaining
                )
