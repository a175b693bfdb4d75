"""What callers may send fits into DynamoDB's items; the emulators' own limits are others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.records import DebtRecord
from chalicelib.api.operations import LARGEST_BODY
from chalicelib.api.schemas.debts import DebtIn
from infra.bench.units import item_bytes
from tests.support.bodies import loan_debt

LARGEST_ITEM = 400 * 1024
AMOUNT = "999999999999.99"


def day(number: int) -> str:
    return (date(2021, 3, 23) + timedelta(days=number)).isoformat()


def reference(kind: str, number: int) -> str:
    return f"{kind}{number:04}".ljust(64, "x")


def each(most: int, kind: str, **fields: Any) -> list[dict[str, Any]]:
    return [{**fields, "on": day(number), "reference": reference(kind, number)} for number in range(most)]


def loan() -> dict[str, Any]:
    """Return a loan with as many entries as the API takes of each kind."""
    parts = {
        "disbursements": [{"on": day(0), "amount": "9999999999.99", "withheld": "1.01"} for _ in range(100)],
        "rates": [{"kind": "fixed", "starts": day(number), "annual_percent": "7.25"} for number in range(50)],
        "interest_due": {"kind": "explicit", "days": [day(number) for number in range(1, 401)]},
        "agreed_amount": AMOUNT,
        "maturity": day(500),
        "instalments": [{"on": day(number), "amount": "1000000000.01"} for number in range(1, 401)],
    }
    return {**loan_debt()["contract"], **parts}


def card() -> dict[str, Any]:
    """Return a card with as many entries as the API takes of each kind."""
    return {
        "kind": "card",
        "daily_percent": "0.05",
        "statement_day": 5,
        "day_count": "act/365",
        "overdrafts": [{"posted": day(0), "due": day(25), "amount": AMOUNT} for _ in range(500)],
        "compounding": True,
        "breach_fee_percent": "5",
        "breach_fee_low": "0.00",
        "missed_minimums": [
            {"due": day(number), "unpaid": AMOUNT, "reference": reference("M", number)}
            for number in range(200)
        ],
        "fees": each(200, "F", amount=AMOUNT),
    }


@pytest.mark.parametrize("contract", [loan(), card()], ids=["loan", "card"])
def test_the_longest_debt_fits_into_an_item(contract: dict[str, Any]) -> None:
    """Also one that is too long for a request's body: a debt is stored as one item."""
    sent = {
        "contract": contract,
        "payments": each(500, "P", amount=AMOUNT),
        "costs": each(100, "C", amount=AMOUNT),
        "lpr": [{"on": day(number), "one_year": "3.85", "five_years": "4.65"} for number in range(400)],
        "interruptions": [
            {"kind": "lawsuit", "on": day(0), "evidence": reference("E", number), "ended_on": day(number)}
            for number in range(100)
        ],
    }
    record = DebtRecord(pk=f"CASE#{'0' * 32}", sk="DEBT", debt=DebtIn.model_validate(sent).debt())
    assert LARGEST_BODY / 4 < item_bytes(record.serialize()) < LARGEST_ITEM
