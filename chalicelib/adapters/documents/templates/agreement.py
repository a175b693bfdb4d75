"""调解协议书 (mediation agreement) and 司法确认申请书 (application for judicial confirmation).

Promise: amounts, days, account and default clause are definite, because an agreement whose content is not
clear is not confirmed (人民法院办理司法确认案件: 内容不明确). Sources: 人民调解法 29, 法释〔2016〕14号 24,
民事诉讼法 (2023) 205-206.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.errors import UnknownTemplate
from chalicelib.adapters.documents.outline import Column, Form, Grid, Heading, Outline, Paragraph, Title
from chalicelib.adapters.documents.templates import shared
from chalicelib.adapters.documents.views.mediation import LOAN_NAMES, RESPONDENTS
from chalicelib.adapters.documents.wording import day, figures, in_full, yuan
from chalicelib.domain.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.adapters.documents.outline import Block
    from chalicelib.adapters.documents.views.court import ConfirmationApplication
    from chalicelib.adapters.documents.views.mediation import MediationAgreement


def agreement_1(view: MediationAgreement) -> Outline:
    """Lay out a mediation agreement; raises UnknownTemplate for terms that version 1 can't express."""
    if _beyond_version_1(view):
        raise UnknownTemplate("mediation_agreement/1 knows no plan interest, no receipt, no other waiver")
    parties = (
        *shared.introduced("申请人", view.applicants),
        *shared.introduced("被申请人", view.respondents),
    )
    blocks: list[Block] = [
        Title(text="调解协议书", below=f"编号：{view.number}"),
        Form(rows=parties),
        Paragraph(text=_opening(view)),
        Heading(text="一、主要事实和争议事项"),
        *paragraphs(shared.numbered(view.facts)),
        Paragraph(text=f"争议事项：{view.dispute}"),
        Heading(text="二、调解结果"),
        *paragraphs(shared.numbered(_results(view))),
        Heading(text="三、履行方式和期限"),
        *_performance(view),
        Heading(text="四、逾期履行的责任"),
        *paragraphs(shared.numbered(_default(view))),
        Heading(text="五、送达地址"),
        Paragraph(text=SERVICE),
        Heading(text="六、司法确认"),
        Paragraph(text=confirmation_clause(confirmed=view.confirmation)),
        Heading(text="七、其他"),
        *paragraphs(shared.numbered([*view.other_terms, EFFECT, copies(view.copies)])),
        shared.signatures(view.signatories),
    ]
    return Outline(
        title="调解协议书", made_on=view.made_on, foot=f"调解协议书　{view.number}", blocks=tuple(blocks)
    )


SERVICE: Final = (
    "上列送达地址为各方当事人确认的送达地址，适用于本协议的履行、司法确认、诉讼以及执行的各个阶段。"
    "送达地址变更的，应当及时书面告知；因提供的地址不准确、变更后未告知或者拒收而未能实际接收的，"
    "以文书退回之日或者依法视为送达之日为送达之日。"
)
EFFECT: Final = (
    "本协议系各方当事人自愿达成，不违反法律、行政法规的强制性规定，不损害国家利益、社会公共利益和他人合法权益；"
    "自各方当事人签名或者盖章之日起生效，在线签署的自各方均完成签署之时起生效。"
)


def _beyond_version_1(view: MediationAgreement) -> bool:
    waiver = view.waiver
    waived_beyond = waiver.principal + waiver.interest + waiver.fees
    liable = bool(view.liabilities) or view.debtors != RESPONDENTS
    return liable or bool(view.receipt) or view.debt != LOAN_NAMES or view.interest + waived_beyond > ZERO


def _opening(view: MediationAgreement) -> str:
    return (
        f"上列当事人因借款纠纷，自愿接受{view.organisation}调解。经调解员{'、'.join(view.mediators)}主持调解，"
        "各方当事人自愿达成如下协议："
    )


def _results(view: MediationAgreement) -> list[str]:
    claim, waiver = view.claim, view.waiver
    owed = (
        f"各方确认，截至{day(claim.as_of)}，被申请人尚欠申请人借款本金{in_full(claim.principal)}，"
        f"期内利息{yuan(claim.interest)}，罚息{yuan(claim.penalty_interest)}，复利{yuan(claim.compound_interest)}，"
        f"实现债权的费用{yuan(claim.fees)}，以上合计{in_full(claim.total)}。"
    )
    results = [owed]
    if waiver.total > ZERO:
        other = f"，其他{yuan(waiver.other)}" if waiver.other > ZERO else ""
        results.append(
            f"申请人同意减免罚息{yuan(waiver.penalty_interest)}，复利{yuan(waiver.compound_interest)}{other}，"
            f"共计减免{in_full(waiver.total)}。"
        )
    results.append(f"被申请人应当向申请人支付{in_full(view.payable)}。")
    return results


def _performance(view: MediationAgreement) -> list[Block]:
    first, last = view.plan[0], view.plan[-1]
    pay_to = paid_to(view)
    if len(view.plan) == 1:
        return [
            Paragraph(text=f"1.被申请人于{day(first.due_on)}前（含当日）一次性支付{in_full(first.amount)}。"),
            Paragraph(text=f"2.{pay_to}"),
        ]
    return [
        Paragraph(
            text=f"1.被申请人自{day(first.due_on)}起至{day(last.due_on)}止，分{len(view.plan)}期支付，"
            "每期应于下表所列日期前（含当日）付清："
        ),
        plan_grid(view),
        Paragraph(text=f"2.{pay_to}"),
    ]


