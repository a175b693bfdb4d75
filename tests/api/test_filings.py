"""Filing over HTTP: one answer for one claim, every fault at once, and no person's data in a refusal."""

from datetime import date, datetime
from typing import Any

import pytest
from stdnum.cn import ric

from chalicelib.adapters.calendar import load_calendar
from chalicelib.domain.id_documents import Sex
from chalicelib.domain.liability import LiabilityTerms
from chalicelib.domain.money import Money
from chalicelib.domain.parties import PartyDetails
from chalicelib.domain.roles import Actor, Role
from tests.support.bodies import (
    NAME,
    OTHER_NUMBER,
    PERSON_NUMBER,
    PHONE,
    filing,
    filing_with_debt,
    loan_debt,
)
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Answer, Api

OTHER_CODE = "91350900MA2XN0004U"
OTHER_BANK = Actor(role=Role.INSTITUTION, subject="clerk-9", institution_id="bank-9")


@pytest.fixture
def api() -> Api:
    return Api()


def file(api: Api, body: Any, key: str = "key-1", **headers: str) -> Answer:
    return api.post("/v1/filings", body, Idempotency_Key=key, **headers)


@pytest.mark.parametrize(
    "number",
    [
        "（2024）蕉农商借字第0123号",
        "蕉农信 借字〔2019〕第 88 号",
        "NO.3509020220240001#01",
        "个借/2021-07*001+补1",
        "【惠农e贷】2022—0009号、展期①",
        "JN&XD:2020\\5",
        "𠮷田借字1号",
    ],
)
def test_a_contract_has_the_number_that_stands_on_its_paper(api: Api, number: str) -> None:
    """Banks use brackets, blanks, dashes and signs of every kind; nothing of it is changed."""
    filed = file(api, filing(contract_number=number))
    assert filed.status == 201
    assert api.get(filed.headers["Location"]).body["contract_number"] == number


def test_a_filing_opens_a_case_at_its_location(api: Api) -> None:
    """The answer says where the case is, at which version, and nothing of the parties."""
    answer = file(api, filing())
    assert answer.status == 201
    assert answer.headers["Location"] == "/v1/cases/C-0001"
    assert answer.headers["ETag"] == '"1"'
    assert answer.body == {
        "case_id": "C-0001",
        "stage": "filed",
        "filed_at": "2026-03-02T01:30:00+00:00",
        "version": 1,
        "warnings": [],
    }
    case = api.hub.cases.get("C-0001")
    assert case.institution_id == "bank-1"
    assert str(case.claim.total) == "113588.16"
    assert [party.party_id for party in case.parties] == ["a1", "r1"]


def test_a_retry_gets_the_same_answer_and_says_so(api: Api) -> None:
    """Same key, same content (in whatever order of fields): the same case, marked as replayed."""
    first, body = file(api, filing()), filing()
    again = file(api, dict(reversed(body.items())))
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(api.hub.memory.cases) == 1


def test_a_key_belongs_to_one_body(api: Api) -> None:
    """Another body under the same key is a mistake of the caller, not a second case."""
    file(api, filing())
    answer = file(api, filing(claim__principal="1.00"))
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_a_key_belongs_to_one_institution(api: Api) -> None:
    """Two banks that count their filings alike do not meet."""
    file(api, filing())
    answer = api.post("/v1/filings", filing(), OTHER_BANK, Idempotency_Key="key-1")
    assert (answer.status, answer.body["case_id"]) == (201, "C-0002")


@pytest.mark.parametrize("key", ["", "with blank", "x" * 129, "汉字", 'quo"ted'])
def test_without_a_usable_key_nothing_is_created(api: Api, key: str) -> None:
    """A creation that can't be repeated safely is refused before anything else of it is read."""
    answer = file(api, filing(), key)
    assert (answer.status, answer.code) == (400, "idempotency_key_required")
    assert not api.hub.memory.cases


def test_a_claim_is_open_once(api: Api) -> None:
    """The refusal names the case that is open already."""
    file(api, filing())
    answer = file(api, filing(), "key-2")
    assert (answer.status, answer.code) == (409, "duplicate_filing")
    assert answer.body["existing_case_id"] == "C-0001"
    assert answer.body["existing_instalment_scope"] == "whole"


@pytest.mark.parametrize(
    ("number", "scope", "status"),
    [
        ("JC-2026-000123", "1-6", 409),
        ("jc-2026-000123", "6", 409),
        ("ＪＣ－２０２６－０００１２３", "whole", 409),
        ("JC-2026-000123", "9-12", 409),
        ("JC-2026-000123", "7-8", 201),
        ("JC-2026-000124", "whole", 201),
    ],
)
def test_no_instalment_is_claimed_by_two_open_cases(api: Api, number: str, scope: str, status: int) -> None:
    """However the contract's number is written; the refusal names the case that claims it, and what."""
    file(api, filing(instalment_scope="1-6"), "key-1")
    file(api, filing(instalment_scope="9"), "key-2")
    answer = file(api, filing(contract_number=number, instalment_scope=scope), "key-3")
    assert answer.status == status
    if status == 409:
        case_id, claimed = ("C-0002", "9") if scope == "9-12" else ("C-0001", "1-6")
        assert answer.code == "duplicate_filing"
        assert (answer.body["existing_case_id"], answer.body["existing_instalment_scope"]) == (
            case_id,
            claimed,
        )


