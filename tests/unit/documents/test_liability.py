"""Who owes and who answers, in every paper: a guarantor is never said to owe the principal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.documents.composing import compose
from chalicelib.adapters.documents.composing.liability import borrowers
from chalicelib.adapters.documents.errors import UnknownTemplate
from chalicelib.adapters.documents.registry import template_for
from chalicelib.domain.claim import CaseType
from chalicelib.domain.liability import LiabilityKind, LiabilityTerms
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_outcome import OfferStanding
from tests.unit.documents.cases import (
    ACCOUNT,
    AT_ONCE,
    CARD_IN_INSTALMENTS,
    CARD_STATEMENT,
    DETAILS,
    MADE_ON,
    case,
    of_a_card,
    settled,
    sources,
)
from tests.unit.documents.composed import answers, text, text_of
from tests.unit.domain.loan.support import day, yuan

if TYPE_CHECKING:
    from chalicelib.use_cases.papers import PaperSources

BORROWER, SECOND, FIRM = (entry.name for entry in DETAILS[1:])
GUARANTEE = LiabilityTerms(
    contract_number="保字第1号",
    scope="全部债务",
    maximum=yuan("200000"),
    starts=day("2024-09-21"),
    ends=day("2027-09-20"),
)


def as_(kind: LiabilityKind | None, second: LiabilityTerms | None = None, **changes: Any) -> dict[str, Any]:
    """Let the first borrow, the second answer as told, the firm guarantee jointly."""
    mediated = case(**changes)
    first = LiabilityKind.BORROWER if kind else None
    third = LiabilityKind.JOINT_GUARANTOR if kind else None
    kinds = (None, first, kind, third)
    parties = tuple(
        replace(party, liability=liability) for party, liability in zip(mediated.parties, kinds, strict=True)
    )
    details = (*DETAILS[:2], replace(DETAILS[2], liability=second), DETAILS[3])
    return {"case": replace(mediated, parties=parties), "details": details}


def agreement(kind: LiabilityKind, terms: LiabilityTerms | None = None) -> str:
    """Return the text of an agreement to pay at once."""
    return text_of(PaperKind.MEDIATION_AGREEMENT, settled(AT_ONCE, **as_(kind, terms)))


def test_only_the_borrower_is_said_to_owe() -> None:
    """By name, in what is owed, in what is to be paid and in what follows a default."""
    said = agreement(LiabilityKind.JOINT_GUARANTOR, GUARANTEE)
    assert f"被申请人{BORROWER}尚欠申请人借款本金" in said
    assert f"被申请人{BORROWER}应当向申请人支付的款项" in said
    assert f"被申请人{BORROWER}应于2025年7月31日前" in said
    assert f"被申请人{BORROWER}未按期足额支付款项的" in said
    assert "被申请人尚欠" not in said
    assert f"{SECOND}尚欠" not in said


OF_A_LOAN = ("罚息", "借款", "贷款", "期内利息")


@pytest.mark.parametrize("kind", list(LiabilityKind))
def test_a_cards_papers_speak_of_a_card(kind: LiabilityKind) -> None:
    """No paper has a word of loans, but where the court's own form asks for 罚息: a card has none."""
    heir = LiabilityTerms(deceased="张某") if kind is LiabilityKind.HEIR else None
    parties = as_(
        kind,
        heir,
        claim=CARD_STATEMENT.claim(),
        case_type=CaseType.CREDIT_CARD,
        outcome=CARD_IN_INSTALMENTS.outcome,
    )
    facts = ("被申请人尚欠透支本金。",)
    owing = of_a_card(agreement=CARD_IN_INSTALMENTS, account=ACCOUNT, in_force_on=MADE_ON, facts=facts)
    known = replace(owing, case=parties["case"], details=parties["details"])
    said = {each: text_of(each, known) for each in PaperKind if each is not PaperKind.SIGNED_AGREEMENT}
    said[PaperKind.COMPLAINT] = (
        said[PaperKind.COMPLAINT].replace("利息、罚息、复利", "").replace("罚息：0.00元", "")
    )
    found = {each: [word for word in OF_A_LOAN if word in text] for each, text in said.items()}
    assert {each: words for each, words in found.items() if words} == {}
    for each in (PaperKind.MEDIATION_AGREEMENT, PaperKind.MEDIATION_REPORT, PaperKind.CALCULATION):
        assert "透支本金" in said[each]
        assert "违约金" in said[each]
    assert f"持卡人\n{BORROWER}" in said[PaperKind.CALCULATION]
    assert "（持卡人）" in said[PaperKind.MEDIATION_AGREEMENT]


