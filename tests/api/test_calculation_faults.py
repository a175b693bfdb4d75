"""A calculation's refusals: each fault by its name, at its place, in both languages."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.loan.debt import Debt
from tests.support.bodies import filing_with_debt, loan_debt
from tests.support.debts import written
from tests.support.http import Answer, Api
from tests.unit.domain.loan.support import card

api = Api()


def calculate(debt: Any, as_of: str = "2022-09-30", **more: Any) -> Answer:
    body = {"case_type": "financial_loan_contract", "debt": debt, "as_of": as_of, **more}
    return api.post("/v1/calculations", body)


LINES = ("principal", "interest", "penalty_interest", "compound_interest")
FIXED = {"kind": "fixed", "starts": "2021-03-22", "annual_percent": "5000"}
LPR = {
    "kind": "lpr",
    "starts": "2021-03-22",
    "priced_on": "2021-03-20",
    "tenor": "1Y",
    "spread_bp": 340,
    "reset": "new_year",
    "lookback_days": 0,
}
QUOTE = {"on": "2021-03-20", "one_year": "3.85", "five_years": "4.65"}
PAYMENT = {"on": "2022-04-01", "amount": "100.00", "reference": "p-1"}
EARLY = {**PAYMENT, "on": "2021-03-21"}
IN_13 = {"kind": "in_months", "day": 21, "months": [1, 13]}
DEMAND = {"kind": "demand", "on": "2022-06-01", "evidence": "e-1"}
ORDER = ["costs", "fees", "compound_interest", "penalty_interest", "breach_fee", "interest"]
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"contract__rates": [FIXED]}, "/contract/rates/0/annual_percent", "rate_out_of_bounds"),
    ({"contract__overdue_markup_percent": "51"}, "/contract/overdue_markup_percent", "rate_out_of_bounds"),
    ({"contract__overdue_markup_percent": "0.5"}, "/contract/overdue_markup_percent", "rate_out_of_bounds"),
    ({"contract__misuse_markup_percent": "40"}, "/contract/misuse_markup_percent", "rate_out_of_bounds"),
    ({"contract__misused_since": "2021-06-01"}, "/contract/misuse_markup_percent", "term_missing"),
    (
        {"contract__rates": [{**LPR, "spread_bp": 9999}], "lpr": [QUOTE]},
        "/contract/rates",
        "rate_out_of_bounds",
    ),
    (
        {"contract__rates": [{**LPR, "priced_on": "2021-03-23"}]},
        "/contract/rates/0/priced_on",
        "dates_out_of_order",
    ),
    ({"contract__rates": [LPR]}, "/lpr", "lpr_unknown"),
    ({"lpr": [QUOTE, QUOTE]}, "/lpr", "dates_out_of_order"),
    ({"lpr": [{**QUOTE, "one_year": "101"}]}, "/lpr/0", "rate_out_of_bounds"),
    ({"contract__interest_due": IN_13}, "/contract/interest_due/months/1", "invalid_schedule"),
    (
        {"contract__interest_due": {"kind": "monthly", "day": 32}},
        "/contract/interest_due/day",
        "invalid_schedule",
    ),
    (
        {"contract__interest_due": {"kind": "quarterly", "day": 0}},
        "/contract/interest_due/day",
        "invalid_schedule",
    ),
    (
        {"contract__interest_due": {"kind": "explicit", "days": ["2021-12-21", "2021-12-21"]}},
        "/contract/interest_due",
        "dates_out_of_order",
    ),
    ({"contract__interest_due": {"kind": "weekly"}}, "/contract/interest_due/kind", "not_an_option"),
    ({"contract__agreed_amount": "99999.99"}, "/contract/disbursements", "principal_exceeded"),
    (
        {"contract__disbursements__0__withheld": "100000.00"},
        "/contract/disbursements/0/withheld",
        "amount_out_of_bounds",
    ),
    (
        {"contract__instalments": [{"on": "2021-09-22", "amount": "100000.01"}]},
        "/contract/instalments",
        "principal_exceeded",
    ),
    ({"contract__maturity": "2021-03-22"}, "/contract/maturity", "dates_out_of_order"),
    ({"contract__accelerated_on": "2022-03-21"}, "/contract/maturity", "dates_out_of_order"),
    ({"contract__allocation_order": ORDER}, "/contract/allocation_order", "allocation_order_incomplete"),
    (
        {"contract__allocation_order": [*ORDER, "costs"]},
        "/contract/allocation_order",
        "allocation_order_incomplete",
    ),
    ({"contract__allocation_order": ["all"]}, "/contract/allocation_order/0", "not_an_option"),
    ({"contract__day_count": "act/act"}, "/contract/day_count", "not_an_option"),
    ({"contract__rates": []}, "/contract/rates", "too_few"),
    (
        {"contract__rates": [{**FIXED, "annual_percent": 7.25}]},
        "/contract/rates/0/annual_percent",
        "percent_format",
    ),
    (
        {"contract__rates": [{**FIXED, "annual_percent": "7,25"}]},
        "/contract/rates/0/annual_percent",
        "percent_format",
    ),
    (
        {"contract__rates": [{**FIXED, "annual_percent": "-1"}]},
        "/contract/rates/0/annual_percent",
        "percent_format",
    ),
    ({"contract__rates": [{**FIXED, "floor": "1"}]}, "/contract/rates/0/floor", "unknown_field"),
    ({"contract__rates": [{"starts": "2021-03-22"}]}, "/contract/rates/0/kind", "missing"),
    ({"contract__kind": {}}, "/contract/kind", "not_an_option"),
    ({"contract__kind": ["loan"]}, "/contract/kind", "not_an_option"),
    ({"contract__maturity": "2101-01-01"}, "/contract/maturity", "date_too_late"),
    ({"contract__maturity": "1979-12-31"}, "/contract/maturity", "date_too_early"),
    ({"payments": [EARLY]}, "/payments/0/on", "payment_before_disbursement"),
    ({"payments": [PAYMENT, EARLY | {"reference": "p-2"}]}, "/payments/1/on", "payment_before_disbursement"),
    ({"payments": [PAYMENT, PAYMENT]}, "/payments/1/reference", "duplicate_reference"),
    ({"payments": [{**PAYMENT, "reference": "张试还款"}]}, "/payments/0/reference", "identifier_format"),
    ({"payments": [{**PAYMENT, "amount": "0.00"}]}, "/payments/0/amount", "amount_not_positive"),
    ({"costs": [EARLY]}, "/costs/0/on", "payment_before_disbursement"),
    ({"costs": [PAYMENT, PAYMENT]}, "/costs/1/reference", "duplicate_reference"),
    (
        {"interruptions": [{**DEMAND, "ended_on": "2022-06-02"}]},
        "/interruptions/0/ended_on",
        "end_unexpected",
    ),
    (
        {"interruptions": [{**DEMAND, "kind": "mediation", "ended_on": "2022-05-31"}]},
        "/interruptions/0/ended_on",
        "dates_out_of_order",
    ),
    ({"interruptions": [{**DEMAND, "evidence": " "}]}, "/interruptions/0/evidence", "identifier_format"),
    ({"contract__kind": "lease"}, "/contract/kind", "not_an_option"),
    ({"contract__kind": {"loan": 1}}, "/contract/kind", "not_an_option"),
    ({"contract": None}, "/contract", "object_expected"),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_fault_is_told_where_it_stands(changes: dict[str, Any], pointer: str, code: str) -> None:
    """By name and pointer, in both languages, and it is the only one."""
    answer = calculate(loan_debt(**changes))
    assert (answer.status, answer.code) == (422, "invalid_input")
    assert answer.faults == {f"/debt{pointer}": code}
    (entry,) = answer.body["errors"]
    assert entry["message"]


CARD_REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"daily_percent": "0.0501"}, "/daily_percent", "rate_out_of_bounds"),
    ({"breach_fee_percent": "6"}, "/breach_fee_percent", "rate_out_of_bounds"),
    ({"statement_day": 32}, "/statement_day", "invalid_schedule"),
    ({"overdrafts": []}, "/overdrafts", "too_few"),
    (
        {"overdrafts": [{"posted": "2024-01-10", "due": "2024-01-10", "amount": "1.00"}]},
        "/overdrafts/0/due",
        "dates_out_of_order",
    ),
    (
        {"missed_minimums": [{"due": "2024-01-09", "unpaid": "500.00", "reference": "m"}]},
        "/missed_minimums/0/due",
        "payment_before_disbursement",
    ),
    (
        {"fees": [{"on": "2024-01-09", "amount": "5.00", "reference": "f"}]},
        "/fees/0/on",
        "payment_before_disbursement",
    ),
    (
        {
            "missed_minimums": [{"due": "2024-02-25", "unpaid": "500.00", "reference": "x"}],
            "fees": [{"on": "2024-02-09", "amount": "5.00", "reference": "x"}],
        },
        "/fees/0/reference",
        "duplicate_reference",
    ),
    ({"compounding": "yes"}, "/compounding", "boolean_expected"),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), CARD_REFUSED, ids=lambda value: str(value)[:40])
def test_a_cards_fault_is_told_where_it_stands(changes: dict[str, Any], pointer: str, code: str) -> None:
    """As for a loan."""
    debt = written(Debt(contract=card()))
    debt["contract"] |= changes
    answer = calculate(debt, "2024-06-30", case_type="credit_card")
    assert answer.faults == {f"/debt/contract{pointer}": code}


@pytest.mark.parametrize(
    "required", ["day_count", "rates", "interest_due", "overdue_markup_percent", "maturity"]
)
def test_what_the_contract_must_say_has_no_default(required: str) -> None:
    """The day count above all."""
    debt = loan_debt()
    del debt["contract"][required]
    assert calculate(debt).faults == {f"/debt/contract/{required}": "missing"}


def test_an_endless_statement_is_refused() -> None:
    """Rather than an answer that no gateway carries."""
    opens = date(2021, 3, 22)
    debt = loan_debt(
        contract__maturity="2035-01-01",
        contract__interest_due={"kind": "monthly", "day": 21},
        payments=[
            {"on": str(opens + timedelta(days=15 * number)), "amount": "0.01", "reference": f"p-{number}"}
            for number in range(300)
        ],
    )
    answer = calculate(debt, "2034-12-31")
    assert answer.faults == {"/debt/payments": "history_too_long"}
    (fault,) = answer.body["errors"]
    told = re.search(r" (\d+) segments of the statement, 8000 at most", fault["message"])
    assert told, fault["message"]
    assert int(told[1]) > 8_000


def test_a_filing_whose_papers_no_function_can_draw_names_the_limit() -> None:
    """At filing, before anything is stored, with how many segments there are and how many there may be."""
    debt = loan_debt(
        contract__maturity="2025-12-01",
        contract__interest_due={"kind": "monthly", "day": 21},
        payments=[
            {
                "on": str(date(2021, 4, 22) + timedelta(days=8 * number)),
                "amount": "0.01",
                "reference": f"p-{number}",
            }
            for number in range(220)
        ],
    )
    body = filing_with_debt(debt=debt, claim__as_of="2026-02-27")
    for language, words in (
        ("en", r"make (\d+) segments of the statement, 6000 at most"),
        ("zh-CN", r"(\d+) 段明细，至多 6000 段"),
    ):
        answer = api.post("/v1/filings", body, Idempotency_Key="long", Accept_Language=language)
        assert answer.faults == {"/debt/payments": "history_too_long"}, answer.raw.decode()
        told = re.search(words, answer.body["errors"][0]["message"])
        assert told, answer.body
        assert 6_000 < int(told[1]) <= 8_000, told[1]


def test_several_faults_are_told_at_once() -> None:
    """Of the parts, each at its place."""
    debt = loan_debt(
        contract__rates=[FIXED],
        contract__disbursements__0__withheld="100000.00",
        interruptions=[{**DEMAND, "ended_on": "2022-06-02"}],
    )
    assert calculate(debt).faults == {
        "/debt/contract/rates/0/annual_percent": "rate_out_of_bounds",
        "/debt/contract/disbursements/0/withheld": "amount_out_of_bounds",
        "/debt/interruptions/0/ended_on": "end_unexpected",
    }


def test_what_surrounds_a_debt_is_judged_too() -> None:
    """Kind and cause of action, the claim's day, the court, and a day before the loan."""
    answer = calculate(
        loan_debt(),
        case_type="credit_card",
        claim={"as_of": "2022-09-29"} | dict.fromkeys(LINES, "1.00"),
        court_id="court-nowhere",
    )
    assert answer.faults == {
        "/debt/contract/kind": "contract_kind_differs",
        "/claim/as_of": "as_of_differs",
        "/court_id": "unknown_court",
    }
    assert calculate(loan_debt(), "2021-03-21").faults == {"/as_of": "dates_out_of_order"}