def test_who_files_again_is_told_which_cases_came_before(api: Api) -> None:
    """Those about the same instalments, also in the answer that a repeated key gets; it is filed."""
    for number, scope in enumerate(("1-6", "7-12"), start=1):
        body = file(api, filing(instalment_scope=scope), f"key-{number}").body
        api.post(f"/v1/cases/{body['case_id']}/withdrawal", {}, If_Match=f'"{body["version"]}"')
    answer = file(api, filing(instalment_scope="3"), "key-3")
    assert answer.status == 201
    (warning,) = answer.body["warnings"]
    assert (warning["pointer"], warning["code"]) == ("/contract_number", "filed_before")
    assert "C-0001" in warning["message"]
    assert "1-6" in warning["message"]
    again = file(api, filing(instalment_scope="3"), "key-3")
    assert again.body == answer.body


def test_ten_mistakes_get_one_answer(api: Api) -> None:
    """Every fault by its pointer: of fields, check digits, between fields, and of what only the hub knows."""
    body = filing(
        court_id="court-unknown",
        case_type="divorce",
        contract_number=" JC 2026#1",
        instalment_scope="9-3",
        claim__principal=100000,
        claim__interest="7330.5",
        claim__as_of="2026-03-03",
        online="yes",
        applicant__unified_social_credit_code="91350100M000100Y44",
        respondents__0__id_number="110105194912310021",
        respondents__0__phone="12345",
        respondents__0__name="张\u202e试",
        extra="x",
    )
    del body["claim"]["compound_interest"]
    answer = file(api, body)
    assert (answer.status, answer.code) == (422, "invalid_input")
    assert answer.faults == {
        "/court_id": "unknown_court",
        "/case_type": "not_an_option",
        "/contract_number": "text_format",
        "/instalment_scope": "instalment_scope_order",
        "/claim/principal": "amount_format",
        "/claim/interest": "amount_format",
        "/claim/compound_interest": "missing",
        "/claim/as_of": "date_in_future",
        "/online": "boolean_expected",
        "/applicant/unified_social_credit_code": "credit_code_checksum",
        "/respondents/0/id_number": "id_number_checksum",
        "/respondents/0/phone": "phone_format",
        "/respondents/0/name": "text_format",
        "/extra": "unknown_field",
    }
    assert answer.body["error_count"] == 14
    assert not api.hub.memory.cases
    assert not api.hub.memory.answers


FAULTS = [
    ({"claim__principal": "0.00"}, "/claim/principal", "amount_not_positive"),
    ({"claim__principal": "-1.00"}, "/claim/principal", "amount_format"),
    ({"claim__interest": "-0.00"}, "/claim/interest", "amount_format"),
    ({"claim__principal": "1e3"}, "/claim/principal", "amount_format"),
    ({"claim__principal": "１００.00"}, "/claim/principal", "amount_format"),
    ({"claim__fees": 12.5}, "/claim/fees", "amount_format"),
    ({"claim__fees": None}, "/claim/fees", "amount_format"),
    ({"claim__as_of": "2026-02-30"}, "/claim/as_of", "date_unreal"),
    ({"claim__as_of": "2026-2-3"}, "/claim/as_of", "date_format"),
    ({"claim__as_of": 20260203}, "/claim/as_of", "date_format"),
    ({"claim__as_of": "1979-12-31"}, "/claim/as_of", "date_too_early"),
    ({"claim": []}, "/claim", "object_expected"),
    ({"claim__rate": "7.25"}, "/claim/rate", "unknown_field"),
    ({"online": 1}, "/online", "boolean_expected"),
    ({"contract_number": ""}, "/contract_number", "too_short"),
    ({"contract_number": "x" * 65}, "/contract_number", "too_long"),
    ({"applicant__name": ""}, "/applicant/name", "too_short"),
    ({"applicant__name": "银" * 101}, "/applicant/name", "too_long"),
    ({"instalment_scope": "0-3"}, "/instalment_scope", "instalment_scope_format"),
    ({"instalment_scope": "1,2,3"}, "/instalment_scope", "instalment_scope_format"),
    ({"instalment_scope": "第六期至第1期"}, "/instalment_scope", "instalment_scope_format"),
    ({"instalment_scope": "第6期至第1期"}, "/instalment_scope", "instalment_scope_order"),
    ({"applicant__phone": "0593-296000111"}, "/applicant/phone", "phone_format"),
    ({"applicant__phone": "12800001234"}, "/applicant/phone", "phone_format"),
    ({"applicant__name": " 银行"}, "/applicant/name", "text_format"),
    ({"applicant__address": "路\n1号"}, "/applicant/address", "text_format"),
    ({"applicant__name": "\ud800"}, "/applicant/name", "text_format"),
    (
        {"applicant__unified_social_credit_code": "91350100i000100Y43"},
        "/applicant/unified_social_credit_code",
        "credit_code_format",
    ),
    ({"respondents": []}, "/respondents", "too_few"),
    ({"respondents": {}}, "/respondents", "list_expected"),
    ({"respondents": [None]}, "/respondents/0", "object_expected"),
    ({"respondents": [filing()["respondents"][0]] * 11}, "/respondents", "too_many"),
    ({"respondents": [filing()["respondents"][0]] * 2}, "/respondents/1/id_number", "duplicate_party"),
    ({"respondents__0__kind": "robot"}, "/respondents/0/kind", "not_an_option"),
    ({"respondents__0__kind": "entity"}, "/respondents/0/id_number", "credit_code_format"),
    ({"respondents__0__id_number": "110105194902310021"}, "/respondents/0/id_number", "id_number_birth_date"),
    ({"respondents__0__id_number": "11010519491231002"}, "/respondents/0/id_number", "id_number_format"),
    ({"respondents__0__id_number": 1}, "/respondents/0/id_number", "string_expected"),
    ({"respondents__0__account": "6217000"}, "/respondents/0/account", "account_format"),
    ({"respondents__0__account": "6217/0000"}, "/respondents/0/account", "account_format"),
    (
        {"respondents__0__account": "621700000000 621700000001"},
        "/respondents/0/account",
        "account_several",
    ),
    ({"respondents__0__phone": "2881234"}, "/respondents/0/phone", "phone_area_code"),
    ({"respondents__0__phone": "13800001234/13900001234"}, "/respondents/0/phone", "phone_several"),
    ({"court_id": "court#1"}, "/court_id", "identifier_format"),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), FAULTS)
