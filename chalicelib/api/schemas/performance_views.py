"""The performance of an agreement as the parties see it: what was paid, what remains, line by line.

Promise: agreed + clawback - rebate = paid + remaining - overpaid in every answer, to the fen.
Downside: figures that depend on the day (arrears, payoff) are those of the day of reading.
"""

from datetime import date

from chalicelib.api.schemas.base import AmountText, Answer, DayText
from chalicelib.domain.agreement.default import PerformanceState, arrears, state_of
from chalicelib.domain.agreement.performance import Performance
from chalicelib.domain.agreement.position import lines, payoff, position


class LineStandingOut(Answer):
    """A payment of the plan as it stands."""

    number: int
    due: DayText
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

    @classmethod
    def of(cls, performance: Performance, today: date) -> "PerformanceOut":
        """Show a performance on a day."""
        now = position(performance)
        return cls(
            state=state_of(performance),
            agreed=str(now.agreed),
            clawback=str(now.clawback),
            rebate=str(now.rebate),
            paid=str(now.paid),
            remaining=str(now.remaining),
            overpaid=str(now.overpaid),
            arrears=str(arrears(performance, today)),
            payoff_today=str(payoff(performance, today)),
            lines=_standings(performance),
            payments=[
                PaymentOut(
                    reference=payment.reference,
                    on=payment.on.isoformat(),
                    amount=str(payment.amount),
                    reversed=payment.reference in performance.taken_back,
                )
                for payment in performance.recorded.values()
            ],
            default_line=now.default.line if now.default else None,
            default_declared_on=now.default.on.isoformat() if now.default else None,
        )


def _standings(performance: Performance) -> list[LineStandingOut]:
    return [
        LineStandingOut(
            number=standing.line.number,
            due=standing.line.due.isoformat(),
            to_pay=str(standing.to_pay),
            paid=str(standing.paid),
            remaining=str(standing.remaining),
        )
        for standing in lines(performance)
    ]
