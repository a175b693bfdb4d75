"""Institutions: who enrols and reads them, and what is refused of filings, corrections and agreements."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.domain.roles import Actor, Role
from tests.support.bodies import OTHER_NUMBER, filing, filing_with_debt, reviewed
from tests.support.courses import act, done, in_mediation, submitted
from tests.support.deals import SETTLEMENT, accepted
from tests.support.fakes import COURT_ID, FakeHub
from tests.support.fakes.institutions import suspended
from tests.support.fakes.samples import (
    CENTRE,
    COURT,
    INSTITUTION,
    JUDGE,
    MEDIATOR,
    OPS,
    borrower,
)
from tests.support.http import Api

if TYPE_CHECKING:
    from tests.support.http import Answer

CODE: Final = "91350900MA2XN0004U"
BRANCH_CODE: Final = "91350100M000100Y43"
NEW: Final[dict[str, Any]] = {
    "institution_id": "bank-new",
    "name": "新入驻银行（宁德）股份有限公司",
    "unified_social_credit_code": CODE,
    "courts": [COURT_ID],
    "branches": [{"name": "新入驻银行蕉城支行", "unified_social_credit_code": BRANCH_CODE}],
    "contacts": [{"name": "林某", "phone": "0593-2960001", "duty": "诉调对接"}],
    "accounts": [{"holder": "新入驻银行", "number": "44201501100052501234", "bank": "新入驻银行营业部"}],
    "joint_rules": [{"version": "2026-1", "accepted_on": "2026-01-05"}],
    "reason": "签订入驻协议",
}
NEW_BANK: Final = Actor(role=Role.INSTITUTION, subject="clerk-n", institution_id="bank-new")


@pytest.fixture
def api() -> Api:
    """Make a hub of its own."""
    return Api()


def enrol(api: Api, version: int = 0, actor: Actor = CENTRE, /, **changes: Any) -> Answer:
    """Enrol the new bank, or change the version that is given."""
    return api.post("/v1/institutions", {**NEW, **changes}, actor, If_Match=f'"{version}"')


def file(api: Api, actor: Actor = NEW_BANK, key: str = "f-1", **changes: Any) -> Answer:
    """File in the new bank's name."""
    own = {"applicant__name": NEW["name"], "applicant__unified_social_credit_code": CODE}
    return api.post("/v1/filings", filing(**own | changes), actor, Idempotency_Key=key)


def test_who_nobody_enrolled_files_nothing_until_the_centre_enrols_it(api: Api) -> None:
    """The refusal says what to do, and nothing is stored by it."""
    refused = file(api)
    assert (refused.status, refused.code) == (409, "institution_not_enrolled")
    assert "POST /v1/institutions" in refused.body["detail"]
    assert not api.hub.memory.cases
    assert enrol(api).status == 201
    assert file(api).status == 201


def test_what_is_enrolled_is_read_as_it_was_sent(api: Api) -> None:
    """By the centre and by the institution itself; each change with who, when and why."""
    stored = enrol(api)
    assert stored.headers["Location"] == "/v1/institutions/bank-new"
    shown = api.get("/v1/institutions/bank-new", NEW_BANK).body
    assert {name: shown[name] for name in NEW if name != "reason"} == {
        **{name: value for name, value in NEW.items() if name != "reason"},
    }
    assert (shown["state"], shown["version"]) == ("active", 1)
    assert enrol(api, 1, state="suspended", reason="违反共同规则").status == 200
    changes = api.get("/v1/institutions/bank-new", CENTRE).body["changes"]
    assert [(each["version"], each["by"], each["reason"]) for each in changes] == [
        (1, "centre-1", "签订入驻协议"),
        (2, "centre-1", "违反共同规则"),
    ]


def test_an_institution_reads_its_own_only(api: Api) -> None:
    """Another's looks like one that is not there."""
    enrol(api)
    another = api.get("/v1/institutions/bank-new", INSTITUTION)
    nobody = api.get("/v1/institutions/bank-nope", CENTRE)
    assert (another.status, another.code) == (nobody.status, nobody.code) == (404, "institution_not_found")


