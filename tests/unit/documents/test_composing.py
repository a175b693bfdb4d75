"""What a paper says is what its case says: sums, people, contract, and no answer that nobody gave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents.composing import compose
from chalicelib.adapters.documents.composing.people import given, participants
from chalicelib.adapters.documents.registry import template_for
from chalicelib.adapters.documents.templates.shared import described
from chalicelib.adapters.documents.views.common import Person
from chalicelib.adapters.documents.views.mediation import (
    Instalment,
    MediationAgreement,
    MediationReport,
    Waiver,
)
from chalicelib.domain.agreement.draft import DefaultClause
from chalicelib.domain.agreement.schedules import EqualPrincipal
from chalicelib.domain.claim import CaseType
from chalicelib.domain.id_documents import IdDocument, Sex
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.rates import FixedRate
from chalicelib.domain.money import ZERO
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.parties import Side
from chalicelib.domain.reasons import FailureReason
from tests.unit.documents.cases import (
    AT_ONCE,
    CARD_STATEMENT,
    CASES,
    DETAILS,
    MONTHS,
    SERVICE,
    STATEMENT,
    WITH_INTEREST,
    WITHOUT_INTEREST,
    agreed,
    case,
    settled,
    sources,
)
from tests.unit.documents.composed import answers, text, text_of
from tests.unit.domain.loan.support import G1_CUT_OFF, day, g1, yuan


@pytest.mark.parametrize("name", CASES)
def test_every_paper_says_the_cases_number(name: str) -> None:
    """At its foot; a case with a number is nowhere called by its id."""
    kind, known = CASES[name]
    numbered = replace(known, case=replace(known.case, case_number="蕉调〔2026〕123号"))
    view = compose(kind, numbered)
    laid_out = template_for(view).lay_out(view)
    assert "蕉调〔2026〕123号" in laid_out.foot
    assert known.case.case_id not in "\n".join(outlines.texts(laid_out))


# --- people ----------------------------------------------------------------------------------------


def _first(id_number: str, document: IdDocument | None = None) -> Person:
    first = replace(DETAILS[1], id_number=id_number, id_document=document)
    known = sources(details=(DETAILS[0], first, *DETAILS[2:]))
    who = participants(known, Side.RESPONDENT)[0].who
    assert isinstance(who, Person)
    return who


def test_a_number_is_printed_in_the_form_in_which_numbers_are_kept() -> None:
    """Also where an earlier release kept it in small letters or with blanks, and so in the table."""
    assert _first("11010519491231002x").id_number == "11010519491231002X"
    assert _first("110105 19491231 002X").id_number == "11010519491231002X"


def test_sex_and_birth_are_read_off_a_valid_number() -> None:
    """An odd last digit but one is male; x counts as X."""
    assert (_first("350902199003070016").sex, _first("350902199003070016").born_on) == (
        "男",
        date(1990, 3, 7),
    )
    assert (_first("11010519491231002x").sex, _first("11010519491231002X").born_on) == (
        "女",
        date(1949, 12, 31),
    )


@pytest.mark.parametrize("number", ["350902199003070017", "E12345678", "35090219900230001X", "３" * 18])
def test_nothing_is_read_off_another_number(number: str) -> None:
    """Neither off a wrong check digit, nor off a passport, nor off a day that never was."""
    who = _first(number)
    assert (who.sex, who.born_on, who.id_kind) == (None, None, "身份证件")


@pytest.mark.parametrize(
    ("number", "document", "printed", "sex"),
    [
        ("350902199003070016", None, "居民身份证", "男"),
        ("810000199003070015", None, "港澳居民居住证", "男"),
        ("830000199003070019", None, "台湾居民居住证", "男"),
        ("911840199003070014", None, "外国人永久居留身份证", "男"),
        ("FRA310090030712", None, "外国人永久居留身份证", None),
        ("E12345678", IdDocument.PASSPORT, "护照", None),
        ("H12345678", IdDocument.HK_MACAO_TRAVEL_PERMIT, "港澳居民来往内地通行证", None),
        ("12345678", IdDocument.TAIWAN_TRAVEL_PERMIT, "台湾居民来往大陆通行证", None),
    ],
)
def test_a_paper_is_called_by_its_name(
    number: str, document: IdDocument | None, printed: str, sex: str | None
) -> None:
    """Holders of permits and of the foreigner's card have no resident id card."""
    who = _first(number, document)
    assert (who.id_kind, who.id_number, who.sex) == (printed, number, sex)


