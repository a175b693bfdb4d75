"""What follows from a statement, in JSON: the claim compared, what a suit would cost, until when one may sue.

Promise: nothing is computed here. Downside: the fee saved assumes the procedure named beside it.
"""

from pydantic import Field

from chalicelib.api.schemas.base import AmountText, Answer, DayText
from chalicelib.api.schemas.texts import DifferenceText, PercentText, day_text, percent_text
from chalicelib.domain.explanation import Explanation
from chalicelib.domain.loan.comparison import ComparedLine, Comparison
from chalicelib.domain.loan.court_fee import FeeLine
from chalicelib.domain.loan.limitation import Effect, InterruptionKind, Limitation, LimitationStep
from chalicelib.domain.transfer import Procedure


class ComparedLineOut(Answer):
    """A line of the claim beside the computed one."""

    name: str = Field(examples=["interest"])
    computed: AmountText
    claimed: AmountText
    difference: DifferenceText = Field(description="Claimed beyond the computed amount · 差额")
    allowed: bool = Field(description="Whether the tolerance allows it · 是否在允许范围内")

    @classmethod
    def of(cls, line: ComparedLine) -> "ComparedLineOut":
        """Show a line."""
        return cls(
            name=line.name,
            computed=str(line.computed),
            claimed=str(line.claimed),
            difference=str(line.difference),
            allowed=line.allowed,
        )


class ComparisonOut(Answer):
    """The claim beside the debt as of the claim's own day."""

    lines: list[ComparedLineOut]
    accepted: bool = Field(description="Whether a filing with this claim is taken · 据此提交能否被接收")

    @classmethod
    def of(cls, comparison: Comparison | None) -> "ComparisonOut | None":
        """Show a comparison, if there is a claim."""
        if comparison is None:
            return None
        lines = [ComparedLineOut.of(line) for line in comparison.lines]
        return cls(lines=lines, accepted=not comparison.beyond)


class FeeTierOut(Answer):
    """A tier of the court fee: its percentage on the part of the amount above `over`."""

    over: AmountText
    percent: PercentText
    base: AmountText
    fee: AmountText

    @classmethod
    def of(cls, line: FeeLine) -> "FeeTierOut":
        """Show a tier."""
        return cls(
            over=str(line.tier.over),
            percent=percent_text(line.tier.percent),
            base=str(line.base),
            fee=str(line.fee),
        )


class FeeOut(Answer):
    """The court fee (案件受理费) that a suit would cost; this mediation costs nothing."""

    amount: AmountText = Field(description="The amount in dispute · 标的额")
    base: AmountText = Field(description="What every case pays · 每件基础费用")
    tiers: list[FeeTierOut]
    full: AmountText
    halved: AmountText = Field(description="Mediation, withdrawal or summary procedure · 减半")
    procedure: Procedure = Field(description="Under which the court would try it · 可能适用的程序")
    saved: AmountText = Field(description="The fee under that procedure · 通过调解节省的诉讼费用")

    @classmethod
    def of(cls, found: Explanation) -> "FeeOut":
        """Show the fee and what is saved."""
        fee = found.fee
        return cls(
            amount=str(fee.amount),
            base=str(fee.base),
            tiers=[FeeTierOut.of(line) for line in fee.lines],
            full=str(fee.full),
            halved=str(fee.halved),
            procedure=found.otherwise,
            saved=str(found.saved),
        )


class LimitationStepOut(Answer):
    """An interruption and what it did."""

    kind: InterruptionKind
    on: DayText
    ended_on: DayText | None
    evidence: str
    effect: Effect
    last_day: DayText | None = Field(description="After it; null: nothing runs · 重新起算后的届满日")

    @classmethod
    def of(cls, step: LimitationStep) -> "LimitationStepOut":
        """Show a step."""
        each = step.interruption
        return cls(
            kind=each.kind,
            on=each.on.isoformat(),
            ended_on=day_text(each.ended_on),
            evidence=each.evidence,
            effect=step.effect,
            last_day=day_text(step.last_day),
        )


class LimitationOut(Answer):
    """Limitation (诉讼时效): until when one may sue, and how it came to that."""

    due_on: DayText
    runs_from: DayText | None
    last_day: DayText | None = Field(description="null while a procedure goes on · 程序进行中为 null")
    provisional: bool = Field(description="The calendar of that year is not out yet · 该年放假安排尚未公布")
    steps: list[LimitationStepOut]

    @classmethod
    def of(cls, found: Limitation) -> "LimitationOut":
        """Show the period as it stands."""
        return cls(
            due_on=found.due_on.isoformat(),
            runs_from=day_text(found.runs_from),
            last_day=day_text(found.last_day),
            provisional=found.provisional,
            steps=[LimitationStepOut.of(step) for step in found.steps],
        )