@pytest.mark.parametrize(
    "actor", [INSTITUTION, MEDIATOR, JUDGE, COURT, OPS, borrower("C-1")], ids=lambda a: a.role
)
def test_only_the_centre_enrols_and_lists(api: Api, actor: Actor) -> None:
    """Nobody enrols itself."""
    assert enrol(api, 0, actor).code == "not_permitted"
    assert api.get("/v1/institutions", actor).code == "not_permitted"


def test_the_list_goes_on_page_by_page_without_contacts_and_accounts(api: Api) -> None:
    """By id; each institution once."""
    enrol(api)
    found, path = [], "/v1/institutions?limit=4"
    for _ in range(5):
        page = api.get(path, CENTRE).body
        found += page["items"]
        if page["next"] is None:
            break
        path = f"/v1/institutions?limit=4&cursor={page['next']}"
    assert [each["institution_id"] for each in found] == [f"bank-{n}" for n in range(10)] + ["bank-new"]
    assert not {"contacts", "accounts"} & found[-1].keys()


def test_the_same_change_by_the_same_person_again_gets_the_first_answer(api: Api) -> None:
    """Even after a later one; another body on that version, or another person, is refused."""
    first, second = enrol(api), enrol(api, 1, state="suspended")
    assert (first.status, second.status) == (201, 200)
    assert [answer.headers["ETag"] for answer in (first, second)] == ['"1"', '"2"']
    assert enrol(api).body == first.body
    assert enrol(api, name="另一家").code == "stale_institution"
    colleague = Actor(role=Role.CENTRE, subject="centre-9", court_id=COURT_ID)
    assert enrol(api, 0, colleague).code == "stale_institution"
    assert len(api.hub.memory.institutions["bank-new"]) == 2


@pytest.mark.parametrize("version", [0, 2])
def test_a_change_names_the_version_it_is_based_on(api: Api, version: int) -> None:
    """The second of two clerks is refused."""
    enrol(api)
    refused = enrol(api, version, state="suspended")
    assert (refused.status, refused.code) == (412, "stale_institution")
    assert file(api).status == 201


def test_without_a_version_nothing_is_enrolled(api: Api) -> None:
    """Or the last clerk would always win."""
    assert api.post("/v1/institutions", NEW, CENTRE).status == 428
    assert "bank-new" not in api.hub.memory.institutions


def test_a_suspended_institution_files_nothing_new_and_its_open_cases_go_on(api: Api) -> None:
    """Until the centre ends the suspension."""
    enrol(api)
    case_id = file(api).body["case_id"]
    enrol(api, 1, state="suspended")
    refused = file(api, key="f-2", contract_number="LOAN-2")
    assert (refused.status, refused.code) == (409, "institution_suspended")
    assert act(api, case_id, "withdrawal", {}, NEW_BANK).status == 200
    enrol(api, 2, state="active")
    assert file(api, key="f-3", contract_number="LOAN-2").status == 201


def returned(api: Api) -> str:
    """Make a case that the court returned."""
    case_id = submitted(api)
    api.call_back(reviewed(f"{case_id}-T1", "rejected"))
    api.hub.run()
    return case_id


IN_ITS_NAME = [
    {"applicant__name": "新入驻银行 (宁德) 股份有限公司"},
    {"applicant__name": "新入驻银行蕉城支行", "applicant__unified_social_credit_code": BRANCH_CODE},
]
IN_ANOTHERS = [
    ({"applicant__name": "海滨测试银行"}, {"/applicant/name"}),
    (
        {"applicant__unified_social_credit_code": "91350200M000200Y1N"},
        {"/applicant/unified_social_credit_code"},
    ),
    # Each is enrolled, but not of one another.
    ({"applicant__unified_social_credit_code": BRANCH_CODE}, {"/applicant/unified_social_credit_code"}),
    (
        {"applicant__name": "海滨测试银行", "applicant__unified_social_credit_code": "91350200M000200Y1N"},
        {"/applicant/name", "/applicant/unified_social_credit_code"},
    ),
]


