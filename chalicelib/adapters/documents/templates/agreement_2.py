"""调解协议书, versions 2 and 3: debt and waiver by component, the plan's own interest, payment on the spot.

Promise: the debt, less the waiver, plus the plan's interest, equals the sum of the plan's lines, and the
page shows each step (an agreement whose content is not clear is not confirmed, 民诉法解释 358).
Version 3 names who owes the debt and what guarantors and others answer for; version 2 has no words for it.
Downside: if nothing is left to be performed there is no default clause, so no clause has a fixed number.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from chalicelib.adapters.documents.errors import UnknownTemplate
from chalicelib.adapters.documents.outline import Column, Form, Grid, Heading, Outline, Paragraph, Title
from chalicelib.adapters.documents.templates import shared
from chalicelib.adapters.documents.templates.agreement import (
    EFFECT,
    SERVICE,
    capitals,
    confirmation_clause,
    copies,
    paid_to,
    paragraphs,
    plan_grid,
)
from chalicelib.adapters.documents.views.mediation import RESPONDENTS
from chalicelib.adapters.documents.wording import day, figures, in_full, yuan
from chalicelib.domain.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.adapters.documents.outline import Block
    from chalicelib.adapters.documents.views.mediation import MediationAgreement
    from chalicelib.domain.money import Money

_NUMERALS = "一二三四五六七八九十"


def agreement_2(view: MediationAgreement) -> Outline:
    """Lay out a mediation agreement; raises UnknownTemplate too if somebody answers for another's debt."""
    if view.liabilities or view.debtors != RESPONDENTS:
        raise UnknownTemplate("mediation_agreement/2 knows no guarantor, security or heir")
    return agreement_3(view)


def agreement_3(view: MediationAgreement) -> Outline:
    """Lay out a mediation agreement. Raises UnknownTemplate if a payment is open and no account is given."""
    blocks: list[Block] = [
        Title(text="调解协议书", below=f"编号：{view.number}"),
        Form(
            rows=(
                *shared.introduced("申请人", view.applicants),
                *shared.introduced("被申请人", view.respondents),
            )
        ),
        Paragraph(text=_opening(view)),
    ]
    for numeral, (heading, part) in zip(_NUMERALS, _parts(view), strict=False):
        blocks += [Heading(text=f"{numeral}、{heading}"), *part]
    return Outline(
        title="调解协议书",
        made_on=view.made_on,
        foot=f"调解协议书　{view.number}",
        blocks=(*blocks, shared.signatures(view.signatories)),
    )


def _opening(view: MediationAgreement) -> str:
    return (
        f"上列当事人因{view.cause}，自愿接受{view.organisation}调解。"
        f"经调解员{'、'.join(view.mediators)}主持调解，各方当事人自愿达成如下协议："
    )


def _parts(view: MediationAgreement) -> Iterator[tuple[str, list[Block]]]:
    facts = [*paragraphs(shared.numbered(view.facts)), Paragraph(text=f"争议事项：{view.dispute}")]
    yield "主要事实和争议事项", [*facts]
    yield "调解结果", [*paragraphs(shared.numbered(_results(view)))]
    yield "履行方式和期限", _performance(view)
    if not view.receipt:
        yield "逾期履行的责任", [*paragraphs(shared.numbered(_default(view)))]
    yield "送达地址", [Paragraph(text=SERVICE)]
    yield "司法确认", [Paragraph(text=confirmation_clause(confirmed=view.confirmation))]
    others = [*view.other_terms, EFFECT, copies(view.copies)]
    yield "其他", [*paragraphs(shared.numbered(others))]


