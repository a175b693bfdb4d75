"""A statement in JSON (计算明细): the result of `explain`, every amount with the figures behind it.

Promise: nothing is computed here; amounts are strings of yuan, percentages of percent, and each rule comes
with its article and both languages. Downside: a long history makes a long answer; it is not paged.
"""

from pydantic import Field

from chalicelib.api.schemas.base import AmountText, Answer, CapitalsText, DayText, PercentText, within
from chalicelib.api.schemas.verdicts import ComparisonOut, FeeOut, LimitationOut, comparison_out, fee_out
from chalicelib.domain.explanation import Explanation
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.lpr import Tenor
from chalicelib.domain.loan.rates import Per


class RuleOut(Answer):
    """Why an amount is owed."""

    name: str = Field(examples=["overdue_penalty"])
    article: str
    summary: str
    summary_zh: str


class QuoteOut(Answer):
    """The quote of the LPR that a rate rests on."""

    published: DayText
    tenor: Tenor
    percent: PercentText


class RateOut(Answer):
    """A rate as applied; `markup_percent` is by how much of itself a penalty raised it."""

    percent: PercentText
    per: Per
    lpr: QuoteOut | None = within("quote")
    spread_bp: int
    markup_percent: PercentText


class DrawdownOut(Answer):
    """Principal that came into being on a day."""

    on: DayText
    amount: AmountText
    rule: RuleOut


class SegmentOut(Answer):
    """What accrued from `start` to the day before `end`: base x rate x days, rounded once."""

    component: Component = within("line", "component")
    source: Component = within("line", "source", description="What the base is unpaid of · 计息基数所属项目")
    due: DayText | None = within(
        "line", "due", description="Since when that was due, if it is one item · 基数到期日"
    )
    start: DayText
    end: DayText
    days: int
    base: AmountText = within("line", "base")
    rate: RateOut = within("line", "rate")
    rule: RuleOut = within("line", "rule")
    amount: AmountText


class ChargeOut(Answer):
    """An amount that no rate over days produced: costs, fees, a breach fee."""

    on: DayText
    component: Component
    amount: AmountText
    reference: str
    rule: RuleOut
    base: AmountText | None
    percent: PercentText | None


class AmountsOut(Answer):
    """An amount for each component, and their sum."""

    costs: AmountText = Field(description="实现债权的费用")
    fees: AmountText = Field(description="手续费")
    compound_interest: AmountText = Field(description="复利")
    penalty_interest: AmountText = Field(description="罚息")
    breach_fee: AmountText = Field(description="违约金")
    interest: AmountText = Field(description="期内利息")
    principal: AmountText = Field(description="本金")
    total: AmountText = Field(description="合计")


class BurdenOut(Answer):
    """Everything charged, beside a yearly rate in total that a court applies if the borrower asks for it."""

    annual_percent: PercentText = within("cap", "annual_percent", description="年利率上限")
    limit: AmountText = Field(description="At that rate on the same principal and days · 按上限计算")
    charged: AmountText = Field(description="Interest, penalties, fees in total · 息费合计")
    excess: AmountText = Field(description="0.00 within the limit · 超出部分")
    cut: AmountsOut = Field(description="What a court would cut of what is owed · 可予调减的部分")
    owed: AmountsOut = Field(description="What would be left · 调减后")
    rule: RuleOut = within("cap", "rule")


class LaterPaymentOut(Answer):
    """A payment after the cut-off day, which is not counted."""

    on: DayText
    amount: AmountText
    reference: str


class PaymentOut(LaterPaymentOut):
    """A payment and what it was applied to: to what was due, in advance, and what was more than owed."""

    on: DayText = within("payment", "on")
    amount: AmountText = within("payment", "amount")
    reference: str = within("payment", "reference")
    rule: RuleOut
    applied: AmountsOut
    prepaid: AmountsOut
    overpaid: AmountText


class StatementOut(Answer):
    """A debt on a day: for each component, charged less paid is owed, due or not due yet."""

    as_of: DayText = Field(description="The cut-off day, which bears no interest · 截至日，当日不计息")
    day_count: DayCount
    drawdowns: list[DrawdownOut]
    segments: list[SegmentOut]
    charges: list[ChargeOut]
    payments: list[PaymentOut]
    charged: AmountsOut
    paid: AmountsOut
    overpaid: AmountText
    owed: AmountsOut
    total: AmountText = within("owed", "total", description="What is due · 到期应付合计")
    total_in_capitals: CapitalsText = within(
        "owed", "total", description="大写", examples=["壹拾壹万叁仟伍佰捌拾捌元壹角陆分"]
    )
    not_yet_due: AmountsOut
    overdue_since: DayText | None = Field(
        description="The day after the oldest last day to pay that passed unpaid · 逾期起始日（到期日的次日）"
    )
    overdue_days: int = Field(description="The cut-off day less that last day · 截至日减到期日")
    later_charges: list[ChargeOut]
    later_payments: list[LaterPaymentOut]
    comparison: ComparisonOut | None
    court_fee: FeeOut
    limitation: LimitationOut
    burden: BurdenOut


def statement_out(found: Explanation) -> StatementOut:
    """Show the whole explanation."""
    return StatementOut.of(
        found.statement,
        comparison=comparison_out(found.comparison),
        court_fee=fee_out(found),
        limitation=found.limitation,
        burden=found.burden,
    )