def test_each_fault_has_its_code(api: Api, changes: dict[str, Any], pointer: str, code: str) -> None:
    """One wrong value is one fault, where it is, and nothing is stored."""
    answer = file(api, filing(**changes))
    assert answer.status == 422
    assert answer.faults[pointer] == code
    assert not api.hub.memory.cases


@pytest.mark.parametrize(
    ("changes", "remedies"),
    [
        ({"claim__principal": "10000000000000.00"}, ('"9999999999999.99"', "两位小数")),
        ({"claim__principal": "26,530.40元"}, ("no sign, comma or unit", "不含符号、逗号和单位")),
        ({"respondents__0__phone": 13800001234}, ("in quotes", "加引号")),
        ({"respondents__0__phone": "2881234"}, ("0593-2881234", "0593-2881234")),
        ({"respondents__0__phone": "13800001234、13900001234"}, ("the mobile number", "手机号码")),
        (
            {"respondents__0__id_number": "350902501105023"},
            ("18 characters", "2013 年前的 15 位"),
        ),
        ({"respondents__0__id_number": OTHER_CODE}, ('kind is "entity"', 'kind 为 "entity"')),
        ({"respondents__0__kind": "entity"}, ('kind is "person"', 'kind 为 "person"')),
        (
            {"respondents__0__id_document": "passport", "respondents__0__id_number": "护照E12345678"},
            ("E12345678", "E12345678"),
        ),
        ({"claim__as_of": "2026-03-03"}, ("2026-03-02", "2026-03-02")),
    ],
)
def test_a_fault_says_what_to_send_instead(
    api: Api, changes: dict[str, Any], remedies: tuple[str, str]
) -> None:
    """In both languages, for what clerks and their systems write."""
    for language, remedy in zip(("en", "zh-CN"), remedies, strict=True):
        (entry,) = file(api, filing(**changes), Accept_Language=language).body["errors"]
        assert remedy in entry["message"]


def test_the_largest_amount_that_is_told_is_taken(api: Api) -> None:
    """Of ten trillion less one fen."""
    assert file(api, filing(claim__principal="9999999999999.99")).status == 201


def test_faults_hidden_by_a_wrong_kind_are_told_too(api: Api) -> None:
    """A respondent of no known kind is still judged field by field."""
    changes = {
        "respondents__0__kind": "robot",
        "respondents__0__id_number": "1",
        "respondents__0__phone": "1",
    }
    assert file(api, filing(**changes)).faults == {
        "/respondents/0/kind": "not_an_option",
        "/respondents/0/id_number": "id_number_format",
        "/respondents/0/phone": "phone_format",
    }


ACCEPTED = [
    {"respondents__0__id_number": "11010519491231002x"},
    {"respondents__0__id_number": OTHER_NUMBER},
    {"respondents__0__kind": "entity", "respondents__0__id_number": OTHER_CODE},
    {"respondents__0__phone": "059329600011"},
    {"respondents__0__phone": "010-62760001"},
    {"respondents__0__name": "阿卜杜拉·买买提"},
    {"contract_number": "（2024）蕉农商借字第0123号"},
    {"claim__as_of": "2026-03-02"},
]


@pytest.mark.parametrize("changes", ACCEPTED)
def test_what_occurs_in_practice_is_accepted(api: Api, changes: dict[str, Any]) -> None:
    """Lower-case x, districts younger than the holder, landlines, minority names, today's date."""
    assert file(api, filing(**changes)).status == 201


PAPERS = [
    ("810000199003070015", None, "hk_macao_residence_permit", "810000********0015"),
    ("820000199003070017", "hk_macao_residence_permit", "hk_macao_residence_permit", "820000********0017"),
    ("830000199003070019", None, "taiwan_residence_permit", "830000********0019"),
    ("911840199003070014", None, "foreign_permanent_residence", "911840********0014"),
    ("FRA310090030712", None, "foreign_permanent_residence", "FRA310*****0712"),
    ("e12345678", "passport", "passport", "E*****678"),
    ("H12345678", "hk_macao_travel_permit", "hk_macao_travel_permit", "H****5678"),
    ("M12345678 01", "hk_macao_travel_permit", "hk_macao_travel_permit", "M******7801"),
    ("12345678", "taiwan_travel_permit", "taiwan_travel_permit", "****5678"),
    ("0123456789(A)", "taiwan_travel_permit", "taiwan_travel_permit", "*******789A"),
    (PERSON_NUMBER, "resident_id", "resident_id", "110105********002X"),
]


