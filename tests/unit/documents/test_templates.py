"""What the templates promise beyond showing their view: order, definiteness, silence about offers."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents import wording
from chalicelib.adapters.documents.errors import UnknownTemplate
from chalicelib.adapters.documents.outline import Field, Form, Section
from chalicelib.adapters.documents.registry import TEMPLATES, template_for
from chalicelib.adapters.documents.views import court, mediation
from chalicelib.adapters.documents.views.common import BLANK, Person
from chalicelib.domain.money import ZERO, Money
from tests.unit.documents import people
from tests.unit.documents.samples import SAMPLES, agreement, plan

if TYPE_CHECKING:
    from chalicelib.adapters.documents.outline import Outline

_FROZEN: Final = Path(__file__).with_name("frozen.json")


def _laid_out(template_id: str, view: Any = None) -> Outline:
    template = TEMPLATES[template_id]
    return template.lay_out(view or SAMPLES[template.view])


def _text(template_id: str, view: Any = None) -> str:
    return "\n".join(outlines.texts(_laid_out(template_id, view)))


def _labels(template_id: str) -> list[str]:
    rows = [row for block in _laid_out(template_id).blocks if isinstance(block, Form) for row in block.rows]
    return [
        row.text if isinstance(row, Section) else row.label.partition(".")[2] or row.label for row in rows
    ]


@pytest.mark.parametrize("template_id", sorted(TEMPLATES))
def test_a_released_wording_stays(template_id: str) -> None:
    """A template says what it said when it was released; another wording is another version."""
    data = json.dumps(outlines.as_data(_laid_out(template_id)), ensure_ascii=False, sort_keys=True)
    frozen = json.loads(_FROZEN.read_text(encoding="utf-8"))
    assert hashlib.sha256(data.encode()).hexdigest() == frozen[template_id]


@pytest.mark.parametrize("cause", ["loan", "card"])
def test_editions_differ_in_order(cause: str) -> None:
    """The 2024 form asks for the basis with the claims, the 2025 form at the end of the facts."""
    older, newer = _labels(f"{cause}_complaint/2024"), _labels(f"{cause}_complaint/2025")
    assert older.index("请求依据") < older.index("约定管辖和诉讼保全")
    assert newer.index("请求依据") > newer.index("事实与理由")
    assert newer[newer.index("请求依据") + 1].startswith("证据清单")
    assert set(newer) - set(older) >= {"是否主张诉讼费用", "对纠纷解决方式的意愿", "是否考虑先行调解"}
    assert "本案诉讼费用由被告负担。" in _text(f"{cause}_complaint/2024")


def test_the_newest_edition_is_used_unless_another_is_named() -> None:
    """The 2025 form is the default; 2024 is selectable; a template for another view is refused."""
    view = SAMPLES[court.LoanComplaint]
    assert template_for(view).template_id == "loan_complaint/2025"
    assert template_for(view, "loan_complaint/2024").template_id == "loan_complaint/2024"
    for wrong in ("loan_complaint/1999", "card_complaint/2025"):
        with pytest.raises(UnknownTemplate, match=wrong):
            template_for(view, wrong)


def test_agreement_is_definite() -> None:
    """Each instalment has its day and amount, in figures and capitals; the sum, account and default too."""
    text = _text("mediation_agreement/1")
    assert "2031年1月20日" in text
    assert "共60期" in text
    assert "人民币162,892.51元（大写：壹拾陆万贰仟捌佰玖拾贰元伍角壹分）" in text
    assert "贰仟柒佰壹拾肆元捌角柒分" in text
    assert "6217000000000000004" in text
    assert "减免自逾期之日起失效" in text


def test_agreement_on_a_lump_sum() -> None:
    """One payment needs no table; what isn't agreed on isn't said."""
    view = replace(
        agreement(1),
        confirmation=False,
        grace_days=0,
        waiver=replace(agreement().waiver, revived_on_default=False),
    )
    text = _text("mediation_agreement/1", view)
    assert "一次性支付人民币162,892.51元" in text
    assert "期次" not in text
    assert "各方当事人不申请司法确认" in text
    assert "不视为逾期" not in text
    assert "不影响申请人在第二条中已作出的减免" in text


def test_agreement_without_a_waiver_names_none() -> None:
    """Nothing given up, nothing said to be."""
    claim = replace(agreement().claim, penalty_interest=ZERO, compound_interest=ZERO)
    view = replace(
        agreement(),
        claim=claim,
        waiver=mediation.Waiver(penalty_interest=ZERO, compound_interest=ZERO),
        plan=(replace(plan(1)[0], amount=claim.total),),
    )
    assert "减免" not in _text("mediation_agreement/1", view)


def test_waiver_of_another_kind_is_named() -> None:
    """What else is given up stands beside penalty and compound interest."""
    waiver = replace(agreement().waiver, other=Money(100))
    last = plan(1)[0]
    view = replace(agreement(), waiver=waiver, plan=(replace(last, amount=last.amount - Money(100)),))
    assert "，其他1.00元，共计减免" in _text("mediation_agreement/1", view)


@pytest.mark.parametrize("off", [1, -1])
def test_agreement_must_add_up(off: int) -> None:
    """A plan a fen above or below the claim less the waiver is refused."""
    first = plan(60)[0]
    wrong = (replace(first, amount=first.amount + Money(off)), *plan(60)[1:])
    with pytest.raises(ValueError, match="add up"):
        replace(agreement(), plan=wrong)


@pytest.mark.parametrize(
    "view", [mediation.MediationReport, mediation.UndisputedFacts, court.LoanComplaint, court.CardComplaint]
)
def test_papers_for_the_court_have_no_place_for_offers(view: type[Any]) -> None:
    """No field at any depth could hold a waiver, a plan, an offer or an agreement's terms (TY22)."""
    named = set(_field_names(SAMPLES[view]))
    assert not named & {"waiver", "plan", "offers", "offer", "concession", "settlement", "terms", "payable"}


