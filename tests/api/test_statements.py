"""A filing with its debt over HTTP: taken to the fen, refused line by line, and explained afterwards."""

from typing import Any

import pytest

from chalicelib.domain.loan.comparison import Tolerance
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.money import Money
from chalicelib.domain.roles import Actor
from chalicelib.domain.steps import CourtLimits
from tests.support.bodies import filing, filing_with_debt, loan_debt, reviewed
from tests.support.courses import act, file_case, submitted
from tests.support.debts import written
from tests.support.fakes import COURT_ID
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Answer, Api
from tests.unit.domain.loan.support import card, g1


@pytest.fixture
def api() -> Api:
    return Api()


def file(api: Api, body: Any, key: str = "key-1", **headers: str) -> Answer:
    return api.post("/v1/filings", body, Idempotency_Key=key, **headers)


def statement(api: Api, actor: Actor = INSTITUTION, query: str = "", **headers: str) -> Answer:
    return api.get(f"/v1/cases/C-0001/statement{query}", actor, **headers)


def test_a_filing_with_its_debt_is_taken_and_explained(api: Api) -> None:
    """The claim is the computed one; the statement says where each amount comes from."""
    assert file(api, filing_with_debt()).status == 201
    assert api.hub.debts.get("C-0001") == Debt(contract=g1())
    told = statement(api).body
    assert (told["as_of"], told["total"]) == ("2022-09-30", "113588.16")
    assert told["total_in_capitals"] == "壹拾壹万叁仟伍佰捌拾捌元壹角陆分"
    assert told["comparison"]["accepted"] is True
    (rule,) = {part["rule"]["name"] for part in told["segments"] if part["component"] == "interest"}
    assert rule == "contract_interest"
    assert all(part["rule"]["summary_zh"] and part["rule"]["article"] for part in told["segments"])


def test_the_mediation_is_among_what_moves_limitation(api: Api) -> None:
    """Here it came too late: the loan fell due in 2022, and nothing was done until 2026."""
    file(api, filing_with_debt())
    told = statement(api).body["limitation"]
    assert (told["due_on"], told["last_day"]) == ("2022-03-21", "2025-03-21")
    assert told["steps"] == [
        {
            "kind": "mediation",
            "on": "2026-03-02",
            "ended_on": None,
            "evidence": "C-0001",
            "effect": "too_late",
            "last_day": "2025-03-21",
        }
    ]
    demand = {"kind": "demand", "on": "2024-05-06", "evidence": "sms-7"}
    file(api, filing_with_debt(contract_number="L-2", debt__interruptions=[demand]), "key-2")
    held = api.get("/v1/cases/C-0002/statement").body["limitation"]
    assert [step["effect"] for step in held["steps"]] == ["restarted", "held"]
    assert held["last_day"] is None


def test_a_claim_beyond_the_tolerance_is_refused_line_by_line(api: Api) -> None:
    """Every line, the ones that agree too; nothing is stored and the key stays free."""
    answer = file(api, filing_with_debt(claim__interest="7330.62"))
    assert (answer.status, answer.code) == (422, "claim_differs")
    lines = {line["name"]: line for line in answer.body["lines"]}
    assert list(lines) == ["principal", "interest", "penalty_interest", "compound_interest", "fees", "total"]
    assert lines["interest"] == {
        "name": "interest",
        "computed": "7330.56",
        "claimed": "7330.62",
        "difference": "0.06",
        "allowed": False,
    }
    assert lines["principal"]["allowed"] is True
    assert not api.hub.memory.cases
    assert not api.hub.memory.debts
    assert file(api, filing_with_debt()).status == 201


def test_the_refusal_speaks_chinese(api: Api) -> None:
    """Title and detail follow the caller's language."""
    answer = file(api, filing_with_debt(claim__fees="9.00"), Accept_Language="zh-CN")
    assert answer.body["title"] == "诉讼请求与计算结果不符"


def test_less_may_be_claimed_and_each_court_has_its_tolerance(api: Api) -> None:
    """A creditor may leave out what it likes, unless the court wants it to the fen."""
    assert file(api, filing_with_debt(claim__penalty_interest="0.00")).status == 201
    strict = Tolerance(over=Money(0), under=Money(0))
    api.hub.court_limits[COURT_ID] = CourtLimits(claim_tolerance=strict)
    less = filing_with_debt(contract_number="L-2", claim__compound_interest="427.38")
    assert file(api, less, "key-2").code == "claim_differs"


def test_a_retry_of_a_filing_with_its_debt_is_replayed(api: Api) -> None:
    """The debt belongs to the body that the key stands for."""
    file(api, filing_with_debt())
    assert file(api, filing_with_debt()).headers["Idempotent-Replayed"] == "true"
    paid = [{"on": "2022-10-01", "amount": "1.00", "reference": "p-1"}]
    assert file(api, filing_with_debt(debt__payments=paid)).code == "idempotency_key_reused"