@pytest.mark.parametrize(("number", "stated", "known", "shown"), PAPERS)
def test_each_paper_of_a_person_is_taken_and_masked(
    api: Api, number: str, stated: str | None, known: str, shown: str
) -> None:
    """By its own form; what its number tells need not be said."""
    body = filing(respondents__0__id_number=number, respondents__0__id_document=stated)
    assert file(api, body).status == 201
    party = api.get("/v1/cases/C-0001").body["parties"][1]
    assert (party["id_document"], party["id_number"]) == (known, shown)
    assert api.post("/v1/case-searches", {"id_number": number}).body == {"case_ids": ["C-0001"]}


WRONG_PAPERS = [
    ("E12345678", None, "/respondents/0/id_number", "id_number_format"),
    ("E123", "passport", "/respondents/0/id_number", "document_number_format"),
    ("EABCDEFGH", "passport", "/respondents/0/id_number", "document_number_format"),
    ("X12345678", "hk_macao_travel_permit", "/respondents/0/id_number", "document_number_format"),
    ("1234567", "taiwan_travel_permit", "/respondents/0/id_number", "document_number_format"),
    ("810000199003070018", None, "/respondents/0/id_number", "id_number_checksum"),
    ("830000199003070010", None, "/respondents/0/id_number", "id_number_checksum"),
    ("911840199003070010", None, "/respondents/0/id_number", "id_number_checksum"),
    ("FRA310090130712", None, "/respondents/0/id_number", "id_number_birth_date"),
    ("810000199003070015", "resident_id", "/respondents/0/id_document", "id_document_differs"),
    (PERSON_NUMBER, "passport", "/respondents/0/id_document", "id_document_differs"),
    (PERSON_NUMBER, "driving_licence", "/respondents/0/id_document", "not_an_option"),
]


@pytest.mark.parametrize(("number", "stated", "pointer", "code"), WRONG_PAPERS)
def test_a_number_that_no_such_paper_has_is_refused(
    api: Api, number: str, stated: str | None, pointer: str, code: str
) -> None:
    """Each paper by its own check."""
    answer = file(api, filing(respondents__0__id_number=number, respondents__0__id_document=stated))
    assert (answer.status, answer.faults) == (422, {pointer: code})


@pytest.mark.parametrize("born", ["20990307", "20260303", "18990307"])
def test_nobody_is_born_in_the_future(api: Api, born: str) -> None:
    """Nor before anybody alive; today is possible."""
    digits = f"350902{born}001"
    answer = file(api, filing(respondents__0__id_number=digits + ric.calc_check_digit(digits + "X")))
    assert answer.faults == {"/respondents/0/id_number": "id_number_birth_date"}


def test_an_organisation_has_no_paper_of_a_person(api: Api) -> None:
    """Its number is its credit code."""
    changes = {"kind": "entity", "id_number": OTHER_CODE, "id_document": "passport"}
    answer = file(api, filing(**{f"respondents__0__{name}": value for name, value in changes.items()}))
    assert answer.faults == {"/respondents/0/id_document": "id_document_differs"}


def respondents(*liabilities: Any) -> list[dict[str, Any]]:
    """Return a respondent for each liability; None leaves it out."""
    first = filing()["respondents"][0]
    numbers = [PERSON_NUMBER, OTHER_NUMBER, "810000199003070015"]
    return [
        {**first, "id_number": number, "liability": liability}
        for number, liability in zip(numbers, liabilities, strict=False)
    ]


GUARANTEE = {
    "kind": "joint_guarantor",
    "contract_number": "BZ-1",
    "scope": "主债权及利息",
    "maximum": "200000.00",
    "starts": "2024-01-01",
    "ends": "2029-01-01",
}


def test_each_respondent_answers_as_it_was_stated(api: Api) -> None:
    """The case holds the kind, the details the terms; who has none stated is the borrower."""
    house = {"kind": "mortgagor", "thing": "样例路8号房屋", "registered": True}
    assert file(api, filing(respondents=respondents(None, GUARANTEE, house))).status == 201
    shown = api.get("/v1/cases/C-0001").body["parties"]
    assert [party["liability"] for party in shown] == [None, "borrower", "joint_guarantor", "mortgagor"]
    _, borrowed, guaranteed, mortgaged = details_of(api)
    assert borrowed.liability is None
    assert guaranteed.liability == LiabilityTerms(
        contract_number="BZ-1",
        scope="主债权及利息",
        maximum=Money(200_000_00),
        starts=date(2024, 1, 1),
        ends=date(2029, 1, 1),
    )
    assert mortgaged.liability == LiabilityTerms(thing="样例路8号房屋", registered=True)
    listed = api.get("/v1/cases").body["items"][0]["parties"]
    assert [party["liability"] for party in listed] == [None, "borrower", "joint_guarantor", "mortgagor"]