def test_a_joint_guarantor_answers_within_the_stated_scope() -> None:
    """Scope, maximum and period as stated, and recourse against the borrower."""
    said = agreement(LiabilityKind.JOINT_GUARANTOR, GUARANTEE)
    assert (
        f"被申请人{SECOND}作为连带责任保证人，在全部债务范围内（最高额人民币200,000.00元（大写：贰拾万元整））"
        "对上述债务承担连带清偿责任，保证期间自2024年9月21日起至2027年9月20日止；"
        f"承担保证责任后，有权向被申请人{BORROWER}追偿。"
    ) in said
    assert (
        f"被申请人{FIRM}作为连带责任保证人，在主债权及其利息、违约金、损害赔偿金和实现债权的费用范围内"
        in said
    )


def test_a_general_guarantor_keeps_its_order_of_defence() -> None:
    """民法典 687: the borrower's property first."""
    said = agreement(LiabilityKind.GENERAL_GUARANTOR)
    assert f"申请人应当先就被申请人{BORROWER}的财产依法申请强制执行" in said
    assert f"在此之前，{SECOND}有权拒绝承担保证责任" in said


@pytest.mark.parametrize(
    ("kind", "terms", "words"),
    [
        (
            LiabilityKind.MORTGAGOR,
            LiabilityTerms(thing="样例路8号房屋", registered=True),
            "以样例路8号房屋为上述债务提供抵押担保；债务未获清偿的，申请人有权在主债权",
        ),
        (
            LiabilityKind.MORTGAGOR,
            LiabilityTerms(thing="样例路8号房屋", registered=False),
            "未办理登记；𬭎某某在抵押财产的价值范围内",
        ),
        (LiabilityKind.PLEDGOR, LiabilityTerms(thing="存单1张"), "以存单1张为上述债务提供质押担保"),
        (LiabilityKind.CO_BORROWER, None, "作为共同借款人，对上述债务承担共同清偿责任"),
        (
            LiabilityKind.HEIR,
            LiabilityTerms(deceased="张故", maximum=yuan("50000")),
            "作为借款人张故的继承人，以所得遗产实际价值（人民币50,000.00元（大写：伍万元整））为限清偿上述债务",
        ),
    ],
)
def test_each_answers_in_its_own_way(kind: LiabilityKind, terms: LiabilityTerms | None, words: str) -> None:
    """A thing up to its value, an heir up to the estate, a co-borrower as a borrower; in both papers."""
    assert words in agreement(kind, terms)
    applied = text_of(PaperKind.CONFIRMATION_APPLICATION, settled(AT_ONCE, **as_(kind, terms)))
    assert words.replace("申请人", "债权人") in applied  # where all apply, the creditor is called so


def test_nobody_is_a_respondent_where_all_apply_together() -> None:
    """An application for confirmation has applicants only; who answers for the debt is named as one."""
    for kind in (LiabilityKind.JOINT_GUARANTOR, LiabilityKind.GENERAL_GUARANTOR):
        applied = text_of(PaperKind.CONFIRMATION_APPLICATION, settled(AT_ONCE, **as_(kind)))
        assert "被申请人" not in applied
        assert "申请人应当先" not in applied


def test_the_papers_name_each_ones_standing() -> None:
    """At the particulars and where everybody signs; who has none stated is a respondent and no more."""
    said = agreement(LiabilityKind.GENERAL_GUARANTOR)
    assert "一般保证人" in said.split("\n")
    assert "被申请人（连带责任保证人）" in said
    assert "责任性质" not in text("agreement-at-once")


def test_a_complaint_claims_from_each_what_it_answers_for() -> None:
    """Security, form of guarantee, contract and law, each in its row."""
    said = answers(PaperKind.COMPLAINT, sources(**as_(LiabilityKind.JOINT_GUARANTOR, GUARANTEE)))
    assert f"被告{SECOND}作为连带责任保证人" in said["是否主张担保权利"]
    assert "合同编号：保字第1号" in said["是否签订保证合同"]
    assert said["保证方式"] == f"一般保证☐　连带责任保证☑\n连带责任保证：{SECOND}、{FIRM}"
    assert "第六百八十八条" in said["请求依据"]
    assert f"借款人：{BORROWER}" in said["签订主体"]
    assert SECOND not in said["签订主体"]