@pytest.mark.parametrize("changes", IN_ITS_NAME)
def test_an_institution_files_in_its_own_name_or_a_branchs(api: Api, changes: dict[str, Any]) -> None:
    """Blanks and the kind of brackets are nobody's name."""
    enrol(api)
    assert file(api, **changes).status == 201


@pytest.mark.parametrize(("changes", "pointers"), IN_ANOTHERS)
def test_nobody_files_in_anothers_name(api: Api, changes: dict[str, Any], pointers: set[str]) -> None:
    """The fault names the field, and what to do."""
    enrol(api)
    refused = file(api, **changes)
    assert refused.status == 422
    assert refused.faults == dict.fromkeys(pointers, "applicant_not_enrolled")
    assert all("centre" in each["message"] or "中心" in each["message"] for each in refused.body["errors"])
    assert not api.hub.memory.cases


@pytest.mark.parametrize(("own", "opponent"), [(CODE, BRANCH_CODE), (BRANCH_CODE, CODE)])
def test_head_office_and_branch_are_no_opponents(api: Api, own: str, opponent: str) -> None:
    """A branch is the same person in law as its head office."""
    enrol(api)
    names = {CODE: NEW["name"], BRANCH_CODE: "新入驻银行蕉城支行"}
    applicant: dict[str, Any] = {"applicant__name": names[own], "applicant__unified_social_credit_code": own}
    firm: dict[str, Any] = {"respondents__0__kind": "entity", "respondents__0__id_number": opponent}
    assert file(api, **applicant, **firm).faults == {"/respondents/0/id_number": "own_opponent"}


@pytest.mark.parametrize("name", ["新入驻银行蕉城支行", "新入驻银行 蕉城支行"])
def test_the_institutions_name_with_another_code_is_no_opponent(api: Api, name: str) -> None:
    """Either it is the institution, or its code is wrong."""
    enrol(api)
    firm: dict[str, Any] = {
        "respondents__0__kind": "entity",
        "respondents__0__id_number": "91350902MA3456789M",
    }
    answer = file(api, **firm, respondents__0__name=name)
    assert answer.faults == {"/respondents/0/name": "own_opponent"}


def test_an_institution_files_with_the_courts_it_is_enrolled_for() -> None:
    """A court that the hub serves is not enough."""
    api = Api(hub=FakeHub(court_ids=(COURT_ID, "court-2")))
    enrol(api)
    assert file(api, court_id="court-2").faults == {"/court_id": "court_not_enrolled"}


def test_a_centre_enrols_for_its_own_court_only() -> None:
    """It neither adds another court nor removes one, nor changes an institution of others."""
    api = Api(hub=FakeHub(court_ids=(COURT_ID, "court-2")))
    other = Actor(role=Role.CENTRE, subject="centre-2", court_id="court-2")
    refused = {"/courts": "courts_of_others"}
    assert enrol(api, courts=[COURT_ID, "court-2"]).faults == refused
    assert enrol(api, 0, other).faults == refused
    assert enrol(api).status == 201
    assert enrol(api, 1, other, state="suspended").faults == refused
    assert enrol(api, 1, other, courts=["court-2"]).faults == refused
    assert enrol(api, 1, other, courts=[COURT_ID, "court-2"]).status == 200
    assert file(api, court_id="court-2").status == 201
    assert enrol(api, 2, courts=["nowhere"]).faults == {"/courts/0": "unknown_court"}


PAID_ELSEWHERE = [
    ({"number": "6222000000000000003"}, {"/account/number": "account_not_enrolled"}),
    ({"holder": "调解员张某"}, {"/account/holder": "account_differs"}),
    ({"bank": "另一家支行"}, {"/account/bank": "account_differs"}),
    ({"holder": "某", "bank": "某"}, dict.fromkeys(("/account/holder", "/account/bank"), "account_differs")),
]


@pytest.mark.parametrize(("changes", "faults"), PAID_ELSEWHERE)
def test_an_agreement_is_paid_to_an_account_of_the_institution(
    api: Api, changes: dict[str, str], faults: dict[str, str]
) -> None:
    """Whoever draws it up: the mediator can't name one of its own."""
    case_id = accepted(api)
    body = {**SETTLEMENT, "account": SETTLEMENT["account"] | changes}
    refused = act(api, case_id, "settlement", body, MEDIATOR)
    assert (refused.status, refused.faults) == (422, faults)
    assert done(act(api, case_id, "settlement", SETTLEMENT, MEDIATOR))["stage"] == "settled"