@pytest.mark.parametrize(
    ("number", "document", "sex", "born_on"),
    [
        ("E12345678", IdDocument.PASSPORT, "女", date(1979, 8, 1)),
        ("FRA310079080112", None, "女", date(1979, 8, 1)),
        ("350902199003070016", None, "男", date(1990, 3, 7)),
    ],
)
def test_sex_and_birth_are_printed_as_filed_where_the_number_tells_neither(
    number: str, document: IdDocument | None, sex: str, born_on: date
) -> None:
    """What a sound number tells goes before what was filed beside it."""
    born = replace(
        DETAILS[1], id_number=number, id_document=document, sex=Sex.FEMALE, birth_date=date(1979, 8, 1)
    )
    who = participants(sources(details=(DETAILS[0], born, *DETAILS[2:])), Side.RESPONDENT)[0].who
    assert isinstance(who, Person)
    assert (who.sex, who.born_on) == (sex, born_on)
    assert f"性别：{sex}" in described(who)


def test_a_day_that_never_was_is_not_printed() -> None:
    """Even where the check digit holds."""
    assert _first("350902199002300016"[:17] + "7").born_on is None
    assert all(_first("35090219900230001" + last).born_on is None for last in "0123456789X")


def test_what_was_told_of_a_person_is_printed_and_nothing_else() -> None:
    """Where the forms ask for it; a field that nobody told stays open."""
    told = replace(
        DETAILS[1], ethnicity="畲族", employer="样例合作社", position="社员", residence="福州市样例路9号"
    )
    of_the_bank = replace(DETAILS[0], entity_type="股份有限公司", registered_at="福建省宁德市")
    known = {
        name: [p.who for p in participants(sources(details=details), side)]
        for name, side, details in (
            ("told", Side.RESPONDENT, (DETAILS[0], told, *DETAILS[2:])),
            ("not told", Side.RESPONDENT, DETAILS),
            ("bank", Side.APPLICANT, (of_the_bank, *DETAILS[1:])),
        )
    }
    assert described(known["told"][0]).splitlines()[3:6] == [
        "民族：畲族",
        "工作单位：样例合作社",
        "职务：社员",
    ]
    assert "经常居住地：福州市样例路9号" in described(known["told"][0])
    assert described(known["not told"][0]).splitlines()[3:6] == ["民族：", "工作单位：", "职务："]
    assert "注册地/登记地：福建省宁德市" in described(known["bank"][0])
    assert described(known["bank"][0]).endswith("类型：股份有限公司")


DESCRIBE_THE_PARTIES = {
    PaperKind.MEDIATION_AGREEMENT,
    PaperKind.CONFIRMATION_APPLICATION,
    PaperKind.COMPLAINT,
    PaperKind.SERVICE_ADDRESS,
}


@pytest.mark.parametrize("name", CASES)
def test_every_paper_that_describes_the_parties_says_what_was_told(name: str) -> None:
    """Complaint, application, agreement and the confirmation of an address alike."""
    kind, known = CASES[name]
    told = tuple(
        replace(entry, ethnicity="畲族") if entry.party_id == "r1" else entry for entry in known.details
    )
    view = compose(kind, replace(known, details=told, party_id="r1" if known.party_id else None))
    said = "\n".join(outlines.texts(template_for(view).lay_out(view)))
    assert ("民族：畲族" in said) == ("民族：" in said) == (kind in DESCRIBE_THE_PARTIES)


def test_a_source_that_was_not_asked_for_fails_loudly() -> None:
    """Composing without asking what is missing is a fault of ours."""
    with pytest.raises(LookupError):
        given(None)


# --- agreement -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("agreement")])
def test_an_agreement_adds_up(name: str) -> None:
    """Claim less waiver plus the plan's interest is what is to be paid, and each is on the page."""
    kind, known = CASES[name]
    view = compose(kind, known)
    assert isinstance(view, MediationAgreement)
    terms = given(known.agreement)
    assert view.claim.total - view.waiver.total + view.interest == view.payable == terms.plan.total
    assert view.waiver.total == terms.waived.total
    for amount in (view.claim.total, view.payable):
        assert f"{amount.fen // 100:,}.{amount.fen % 100:02d}元" in text(name)


