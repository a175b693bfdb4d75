"""What the element-form complaints (要素式起诉状) of both causes have in common, and how the editions differ.

The 2024 edition (法〔2024〕46号) asks for the legal basis (请求依据) with the claims; the 2025 edition
(法〔2025〕82号) asks for it at the end of the facts, asks for the court fee as a claim, and asks whether the
plaintiff knows of mediation and would try it first. Downside: rows are numbered by edition, so a row that
moves renumbers the others; the courts' own sheets remain the reference [check].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.adapters.documents.outline import (
    Field,
    Form,
    Notice,
    Outline,
    Paragraph,
    Section,
    Title,
)
from chalicelib.adapters.documents.templates import shared
from chalicelib.adapters.documents.wording import (
    choice,
    in_full,
    labelled,
    or_nothing,
    stated,
    yuan,
)
from chalicelib.domain.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from chalicelib.adapters.documents.views.court import Litigation
    from chalicelib.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The points in which the editions of the forms differ."""

    basis_with_claims: bool
    court_fee_is_claimed: bool
    asks_for_mediation: bool
    facts_heading: str


EDITION_2024 = Edition(
    basis_with_claims=True, court_fee_is_claimed=False, asks_for_mediation=False, facts_heading="事实和理由"
)
EDITION_2025 = Edition(
    basis_with_claims=False, court_fee_is_claimed=True, asks_for_mediation=True, facts_heading="事实与理由"
)


def laid_out(
    edition: Edition,
    cause: str,
    litigation: Litigation,
    claims: Sequence[Field],
    facts: Sequence[Field],
    made_on: date,
) -> Outline:
    """Lay out a complaint from its parties, and the claims and facts particular to its cause."""
    basis = [_basis(litigation)]
    claimed = [*claims, *basis] if edition.basis_with_claims else [*claims]
    told = [*facts, *_closing_facts(litigation)]
    told = told if edition.basis_with_claims else [*told[:-1], *basis, told[-1]]
    rows = [
        Section(text="当事人信息"),
        *_parties(litigation),
        Section(text="诉讼请求和依据" if edition.basis_with_claims else "诉讼请求"),
        *_numbered(claimed),
        Section(text="约定管辖和诉讼保全"),
        *_numbered(_forum(litigation)),
        Section(text=edition.facts_heading),
        *_numbered(told),
        *(_willingness(litigation) if edition.asks_for_mediation else ()),
    ]
    blocks = (
        Title(text="民事起诉状", below=f"（{cause}）"),
        Notice(lines=_INSTRUCTIONS),
        Form(rows=tuple(rows)),
        Paragraph(text="此致"),
        Paragraph(text=litigation.court, indent=False),
        shared.signatures((litigation.signatory,)),
    )
    title = f"民事起诉状（{cause}）"
    foot = f"{title}　{litigation.number}" if litigation.number else title
    return Outline(title=title, made_on=made_on, foot=foot, blocks=blocks)


_WARNING = (
    "★特别提示★　《中华人民共和国民事诉讼法》第十三条第一款规定：“民事诉讼应当遵循诚信原则。”"
    "如果诉讼参加人违反上述规定，进行虚假诉讼、恶意诉讼，人民法院将视违法情形依法追究责任。"
)
_INSTRUCTIONS = (
    "说明：",
    "1.起诉时需向人民法院提交证明身份的材料，如身份证复印件、营业执照复印件等。",
    "2.本表所列内容是提起诉讼以及人民法院查明案件事实所需，应当如实填写。",
    "3.与案件无关的项目填“无”；勾选项在对应项打“√”；另有重要内容需要列明的，在本表尾部或者另附页填写。",
    _WARNING,
)


def interest_claim(kinds: Iterable[tuple[str, Money]], as_of: str, method: str, *, until_paid: bool) -> str:
    """Return the claim for interest: each kind, the way of computing, and if it runs until payment."""
    amounts = labelled(*((kind, yuan(amount)) for kind, amount in kinds))
    return f"截至{as_of}：\n{amounts}\n计算方式：{method}\n是否请求支付至实际清偿之日止：{choice(until_paid)}"


def costs_claim(costs: Money, detail: str | None) -> str:
    """Return the claim for the costs of enforcing the debt: yes or no, the amount, the detail."""
    if costs == ZERO:
        return choice(False)
    return f"{choice(True)}\n" + labelled(("金额", in_full(costs)), ("费用明细", detail))


def fee_rows(edition: Edition, *, court_fee: bool) -> list[Field]:
    """Return the row that asks for the court fee, or no row in an edition without it."""
    return [Field(label="是否主张诉讼费用", value=choice(court_fee))] if edition.court_fee_is_claimed else []


def other_claims(edition: Edition, other: str | None, *, court_fee: bool) -> Field:
    """Return the row of other claims; it claims the court fee if the edition has no row for that."""
    fee = None if edition.court_fee_is_claimed or not court_fee else "本案诉讼费用由被告负担。"
    return Field(label="其他请求", value=or_nothing("\n".join(filter(None, (other, fee)))))


def _parties(litigation: Litigation) -> list[Field]:
    third = litigation.third_parties
    return [
        *shared.introduced("原告", litigation.plaintiffs),
        *shared.introduced("被告", litigation.defendants),
        *(shared.introduced("第三人", third) if third else [Field(label="第三人", value=or_nothing(None))]),
    ]


def _basis(litigation: Litigation) -> Field:
    value = labelled(("合同约定", litigation.basis_contract), ("法律规定", litigation.basis_law))
    return Field(label="请求依据", value=value)


def _forum(litigation: Litigation) -> list[Field]:
    return [
        Field(label="有无仲裁、法院管辖约定", value=stated(litigation.agreed_forum)),
        Field(label="是否申请财产保全措施", value=stated(litigation.preservation)),
    ]


def _closing_facts(litigation: Litigation) -> list[Field]:
    return [
        Field(label="其他需要说明的内容（可另附页）", value=or_nothing(litigation.other_facts)),
        Field(
            label="证据清单（可另附页）",
            value="\n".join(shared.numbered(litigation.evidence)) or or_nothing(None),
        ),
    ]


def _willingness(litigation: Litigation) -> tuple[Section | Field, ...]:
    return (
        Section(text="对纠纷解决方式的意愿"),
        Field(label="是否了解调解作为非诉讼纠纷解决方式", value=choice(litigation.knows_mediation)),
        Field(label="是否考虑先行调解", value=choice(litigation.considers_mediation)),
    )


def _numbered(rows: Iterable[Field]) -> list[Field]:
    return [Field(label=f"{number}.{row.label}", value=row.value) for number, row in enumerate(rows, start=1)]
