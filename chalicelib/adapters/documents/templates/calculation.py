"""计算说明 (calculation statement): how each amount of a claim came about.

Promise: each line shows days, base, rate, result and rule, and the sums are those of the claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.outline import (
    Column,
    Field,
    Form,
    Grid,
    Heading,
    Outline,
    Paragraph,
    Title,
)
from chalicelib.adapters.documents.wording import DAY_COUNTS, day, figures, in_full, labelled, percent
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.rates import Per
from chalicelib.domain.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chalicelib.adapters.documents.outline import Block
    from chalicelib.adapters.documents.views.calculation import Calculation
    from chalicelib.domain.loan.components import Amounts
    from chalicelib.domain.loan.legal import LegalBasis
    from chalicelib.domain.loan.rates import Rate
    from chalicelib.domain.loan.statement import Statement
    from chalicelib.domain.money import Money

_NAMES: Final[dict[Component, str]] = {
    Component.COSTS: "实现债权的费用",
    Component.FEES: "手续费",
    Component.COMPOUND_INTEREST: "复利",
    Component.PENALTY_INTEREST: "罚息",
    Component.BREACH_FEE: "违约金",
    Component.INTEREST: "期内利息",
    Component.PRINCIPAL: "本金",
}
_CARD_NAMES: Final[Mapping[Component, str]] = _NAMES | {
    Component.INTEREST: "利息",
    Component.PRINCIPAL: "透支本金",
}
_PER: Final[Mapping[Per, str]] = {Per.YEAR: "年利率", Per.DAY: "日利率"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What this kind of debt calls its parties, its parts and its sections."""

    contract: str
    creditor: str
    debtor: str
    drawn: str
    accrued: str
    charged: str
    names: Mapping[Component, str]
    components: tuple[Component, ...]


_OF_A_LOAN: Final = _Words(
    contract="合同编号",
    creditor="贷款人",
    debtor="借款人",
    drawn="本金的发放",
    accrued="利息、罚息、复利的分段计算",
    charged="费用和违约金",
    names=_NAMES,
    components=tuple(reversed(Component)),
)
_OF_A_CARD: Final = _Words(
    contract="领用合约编号",
    creditor="发卡行",
    debtor="持卡人",
    drawn="透支交易",
    accrued="利息、复利的分段计算",
    charged="违约金、手续费和其他费用",
    names=_CARD_NAMES,
    # A card's charge for lateness is its breach fee.
    components=tuple(each for each in reversed(Component) if each is not Component.PENALTY_INTEREST),
)


def calculation_1(view: Calculation) -> Outline:
    """Lay out a calculation statement."""
    statement, words = view.statement, _OF_A_CARD if view.card else _OF_A_LOAN
    blocks: list[Block] = [
        Title(text="计算说明", below=f"截至{day(statement.as_of)}"),
        Form(rows=tuple(_particulars(view, words))),
        Heading(text="欠款合计"),
        _summary(statement, words),
        Paragraph(text=f"已到期欠款合计{in_full(statement.owed.total)}。"),
        Heading(text=words.drawn),
        _drawdowns(statement),
        Heading(text=words.accrued),
        Paragraph(text="起算日计入，截止日不计入（算头不算尾）；每段四舍五入至分一次。"),
        _segments(statement, words),
        *_charges(statement, words),
        *_payments(statement, words),
        Heading(text="计算依据"),
        *_bases(statement),
    ]
    return Outline(
        title="计算说明", made_on=view.made_on, foot=f"计算说明　{view.number}", blocks=tuple(blocks)
    )


def _particulars(view: Calculation, words: _Words) -> Iterator[Field]:
    statement = view.statement
    yield Field(label="编号", value=view.number)
    yield Field(label=words.contract, value=view.contract_number)
    yield Field(label=words.creditor, value=view.lender)
    yield Field(label=words.debtor, value=view.borrower)
    yield Field(label="计息基础", value=DAY_COUNTS[statement.day_count])
    if statement.overdue_since:
        overdue = f"自{day(statement.overdue_since)}起，共{statement.overdue_days}日"
        yield Field(label="逾期", value=overdue)