def plan_grid(view: MediationAgreement) -> Grid:
    """Lay out the payments of a plan that bears no interest, and what remains to be paid after each."""
    remaining = [view.payable - paid for paid in accumulate(part.amount for part in view.plan)]
    return Grid(
        columns=(
            Column(title="期次", share=4, align="center"),
            Column(title="付款日期", share=12, align="center"),
            Column(title="金额（元）", share=9, align="right"),
            Column(title="余额（元）", share=9, align="right"),
            Column(title="金额大写", share=20),
        ),
        rows=tuple(
            (
                str(part.number),
                day(part.due_on),
                figures(part.amount),
                figures(left),
                capitals(in_full(part.amount)),
            )
            for part, left in zip(view.plan, remaining, strict=True)
        ),
        closing=(
            "合计",
            f"共{len(view.plan)}期",
            figures(view.payable),
            figures(remaining[-1]),
            capitals(in_full(view.payable)),
        ),
    )


def paid_to(view: MediationAgreement) -> str:
    """Name the account to pay to. Raises UnknownTemplate if there is none."""
    if view.account is None:
        raise UnknownTemplate("what is still to be paid needs an account")
    account = view.account
    return f"收款账户：户名{account.holder}，账号{account.number}，开户行{account.bank}。"


def capitals(full: str) -> str:
    """Return the capitals of an amount that was written in full."""
    return full.partition("大写：")[2].removesuffix("）")


def _default(view: MediationAgreement) -> list[str]:
    grace = f"付款日届满后{view.grace_days}日内付清的，不视为逾期。" if view.grace_days else ""
    clauses = [f"{view.default_clause}{grace}"]
    if view.waiver.total > ZERO:
        clauses.append(
            "被申请人未按本协议履行的，申请人在第二条中的减免自逾期之日起失效，被申请人应当补足已减免的"
            f"{in_full(view.waiver.total)}。"
            if view.waiver.revived_on_default
            else "被申请人未按本协议履行的，不影响申请人在第二条中已作出的减免。"
        )
    return clauses


def confirmation_clause(*, confirmed: bool) -> str:
    """Say whether confirmation is applied for, and what follows (民事诉讼法 205-206)."""
    if confirmed:
        return (
            "各方当事人同意申请司法确认，并自本协议生效之日起三十日内共同向有管辖权的人民法院提出申请。"
            "经人民法院裁定有效后，一方当事人拒绝履行或者未全部履行的，对方当事人可以向人民法院申请执行。"
        )
    return "各方当事人不申请司法确认。一方当事人不履行本协议的，对方当事人可以依法向人民法院提起诉讼。"


def copies(count: int) -> str:
    """Say in how many copies an agreement is made."""
    return f"本协议一式{count}份，各方当事人各执一份，调解组织留存一份，具有同等效力。"


def paragraphs(lines: Iterable[str]) -> list[Paragraph]:
    """Return a paragraph for each line."""
    return [Paragraph(text=line) for line in lines]


def confirmation_1(view: ConfirmationApplication) -> Outline:
    """Lay out the joint application for judicial confirmation."""
    applicants = [row for applicant in view.applicants for row in shared.introduced("申请人", (applicant,))]
    blocks: list[Block] = [
        Title(text="司法确认申请书"),
        Form(rows=tuple(applicants)),
        Heading(text="请求事项"),
        Paragraph(
            text=f"请求依法确认申请人{shared.names(view.applicants)}于{day(view.in_force_on)}"
            # The number has a line of its own: programs may break it among Chinese characters.
            f"达成的调解协议有效。\n调解协议编号：{view.agreement_number}"
        ),
        Heading(text="事实与理由"),
        Paragraph(
            text=f"申请人因{view.cause}，于{day(view.mediated_on)}在{view.organisation}经调解员"
            f"{'、'.join(view.mediators)}主持调解，自愿达成调解协议。协议自{day(view.in_force_on)}起生效，主要内容如下："
        ),
        *paragraphs(shared.numbered(view.content)),
        Paragraph(
            text="依照《中华人民共和国民事诉讼法》第二百零五条的规定，申请人自调解协议生效之日起三十日内"
            "共同向人民法院申请司法确认。"
        ),
        Heading(text="申请人承诺"),
        *paragraphs(shared.numbered(_PROMISES)),
        Paragraph(text="此致", indent=True),
        Paragraph(text=view.court, indent=False),
        Heading(text="附件"),
        *paragraphs(shared.numbered(view.enclosures)),
        shared.signatures(view.signatories),
    ]
    return Outline(
        title="司法确认申请书",
        made_on=view.made_on,
        foot=f"司法确认申请书　{view.agreement_number}",
        blocks=tuple(blocks),
    )


_PROMISES = (
    "申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为。",
    "申请人提供的材料真实、合法；如果因为该协议内容而给他人造成损害的，愿意承担相应的民事责任和其他法律责任。",
)