WRONG_LIABILITIES = [
    ({"kind": "friend"}, "/kind", "not_an_option"),
    ({"kind": "borrower", "scope": "全部"}, "/scope", "unknown_field"),
    ({"kind": "mortgagor"}, "/thing", "missing"),
    ({"kind": "heir"}, "/deceased", "missing"),
    (GUARANTEE | {"maximum": "0.00"}, "/maximum", "amount_not_positive"),
    (GUARANTEE | {"ends": "2023-12-31"}, "/ends", "period_order"),
    ({"kind": "pledgor", "thing": "存单", "registered": "yes"}, "/registered", "boolean_expected"),
]


@pytest.mark.parametrize(("liability", "at", "code"), WRONG_LIABILITIES)
def test_a_liability_has_the_terms_of_its_kind(
    api: Api, liability: dict[str, Any], at: str, code: str
) -> None:
    """And no others; what can't be is told where it stands."""
    answer = file(api, filing(respondents=respondents(liability)))
    assert (answer.status, answer.faults) == (422, {f"/respondents/0/liability{at}": code})


def test_a_general_guarantor_alone_is_told(api: Api) -> None:
    """The court would add the borrower; beside a borrower or an heir nothing is said."""
    general, heir = {"kind": "general_guarantor"}, {"kind": "heir", "deceased": "张故"}
    alone = file(api, filing(respondents=respondents(general)))
    assert [(told["pointer"], told["code"]) for told in alone.body["warnings"]] == [
        ("/respondents", "general_guarantor_alone")
    ]
    both = file(api, filing(respondents=respondents(general, heir), contract_number="B"), "key-2")
    assert both.body["warnings"] == []


AGENT = {
    "name": "林试",
    "firm": "测试律师事务所",
    "phone": "13900000001",
    "authority": "special",
    "letter_number": "SQ-1",
}
HEAD = {"kind": "person_in_charge", "name": "陈试", "position": "行长", "phone": "0593-2960001"}
SPOUSE = {"name": "李试", "relation": "配偶"}


def test_who_stands_beside_a_party_is_filed_with_it(api: Api) -> None:
    """The case knows an agent's id and authority; everything personal stands with the details."""
    body = filing(
        applicant__representative=HEAD, applicant__agents=[AGENT], respondents__0__relatives=[SPOUSE]
    )
    assert file(api, body).status == 201
    shown = api.get("/v1/cases/C-0001").body["parties"]
    agent = {"agent_id": "g1", "authority": "special", "acts": True}
    assert [party["agents"] for party in shown] == [[agent], []]
    assert "李试" not in str(shown), "a bank sees its own side whole, and no other"
    assert [each["name"] for each in shown[0]["representatives"]] == ["陈试", "林试"]
    bank, debtor = details_of(api)
    assert [(each.kind, each.name) for each in (*bank.representatives, *debtor.representatives)] == [
        ("person_in_charge", "陈试"),
        ("agent", "林试"),
        ("relative", "李试"),
    ]
    assert "林试" not in repr(bank.representatives)


OF_A_PERSON = {
    "ethnicity": "畲族",
    "employer": "样例茶叶合作社",
    "position": "社员",
    "residence": "福州市样例路9号",
}
OF_AN_ENTITY = {"entity_type": "有限责任公司", "registered_at": "福建省宁德市"}


def test_what_the_forms_ask_is_filed_and_shown_to_its_own_party_alone(api: Api) -> None:
    """Of a person where it works and lives, of an entity its type and where it is registered."""
    body = filing(
        **{f"respondents__0__{name}": value for name, value in OF_A_PERSON.items()},
        **{f"applicant__{name}": value for name, value in OF_AN_ENTITY.items()},
    )
    assert file(api, body).status == 201
    bank, debtor = details_of(api)
    assert (bank.entity_type, bank.registered_at) == ("有限责任公司", "福建省宁德市")
    kept = (debtor.ethnicity, debtor.employer, debtor.position, debtor.residence)
    assert kept == ("畲族", "样例茶叶合作社", "社员", "福州市样例路9号")
    own, another = api.get("/v1/cases/C-0001").body["parties"]
    assert own | OF_AN_ENTITY == own
    assert another | dict.fromkeys(OF_A_PERSON) == another
    seen_by_itself = api.get("/v1/cases/C-0001", borrower("C-0001")).body["parties"][1]
    assert seen_by_itself | OF_A_PERSON == seen_by_itself
    assert "畲族" not in repr(debtor)


PASSPORT = {"respondents__0__id_number": "E12345678", "respondents__0__id_document": "passport"}
BORN = {"sex": "female", "birth_date": "1979-08-01"}


def test_sex_and_birth_of_a_passports_holder_are_shown_to_itself_alone(api: Api) -> None:
    """As text; the bank, the centre and the mediator see neither, like all that only the forms ask for."""
    body = filing(**PASSPORT, **{f"respondents__0__{name}": value for name, value in BORN.items()})
    assert file(api, body).status == 201
    _, debtor = details_of(api)
    assert (debtor.sex, debtor.birth_date) == (Sex.FEMALE, date(1979, 8, 1))
    for actor in (INSTITUTION, CENTRE):
        shown = api.get("/v1/cases/C-0001", actor).body["parties"][1]
        assert shown | dict.fromkeys(BORN) == shown
    seen_by_itself = api.get("/v1/cases/C-0001", borrower("C-0001")).body["parties"][1]
    assert seen_by_itself | BORN == seen_by_itself


