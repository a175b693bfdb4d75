"""Default (违约): when an instalment is in default, and what can be demanded then.

Promise: a payment is late after its due date and in default after its grace period, whose last day moves past
holidays (Civil Code 203). Only then, and only if the agreement says so, the waiver is taken back and all
payments are due at once. What can be demanded is never more than what remains.
What is short by no more than the clause's tolerance is no default, and as a last rest counts as paid.
Downside: one instalment is enough; an agreement that tolerates more has to grant more days of grace.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement.errors import DefaultStands, NotInDefault
from chalicelib.domain.agreement.performance import DefaultDeclared
from chalicelib.domain.agreement.position import counts_as_paid, first_uncovered, position, standing_default
from chalicelib.domain.money import ZERO
from chalicelib.domain.settlement_outcome import PerformanceState

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.agreement.performance import Performance
    from chalicelib.domain.agreement.plan import PlanLine
    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.money import Money

_ONE_DAY: Final = timedelta(days=1)


def state_of(performance: Performance) -> PerformanceState:
    """Return the state; it is PERFORMED when everything is paid, even after a default.

    A rest within the tolerance of the default clause counts as paid.
    """
    if counts_as_paid(performance):
        return PerformanceState.PERFORMED
    return PerformanceState.DEFAULTED if position(performance).default else PerformanceState.PERFORMING


def last_day_of_grace(performance: Performance, line: PlanLine, calendar: WorkingCalendar) -> date:
    """Return the last day on which a line can be paid without default."""
    return calendar.roll(line.due + timedelta(days=performance.agreement.default_clause.grace_days))


def line_in_default(performance: Performance, on: date, calendar: WorkingCalendar) -> PlanLine | None:
    """Return the first line that is unpaid on a day after its grace period; None if there is none."""
    line = first_uncovered(performance, on)
    # The lines after it end their grace later: if it is not late, none is.
    late = line is not None and last_day_of_grace(performance, line, calendar) < on
    return line if late else None


def declare_default(performance: Performance, on: date, calendar: WorkingCalendar) -> Performance:
    """Declare the default found on a day; raises NotInDefault or DefaultStands."""
    if standing_default(performance) is not None:
        raise DefaultStands
    line = line_in_default(performance, on, calendar)
    if line is None:
        raise NotInDefault
    return performance.with_entry(DefaultDeclared(line=line.number, on=on))


def arrears(performance: Performance, on: date) -> Money:
    """Return what fell due up to and including a day and is unpaid."""
    now = position(performance)
    return min(now.remaining, max(performance.agreement.plan.due_by(on) - now.paid, ZERO))


def demandable(performance: Performance, on: date) -> Money:
    """Return what can be enforced or sued for on a day: the remaining sum only.

    After a default with acceleration this is everything; otherwise it is what has fallen due and any waiver
    taken back.
    """
    now = position(performance)
    if now.default is not None and performance.agreement.default_clause.acceleration:
        return now.remaining
    due = performance.agreement.plan.due_by(on) + now.clawback
    return min(now.remaining, max(due - now.paid, ZERO))


def first_day_of_default(performance: Performance, calendar: WorkingCalendar) -> date | None:
    """Return the day on which the oldest open line will be in default; None if nothing is open."""
    if state_of(performance) is not PerformanceState.PERFORMING:
        return None
    paid = position(performance).paid + performance.agreement.default_clause.tolerance
    plan = performance.agreement.plan
    line = next(line for line in plan.lines if plan.through(line.number) > paid)
    return last_day_of_grace(performance, line, calendar) + _ONE_DAY
