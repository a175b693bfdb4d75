"""The performance of an agreement as the parties see it: what was paid, what remains, line by line.

Promise: agreed + clawback - rebate = paid + remaining - overpaid in every answer, to the fen.
Downside: figures that depend on the day (arrears, payoff) are those of the day of reading.
"""

from collections.abc import Sequence
from datetime import date

from chalicelib.api.schemas.base import AmountText, Answer, DayText, within
from chalicelib.domain.agreement.default import arrears, state_of
from chalicelib.domain.agreement.performance import Entry, Performance, recorded_in, taken_back_in
from chalicelib.domain.agreement.position import lines, payoff, position
from chalicelib.domain.settlement_outcome import PerformanceState


class LineStandingOut(Answer):
    """A payment of the plan as it stands."""

    number: int = within("line", "number")
    due: DayText = within("line", "due")
    to_pay: AmountText
    paid: AmountText
    remaining: AmountText


class PaymentOut(Answer):
    """A recorded payment; `reversed` if it was taken back."""

    reference: str
    on: DayText
    amount: AmountText
    reversed: bool


class PerformanceOut(Answer):
    """Where the performance stands: agreed + clawback - rebate = paid + remaining - overpaid, to the fen."""

    state: PerformanceState
    agreed: AmountText
    clawback: AmountText
    rebate: AmountText
    paid: AmountText
    remaining: AmountText
    overpaid: AmountText
    arrears: AmountText
    payoff_today: AmountText
    lines: list[LineStandingOut]
    payments: list[PaymentOut]
    default_line: int | None
    default_declared_on: DayText | None


def payments_out(entries: Sequence[Entry]) -> list[PaymentOut]:
    """Show every payment among entries, in the order recorded."""
    taken_back = taken_back_in(entries)
    return [
        PaymentOut.of(paid, reversed=paid.reference in taken_back) for paid in recorded_in(entries).values()
    ]


def performance_out(performance: Performance, today: date) -> PerformanceOut:
    """Show a performance on a day."""
    now = position(performance)
    return PerformanceOut.of(
        now,
        state=state_of(performance),
        arrears=arrears(performance, today),
        payoff_today=payoff(performance, today),
        lines=lines(performance),
        payments=payments_out(performance.entries),
        default_line=now.default.line if now.default else None,
        default_declared_on=now.default.on if now.default else None,
    )