def _results(view: MediationAgreement) -> Iterator[str]:
    claim, waiver, names = view.claim, view.waiver, view.debt
    owed = _listed(
        (
            (names.principal, claim.principal),
            (names.interest, claim.interest),
            (names.penalty, claim.penalty_interest),
            ("复利", claim.compound_interest),
            (names.costs, claim.fees),
        )
    )
    total, owing = in_full(claim.total), view.owed_by or view.debtors
    yield f"各方确认，截至{day(claim.as_of)}，{owing}尚欠申请人{owed}，以上合计{total}。"
    if waiver.total > ZERO:
        waived = _listed(
            (
                (names.principal, waiver.principal),
                (names.interest, waiver.interest),
                (names.penalty, waiver.penalty_interest),
                ("复利", waiver.compound_interest),
                (names.costs, waiver.fees),
                ("其他", waiver.other),
            )
        )
        left = claim.total - waiver.total
        yield (f"申请人同意减免{waived}，共计减免{in_full(waiver.total)}，减免后的余额为{in_full(left)}。")
    if view.interest > ZERO:
        rate = f"按年利率{view.plan_rate}计收" if view.plan_rate else "计收"
        yield f"分期付款期间，对尚未清偿的余额{rate}分期利息，共计{in_full(view.interest)}。"
    if view.receipt:
        yield f"{view.debtors}应当向申请人支付的款项共计{in_full(view.payable)}，已经当场付清。"
    else:
        yield f"{view.debtors}应当向申请人支付的款项共计{in_full(view.payable)}。"
    yield from view.liabilities


def _listed(parts: Iterable[tuple[str, Money]]) -> str:
    return "、".join(f"{name}{yuan(amount)}" for name, amount in parts if amount > ZERO)


def _performance(view: MediationAgreement) -> list[Block]:
    first = view.plan[0]
    if view.receipt:
        paid = (
            f"{view.debtors}已于{day(first.due_on)}当场支付{in_full(first.amount)}，申请人确认收讫，"
            f"收款凭证号：{view.receipt}。"
        )
        settled = "双方就上述债务已经全部结清，申请人不得再就上述债务向被申请人主张权利。"
        return [*paragraphs(shared.numbered((paid, settled)))]
    if len(view.plan) == 1:
        once = f"{view.debtors}应于{day(first.due_on)}前（含当日）一次性支付{in_full(first.amount)}。"
        return [*paragraphs(shared.numbered((once, paid_to(view))))]
    opening = (
        f"1.{view.debtors}自{day(first.due_on)}起至{day(view.plan[-1].due_on)}止，分{len(view.plan)}期支付，"
        "每期应于下表所列日期前（含当日）付清："
    )
    grid = _grid_with_interest(view) if view.interest > ZERO else plan_grid(view)
    return [Paragraph(text=opening), grid, Paragraph(text=f"2.{paid_to(view)}")]


def _grid_with_interest(view: MediationAgreement) -> Grid:
    """Lay out each payment: what it repays, its interest, and what remains of the debt after it."""
    repaid = [part.amount - part.interest for part in view.plan]
    owed = view.payable - view.interest
    remaining = [owed - paid for paid in accumulate(repaid)]
    # An amount has as much room as the greatest needs, in the heavier type of the sums, and does not break.
    widest, of_interest = (len(figures(amount)) - 1 for amount in (view.payable, view.interest))
    return Grid(
        columns=(
            Column(title="期次", share=6, align="center"),
            Column(title="付款日期", share=15, align="center"),
            Column(title="偿还欠款（元）", share=widest, align="right"),
            Column(title="利息（元）", share=of_interest, align="right"),
            Column(title="应付（元）", share=widest, align="right"),
            Column(title="余额（元）", share=widest, align="right"),
            Column(title="应付金额大写", share=16),
        ),
        rows=tuple(
            (
                str(part.number),
                day(part.due_on),
                figures(repays),
                figures(part.interest),
                figures(part.amount),
                figures(left),
                capitals(in_full(part.amount)),
            )
            for part, repays, left in zip(view.plan, repaid, remaining, strict=True)
        ),
        closing=(
            "合计",
            f"共{len(view.plan)}期",
            figures(owed),
            figures(view.interest),
            figures(view.payable),
            figures(remaining[-1]),
            capitals(in_full(view.payable)),
        ),
    )


def _default(view: MediationAgreement) -> Iterator[str]:
    last = "末日为法定休假日的，顺延至其后第一个工作日"  # 民法典 203
    grace = f"付款日届满后{view.grace_days}日内（{last}）付清的，不视为逾期。" if view.grace_days else ""
    yield f"{view.default_clause}{grace}"
    if view.waiver.total == ZERO:
        return
    if view.waiver.revived_on_default:
        yield (
            f"{view.debtors}逾期的，本协议第二条中的减免自逾期之日起失效，{view.debtors}应当补足已减免的"
            f"{in_full(view.waiver.total)}。"
        )
    else:
        yield f"{view.debtors}逾期的，不影响申请人在本协议第二条中已作出的减免。"
