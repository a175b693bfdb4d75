"""Calculations over HTTP: random contracts to the fen, the golden cases, and each refusal at its place."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.api.schemas.debts import DebtIn, debt_faults
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.debt import Debt, assess
from chalicelib.domain.money import Money
from tests.support.bodies import loan_debt
from tests.support.debts import LAST_DAY, debts, written
from tests.support.fakes.samples import COURT, INSTITUTION, JUDGE, OPS, borrower
from tests.support.http import Answer, Api
from tests.unit.domain.loan.support import g2

api = Api()
G1_CLAIM = {
    "principal": "100000.00",
    "interest": "7330.56",
    "penalty_interest": "5830.21",
    "compound_interest": "427.39",
    "fees": "0.00",
    "as_of": "2022-09-30",
}


def calculate(debt: Any, as_of: str = "2022-09-30", **more: Any) -> Answer:
    body = {"case_type": "financial_loan_contract", "debt": debt, "as_of": as_of, **more}
    return api.post("/v1/calculations", body)


def fen(text: str) -> int:
    return Money.parse(text).fen


@given(debts())
def test_what_is_written_is_read(debt: Debt) -> None:
    """Every option of a contract goes through JSON unharmed, and nothing of it is refused."""
    assert list(debt_faults(written(debt))) == []
    assert DebtIn.model_validate(written(debt)).debt() == debt


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(debts(), st.integers(0, 1200))
def test_no_fen_is_out_of_balance(debt: Debt, days: int) -> None:
    """Charged less paid is owed, by component; lines add up to what was charged, uses to what was paid."""
    as_of = min(debt.opens + timedelta(days=days), LAST_DAY)
    answer = calculate(written(debt), as_of.isoformat(), case_type=debt.case_type.value)
    assert answer.status == 200, answer.raw
    told = answer.body
    lines = [*told["drawdowns"], *told["segments"], *told["charges"]]
    for component in map(str, Component):
        charged = [line for line in lines if line.get("component", "principal") == component]
        assert sum(fen(line["amount"]) for line in charged) == fen(told["charged"][component])
        paid = [fen(entry[use][component]) for entry in told["payments"] for use in ("applied", "prepaid")]
        assert sum(paid) == fen(told["paid"][component])
        left = fen(told["charged"][component]) - fen(told["paid"][component])
        assert fen(told["owed"][component]) + fen(told["not_yet_due"][component]) == left
    assert sum(fen(told["owed"][str(component)]) for component in Component) == fen(told["total"])
    assert told["total"] == told["owed"]["total"] == str(assess(debt, as_of).owed.total)
    for entry in told["payments"]:
        used = fen(entry["applied"]["total"]) + fen(entry["prepaid"]["total"]) + fen(entry["overpaid"])
        assert used == fen(entry["amount"])


@pytest.mark.parametrize(
    ("day_count", "interest", "penalty", "compound", "total"),
    [
        ("act/360", "7330.56", "5830.21", "427.39", "113588.16"),
        ("act/365", "7230.14", "5750.34", "415.76", "113396.24"),
    ],
)
def test_g1_over_http(day_count: str, interest: str, penalty: str, compound: str, total: str) -> None:
    """The first golden case, to the fen, in figures and capitals."""
    told = calculate(loan_debt(contract__day_count=day_count)).body
    owed = told["owed"]
    assert (owed["principal"], owed["interest"]) == ("100000.00", interest)
    assert (owed["penalty_interest"], owed["compound_interest"]) == (penalty, compound)
    assert told["total"] == total
    assert [(part["component"], part["days"], part["rate"]["percent"]) for part in told["segments"]] == [
        ("compound_interest", 193, "10.875"),
        ("penalty_interest", 193, "10.875"),
        ("interest", 364, "7.25"),
    ]
    bases = [(part["source"], part["due"], part["base"]) for part in told["segments"]]
    assert bases == [
        ("interest", "2022-03-21", interest),
        ("principal", None, "100000.00"),
        ("principal", None, "100000.00"),
    ]
    assert told["comparison"] is None
    if day_count == "act/360":
        assert told["total_in_capitals"] == "壹拾壹万叁仟伍佰捌拾捌元壹角陆分"


def test_g2_over_http() -> None:
    """The second golden case: interest twice unpaid, compounding at two rates."""
    told = calculate(written(Debt(contract=g2())), "2025-06-30").body
    amounts = [(part["component"], part["amount"]) for part in told["segments"]]
    assert amounts == [
        ("compound_interest", "32.95"),
        ("compound_interest", "141.92"),
        ("compound_interest", "141.92"),
        ("penalty_interest", "9574.83"),
        ("interest", "2223.33"),
        ("interest", "2223.33"),
    ]
    assert told["owed"]["compound_interest"] == "316.79"
    assert told["total"] == "164338.28"


def test_a_claim_is_compared_and_the_suit_is_priced() -> None:
    """Each line with its difference; the fee by tiers, halved for what is small; limitation to the day."""
    told = calculate(loan_debt(), claim={**G1_CLAIM, "interest": "7330.62"}).body
    lines = {line["name"]: line for line in told["comparison"]["lines"]}
    assert lines["interest"] == {
        "name": "interest",
        "computed": "7330.56",
        "claimed": "7330.62",
        "difference": "0.06",
        "allowed": False,
    }
    assert [name for name, line in lines.items() if not line["allowed"]] == ["interest", "total"]
    assert told["comparison"]["accepted"] is False
    fee = told["court_fee"]
    assert (fee["amount"], fee["full"], fee["halved"]) == ("113588.22", "2571.76", "1285.88")
    assert (fee["procedure"], fee["saved"]) == ("summary", "1285.88")
    assert [tier["percent"] for tier in fee["tiers"]] == ["2.5", "2"]
    assert told["limitation"]["last_day"] == "2025-03-21"
    exact = calculate(loan_debt(), claim=G1_CLAIM, court_id="court-jc").body
    assert exact["comparison"]["accepted"] is True


@pytest.mark.parametrize("actor", [borrower("C-1"), COURT, JUDGE, OPS])
def test_who_has_no_use_for_it_does_not_calculate(actor: Any) -> None:
    """Borrowers read their case's statement; courts get the claim."""
    assert api.post("/v1/calculations", {}, actor).code == "not_permitted"


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


