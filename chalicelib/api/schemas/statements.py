"""A statement in JSON (计算明细): what `explain` found, every amount with what it was made from.

Promise: nothing is computed here; amounts are strings of yuan, percentages of percent, and each rule comes
with its article and both languages. Downside: a long history makes a long answer; it is not paged.
"""

from pydantic import Field

from chalicelib.api.schemas.base import AmountText, Answer, DayText
from chalicelib.api.schemas.texts import PercentText, day_text, percent_text
from chalicelib.api.schemas.verdicts import ComparisonOut, FeeOut, LimitationOut
from chalicelib.domain.explanation import Explanation
from chalicelib.domain.loan.capitals import in_capitals
from chalicelib.domain.loan.charges import Charge
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.legal import LegalBasis
from chalicelib.domain.loan.lpr import LprQuote, Tenor
from chalicelib.domain.loan.payments import AppliedPayment, Payment
from chalicelib.domain.loan.rates import Per, Rate
from chalicelib.domain.loan.statement import Drawdown, Segment


class RuleOut(Answer):
    """Why an amount is owed."""

    name: str = Field(examples=["overdue_penalty"])
    article: str
    summary: str
    summary_zh: str

    @classmethod
    def of(cls, rule: LegalBasis) -> "RuleOut":
        """Show a rule."""
        return cls(name=rule.name, article=rule.article, summary=rule.summary, summary_zh=rule.summary_zh)


class QuoteOut(Answer):
    """The quote of the LPR that a rate rests on."""

    published: DayText
    tenor: Tenor
    percent: PercentText

    @classmethod
    def of(cls, quote: LprQuote | None) -> "QuoteOut | None":
        """Show a quote, if there is one."""
        if quote is None:
            return None
        return cls(
            published=quote.published.isoformat(), tenor=quote.tenor, percent=percent_text(quote.percent)
        )


class RateOut(Answer):
    """A rate as applied; `markup_percent` is by how much of itself a penalty raised it."""

    percent: PercentText
    per: Per
    lpr: QuoteOut | None
    spread_bp: int
    markup_percent: PercentText

    @classmethod
    def of(cls, rate: Rate) -> "RateOut":
        """Show a rate."""
        return cls(
            percent=percent_text(rate.percent),
            per=rate.per,
            lpr=QuoteOut.of(rate.quote),
            spread_bp=rate.spread_bp,
            markup_percent=percent_text(rate.markup_percent),
        )


class DrawdownOut(Answer):
    """Principal that came into being on a day."""

    on: DayText
    amount: AmountText
    rule: RuleOut

    @classmethod
    def of(cls, drawn: Drawdown) -> "DrawdownOut":
        """Show principal."""
        return cls(on=drawn.on.isoformat(), amount=str(drawn.amount), rule=RuleOut.of(drawn.rule))


class SegmentOut(Answer):
    """What accrued from `start` to the day before `end`: base x rate x days, rounded once."""

    component: Component
    source: Component = Field(description="What the base is unpaid of · 计息基数所属项目")
    due: DayText | None = Field(description="Since when that was due, if it is one item · 基数到期日")
    start: DayText
    end: DayText
    days: int
    base: AmountText
    rate: RateOut
    rule: RuleOut
    amount: AmountText

    @classmethod
    def of(cls, part: Segment) -> "SegmentOut":
        """Show a segment."""
        line = part.line
        return cls(
            component=line.component,
            source=line.source,
            due=day_text(line.due),
            start=part.start.isoformat(),
            end=part.end.isoformat(),
            days=part.days,
            base=str(line.base),
            rate=RateOut.of(line.rate),
            rule=RuleOut.of(line.rule),
            amount=str(part.amount),
        )


class ChargeOut(Answer):
    """An amount that no rate over days produced: costs, fees, a breach fee."""

    on: DayText
    component: Component
    amount: AmountText
    reference: str
    rule: RuleOut
    base: AmountText | None
    percent: PercentText | None

    @classmethod
    def of(cls, charge: Charge) -> "ChargeOut":
        """Show a charge."""
        return cls(
            on=charge.on.isoformat(),
            component=charge.component,
            amount=str(charge.amount),
            reference=charge.reference,
            rule=RuleOut.of(charge.rule),
            base=None if charge.base is None else str(charge.base),
            percent=None if charge.percent is None else percent_text(charge.percent),
        )


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

    @classmethod
    def of(cls, amounts: Amounts) -> "AmountsOut":
        """Show amounts."""
        parts = {str(component): str(amounts[component]) for component in Component}
        return cls(**parts, total=str(amounts.total))


class LaterPaymentOut(Answer):
    """A payment after the cut-off day, which is not counted."""

    on: DayText
    amount: AmountText
    reference: str

    @classmethod
    def of(cls, paid: Payment) -> "LaterPaymentOut":
        """Show a payment."""
        return cls(on=paid.on.isoformat(), amount=str(paid.amount), reference=paid.reference)


class PaymentOut(LaterPaymentOut):
    """A payment and what it was applied to: to what was due, in advance, and what was more than owed."""

    rule: RuleOut
    applied: AmountsOut
    prepaid: AmountsOut
    overpaid: AmountText

    @classmethod
    def applied_as(cls, paid: AppliedPayment) -> "PaymentOut":
        """Show a payment and its use."""
        return cls(
            on=paid.payment.on.isoformat(),
            amount=str(paid.payment.amount),
            reference=paid.payment.reference,
            rule=RuleOut.of(paid.rule),
            applied=AmountsOut.of(paid.applied),
            prepaid=AmountsOut.of(paid.prepaid),
            overpaid=str(paid.overpaid),
        )


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
    total: AmountText = Field(description="What is due · 到期应付合计")
    total_in_capitals: str = Field(description="大写", examples=["壹拾壹万叁仟伍佰捌拾捌元壹角陆分"])
    not_yet_due: AmountsOut
    overdue_since: DayText | None
    overdue_days: int
    later_charges: list[ChargeOut]
    later_payments: list[LaterPaymentOut]
    comparison: ComparisonOut | None
    court_fee: FeeOut
    limitation: LimitationOut

    @classmethod
    def of(cls, found: Explanation) -> "StatementOut":
        """Show everything that was found."""
        statement = found.statement
        return cls(
            as_of=statement.as_of.isoformat(),
            day_count=statement.day_count,
            drawdowns=[DrawdownOut.of(drawn) for drawn in statement.drawdowns],
            segments=[SegmentOut.of(part) for part in statement.segments],
            charges=[ChargeOut.of(charge) for charge in statement.charges],
            payments=[PaymentOut.applied_as(paid) for paid in statement.payments],
            charged=AmountsOut.of(statement.charged),
            paid=AmountsOut.of(statement.paid),
            overpaid=str(statement.overpaid),
            owed=AmountsOut.of(statement.owed),
            total=str(statement.owed.total),
            total_in_capitals=in_capitals(statement.owed.total),
            not_yet_due=AmountsOut.of(statement.not_yet_due),
            overdue_since=day_text(statement.overdue_since),
            overdue_days=statement.overdue_days,
            later_charges=[ChargeOut.of(charge) for charge in statement.later_charges],
            later_payments=[LaterPaymentOut.of(paid) for paid in statement.later_payments],
            comparison=ComparisonOut.of(found.comparison),
            court_fee=FeeOut.of(found),
            limitation=LimitationOut.of(found.limitation),
        )