@pytest.mark.parametrize(
    ("number", "document", "stated", "faults"),
    [
        (PERSON_NUMBER, None, {"sex": "female", "birth_date": "1949-12-31"}, {}),
        (PERSON_NUMBER, None, {"sex": "male"}, {"sex": "sex_differs"}),
        (PERSON_NUMBER, None, {"birth_date": "1949-12-30"}, {"birth_date": "birth_date_differs"}),
        ("810000199003070015", None, {"sex": "female"}, {"sex": "sex_differs"}),
        ("FRA310090030712", None, {"sex": "female", "birth_date": "1990-03-07"}, {}),
        ("FRA310090030712", None, {"birth_date": "1990-03-08"}, {"birth_date": "birth_date_differs"}),
        ("E12345678", "passport", {"birth_date": "2026-03-02"}, {}),
        ("E12345678", "passport", {"birth_date": "2026-03-03"}, {"birth_date": "date_in_future"}),
        ("E12345678", "passport", {"birth_date": "1899-12-31"}, {"birth_date": "date_too_early"}),
        ("E12345678", "passport", {"birth_date": "1979-02-30"}, {"birth_date": "date_unreal"}),
        ("E12345678", "passport", {"birth_date": "1979/2/3"}, {"birth_date": "date_format"}),
        ("E12345678", "passport", {"sex": "女"}, {"sex": "not_an_option"}),
        (PERSON_NUMBER, None, {"sex": []}, {"sex": "not_an_option"}),
    ],
)
def test_what_is_said_of_a_birth_can_be_and_fits_the_number(
    api: Api, number: str, document: str | None, stated: dict[str, Any], faults: dict[str, str]
) -> None:
    """Whoever holds a number that tells them need not say them; who does must say the same."""
    changes = {"respondents__0__id_number": number, "respondents__0__id_document": document}
    answer = file(api, filing(**changes, **{f"respondents__0__{name}": stated[name] for name in stated}))
    assert answer.status == (422 if faults else 201)
    if faults:
        assert answer.faults == {f"/respondents/0/{name}": code for name, code in faults.items()}


def test_what_a_number_tells_is_not_kept_beside_it(api: Api) -> None:
    """So that a corrected number can't contradict what was said with the wrong one."""
    stated = {"respondents__0__sex": "female", "respondents__0__birth_date": "1949-12-31"}
    assert file(api, filing(**stated)).status == 201
    _, debtor = details_of(api)
    assert (debtor.sex, debtor.birth_date) == (None, None)


@pytest.mark.parametrize("name", ["ethnicity", "employer", "position", "residence"])
def test_an_entity_has_nothing_that_only_a_person_has(api: Api, name: str) -> None:
    """The answer names the field."""
    changes = {"respondents__0__kind": "entity", "respondents__0__id_number": OTHER_CODE}
    answer = file(api, filing(**changes, **{f"respondents__0__{name}": "畲族"}))
    assert (answer.status, answer.faults) == (422, {f"/respondents/0/{name}": "of_persons_only"})


@pytest.mark.parametrize("name", ["entity_type", "registered_at"])
def test_a_person_has_nothing_that_only_an_entity_has(api: Api, name: str) -> None:
    """The answer names the field."""
    answer = file(api, filing(**{f"respondents__0__{name}": "有限责任公司"}))
    assert (answer.status, answer.faults) == (422, {f"/respondents/0/{name}": "of_entities_only"})


WRONG_REPRESENTATIVES = [
    ({"respondents__0__representative": HEAD}, "/respondents/0/representative", "representative_of_a_person"),
    (
        {"applicant__agents": [AGENT], "respondents__0__agents": [AGENT | {"phone": "+86 13900000001"}]},
        "/respondents/0/agents/0",
        "agent_of_both_sides",
    ),
    (
        {
            "applicant__agents": [AGENT | {"firm": "甲律师事务所"}],
            "respondents__0__agents": [AGENT | {"firm": "甲律师事务所", "phone": "13900000009"}],
        },
        "/respondents/0/agents/0",
        "agent_of_both_sides",
    ),
    ({"applicant__agents": [AGENT] * 3}, "/applicant/agents", "too_many"),
    ({"applicant__agents": [AGENT | {"authority": "all"}]}, "/applicant/agents/0/authority", "not_an_option"),
    ({"respondents__0__relatives": [{"name": "李试"}]}, "/respondents/0/relatives/0/relation", "missing"),
    ({"respondents__0__agents": [None]}, "/respondents/0/agents/0", "object_expected"),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), WRONG_REPRESENTATIVES)
def test_who_can_not_represent_is_told(api: Api, changes: dict[str, Any], pointer: str, code: str) -> None:
    """A person has no legal representative, nobody acts for both sides, two agents are the most."""
    answer = file(api, filing(**changes))
    assert (answer.status, answer.faults) == (422, {pointer: code})


def test_fees_and_scope_may_be_left_out(api: Api) -> None:
    """They default to none and to the whole claim."""
    body = filing()
    del body["claim"]["fees"], body["instalment_scope"], body["respondents"][0]["account"]
    assert file(api, body).status == 201
    case = api.hub.cases.get("C-0001")
    assert (str(case.claim.fees), case.instalment_scope) == ("0.00", "whole")