def test_a_complaint_describes_things_and_their_registration() -> None:
    """What secures, up to what, whether it was registered; what was not stated stays open."""
    thing = LiabilityTerms(thing="样例路8号房屋", maximum=yuan("90000"), registered=True)
    said = answers(PaperKind.COMPLAINT, sources(**as_(LiabilityKind.MORTGAGOR, thing)))
    assert "抵押财产：样例路8号房屋" in said["是否签订物的担保（抵押、质押）合同"]
    assert "已办理登记" in said["是否办理抵押、质押登记"]
    assert "90,000.00元" in said["是否最高额担保（抵押、质押）"]
    never = replace(thing, registered=False)
    said = answers(PaperKind.COMPLAINT, sources(**as_(LiabilityKind.MORTGAGOR, never)))
    assert said["是否办理抵押、质押登记"] == "是☐　否☑"
    said = answers(
        PaperKind.COMPLAINT, sources(**as_(LiabilityKind.MORTGAGOR, replace(thing, registered=None)))
    )
    assert said["是否办理抵押、质押登记"] == "是☐　否☐"


def test_a_thing_that_is_not_registered_is_named_beside_one_that_is() -> None:
    """Whoever reads that the mortgage is registered must not take it for all of them."""
    known = sources(**as_(LiabilityKind.MORTGAGOR, LiabilityTerms(thing="甲屋", registered=True)))
    kinds = (None, LiabilityKind.BORROWER, LiabilityKind.MORTGAGOR, LiabilityKind.PLEDGOR)
    parties = tuple(replace(p, liability=kind) for p, kind in zip(known.case.parties, kinds, strict=True))
    pledge = replace(known.details[3], liability=LiabilityTerms(thing="存单", registered=False))
    said = answers(
        PaperKind.COMPLAINT,
        replace(known, case=replace(known.case, parties=parties), details=(*known.details[:3], pledge)),
    )
    assert f"{SECOND}：已办理登记\n{FIRM}：未办理登记" in said["是否办理抵押、质押登记"]
    assert said["担保人、担保物"] == f"担保人：{SECOND}、{FIRM}\n担保物：甲屋\n存单"


def test_a_company_that_guarantees_answers_by_the_law_of_companies() -> None:
    """A cooperative and a person do not."""
    known = sources(**as_(LiabilityKind.JOINT_GUARANTOR, GUARANTEE))
    assert "担保制度的解释" not in answers(PaperKind.COMPLAINT, known)["请求依据"]
    company = replace(known.details[3], name="样例茶业有限公司")
    said = answers(PaperKind.COMPLAINT, replace(known, details=(*known.details[:3], company)))
    assert said["请求依据"].endswith(
        "《最高人民法院关于适用〈中华人民共和国民法典〉有关担保制度的解释》第七条"
    )
    assert "第一千一百六十一条" not in said["请求依据"], "only a person has heirs"


def test_a_co_borrower_is_sued_for_the_debt_itself() -> None:
    """Not as security."""
    said = answers(PaperKind.COMPLAINT, sources(**as_(LiabilityKind.CO_BORROWER)))
    assert f"被告{SECOND}作为共同借款人" in said["其他请求"]
    assert SECOND in said["签订主体"]


def test_a_card_complaint_knows_guarantors_too() -> None:
    """And its holder is the first who owes."""
    known = of_a_card(**as_(LiabilityKind.JOINT_GUARANTOR, GUARANTEE) | {"case": _card_case()})
    said = answers(PaperKind.COMPLAINT, known)
    assert f"登记权利人：{SECOND}" in said["信用卡办理情况"]
    assert "连带清偿责任" in said["是否主张担保权利"]
    assert FIRM in said["是否签订保证合同"]


def _card_case() -> Any:
    kinds = (None, LiabilityKind.GENERAL_GUARANTOR, LiabilityKind.BORROWER, LiabilityKind.JOINT_GUARANTOR)
    mediated = of_a_card(case=case(CARD_STATEMENT.claim(), case_type=of_a_card().case.case_type)).case
    parties = (replace(party, liability=kind) for party, kind in zip(mediated.parties, kinds, strict=True))
    return replace(mediated, parties=tuple(parties))


