"""Contracts behind a claim, made up so that the hub can compute it.

Promise: the claim equals what the hub computes for them: the figures come from its own calculation, as a
bank's system would get them. The same seed gives the same contract.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from infra.local.demo.script import fen, yuan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

CARD: Final = "credit_card"
_A_YEAR: Final = timedelta(days=365)


def debt(random: Random, case_type: str, as_of: date) -> dict[str, Any]:
    """Return a debt of the case's kind, overdue as of a day."""
    return _card(random, as_of) if case_type == CARD else _loan(random, as_of)


def claim_of(owed: Mapping[str, str], as_of: str) -> dict[str, str]:
    """Return the claim for a computed debt; the breach fee counts as penalty interest, costs as fees."""
    return {
        "principal": owed["principal"],
        "interest": owed["interest"],
        "penalty_interest": yuan(fen(owed["penalty_interest"]) + fen(owed["breach_fee"])),
        "compound_interest": owed["compound_interest"],
        "fees": yuan(fen(owed["costs"]) + fen(owed["fees"])),
        "as_of": as_of,
    }


def _loan(random: Random, as_of: date) -> dict[str, Any]:
    principal = random.randrange(20, 180) * 100_000
    paid_out = as_of - timedelta(days=random.randrange(430, 700))
    paid = {"on": (paid_out + timedelta(days=120)).isoformat(), "amount": yuan(principal // 50)}
    return {
        "contract": {
            "kind": "loan",
            "agreed_amount": yuan(principal),
            "disbursements": [{"on": paid_out.isoformat(), "amount": yuan(principal)}],
            "maturity": (paid_out + _A_YEAR).isoformat(),
            "day_count": random.choice(("act/360", "act/365")),
            "rates": [
                {
                    "kind": "fixed",
                    "starts": paid_out.isoformat(),
                    "annual_percent": random.choice(("5.8", "7.25", "8.1")),
                }
            ],
            "interest_due": {"kind": "quarterly", "day": 20},
            "overdue_markup_percent": random.choice(("30", "40", "50")),
        },
        "payments": [{**paid, "reference": "P-1"}],
    }


def _card(random: Random, as_of: date) -> dict[str, Any]:
    amount = random.randrange(5, 60) * 50_000
    posted = as_of - timedelta(days=random.randrange(150, 300))
    due = posted + timedelta(days=25)
    return {
        "contract": {
            "kind": "card",
            "daily_percent": "0.05",
            "statement_day": 5,
            "day_count": "act/365",
            "overdrafts": [
                {"posted": posted.isoformat(), "due": due.isoformat(), "amount": yuan(amount)},
            ],
            "compounding": True,
            "breach_fee_percent": "5",
            "missed_minimums": [
                {"due": due.isoformat(), "unpaid": yuan(amount // 10), "reference": "M-1"},
            ],
        },
    }
