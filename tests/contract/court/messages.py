"""Messages as the hub's use cases make them, for the tests of both sides of the contract."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from chalicelib.use_cases.records import CourtNotice, Submission

COURT = "jiaocheng"
DOCUMENTS = {"complaint": b'{"claim": 1}', "mediation-report": "调解情况报告".encode()}


def utc() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)


def manifest(documents: dict[str, bytes]) -> list[dict[str, Any]]:
    """List documents as the contract does."""
    return [
        {
            "document_id": name,
            "kind": name.replace("-", "_"),
            "media_type": "application/json",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in documents.items()
    ]


FILING: dict[str, Any] = {
    "message_id": "C1-T1-submission",
    "transfer_id": "C1-T1",
    "court_id": COURT,
    "case_type": "financial_loan_contract",
    "fast_track": True,
    "institution_id": "bank-a",
    "guiding_judge_id": "judge-7",
    "claim": {
        "principal": "100000.00",
        "interest": "7330.56",
        "penalty_interest": "5830.21",
        "compound_interest": "427.39",
        "fees": "0.00",
        "total": "113588.16",
        "as_of": "2026-01-05",
        "currency": "CNY",
    },
    "mediation": {"accepted_on": "2026-01-06", "ended_on": "2026-02-05", "reason": "differences_too_large"},
    "replaces": None,
    "dossier_url": "https://hub.example/v1/court/transfers/C1-T1",
    "manifest": manifest(DOCUMENTS),
}

AGREEMENT: dict[str, Any] = {
    "agreement_sha256": hashlib.sha256(b"agreement").hexdigest(),
    "in_force_on": "2026-02-02",
    "applied_on": "2026-02-04",
    "confirmation_case_number": "（2026）闽0902诉前调确1号",
}
DOCUMENTS_TO_CONFIRM = {
    "mediation-agreement": "调解协议书".encode(),
    "confirmation-application": "司法确认申请书".encode(),
}
CONFIRMATION: dict[str, Any] = {
    **FILING,
    "message_id": "C1-C1-submission",
    "transfer_id": "C1-C1",
    "matter": "confirmation",
    "mediation": {"accepted_on": "2026-01-06", "ended_on": "2026-02-02", "reason": None},
    "agreement": {**AGREEMENT, "confirmation_case_number": None},
    "dossier_url": "https://hub.example/v1/court/transfers/C1-C1",
    "manifest": manifest(DOCUMENTS_TO_CONFIRM),
}
ENFORCEMENT: dict[str, Any] = {
    **FILING,
    "matter": "enforcement",
    "mediation": {"accepted_on": "2026-01-06", "ended_on": "2026-02-02", "reason": None},
    "agreement": AGREEMENT,
}


def ruled(**data: Any) -> dict[str, Any]:
    """Make the court's ruling, which confirms unless `data` says otherwise."""
    return {
        "type": "confirmation.ruled",
        "court_id": COURT,
        "transfer_id": "C1-C1",
        "occurred_at": "2026-02-09T02:40:00Z",
        "data": {
            "filing_id": "F1",
            "court_case_number": "（2026）闽0902诉前调确1号",
            "judge_id": "judge-7",
            "ruling": "confirmed",
            "ruled_on": "2026-02-09",
            "ground": None,
            **data,
        },
    }


def submission(
    transfer_id: str = "C1-T1", hub_url: str = "https://hub.example", **changes: Any
) -> Submission:
    """Make the message that hands a transfer over."""
    message_id = f"{transfer_id}-submission"
    body = {
        **FILING,
        "message_id": message_id,
        "transfer_id": transfer_id,
        "dossier_url": f"{hub_url}/v1/court/transfers/{transfer_id}",
        **changes,
    }
    return Submission(message_id=message_id, transfer_id=transfer_id, court_id=COURT, body=body)


def notice(
    transfer_id: str = "C1-T1",
    kind: str = "transfer.withdrawn",
    replaced_by: str | None = None,
    payment: dict[str, str] | None = None,
) -> CourtNotice:
    """Make the message that tells what became of a transfer."""
    message_id = f"{transfer_id}-{kind.rpartition('.')[2]}"
    body = {
        "message_id": message_id,
        "type": kind,
        "transfer_id": transfer_id,
        "occurred_at": utc().isoformat(),
        "replaced_by": replaced_by,
        **({} if payment is None else {"payment": payment}),
    }
    return CourtNotice(message_id=message_id, transfer_id=transfer_id, court_id=COURT, body=body)