def test_a_plan_with_interest_says_how_much() -> None:
    """The rate, the sum, and each payment's two parts."""
    assert "按年利率3.65%计收分期利息，共计人民币14,684.26元" in text("agreement-with-interest")
    assert "2,338.85" in text("agreement-with-interest")
    assert "分期利息" not in text("agreement-without-interest")


def test_what_was_paid_on_the_spot_is_receipted() -> None:
    """Paid, by which receipt, and nothing about lateness or an account."""
    spot = text("agreement-on-the-spot")
    assert "已于2025年7月10日当场支付" in spot
    assert "收款凭证号：SK-20250710-0007" in spot
    assert "逾期履行的责任" not in spot
    assert "收款账户" not in spot


def test_the_default_clause_is_the_one_agreed_on() -> None:
    """Grace, acceleration, clawback and what may be demanded, each only where it was agreed."""
    strict, mild = text("agreement-with-interest"), text("agreement-without-interest")
    assert "付款日届满后5日内" in strict
    assert "全部未到期款项自逾期之日起一并到期，申请人有权就全部剩余款项申请强制执行" in strict
    assert "减免自逾期之日起失效" in strict
    assert "不视为逾期" not in mild
    assert "未到期款项仍按本协议履行" in mild
    assert "向人民法院提起诉讼" in mild
    assert "不影响申请人在本协议第二条中已作出的减免" in mild
    assert "一并到期" not in text("agreement-at-once")


def test_tolerance_and_resumption_are_told_beforehand() -> None:
    """How much may be short, and whether interest runs again; each by the agreement's own clause."""
    clause = DefaultClause(grace_days=5, clawback=True, acceleration=True, tolerance=yuan("1"), resumes=True)
    known = settled(agreed(EqualPrincipal(dates=replace(MONTHS, count=12)), default_clause=clause))
    told = text_of(PaperKind.MEDIATION_AGREEMENT, known)
    assert "某期或者全部款项短少不超过1.00元的，视为已经付清" in told
    assert "逾期后恢复依原合同计收利息、罚息和复利" in told
    strict, mild = text("agreement-with-interest"), text("agreement-without-interest")
    assert "逾期后不恢复依原合同计收利息、罚息和复利" in strict
    assert "短少" not in strict
    assert "依原合同" not in mild


def test_an_agreement_names_what_a_court_would_cut() -> None:
    """36 % and half of it again: 38,754.47 above the line of 24 %; an ordinary loan has no such clause."""
    dear = g1(rates=(FixedRate(starts=day("2021-03-22"), annual_percent=Decimal(36)),))
    statement = assess_loan(dear, [], G1_CUT_OFF)
    schedule = EqualPrincipal(dates=replace(MONTHS, count=12))
    changes = {"statement": statement, "case": case(statement.claim())}
    told = text_of(PaperKind.MEDIATION_AGREEMENT, settled(agreed(schedule, statement.owed), **changes))
    assert "合计75,887.80元，超过按年利率24%计算的37,133.33元" in told
    assert "就超出的38,754.47元，债务人可以请求人民法院予以调减" in told
    assert "予以调减" not in text("agreement-with-interest")
    assert "予以调减" not in text_of(PaperKind.MEDIATION_AGREEMENT, settled(WITH_INTEREST, statement=None))


def test_a_debt_without_waiver_has_no_clause_about_one() -> None:
    """Nothing waived, nothing to take back."""
    bare = replace(STATEMENT.owed, penalty_interest=ZERO, compound_interest=ZERO)
    known = settled(agreed(EqualPrincipal(dates=replace(MONTHS, count=12)), bare))
    assert "减免" not in text_of(PaperKind.MEDIATION_AGREEMENT, known).replace("减免以及清偿", "")
    assert "恢复计收" not in text_of(PaperKind.CONFIRMATION_APPLICATION, known)


def test_a_debt_is_dated_by_what_it_settles() -> None:
    """The claim's day, else the statement's, else the day of agreement."""
    claim = STATEMENT.claim()
    other = replace(claim, principal=claim.principal + yuan("1"), as_of=day("2025-05-31"))

    def dated(**changes: Any) -> date:
        view = compose(PaperKind.MEDIATION_AGREEMENT, settled(WITH_INTEREST, **changes))
        assert isinstance(view, MediationAgreement)
        return view.claim.as_of

    assert dated(case=case(replace(claim, as_of=day("2025-06-01")))) == day("2025-06-01")
    assert dated(case=case(other)) == STATEMENT.as_of
    assert dated(case=case(other), statement=None) == WITH_INTEREST.agreed_on


