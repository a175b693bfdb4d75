"""Made-up parties and claims, the same for the same seed.

Promise: every number passes its standard's check (GB 11643, Luhn) and is not meant to be a real person's:
the district code is Jiaocheng's, the rest is random.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from infra.local.demo.script import yuan
from infra.local.enrolment import BANK_CODE, BANK_NAME

if TYPE_CHECKING:
    from random import Random

_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高龚龑"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英建华文辉玉兰春梅海燕"
_VILLAGES: Final = ("蕉北街道", "蕉南街道", "城南镇", "漳湾镇", "七都镇", "八都镇", "九都镇", "霍童镇")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
LANDLINE: Final = "0593-2822222"
"""The number of who has no mobile one: it takes no messages."""
_CASE_TYPES: Final = ("financial_loan_contract", "financial_loan_contract", "credit_card")
_BANK: Final = {
    "name": BANK_NAME,
    "unified_social_credit_code": BANK_CODE,
    # The phone of the bank's signatory: a landline gets no one-time codes.
    "phone": "13905932822",
    "address": "福建省宁德市蕉城区蕉城南路1号",
    "representative": {"kind": "legal_representative", "name": "示范某", "position": "董事长"},
    # Its lawyer makes the offers, with a token of its own.
    "agents": [{"name": "林某", "firm": "示范律师事务所", "authority": "special", "letter_number": "SQ-001"}],
}
_GUARANTEE: Final = {
    "kind": "joint_guarantor",
    "contract_number": "BZ-001",
    "scope": "主债权及其利息、罚息、复利",
}


def id_number(random: Random) -> str:
    """Return a valid resident id number (GB 11643) of an adult."""
    born = date(1950, 1, 1) + timedelta(days=random.randrange(365 * 50))
    first = f"350902{born:%Y%m%d}{random.randrange(1000):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return first + _CHECK[total % 11]


def person(random: Random) -> dict[str, Any]:
    """Return a respondent as the filing API takes it."""
    name = random.choice(_SURNAMES) + "".join(random.choices(_GIVEN, k=random.choice((1, 2))))
    return {
        "kind": "person",
        "name": name,
        "id_number": id_number(random),
        "phone": f"1{random.choice('3456789')}{random.randrange(10**9):09d}",
        "address": f"福建省宁德市蕉城区{random.choice(_VILLAGES)}{random.randrange(1, 300)}号",
    }


def filing(random: Random, number: int, court_id: str, as_of: date) -> dict[str, Any]:
    """Return one filing of the caseload."""
    principal = random.randrange(500_000, 25_000_000)
    return {
        "court_id": court_id,
        "case_type": random.choice(_CASE_TYPES),
        "contract_number": f"JC-{as_of.year}-{number:06d}",
        "instalment_scope": "whole",
        "claim": {
            "principal": yuan(principal),
            "interest": yuan(principal * random.randrange(10, 80) // 1000),
            "penalty_interest": yuan(principal * random.randrange(0, 60) // 1000),
            "compound_interest": yuan(principal * random.randrange(0, 10) // 1000),
            "as_of": as_of.isoformat(),
        },
        "online": random.random() < 0.7,  # noqa: PLR2004 - most mediations run online
        "applicant": _BANK,
        "respondents": _respondents(random),
    }


def _respondents(random: Random) -> list[dict[str, Any]]:
    """Return the borrower and, in one case of four, its guarantor."""
    borrower, *others = [person(random) for _ in range(random.choice((1, 1, 1, 2)))]
    return [borrower, *({**other, "liability": _GUARANTEE} for other in others)]