@pytest.mark.parametrize("enrolled", ["44201501100052501234", "13941001040005678", "35000123"])
def test_a_public_account_and_a_passbooks_can_be_paid_to(api: Api, enrolled: str) -> None:
    """Of 20 digits, of 17 and of 8, written in groups as they stand on paper."""
    case_id = accepted(api)
    versions = api.hub.memory.institutions["bank-1"]
    account, *_ = versions[-1].private.accounts
    private = replace(versions[-1].private, accounts=(replace(account, number=enrolled),))
    versions.append(replace(versions[-1], private=private, version=versions[-1].version + 1))
    grouped = "-".join(enrolled[at : at + 4] for at in range(0, len(enrolled), 4))
    body = {**SETTLEMENT, "account": SETTLEMENT["account"] | {"number": grouped}}
    assert done(act(api, case_id, "settlement", body, MEDIATOR))["stage"] == "settled"


def test_a_suspended_institution_is_still_paid(api: Api) -> None:
    """Its open cases go on to their agreement."""
    case_id = accepted(api)
    versions = api.hub.memory.institutions["bank-1"]
    versions.append(suspended(versions[-1]))
    assert done(act(api, case_id, "settlement", SETTLEMENT, MEDIATOR))["stage"] == "settled"


def test_a_case_of_an_institution_that_nobody_enrolled_says_what_to_do_first(api: Api) -> None:
    """As after an upgrade: what needs the enrolment names it, everything else goes on."""
    case_id, other = accepted(api), in_mediation(api, "LOAN-2")
    del api.hub.memory.institutions["bank-1"]
    refused = act(api, case_id, "settlement", SETTLEMENT, MEDIATOR)
    assert (refused.status, refused.code) == (409, "institution_not_enrolled")
    assert act(api, other, "failure", {"reason": "differences_too_large"}, MEDIATOR).status == 200


def test_a_correction_makes_nobody_else_the_applicant(api: Api) -> None:
    """Nor the institution its own opponent."""
    case_id = returned(api)
    applicant = {
        "party_id": "a1",
        "kind": "entity",
        "name": "另一家银行",
        "id_number": CODE,
        "phone": "13900001234",
        "address": "福建省宁德市蕉城区测试路1号",
    }
    refused = act(api, case_id, "corrections", {"parties": [applicant]})
    assert refused.faults == dict.fromkeys(
        ("/parties/0/name", "/parties/0/id_number"), "applicant_not_enrolled"
    )
    own = applicant | {"name": "海滨测试银行", "id_number": BRANCH_CODE}
    assert done(act(api, case_id, "corrections", {"parties": [own]}))["stage"] == "corrected"


def test_a_correction_by_who_was_never_enrolled_leaves_the_applicant(api: Api) -> None:
    """The opponent's details can be corrected all the same."""
    case_id = returned(api)
    del api.hub.memory.institutions["bank-1"]
    person = {**filing()["respondents"][0], "party_id": "r1", "id_number": OTHER_NUMBER}
    bank = {**person, "party_id": "a1", "kind": "entity", "id_number": BRANCH_CODE}
    refused = act(api, case_id, "corrections", {"parties": [person, bank]})
    assert refused.code == "institution_not_enrolled"
    assert act(api, case_id, "corrections", {"parties": [person]}).status == 200


FAULTS = [
    ({"institution_id": "汉"}, "/institution_id", "identifier_format"),
    (
        {"unified_social_credit_code": "91350100M000100Y44"},
        "/unified_social_credit_code",
        "credit_code_checksum",
    ),
    ({"courts": []}, "/courts", "courts_of_others"),
    ({"state": "closed"}, "/state", "not_an_option"),
    ({"version": 1}, "/version", "unknown_field"),
    ({"reason": ""}, "/reason", "too_short"),
    ({"accounts": [{"holder": "行", "number": "1", "bank": "行"}]}, "/accounts/0/number", "account_format"),
    ({"contacts": [{"name": "林某", "phone": "1"}]}, "/contacts/0/phone", "phone_format"),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), FAULTS)