FLOATING = {
    "kind": "lpr",
    "starts": "2021-03-22",
    "priced_on": "2021-03-22",
    "tenor": "1Y",
    "spread_bp": 300,
    "reset": "never",
    "lookback_days": 0,
}
FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"case_type": "credit_card"}, "/debt/contract/kind", "contract_kind_differs"),
    ({"debt__contract__day_count": None}, "/debt/contract/day_count", "not_an_option"),
    ({"debt": "G1"}, "/debt", "object_expected"),
    ({"debt__contract__rates": [FLOATING]}, "/debt/lpr", "lpr_unknown"),
    ({"claim__as_of": "2021-03-21"}, "/claim/as_of", "dates_out_of_order"),
    (
        {"debt__payments": [{"on": "2021-01-01", "amount": "1.00", "reference": "p"}]},
        "/debt/payments/0/on",
        "payment_before_disbursement",
    ),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), FAULTS)
def test_a_filings_debt_is_judged_with_the_rest(
    api: Api, changes: dict[str, Any], pointer: str, code: str
) -> None:
    """By pointer, and nothing is stored."""
    answer = file(api, filing_with_debt(**changes))
    assert (answer.status, answer.faults) == (422, {pointer: code})
    assert not api.hub.memory.cases


def test_faults_of_debt_and_filing_come_in_one_answer(api: Api) -> None:
    """Whatever else is wrong."""
    body = filing_with_debt(court_id="court-unknown", online="yes")
    body["debt"]["contract"]["rates"][0]["annual_percent"] = "5000"
    assert file(api, body).faults == {
        "/court_id": "unknown_court",
        "/online": "boolean_expected",
        "/debt/contract/rates/0/annual_percent": "rate_out_of_bounds",
    }


def test_a_card_is_filed_and_explained(api: Api) -> None:
    """With its own kind of contract; the cause of action must be its."""
    debt = written(Debt(contract=card()))
    computed = api.post(
        "/v1/calculations", {"case_type": "credit_card", "debt": debt, "as_of": "2024-06-30"}
    ).body["owed"]
    claim = {
        "principal": computed["principal"],
        "interest": computed["interest"],
        "penalty_interest": computed["breach_fee"],
        "compound_interest": computed["compound_interest"],
        "as_of": "2024-06-30",
    }
    assert file(api, filing(case_type="credit_card", claim=claim, debt=debt)).status == 201
    assert statement(api).body["segments"][-1]["rate"]["per"] == "day"
    other = filing(case_type="financial_loan_contract", claim=claim, debt=debt, contract_number="L-2")
    assert file(api, other, "key-2").faults == {"/debt/contract/kind": "contract_kind_differs"}


def test_who_reads_a_statement(api: Api) -> None:
    """The parties, the centre and the case's mediator; not the court, a judge or operators."""
    file(api, filing_with_debt())
    for actor in (INSTITUTION, CENTRE, borrower("C-0001")):
        assert statement(api, actor).status == 200
    assert statement(api, MEDIATOR).status == 404
    for actor in (COURT, JUDGE, OPS):
        assert statement(api, actor).code == "not_permitted"


def test_a_statement_of_another_day(api: Api) -> None:
    """What is asked for must be a day of the loan."""
    file(api, filing_with_debt())
    told = statement(api, query="?as_of=2022-12-31").body
    assert (told["as_of"], told["segments"][0]["end"]) == ("2022-12-31", "2022-12-31")
    assert told["comparison"]["accepted"] is True
    for day, code in (
        ("2021-03-21", "dates_out_of_order"),
        ("2022-02-30", "date_unreal"),
        ("2101-01-01", "date_too_late"),
        ("soon", "date_format"),
    ):
        answer = statement(api, query=f"?as_of={day}")
        assert (answer.status, answer.faults) == (422, {"/as_of": code})
        assert answer.body["errors"][0]["in"] == "query"


def test_a_case_without_its_debt_has_no_statement(api: Api) -> None:
    """409 by name; a case of somebody else is still no case."""
    file_case(api)
    assert (statement(api).status, statement(api).code) == (409, "debt_not_known")
    stranger = Actor(role=INSTITUTION.role, subject="x", institution_id="bank-9")
    assert statement(api, stranger).code == "case_not_found"


def test_a_corrected_claim_is_compared_too(api: Api) -> None:
    """The court returned the case; what is wrong again is refused, and the case stays returned."""
    case_id = submitted(api)
    api.hub.memory.debts[case_id] = Debt(contract=g1())
    api.call_back(reviewed(f"{case_id}-T1", "rejected"))
    api.hub.run()
    right = filing_with_debt()["claim"]
    answer = act(api, case_id, "corrections", {"claim": right | {"fees": "0.06"}})
    assert (answer.status, answer.code) == (422, "claim_differs")
    early = act(api, case_id, "corrections", {"claim": right | {"as_of": "2021-03-21"}})
    assert early.faults == {"/claim/as_of": "dates_out_of_order"}
    assert api.hub.cases.get(case_id).stage == "returned"
    assert act(api, case_id, "corrections", {"claim": right}).status == 200


def test_the_sample_debt_is_the_published_example(api: Api) -> None:
    """What the document shows can be sent."""
    example = {**loan_debt()}
    for empty in ("payments", "costs", "lpr", "interruptions"):
        del example[empty]
    assert file(api, filing_with_debt(debt=example)).status == 201