def _summary(statement: Statement, words: _Words) -> Grid:
    def row(name: str, component: Component) -> tuple[str, ...]:
        sums = (statement.charged, statement.paid, statement.owed, statement.not_yet_due)
        return (name, *(figures(amounts[component]) for amounts in sums))

    totals = (statement.charged, statement.paid, statement.owed, statement.not_yet_due)
    return Grid(
        columns=(
            Column(title="项目", share=4),
            Column(title="发生额（元）", share=4, align="right"),
            Column(title="已还（元）", share=4, align="right"),
            Column(title="已到期未还（元）", share=4, align="right"),
            Column(title="未到期（元）", share=4, align="right"),
        ),
        rows=tuple(row(words.names[component], component) for component in words.components),
        closing=("合计", *(figures(amounts.total) for amounts in totals)),
    )


def _drawdowns(statement: Statement) -> Grid:
    return Grid(
        columns=(
            Column(title="日期", share=4, align="center"),
            Column(title="金额（元）", share=4, align="right"),
        ),
        rows=tuple((day(part.on), figures(part.amount)) for part in statement.drawdowns),
    )


def _segments(statement: Statement, words: _Words) -> Grid:
    rows = tuple(
        (
            words.names[part.line.component],
            f"{part.start:%Y-%m-%d}\n至{part.end:%Y-%m-%d}",
            str(part.days),
            f"{words.names[part.line.source]}\n{figures(part.line.base)}",
            _rate(part.line.rate),
            figures(part.amount),
        )
        for part in statement.segments
    )
    return Grid(
        columns=(
            Column(title="项目", share=3),
            Column(title="期间", share=4, align="center"),
            Column(title="天数", share=2, align="right"),
            Column(title="基数（元）", share=4, align="right"),
            Column(title="利率", share=5),
            Column(title="结果（元）", share=4, align="right"),
        ),
        rows=rows,
        closing=("合计", "", "", "", "", figures(sum((part.amount for part in statement.segments), ZERO))),
    )


def _rate(rate: Rate) -> str:
    quote = f"LPR {percent(rate.quote.percent)}" if rate.quote else None
    spread = f"{rate.spread_bp:+d}个基点" if rate.quote and rate.spread_bp else None
    markup = f"加收{percent(rate.markup_percent)}" if rate.markup_percent else None
    origin = "，".join(filter(None, (quote, spread, markup)))
    return f"{_PER[rate.per]}{percent(rate.percent)}" + (f"\n（{origin}）" if origin else "")


def _charges(statement: Statement, words: _Words) -> tuple[Block, ...]:
    if not statement.charges:
        return ()
    columns = (
        Column(title="日期", share=3, align="center"),
        Column(title="项目", share=3),
        Column(title="凭证", share=5),
        Column(title="金额（元）", share=3, align="right"),
    )
    rows = tuple(
        (day(part.on), words.names[part.component], part.reference, figures(part.amount))
        for part in statement.charges
    )
    return (Heading(text=words.charged), Grid(columns=columns, rows=rows))


def _payments(statement: Statement, words: _Words) -> tuple[Block, ...]:
    if not statement.payments:
        return (Heading(text="还款及抵充"), Paragraph(text="没有还款。"))
    columns = (
        Column(title="日期", share=3, align="center"),
        Column(title="凭证", share=4),
        Column(title="金额（元）", share=3, align="right"),
        Column(title="抵充", share=6),
    )
    rows = tuple(
        (
            day(part.payment.on),
            part.payment.reference,
            figures(part.payment.amount),
            _used(part.applied + part.prepaid, part.overpaid, words),
        )
        for part in statement.payments
    )
    return (Heading(text="还款及抵充"), Grid(columns=columns, rows=rows))


def _used(amounts: Amounts, overpaid: Money, words: _Words) -> str:
    used = [
        (words.names[component], figures(amounts[component]))
        for component in Component
        if amounts[component] > ZERO
    ]
    return labelled(*used, ("多付", figures(overpaid) if overpaid > ZERO else None))


def _bases(statement: Statement) -> Iterator[Paragraph]:
    rules: Iterable[LegalBasis] = (
        *(part.rule for part in statement.drawdowns),
        *(part.line.rule for part in statement.segments),
        *(part.rule for part in statement.charges),
        *(part.rule for part in statement.payments),
    )
    for number, rule in enumerate(dict.fromkeys(rules), start=1):
        yield Paragraph(text=f"{number}.{rule.summary_zh}（{rule.article}）。")