def test_an_account_that_is_no_card_is_a_warning(api: Api) -> None:
    """Luhn warns and does not refuse; the warning points at the account without repeating it."""
    answer = file(api, filing(respondents__0__account="6217000000000000005"), Accept_Language="zh-CN")
    assert answer.status == 201
    (warning,) = answer.body["warnings"]
    assert (warning["pointer"], warning["code"]) == ("/respondents/0/account", "account_checksum")
    assert "6217" not in answer.raw.decode()


LOOK_ALIKES = [
    *("\u2022", "\u30fb", "\u2027", "\uff65", "\u00b7", "\u2219", "\u22c5", "\u2e31"),
    *(".", "\uff0e", "\ufe52", "\u25cf"),
]


@pytest.mark.parametrize("dot", LOOK_ALIKES)
def test_the_dot_in_a_name_is_always_the_same(api: Api, dot: str) -> None:
    """Papers have a glyph for one of them, and a search for a name finds one spelling."""
    answer = file(api, filing(respondents__0__name=f"阿卜杜拉{dot}买买提", applicant__name=f"银{dot}行"))
    assert (answer.status, answer.body["warnings"]) == (201, [])
    assert [details.name for details in details_of(api)] == ["银·行", "阿卜杜拉·买买提"]


@pytest.mark.parametrize("name", ["J. Smith", "张三 No. 2", "A.B.银行"])
def test_a_full_stop_elsewhere_stays(api: Api, name: str) -> None:
    """Only between two Chinese characters does it stand for the dot of a name."""
    assert file(api, filing(respondents__0__name=name)).status == 201
    assert details_of(api)[1].name == name


KEPT = [
    ("respondents__0__phone", "+86 138-0000-1234", "13800001234"),
    ("respondents__0__phone", "(0593)2881234转801", "0593-2881234转801"),
    ("respondents__0__phone", "95588", "95588"),
    ("respondents__0__account", "44201501100052501234", "44201501100052501234"),
    ("respondents__0__account", "6217 0000 0000 0000 004", "6217000000000000004"),
    ("respondents__0__account", "nra1234567890123456", "NRA1234567890123456"),
    ("respondents__0__account", "1" * 32, "1" * 32),
    ("respondents__0__account", "35000123", "35000123"),
    ("respondents__0__account", "13-941001040005678", "13941001040005678"),
    ("respondents__0__account", "350－0123 4567—8", "35001234567 8".replace(" ", "")),
]


@pytest.mark.parametrize(("path", "written", "kept"), KEPT)
def test_numbers_are_taken_as_people_write_them(api: Api, path: str, written: str, kept: str) -> None:
    """And stored in one form."""
    assert file(api, filing(**{path: written})).status == 201
    assert getattr(details_of(api)[1], path.rpartition("__")[2]) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1~6", "1-6"),
        ("1–6", "1-6"),
        ("１－６", "1-6"),
        ("第1-6期", "1-6"),
        ("第1期至第6期", "1-6"),
        ("01-06", "1-6"),
        ("第7期", "7"),
        ("WHOLE", "whole"),
        ("全部", "whole"),
    ],
)
def test_instalments_are_taken_as_people_write_them(api: Api, written: str, kept: str) -> None:
    """And kept in one form, by which one instalment is in one open case."""
    assert file(api, filing(instalment_scope=written)).status == 201
    assert api.get("/v1/cases/C-0001").body["instalment_scope"] == kept


@pytest.mark.parametrize("account", ["13-941001040005678", "200012345678905", "35000123"])
def test_an_account_of_a_passbook_is_no_card(api: Api, account: str) -> None:
    """Its number has no check digit, so nothing warns of it."""
    assert file(api, filing(respondents__0__account=account)).body["warnings"] == []


def test_a_code_in_small_letters_is_stored_in_capitals(api: Api) -> None:
    """The applicant's and a firm's."""
    firm = {"kind": "entity", "id_number": OTHER_CODE.lower()}
    changes = {f"respondents__0__{name}": value for name, value in firm.items()}
    own = "91350100M000100Y43"
    assert file(api, filing(**changes, applicant__unified_social_credit_code=own.lower())).status == 201
    assert [details.id_number for details in details_of(api)] == [own, OTHER_CODE]


WARNINGS = [
    ({"respondents__0__phone": "0593-2881234"}, "/respondents/0/phone", "phone_takes_no_codes"),
    ({"applicant__phone": "95588"}, "/applicant/phone", "phone_takes_no_codes"),
    ({"respondents__0__phone": "+85291234567"}, "/respondents/0/phone", "phone_takes_no_codes"),
    ({"respondents__0__name": "\U0002a6d6试"}, "/respondents/0/name", "not_printable"),
    ({"applicant__address": "宁德市\U0002a6d6路1号"}, "/applicant/address", "not_printable"),
    ({"respondents__0__name": "张三/李四"}, "/respondents/0/name", "name_of_several"),
    ({"respondents__0__name": "张三，李四"}, "/respondents/0/name", "name_of_several"),
    ({"respondents__0__name": "张三；李四"}, "/respondents/0/name", "name_of_several"),
    ({"respondents__0__address": "同上"}, "/respondents/0/address", "address_incomplete"),
    ({"applicant__address": "宁德市"}, "/applicant/address", "address_incomplete"),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), WARNINGS)