def test_a_plan_interest_without_a_rate_is_still_said() -> None:
    """A view may come without the rate; the sum is what counts."""
    view = compose(*CASES["agreement-with-interest"])
    assert isinstance(view, MediationAgreement)
    plain = replace(view, plan_rate=None)
    assert "对尚未清偿的余额计收分期利息" in "\n".join(outlines.texts(template_for(plain).lay_out(plain)))


def test_a_card_debt_is_called_by_its_names() -> None:
    """透支本金 and 违约金, not 罚息."""
    owed = replace(CARD_STATEMENT.owed, breach_fee=yuan("12"), costs=yuan("5"))
    known = replace(
        CASES["agreement-on-a-card"][1],
        agreement=agreed(EqualPrincipal(dates=replace(MONTHS, count=3)), owed),
    )
    said = text_of(PaperKind.MEDIATION_AGREEMENT, known)
    assert "透支本金9,560.60元" in said
    assert "违约金12.00元" in said
    assert "减免违约金6.00元" in said
    assert "手续费及实现债权的费用5.00元" in said
    assert "罚息" not in said


def test_a_plan_with_interest_shows_what_remains_after_each_payment() -> None:
    """The debt less all that was repaid so far: interest repays nothing, and nothing is left at the end."""
    view = compose(*CASES["agreement-with-interest"])
    assert isinstance(view, MediationAgreement)
    plan = (
        Instalment(number=1, due_on=day("2026-04-20"), amount=yuan("410.00"), interest=yuan("10.00")),
        Instalment(number=2, due_on=day("2026-05-20"), amount=yuan("405.50"), interest=yuan("5.50")),
        Instalment(number=3, due_on=day("2026-06-20"), amount=yuan("201.00"), interest=yuan("1.00")),
    )
    claim = replace(view.claim, principal=yuan("1000"), interest=ZERO, penalty_interest=ZERO)
    claim = replace(claim, compound_interest=ZERO, fees=ZERO)
    small = replace(
        view, claim=claim, waiver=Waiver(penalty_interest=ZERO, compound_interest=ZERO), plan=plan
    )
    laid_out = template_for(small).lay_out(small)
    (grid,) = [block for block in laid_out.blocks if isinstance(block, outlines.Grid)]
    assert [column.title for column in grid.columns][2:6] == [
        "偿还欠款（元）",
        "利息（元）",
        "应付（元）",
        "余额（元）",
    ]
    assert [row[2:6] for row in grid.rows] == [
        ("400.00", "10.00", "410.00", "600.00"),
        ("400.00", "5.50", "405.50", "200.00"),
        ("200.00", "1.00", "201.00", "0.00"),
    ]
    assert grid.closing[2:6] == ("1,000.00", "16.50", "1,016.50", "0.00")


@pytest.mark.parametrize("name", ["agreement-without-interest", "agreement-with-interest"])
def test_every_plan_shows_what_remains(name: str) -> None:
    """To the fen: the first payment less than the debt, and nothing after the last."""
    view = compose(*CASES[name])
    laid_out = template_for(view).lay_out(view)
    (grid,) = [block for block in laid_out.blocks if isinstance(block, outlines.Grid)]
    place = [column.title for column in grid.columns].index("余额（元）")
    remaining = [row[place] for row in grid.rows]
    expected = {
        "agreement-without-interest": ["140,888.99", "128,080.90", "115,272.81"],
        "agreement-with-interest": ["151,358.23", "149,012.26", "146,659.16"],
    }
    assert remaining[:3] == expected[name]
    assert (remaining[-1], grid.closing[place]) == ("0.00", "0.00")


def test_a_report_on_a_card_calls_its_debt_by_its_names() -> None:
    """As the agreement does."""
    kind, known = CASES["report-without-agreement"]
    said = text_of(kind, replace(known, case=replace(known.case, case_type=CaseType.CREDIT_CARD)))
    assert "违约金" in said
    assert "手续费及实现债权的费用" in said
    assert "罚息" not in said


# --- confirmation ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_only_the_partys_own_paper_says_how_it_takes_service(name: str) -> None:
    """Elsewhere both boxes of 是否接受电子送达 are empty: nobody said no."""
    kind, known = CASES[name]
    said = text_of(kind, known)
    if kind is not PaperKind.SERVICE_ADDRESS and "是否接受电子送达" in said:
        assert "是☐　否☐" in said.split("是否接受电子送达")[1]