def test_what_was_not_stated_stays_open() -> None:
    """A case of an earlier release: all respondents owe, the loan is the first one's, boxes are unticked."""
    said = answers(PaperKind.COMPLAINT, sources())
    assert said["是否主张担保权利"] == said["是否签订保证合同"] == "是☐　否☐"
    assert f"借款人：{BORROWER}" in said["签订主体"]
    assert "被申请人尚欠申请人" in text("agreement-at-once")


@pytest.mark.parametrize(
    ("deceased", "named"), [("张故", "张故"), (None, "")], ids=["the deceased borrowed", "nobody is known"]
)
def test_without_a_borrower_the_deceased_is_named(deceased: str | None, named: str) -> None:
    """A loan has a borrower even if only heirs and guarantors are respondents."""
    known: PaperSources = sources(**as_(LiabilityKind.HEIR, LiabilityTerms(deceased=deceased)))
    kinds = (None, LiabilityKind.JOINT_GUARANTOR, LiabilityKind.HEIR, LiabilityKind.PLEDGOR)
    parties = tuple(replace(p, liability=kind) for p, kind in zip(known.case.parties, kinds, strict=True))
    assert borrowers(replace(known, case=replace(known.case, parties=parties))) == named


def offered(without: set[str]) -> OfferStanding:
    """Return an accepted offer that leaves parties out."""
    return OfferStanding(
        number=1,
        side=Side.APPLICANT,
        expires_at=datetime(2025, 7, 20, tzinfo=UTC),
        accepted=True,
        left_out=frozenset(without),
    )


def test_who_did_not_join_is_said_to_answer_for_nothing() -> None:
    """A guarantor who is not bound has no clause; one who alone is bound pays another's debt."""
    known = settled(AT_ONCE, **as_(LiabilityKind.JOINT_GUARANTOR, GUARANTEE))
    borrower_alone = replace(known, case=replace(known.case, offer=offered(without={"r2", "r3"})))
    said = text_of(PaperKind.MEDIATION_AGREEMENT, borrower_alone)
    assert "连带责任保证人" not in said
    guarantor_alone = replace(known, case=replace(known.case, offer=offered(without={"r1", "r3"})))
    said = text_of(PaperKind.MEDIATION_AGREEMENT, guarantor_alone)
    assert f"借款人{BORROWER}尚欠申请人" in said
    assert "被申请人应当向申请人支付的款项" in said
    assert f"有权向借款人{BORROWER}追偿" in said


def test_an_older_wording_knows_no_guarantor() -> None:
    """Version 2 would say that everybody owes."""
    view = compose(PaperKind.MEDIATION_AGREEMENT, settled(AT_ONCE, **as_(LiabilityKind.JOINT_GUARANTOR)))
    for version in (1, 2):
        older = template_for(view, f"mediation_agreement/{version}")
        with pytest.raises(UnknownTemplate):
            older.lay_out(view)


@pytest.mark.parametrize(
    ("kind", "name", "cited"),
    [
        (
            LiabilityKind.CO_BORROWER,
            "样例茶业有限公司蕉城分公司",
            "《中华人民共和国民法典》第七十四条；《中华人民共和国公司法》第十三条",
        ),
        (
            LiabilityKind.JOINT_GUARANTOR,
            "样例茶业有限公司蕉城分公司",
            "有关担保制度的解释》第十一条；《中华人民共和国民法典》第七十四条；《中华人民共和国公司法》第十三条",
        ),
        (LiabilityKind.CO_BORROWER, "样例茶业有限公司", "第六百七十六条"),
    ],
)
def test_a_branch_answers_with_its_company(kind: LiabilityKind, name: str, cited: str) -> None:
    """Who sues a branch cites that its company answers; a branch's guarantee needs its company's decision."""
    known = sources(**as_(LiabilityKind.BORROWER))
    parties = tuple(
        replace(party, liability=kind) if party.party_id == "r3" else party for party in known.case.parties
    )
    branch = replace(known.details[3], name=name)
    case_of = replace(known.case, parties=parties)
    said = answers(PaperKind.COMPLAINT, replace(known, case=case_of, details=(*known.details[:3], branch)))
    assert said["请求依据"].endswith(cited)
    assert f"名称：{name}" in said["被告\n（法人、非法人组织）"]
    assert ("第七条" in said["请求依据"]) is False