def test_a_rate_on_the_lpr_is_explained() -> None:
    """The quote, the spread and each reset stand beside the percentage."""
    quotes = [QUOTE, {**QUOTE, "on": "2021-12-20", "one_year": "3.80"}]
    told = calculate(loan_debt(contract__rates=[LPR], lpr=quotes), "2022-01-20").body
    first, second = (part["rate"] for part in told["segments"])
    assert first == {
        "percent": "7.25",
        "per": "year",
        "lpr": {"published": "2021-03-20", "tenor": "1Y", "percent": "3.85"},
        "spread_bp": 340,
        "markup_percent": "0",
    }
    assert (second["percent"], second["lpr"]["published"]) == ("7.2", "2021-12-20")


def test_later_entries_are_listed_and_not_counted() -> None:
    """A payment or cost after the day changes nothing; what was paid in advance or too much is said."""
    later = [{**PAYMENT, "on": "2022-10-01"}, {**PAYMENT, "reference": "p-2", "amount": "200000.00"}]
    told = calculate(loan_debt(payments=later, costs=[{**PAYMENT, "on": "2022-11-01"}])).body
    assert [entry["reference"] for entry in told["later_payments"]] == ["p-1"]
    assert [entry["reference"] for entry in told["later_charges"]] == ["p-1"]
    assert told["total"] == "0.00"
    assert told["total_in_capitals"] == "零元整"
    assert fen(told["overpaid"]) > 0
    assert told["overdue_since"] is None


def test_the_institution_calculates() -> None:
    """Nothing is stored, so no Idempotency-Key is asked for."""
    body = {"case_type": "financial_loan_contract", "debt": loan_debt(), "as_of": "2022-09-30"}
    assert api.post("/v1/calculations", body, INSTITUTION).status == 200
    assert not api.hub.memory.cases


DEAR = [{"kind": "fixed", "starts": "2021-03-22", "annual_percent": "36"}]


def test_what_a_court_would_cut_is_named() -> None:
    """36 % and half of it again when overdue, beside 24 % in total on 100,000 for 557 days."""
    told = calculate(loan_debt(contract__rates=DEAR)).body["burden"]
    assert (told["annual_percent"], told["limit"]) == ("24", "37133.33")
    assert (told["charged"], told["excess"]) == ("75887.80", "38754.47")
    assert (told["cut"]["compound_interest"], told["cut"]["penalty_interest"]) == ("10537.80", "28216.67")
    assert told["cut"]["total"] == "38754.47"
    assert told["owed"]["total"] == "137133.33"
    assert told["rule"]["article"] == "法发〔2017〕22号 art. 2"
    assert calculate(loan_debt()).body["burden"]["excess"] == "0.00"
