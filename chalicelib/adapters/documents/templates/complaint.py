"""What the element-form complaints (要素式起诉状) of both causes have in common, and how the editions differ.

The 2024 edition (法〔2024〕46号) asks for the legal basis (请求依据) with the claims; the 2025 edition
(法〔2025〕82号) asks for it at the end of the facts, asks for the court fee as a claim, and asks whether the
plaintiff knows of mediation and would try it first. Rows are declared as elements (`elements.py`), which the
element table shows too. Downside: rows are numbered by edition, so a row that moves renumbers the others; the
courts' own sheets remain the reference [check].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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
from chalicelib.adapters.documents.templates.elements import Element, Part, Row
from chalicelib.adapters.documents.wording import boxes, choice, day, in_full, labelled, stated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.adapters.documents.views.court import (
        CardComplaint,
        Litigation,
        LoanComplaint,
        Security,
    )


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


def parts_of(edition: Edition, claims: Iterable[Row], facts: Iterable[Row]) -> tuple[Part, ...]:
    """Return a form's parts behind the parties, with the claims and facts particular to its cause."""
    claimed = (*claims, _BASIS) if edition.basis_with_claims else (*claims,)
    told = (*facts, _OTHER_FACTS, *(() if edition.basis_with_claims else (_BASIS,)), _EVIDENCE)
    return (
        Part(title="诉讼请求和依据" if edition.basis_with_claims else "诉讼请求", rows=claimed),
        Part(title="约定管辖和诉讼保全", rows=_FORUM),
        Part(title=edition.facts_heading, rows=told),
        *((_WILLINGNESS,) if edition.asks_for_mediation else ()),
    )


def laid_out(cause: str, view: LoanComplaint | CardComplaint, parts: Iterable[Part]) -> Outline:
    """Lay out a complaint: its parties, and the other parts of its form."""
    litigation = view.litigation
    rows: list[Section | Field] = [Section(text="当事人信息"), *_parties(litigation)]
    for part in parts:
        rows += [Section(text=part.title), *part.fields(view)]
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
    return Outline(title=title, made_on=view.made_on, foot=foot, blocks=blocks)


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


COSTS: Final = Row(
    label="是否主张实现债权的费用",
    elements=(
        Element("claims.costs_claimed"),
        Element("claims.costs", "金额"),
        Element("claims.costs_detail", "费用明细"),
    ),
)
TOTAL: Final = Row(
    label="标的总额",
    elements=(Element("claims.total"), Element("claims.as_of", "暂计至")),
    text=lambda view: f"{in_full(view.claims.total)}（暂计至{day(view.claims.as_of)}）",
)
_FEE: Final = Element("claims.court_fee")
_OTHER: Final = Element("claims.other")


def closing_claims(edition: Edition) -> tuple[Row, ...]:
    """Return the rows of court fee, other claims and total; 2024 has the fee among the others."""
    other: tuple[Row, ...]
    if edition.court_fee_is_claimed:
        other = (Row(label="是否主张诉讼费用", elements=(_FEE,)), Row(label="其他请求", elements=(_OTHER,)))
    else:
        other = (Row(label="其他请求", elements=(_OTHER, _FEE), text=_other_with_fee),)
    return (*other, TOTAL)


def _other_with_fee(view: LoanComplaint | CardComplaint) -> str:
    fee = "本案诉讼费用由被告负担。" if view.claims.court_fee is True else None
    return "\n".join(filter(None, (view.claims.other, fee)))


def overdue(label: str) -> Row:
    """Return the row that asks whether and since when payments are late."""
    elements = (
        Element("facts.overdue"),
        Element("facts.overdue_since", "逾期时间"),
        Element("facts.overdue_days", "至今已逾期天数"),
    )
    return Row(label=label, elements=elements, text=_overdue)


def _overdue(view: LoanComplaint | CardComplaint) -> str:
    facts = view.facts
    if not facts.overdue:
        return choice(False)
    return f"{choice(True)}\n逾期时间：{day(facts.overdue_since)}起，至今已逾期{facts.overdue_days}天"


SECURITY: Final = (
    Row(
        label="是否签订物的担保（抵押、质押）合同",
        elements=(Element("facts.security.collateral", write=stated),),
    ),
    Row(
        label="担保人、担保物",
        elements=(
            Element("facts.security.securers", "担保人"),
            Element("facts.security.things", "担保物"),
        ),
    ),
    Row(
        label="是否最高额担保（抵押、质押）",
        elements=(Element("facts.security.maximum_amount", write=stated),),
    ),
    Row(
        label="是否办理抵押、质押登记",
        elements=(Element("facts.security.registration", write=stated),),
    ),
    Row(label="是否签订保证合同", elements=(Element("facts.security.guarantee", write=stated),)),
    Row(
        label="保证方式",
        elements=(
            Element("facts.security.general", "一般保证"),
            Element("facts.security.joint", "连带责任保证"),
        ),
        text=lambda view: _forms_of_guarantee(view.facts.security),
    ),
    Row(label="其他担保方式", elements=(Element("facts.security.other", write=stated),)),
)
"""What secures the debt: the same in the forms of both causes."""


def _forms_of_guarantee(security: Security) -> str:
    forms = (("一般保证", security.general), ("连带责任保证", security.joint))
    ticked = boxes(*((form, bool(names)) for form, names in forms))
    return "\n".join((ticked, labelled(*forms))).rstrip()


_BASIS: Final = Row(
    label="请求依据",
    elements=(
        Element("litigation.basis_contract", "合同约定"),
        Element("litigation.basis_law", "法律规定"),
    ),
)
_FORUM: Final = (
    Row(label="有无仲裁、法院管辖约定", elements=(Element("litigation.agreed_forum", write=stated),)),
    Row(label="是否申请财产保全措施", elements=(Element("litigation.preservation", write=stated),)),
)
_OTHER_FACTS: Final = Row(
    label="其他需要说明的内容（可另附页）", elements=(Element("litigation.other_facts"),)
)
_EVIDENCE: Final = Row(
    label="证据清单（可另附页）",
    elements=(Element("litigation.evidence", write=lambda listed: "\n".join(shared.numbered(listed))),),
)
_WILLINGNESS: Final = Part(
    title="对纠纷解决方式的意愿",
    rows=(
        Row(
            label="是否了解调解作为非诉讼纠纷解决方式",
            elements=(Element("litigation.knows_mediation"),),
        ),
        Row(label="是否考虑先行调解", elements=(Element("litigation.considers_mediation"),)),
    ),
    numbered=False,
)


def _parties(litigation: Litigation) -> list[Field]:
    third = litigation.third_parties
    return [
        *shared.sued("原告", litigation.plaintiffs),
        *shared.sued("被告", litigation.defendants),
        *(shared.sued("第三人", third) if third else [Field(label="第三人", value="")]),
    ]