def _field_names(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [name for item in value for name in _field_names(item)]
    if not is_dataclass(value):
        return []
    return [name for part in fields(value) for name in (part.name, *_field_names(getattr(value, part.name)))]


def test_report_without_a_session() -> None:
    """A mediation that never met says so."""
    view = SAMPLES[mediation.MediationReport]
    assert isinstance(view, mediation.MediationReport)
    text = _text("mediation_report/1", replace(view, sessions=(), extended_days=30))
    assert "未能组织调解。" in text
    assert "30日" in text


def test_what_is_not_known_has_room_to_write() -> None:
    """Behind each particular that the form asks for; a loan that isn't overdue, or paid interest, says so."""
    view = SAMPLES[court.LoanComplaint]
    assert isinstance(view, court.LoanComplaint)
    bare = people.person("张某")
    assert isinstance(bare.who, Person)
    bare = replace(bare, who=Person(name="张某", id_number="350902199003070016"), service=None)
    changed = replace(
        view,
        litigation=replace(view.litigation, defendants=(bare,), third_parties=(bare,)),
        claims=replace(view.claims, costs=ZERO),
        facts=replace(view.facts, overdue_since=None, interest_paid_until=people.MADE_ON),
    )
    rows = [
        row
        for block in _laid_out("loan_complaint/2025", changed).blocks
        if isinstance(block, Form)
        for row in block.rows
    ]
    asked = {row.label: row.value for row in rows if isinstance(row, Field)}
    assert asked["被告\n（自然人）"] == (
        "姓名：张某\n性别：男☐　女☐\n出生日期：　　　　年　　月　　日\n民族：\n工作单位：\n职务：\n"
        "联系电话：\n住所地（户籍所在地）：\n经常居住地：\n证件类型：居民身份证\n证件号码：350902199003070016"
    )
    assert asked["第三人\n（自然人）"] == asked["被告\n（自然人）"]
    assert asked["9.是否存在逾期还款"] == "是☐　否☑"
    assert asked["5.是否主张实现债权的费用"] == "是☐　否☑"
    assert asked["8.还款情况"].endswith("还息至：2026年5月8日")


def test_views_hide_persons_from_logs() -> None:
    """The repr of a view, and of a party in it, shows nothing."""
    for view in SAMPLES.values():
        assert repr(view) == f"{type(view).__name__}(...)"
    assert repr(people.RESPONDENTS[0]) == "Participant(...)"


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    """Importing the entrance to the documents loads neither typst nor python-docx nor pyHanko."""
    program = (
        "import sys, chalicelib.adapters.documents.rendering, chalicelib.adapters.documents.signing\n"
        "print(sorted({'typst', 'docx', 'pyhanko', 'lxml', 'fontTools'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter and program
    assert done.stdout.strip() == "[]"


def test_a_card_that_is_not_overdue_says_so() -> None:
    """The question is answered with no."""
    view = SAMPLES[court.CardComplaint]
    assert isinstance(view, court.CardComplaint)
    text = _text("card_complaint/2025", replace(view, facts=replace(view.facts, overdue_since=None)))
    assert "至今已逾期" not in text


@pytest.mark.parametrize("version", [1, 2])
def test_what_is_to_be_paid_needs_an_account(version: int) -> None:
    """No version can be laid out without one."""
    with pytest.raises(UnknownTemplate, match="account"):
        _laid_out(f"mediation_agreement/{version}", replace(agreement(), account=None))


def test_what_is_not_known_is_left_to_the_filer() -> None:
    """BLANK ticks neither box, and an unknown demand, guarantee or clause is no answer."""
    assert wording.stated(BLANK) == "是☐　否☐"
    loan_view, card_view = SAMPLES[court.LoanComplaint], SAMPLES[court.CardComplaint]
    assert isinstance(loan_view, court.LoanComplaint)
    assert isinstance(card_view, court.CardComplaint)
    loan = replace(loan_view, facts=replace(loan_view.facts, security=court.Security(), rate_clauses=None))
    assert "一般保证☐　连带责任保证☐" in _text("loan_complaint/2025", loan)
    card = replace(card_view, facts=replace(card_view.facts, demands=BLANK))
    assert _text("card_complaint/2025", card).count("是☐　否☐") == 8
