"""What follows from a statement, in JSON: the compared claim, the cost of a suit, the last day to sue.

Promise: nothing is computed here. Downside: the fee saved assumes the procedure named beside it.
"""

from pydantic import Field

from chalicelib.api.schemas.base import AmountText, Answer, DayText, DifferenceText, PercentText, within
from chalicelib.domain.explanation import Explanation
from chalicelib.domain.loan.comparison import Comparison
from chalicelib.domain.loan.limitation import Effect, InterruptionKind
from chalicelib.domain.transfer import Procedure


class ComparedLineOut(Answer):
    """A line of the claim beside the computed one."""

    name: str = Field(examples=["interest"])
    computed: AmountText
    claimed: AmountText
    difference: DifferenceText = Field(description="Claimed beyond the computed amount · 差额")
    allowed: bool = Field(description="Whether the tolerance allows it · 是否在允许范围内")


class ComparisonOut(Answer):
    """The claim beside the debt as of the claim's own day."""

    lines: list[ComparedLineOut]
    accepted: bool = Field(description="Whether a filing with this claim is taken · 据此提交能否被接收")


class FeeTierOut(Answer):
    """A tier of the court fee: its percentage on the part of the amount above `over`."""

    over: AmountText = within("tier", "over")
    percent: PercentText = within("tier", "percent")
    base: AmountText
    fee: AmountText


class FeeOut(Answer):
    """The court fee (案件受理费) that a suit would cost; this mediation costs nothing."""

    amount: AmountText = Field(description="The amount in dispute · 标的额")
    base: AmountText = Field(description="What every case pays · 每件基础费用")
    tiers: list[FeeTierOut]
    full: AmountText
    halved: AmountText = Field(description="Mediation, withdrawal or summary procedure · 减半")
    procedure: Procedure = Field(description="Under which the court would try it · 可能适用的程序")
    saved: AmountText = Field(description="The fee under that procedure · 通过调解节省的诉讼费用")


class LimitationStepOut(Answer):
    """An interruption and what it did."""

    kind: InterruptionKind = within("interruption", "kind")
    on: DayText = within("interruption", "on")
    ended_on: DayText | None = within("interruption", "ended_on")
    evidence: str = within("interruption", "evidence")
    effect: Effect
    last_day: DayText | None = Field(description="After it; null: nothing runs · 重新起算后的届满日")


class LimitationOut(Answer):
    """Limitation (诉讼时效): until when one may sue, and how it came to that."""

    due_on: DayText
    runs_from: DayText | None
    last_day: DayText | None = Field(description="null while a procedure goes on · 程序进行中为 null")
    provisional: bool = Field(description="The calendar of that year is not out yet · 该年放假安排尚未公布")
    steps: list[LimitationStepOut]


def comparison_out(comparison: Comparison | None) -> ComparisonOut | None:
    """Show a comparison, if there is a claim."""
    if comparison is None:
        return None
    return ComparisonOut.of(comparison, accepted=not comparison.beyond)


def fee_out(found: Explanation) -> FeeOut:
    """Show the fee and what is saved."""
    return FeeOut.of(found.fee, tiers=found.fee.lines, procedure=found.otherwise, saved=found.saved)
