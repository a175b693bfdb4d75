"""Between a debt and the JSON it is stored as, field by field and in both directions.

Promise: decoding what was encoded gives an equal debt: amounts as fen, percentages as decimal text, days in
ISO 8601. The limits a contract was judged by are kept with it: limits that change later don't make what was
filed unreadable. Downside: a new field of a contract is written down once more, here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.debt_contracts import decode_contract, encode_contract
from chalicelib.domain.loan.charges import cost
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.loan.limitation import Interruption, InterruptionKind
from chalicelib.domain.loan.lpr import LprPublication, LprTable
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping


def encode_debt(debt: Debt) -> dict[str, Any]:
    """Write a debt."""
    return {
        "contract": encode_contract(debt.contract),
        "payments": [_entry(paid.on, paid.amount, paid.reference) for paid in debt.payments],
        "costs": [_entry(spent.on, spent.amount, spent.reference) for spent in debt.costs],
        "lpr": [
            {"on": str(each.on), "1Y": str(each.one_year), "5Y": str(each.five_years)}
            for each in debt.lpr.publications
        ],
        "interruptions": [
            {
                "kind": str(each.kind),
                "on": str(each.on),
                "evidence": each.evidence,
                "ended_on": None if each.ended_on is None else str(each.ended_on),
            }
            for each in debt.interruptions
        ],
    }


def decode_debt(stored: Mapping[str, Any]) -> Debt:
    """Read a debt."""
    return Debt(
        contract=decode_contract(stored["contract"]),
        payments=tuple(Payment(**_read(entry)) for entry in stored["payments"]),
        costs=tuple(cost(**_read(entry)) for entry in stored["costs"]),
        lpr=LprTable(
            tuple(
                LprPublication(
                    on=date.fromisoformat(each["on"]),
                    one_year=Decimal(each["1Y"]),
                    five_years=Decimal(each["5Y"]),
                )
                for each in stored["lpr"]
            )
        ),
        interruptions=tuple(
            Interruption(
                kind=InterruptionKind(each["kind"]),
                on=date.fromisoformat(each["on"]),
                evidence=each["evidence"],
                ended_on=None if each["ended_on"] is None else date.fromisoformat(each["ended_on"]),
            )
            for each in stored["interruptions"]
        ),
    )


def _entry(on: date, amount: Money, reference: str) -> dict[str, Any]:
    return {"on": str(on), "fen": amount.fen, "reference": reference}


def _read(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "on": date.fromisoformat(entry["on"]),
        "amount": Money(entry["fen"]),
        "reference": entry["reference"],
    }
