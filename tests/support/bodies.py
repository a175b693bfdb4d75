"""Request bodies as callers send them: valid except for what a test changes."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tests.support.fakes import COURT_ID

PERSON_NUMBER = "11010519491231002X"
OTHER_NUMBER = "350902199003070016"
PHONE = "13800001234"
NAME = "张试"

_FILING: dict[str, Any] = {
    "court_id": COURT_ID,
    "case_type": "financial_loan_contract",
    "contract_number": "JC-2026-000123",
    "instalment_scope": "whole",
    "claim": {
        "principal": "100000.00",
        "interest": "7330.56",
        "penalty_interest": "5830.21",
        "compound_interest": "427.39",
        "fees": "0.00",
        "as_of": "2026-02-28",
    },
    "online": True,
    "applicant": {
        "name": "海滨测试银行",
        "unified_social_credit_code": "91350100M000100Y43",
        "phone": "13900001234",
        "address": "福建省宁德市蕉城区测试路1号",
    },
    "respondents": [
        {
            "kind": "person",
            "name": NAME,
            "id_number": PERSON_NUMBER,
            "phone": PHONE,
            "address": "福建省宁德市蕉城区样例村8号",
            "account": "6217000000000000004",
        }
    ],
}


def filing(**changes: Any) -> dict[str, Any]:
    """Return a filing; a dotted path such as `claim__principal` or `respondents__0__name` changes a part."""
    return _changed(_FILING, changes)


def _changed(sample: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    body = deepcopy(sample)
    for path, value in changes.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        part: Any = body
        for step in steps:
            part = part[step]
        part[last] = value
    return body


# Golden case G1: one year at 7.25 %, nothing paid, +50 % when overdue.
_G1: dict[str, Any] = {
    "contract": {
        "kind": "loan",
        "agreed_amount": "100000.00",
        "disbursements": [{"on": "2021-03-22", "amount": "100000.00"}],
        "maturity": "2022-03-21",
        "day_count": "act/360",
        "rates": [{"kind": "fixed", "starts": "2021-03-22", "annual_percent": "7.25"}],
        "interest_due": {"kind": "explicit", "days": []},
        "overdue_markup_percent": "50",
    },
    "payments": [],
    "costs": [],
    "lpr": [],
    "interruptions": [],
}


def loan_debt(**changes: Any) -> dict[str, Any]:
    """Return the debt of golden case G1, changed like a filing: `contract__maturity`, `payments`."""
    return _changed(_G1, changes)


def filing_with_debt(**changes: Any) -> dict[str, Any]:
    """Return a filing whose claim is that of its debt, golden case G1 as of 2022-09-30."""
    return filing(**{"claim__as_of": "2022-09-30", "debt": loan_debt(), **changes})


def reviewed(transfer_id: str, result: str = "received", **changes: Any) -> dict[str, Any]:
    """Return a court's review result."""
    reasons = [] if result in {"received", "accepted"} else [_reason("form_incomplete")]
    return {
        "type": "filing.reviewed",
        "court_id": COURT_ID,
        "transfer_id": transfer_id,
        "occurred_at": "2026-03-02T01:30:00Z",
        "data": {"filing_id": "F-1", "result": result, "reasons": reasons},
        **changes,
    }


def docketed(transfer_id: str) -> dict[str, Any]:
    """Return a court's docketing."""
    data = {
        "filing_id": "F-1",
        "official_filing_date": "2026-03-02",
        "docketed_at": "2026-03-02T01:30:00Z",
        "court_case_number": "(2026)闽0902民初123号",
        "judge_id": "j-1",
        "procedure": "small_claims",
    }
    return reviewed(transfer_id, type="filing.docketed", data=data)


def refused(transfer_id: str) -> dict[str, Any]:
    """Return a court's refusal."""
    data = {"filing_id": "F-1", "code": "not_within_jurisdiction", "message": "不属于本院管辖"}
    return reviewed(transfer_id, type="filing.refused", data=data)


def ruled(transfer_id: str, **data: Any) -> dict[str, Any]:
    """Return a court's ruling, which confirms unless `data` says otherwise."""
    said = {
        "filing_id": "F-2",
        "court_case_number": "(2026)闽0902诉前调确12号",
        "judge_id": "j-1",
        "ruling": "confirmed",
        "ruled_on": "2026-03-09",
        "ground": None,
    }
    return reviewed(transfer_id, type="confirmation.ruled", data={**said, **data})


def _reason(code: str) -> dict[str, Any]:
    return {"document_id": None, "code": code, "message": "诉讼请求未写明\n利息计算截止日"}