def test_a_fault_of_an_enrolment_names_its_field(
    api: Api, changes: dict[str, Any], pointer: str, code: str
) -> None:
    """And nothing is stored."""
    assert enrol(api, **changes).faults == {pointer: code}
    assert "bank-new" not in api.hub.memory.institutions


TABLE: Final[dict[str, Any]] = {
    "table_id": "platform-loans",
    "case_type": "financial_loan_contract",
    "columns": [
        {"name": "产品", "text": "个人经营贷"},
        {"name": "被告", "code": "defendants.1.name"},
        {"name": "本金", "code": "claims.principal"},
        {"name": "备注"},
    ],
}


def test_an_institutions_own_table_is_enrolled_and_stays_until_another_is_sent(api: Api) -> None:
    """A change that does not name tables leaves them; an empty list takes them away."""
    assert enrol(api, tables=[TABLE]).status == 201

    def shown() -> Any:
        return api.get("/v1/institutions/bank-new", NEW_BANK).body["tables"]

    filled = {"code": None, "text": None}
    whole = {**TABLE, "columns": [filled | column for column in TABLE["columns"]]}
    assert shown() == [whole]
    assert enrol(api, 1, reason="更换联系人").status == 200
    assert shown() == [whole]
    assert enrol(api, 2, tables=[]).status == 200
    assert shown() == []


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"columns": [{"name": "本金", "code": "claims.nothing"}]}, "/columns/0/code", "unknown_element"),
        (
            {"columns": [{"name": "违约金", "code": "claims.breach_fee"}]},
            "/columns/0/code",
            "unknown_element",
        ),
        ({"columns": [{"name": "被告", "code": "defendants.name"}]}, "/columns/0/code", "unknown_element"),
        (
            {"columns": [{"name": "本金", "code": "claims.principal", "text": "一"}]},
            "/columns/0/text",
            "code_or_text",
        ),
        ({"columns": []}, "/columns", "too_few"),
        ({"case_type": "mortgage", "columns": [{"name": "备注"}]}, "/case_type", "not_an_option"),
        ({"columns": [{"code": "claims.principal"}]}, "/columns/0/name", "missing"),
    ],
)
def test_a_column_that_no_form_has_is_told_at_enrolment(
    api: Api, changes: dict[str, Any], pointer: str, code: str
) -> None:
    """Not when a complaint is due; nothing is stored."""
    answer = enrol(api, tables=[TABLE | changes])
    assert (answer.status, answer.faults) == (422, {f"/tables/0{pointer}": code})
    assert api.get("/v1/institutions/bank-new", NEW_BANK).status == 404


def test_a_complaints_table_has_the_columns_that_its_institution_enrolled(api: Api) -> None:
    """By the table's name; another name, another kind of case or another format has none."""
    cards = TABLE | {"table_id": "cards", "case_type": "credit_card", "columns": [{"name": "备注"}]}
    enrol(api, tables=[TABLE, cards])
    own = {"applicant__name": NEW["name"], "applicant__unified_social_credit_code": CODE}
    body = filing_with_debt() | {"applicant": filing(**own)["applicant"]}
    case_id = api.post("/v1/filings", body, NEW_BANK, Idempotency_Key="d").body["case_id"]
    path = f"/v1/cases/{case_id}/documents"

    def made(**asked: str) -> Answer:
        return api.post(path, {"kind": "complaint", "format": "xlsx", **asked}, NEW_BANK)

    table = made(table="platform-loans")
    assert table.status == 201, table.body
    drawn = api.get(f"{path}/{table.body['document_id']}", NEW_BANK).raw.decode()
    assert drawn.endswith("产品|被告|本金|备注")
    assert "产品" not in api.get(f"{path}/{made().body['document_id']}", NEW_BANK).raw.decode()
    for asked in ({"table": "cards"}, {"table": "nope"}, {"table": "platform-loans", "format": "pdf"}):
        refused = made(**asked)
        assert (refused.code, refused.body["missing"]) == ("paper_not_possible", ["table"])