def test_what_may_be_a_slip_is_told_and_filed(
    api: Api, changes: dict[str, Any], pointer: str, code: str
) -> None:
    """One warning, where it is; a retry is warned again."""
    first, again = file(api, filing(**changes)), file(api, filing(**changes))
    assert (first.status, again.status) == (201, 201)
    assert [(told["pointer"], told["code"]) for told in first.body["warnings"]] == [(pointer, code)]
    assert again.body == first.body


def test_a_character_that_papers_can_not_show_is_told_by_its_code_point(api: Api) -> None:
    """The number that the paper will show, not the name."""
    answer = file(api, filing(respondents__0__name="\U0002a6d6试"))
    assert "U+2A6D6" in answer.body["warnings"][0]["message"]
    assert "\U0002a6d6" not in answer.raw.decode()


@pytest.mark.parametrize("name", ["O'Brien, Seán", "林和", "阿卜杜·买买提", "欧阳娜娜(曾用名:欧阳娜)"])
def test_one_persons_name_is_not_taken_for_several(api: Api, name: str) -> None:
    """A comma of another language, a dot, a former name in brackets."""
    assert file(api, filing(respondents__0__name=name)).body["warnings"] == []


def test_a_public_account_is_no_card(api: Api) -> None:
    """Its last digit is no check digit, so nothing is said about it."""
    assert file(api, filing(respondents__0__account="44201501100052501235")).body["warnings"] == []


def test_nobody_is_its_own_opponent(api: Api) -> None:
    """An institution can't file against itself, however its code is written."""
    code = "91350100M000100Y43"
    changes = {"respondents__0__kind": "entity", "respondents__0__id_number": code.lower()}
    answer = file(api, filing(**changes))
    assert (answer.status, answer.faults) == (422, {"/respondents/0/id_number": "own_opponent"})


def details_of(api: Api) -> tuple[PartyDetails, ...]:
    """Return what was stored of the first case's parties."""
    return api.hub.cases.details(api.hub.cases.get("C-0001"))


def test_a_refusal_repeats_nothing_of_a_person(api: Api) -> None:
    """Neither names nor numbers, nor the names of unknown fields that are no names."""
    body = filing(
        respondents__0__id_number=PERSON_NUMBER[:-1] + "1",
        respondents__0__phone=PHONE + "9",
        respondents__0__name=f"{NAME}\n",
    )
    body["respondents"][0][PERSON_NUMBER] = NAME
    body["respondents"][0][NAME] = PHONE
    text = file(api, body).raw.decode()
    for secret in (PERSON_NUMBER[:-1], PHONE, NAME):
        assert secret not in text


def test_only_institutions_file(api: Api) -> None:
    """The role is asked first: a stranger's malformed filing is refused for who sends it."""
    answer = api.post("/v1/filings", {"x": 1}, MEDIATOR, Idempotency_Key="key-1")
    assert (answer.status, answer.code) == (403, "not_permitted")


def test_an_institution_finds_its_cases_by_a_number(api: Api) -> None:
    """Its own only, and the number is not in the address; lower-case x finds upper-case X."""
    file(api, filing())
    found = api.post("/v1/case-searches", {"id_number": PERSON_NUMBER.lower()})
    assert found.body == {"case_ids": ["C-0001"]}
    other = api.post("/v1/case-searches", {"id_number": PERSON_NUMBER}, OTHER_BANK)
    assert other.body == {"case_ids": []}


@pytest.mark.parametrize("number", ["1", "110105194912310021", "91350100M000100Y44", 5])
def test_a_search_needs_a_possible_number(api: Api, number: object) -> None:
    """A slip finds nothing, so it is told instead."""
    answer = api.post("/v1/case-searches", {"id_number": number})
    assert (answer.status, list(answer.faults)) == (422, ["/id_number"])


def test_a_filing_above_the_line_of_24_percent_is_warned(api: Api) -> None:
    """It is filed, and the warning names the excess and the limit."""
    debt = loan_debt(contract__rates=[{"kind": "fixed", "starts": "2021-03-22", "annual_percent": "36"}])
    claim = {
        "principal": "100000.00",
        "interest": "36400.00",
        "penalty_interest": "28950.00",
        "compound_interest": "10537.80",
        "as_of": "2022-09-30",
    }
    answer = file(api, filing(claim=claim, debt=debt, contract_number="L-36"))
    assert answer.status == 201
    (warning,) = answer.body["warnings"]
    assert (warning["pointer"], warning["code"]) == ("/debt", "total_cap_exceeded")
    assert "38754.47" in warning["message"]
    assert "37133.33" in warning["message"]


def test_a_filing_within_the_line_of_24_percent_has_no_warning(api: Api) -> None:
    """Golden case 1 charges 13,588.16 of 37,133.33."""
    assert file(api, filing_with_debt()).body["warnings"] == []


@pytest.mark.parametrize(
    ("filed", "provisional"), [("2026-03-02T01:30:00Z", False), ("2026-12-31T01:30:00Z", True)]
)
def test_a_deadline_after_the_last_table_is_provisional(api: Api, filed: str, provisional: bool) -> None:
    """Filed on the last day of 2026, its screening is due in 2027; filed in March, it is not."""
    api.hub.calendar = load_calendar()
    api.hub.clock.set(datetime.fromisoformat(filed))
    case_id = file(api, filing()).body["case_id"]
    assert api.get(f"/v1/cases/{case_id}").body["deadline_provisional"] is provisional
