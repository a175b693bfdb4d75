"""The element table of a complaint: the same facts as the form, in columns, and nothing that computes."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from chalicelib.adapters.documents.element_table import table_of
from chalicelib.adapters.documents.errors import UnknownTemplate
from chalicelib.adapters.documents.registry import TEMPLATES, is_element
from chalicelib.adapters.documents.rendering import render
from chalicelib.adapters.documents.views.common import Person
from chalicelib.adapters.documents.views.court import CardComplaint, LoanComplaint
from chalicelib.adapters.documents.views.mediation import MediationReport
from chalicelib.use_cases.papers import TableColumn
from tests.unit.documents.samples import SAMPLES

if TYPE_CHECKING:
    from chalicelib.adapters.documents.registry import View

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LOAN = SAMPLES[LoanComplaint]
_WITH_TABLE = sorted(name for name, template in TEMPLATES.items() if template.elements)


def table(view: View, template_id: str | None = None) -> Any:
    return json.loads(render(view, "json", template_id).content)


def elements(view: View, template_id: str | None = None) -> dict[str, Any]:
    return {each["code"]: each["value"] for each in table(view, template_id)["elements"]}


def sheets(view: View) -> list[list[list[tuple[str | None, str | None]]]]:
    """Return the sheets of an XLSX: of each cell its type and what it holds."""
    with zipfile.ZipFile(io.BytesIO(render(view, "xlsx").content)) as package:
        names = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        trees = [ET.fromstring(package.read(name)) for name in names]  # noqa: S314 - written by the hub itself
    return [
        [
            [(cell.get("t"), "".join(cell.itertext()) or None) for cell in row]
            for row in tree.iter(f"{_MAIN}row")
        ]
        for tree in trees
    ]


def test_every_complaint_has_a_table() -> None:
    """Of both products and both editions; no other paper has one."""
    assert _WITH_TABLE == [
        "card_complaint/2024",
        "card_complaint/2025",
        "loan_complaint/2024",
        "loan_complaint/2025",
    ]
    with pytest.raises(UnknownTemplate, match="no element table"):
        render(SAMPLES[MediationReport], "json")


def test_a_loan_in_columns() -> None:
    """Amounts with two decimals, days, yes and no; what is not known is null."""
    held = elements(_LOAN)
    assert held["litigation.court"] == "福建省宁德市蕉城区人民法院"
    assert held["claims.principal"] == "150000.00"
    assert held["claims.total"] == "167838.33"
    assert held["claims.as_of"] == "2025-06-30"
    assert held["claims.until_paid"] is True
    assert held["claims.costs_claimed"] is True
    assert held["facts.contract_name"] == "个人信用借款合同"
    assert held["facts.overdue_days"] == 283
    assert held["facts.security.things"] == "样例路8号房屋"
    assert held["facts.security.registration"] is False
    assert held["facts.security.other"] is None
    assert held["facts.interest_paid_until"] is None
    assert held["litigation.evidence"].startswith("个人信用借款合同\n借款借据")


def test_a_card_in_its_own_columns() -> None:
    """What a loan does not have, and nothing of what only a loan has."""
    held = elements(SAMPLES[CardComplaint])
    assert held["claims.breach_fee"] == "500.00"
    assert held["facts.card_number"] == "6217000000000000004"
    assert "facts.contract_name" not in held
    assert held["facts.demands"].count("\n") == 2


@pytest.mark.parametrize("template_id", _WITH_TABLE)
def test_a_table_holds_every_fact_of_its_form(template_id: str) -> None:
    """Each fact of claims and facts is a column once; what decides how another is written counts as shown."""
    template = TEMPLATES[template_id]
    view: Any = SAMPLES[template.view]
    held = elements(view, template_id)
    of_the_view = {
        f"{part}.{name}"
        for part in ("claims", "facts")
        for name in type(getattr(view, part)).__slots__
        if name != "security" or part == "claims"
    }
    assert of_the_view <= set(held)
    codes = [each["code"] for each in table(view, template_id)["elements"]]
    assert len(codes) == len(set(codes))


def test_each_party_has_a_line() -> None:
    """A person and an organisation with what the forms ask of each, agents and address for service."""
    bank, first, *others = table(_LOAN)["parties"]
    assert (bank["role"], bank["name"], bank["credit_code"]) == (
        "原告",
        "某某农村商业银行股份有限公司宁德蕉城普惠金融事业部东侨科技支行",
        "91350100M000100Y43",
    )
    assert bank["agents"].startswith("姓名：㛃某")
    assert (first["role"], first["nature"], first["id_number"]) == ("被告", "自然人", "350902199003070016")
    assert (first["phone"], first["service.recipient"]) == ("13812341234", "龑䶮某")
    assert first["service.electronic"] is False
    assert first["agents"] is None
    assert len(others) == 9


def test_a_table_has_the_characters_that_the_form_prints() -> None:
    """Radicals and variants are the character that they stand for; what no typeface shows stays itself."""
    assert isinstance(_LOAN, LoanComplaint)
    first, *others = _LOAN.litigation.defendants
    assert isinstance(first.who, Person)
    for name, held in (
        ("\u2f54\u2f4a", "水木"),
        ("葛\U000e0100城", "葛城"),
        ("张\U000323af", "张\U000323af"),
    ):
        named = replace(first, who=replace(first.who, name=name))
        litigation = replace(_LOAN.litigation, defendants=(named, *others))
        assert table(replace(_LOAN, litigation=litigation))["parties"][1]["name"] == held


def test_a_spreadsheet_says_the_same() -> None:
    """One line of the case, a line for each party, and the codes."""
    case, parties, codes = sheets(_LOAN)
    names = [held for _, held in case[0]]
    line = dict(zip(names, case[1], strict=True))
    assert line["本金：尚欠本金"] == (None, "150000.00")
    assert line["利息（复利、罚息）：计算方式"][0] == "inlineStr"
    assert len(case) == 2
    assert len(parties) == 1 + 11
    assert dict(zip(parties[0], parties[2], strict=True))["inlineStr", "名称/姓名"] == ("inlineStr", "龑䶮某")
    assert [held for _, held in codes[0]] == ["表式", "loan_complaint/2025"]
    assert len(codes) == 2 + len(names)
    assert [row[1] for row in codes[2:]] == case[1]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "_x003D_1"])
def test_a_text_is_never_a_formula(text: str) -> None:
    """It is a text cell of the style that keeps it one; there is no formula in any sheet."""
    assert isinstance(_LOAN, LoanComplaint)
    view = replace(_LOAN, facts=replace(_LOAN.facts, contract_name=text))
    content = render(view, "xlsx").content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        written = [package.read(name).decode() for name in package.namelist()]
    assert not [
        part
        for part in written
        if "<f" in part.replace("<fonts", "").replace("<font", "").replace("<fill", "")
    ]
    case, *_ = sheets(view)
    cells = [held for kind, held in case[1] if kind == "inlineStr"]
    assert text.replace("_x003D_", "_x005F_x003D_").replace("\t", "\t") in cells
    assert elements(view)["facts.contract_name"] == text


def test_the_same_table_is_the_same_bytes() -> None:
    """So its SHA-256 is its id; and a sign that XML has not is left out."""
    assert render(_LOAN, "xlsx") == render(_LOAN, "xlsx")
    assert isinstance(_LOAN, LoanComplaint)
    odd = replace(_LOAN, facts=replace(_LOAN.facts, contract_name="合\x00\ud800同"))
    case, *_ = sheets(odd)
    assert ("inlineStr", "合同") in case[1]


def test_a_table_hides_persons_from_logs() -> None:
    """Its repr shows the template alone."""
    assert isinstance(_LOAN, LoanComplaint)
    assert repr(table_of((), _LOAN, "loan_complaint/2025")) == "Table('loan_complaint/2025', ...)"


OWN = (
    TableColumn(name="产品", text="个人经营贷"),
    TableColumn(name="被告姓名", code="defendants.1.name"),
    TableColumn(name="第二被告", code="defendants.2.name"),
    TableColumn(name="第九十九被告", code="defendants.99.name"),
    TableColumn(name="本金", code="claims.principal"),
    TableColumn(name="备注"),
)


def test_an_institutions_own_columns_are_the_ones_it_names_in_its_order() -> None:
    """An element by its code, a party by its place, a text that is always the same, or nothing."""
    own = json.loads(render(_LOAN, "json", columns=OWN).content)
    defendants = [each["name"] for each in table(_LOAN)["parties"] if each["role"] == "被告"]
    first, second = defendants[:2]
    assert [(each["name"], each["value"]) for each in own["elements"]] == [
        ("产品", "个人经营贷"),
        ("被告姓名", first),
        ("第二被告", second),
        ("第九十九被告", None),
        ("本金", elements(_LOAN)["claims.principal"]),
        ("备注", None),
    ]
    assert own["parties"] == table(_LOAN)["parties"]
    with zipfile.ZipFile(io.BytesIO(render(_LOAN, "xlsx", columns=OWN).content)) as package:
        assert "个人经营贷" in package.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("case_type", "code", "known"),
    [
        ("financial_loan_contract", "claims.principal", True),
        ("financial_loan_contract", "litigation.number", True),
        ("financial_loan_contract", "claims.breach_fee", False),
        ("credit_card", "claims.breach_fee", True),
        ("credit_card", "defendants.2.employer", True),
        ("credit_card", "defendants.0.name", False),
        ("credit_card", "defendants.name", False),
        ("credit_card", "defendants.1.claims", False),
        ("mortgage", "claims.principal", False),
        ("credit_card", "", False),
    ],
)
def test_a_column_names_what_the_form_has(case_type: str, code: str, known: bool) -> None:
    assert is_element(case_type, code) is known


@pytest.mark.parametrize("template_id", _WITH_TABLE)
def test_every_code_of_a_table_can_be_named(template_id: str) -> None:
    """Of the case and of each party, in the product that the template is for."""
    view = _LOAN if template_id.startswith("loan") else SAMPLES[CardComplaint]
    case_type = "financial_loan_contract" if template_id.startswith("loan") else "credit_card"
    shown = table(view, template_id)
    assert all(is_element(case_type, each["code"]) for each in shown["elements"])
    assert all(is_element(case_type, f"defendants.1.{code}") for party in shown["parties"] for code in party)