def test_the_application_says_what_was_agreed() -> None:
    """Sum, plan and consequences, and every party signs as an applicant."""
    said = text("confirmation")
    assert "分60期支付共计人民币168,381.34元" in said
    assert "其中分期利息14,684.26元" in said
    assert "全部未到期款项一并到期，债权人可就全部剩余款项申请执行，减免的款项恢复计收" in said
    assert "被申请人" not in said
    assert "一次性支付人民币150,789.12元" in text("confirmation-at-once")
    assert "3.付款日届满后5日内仍未付清的，债权人可就全部剩余款项申请执行" in text("confirmation-at-once")
    on_the_spot = replace(
        CASES["agreement-on-the-spot"][1], agreement=given(CASES["agreement-on-the-spot"][1].agreement)
    )
    assert "当场付清" in text_of(PaperKind.CONFIRMATION_APPLICATION, on_the_spot)
    late = settled(WITHOUT_INTEREST)
    assert "逾期未付清的，债权人可就已到期款项申请执行。" in text_of(PaperKind.CONFIRMATION_APPLICATION, late)
    mild = agreed(
        EqualPrincipal(dates=replace(MONTHS, count=3)),
        default_clause=DefaultClause(grace_days=2, clawback=False, acceleration=False),
    )
    assert "各期付款日届满后2日内仍未付清的" in text_of(PaperKind.CONFIRMATION_APPLICATION, settled(mild))


# --- for the court ---------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", FailureReason)
def test_a_report_says_why_it_ended(reason: FailureReason) -> None:
    """Every reason code has its words."""
    view = compose(PaperKind.MEDIATION_REPORT, sources(case=case(failure=reason)))
    assert isinstance(view, MediationReport)
    assert view.reason
    assert not view.agreed


def test_a_report_names_mediator_and_judge() -> None:
    """By the names that the sources have, and not by the ids in the case."""
    known = sources(case=case(judge_id="j-9", mediator_id="m-9"), mediator_name="林和", judge_name="周正")
    said = answers(PaperKind.MEDIATION_REPORT, known)
    assert (said["调解员"], said["对接指导法官"]) == ("林和", "周正")


def test_what_goes_to_the_court_reads_no_terms() -> None:
    """The same report, complaint and facts, whatever was agreed and conceded (TY22)."""
    for kind in (
        PaperKind.MEDIATION_REPORT,
        PaperKind.COMPLAINT,
        PaperKind.UNDISPUTED_FACTS,
        PaperKind.SERVICE_ADDRESS,
    ):
        known = sources(case=case(failure=FailureReason.REFUSES_TO_SIGN))
        offered = replace(known, agreement=WITH_INTEREST, account=CASES["agreement-at-once"][1].account)
        assert compose(kind, known) == compose(kind, offered)


def test_a_report_encloses_what_was_made() -> None:
    """And says so where nothing was."""
    assert "1.无争议事实记载\n2.送达地址确认书" in text("report-without-agreement")
    assert "附件\n无" in text("report-with-agreement")
    assert "调解记录" not in text("report-with-agreement")


def test_an_address_is_confirmed_for_its_party() -> None:
    """With its own name, and how it is served electronically."""
    known = sources(party_id="r2", service=replace(given(sources().service), electronic=None))
    said = answers(PaperKind.SERVICE_ADDRESS, known)
    assert said["被申请人\n（自然人）"].startswith("姓名：𬭎某某")
    assert said["是否接受电子送达"] == "是☐　否☑"
    assert "短信 13812341234" in text("service-address")


def test_all_papers_of_a_case_serve_a_party_at_one_address() -> None:
    """The confirmed one, electronic service included; without one, where it was filed."""
    at = replace(SERVICE, address="样例路8号", electronic="短信 13800001234")
    known = replace(settled(AT_ONCE), service=None, party_id=None, confirmed={"r2": at})
    for kind in (
        PaperKind.MEDIATION_AGREEMENT,
        PaperKind.CONFIRMATION_APPLICATION,
        PaperKind.COMPLAINT,
    ):
        said = text_of(kind, known)
        assert said.count("地址：样例路8号") == 1
        assert said.count("是☑　方式：短信 13800001234") == 1
        assert said.count("是☐　否☐") >= 3
    own = replace(known, party_id="r2", service=at)
    assert "地址：样例路8号" in text_of(PaperKind.SERVICE_ADDRESS, own)
