"""An example case, and the claims of everybody who has to do with it."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, Final

from infra.local.demo.people import filing
from infra.local.stack import COURT_ID

if TYPE_CHECKING:
    from infra.local.demo.client import HubClient

INSTITUTION: Final = {"role": "institution", "sub": "bank-system", "institution_id": "bank-rcb"}
_KEY: Final = "example-case"


def example_filing(name: str, number: int = 1) -> dict[str, Any]:
    """Return a filing made up from a name, the same for the same name and day."""
    return filing(Random(name), number, COURT_ID, date.today())  # noqa: DTZ011, S311 - an example's own day


def example_case(hub: HubClient) -> str:
    """File the example case, or find it on a stack that has it already; return its id."""
    answer = hub.post(INSTITUTION, "/v1/filings", example_filing(_KEY), Idempotency_Key=_KEY)
    if not answer.ok and answer.code != "duplicate_filing":
        raise RuntimeError(f"the example case was refused: {answer.status} {answer.code}")
    return str(answer.body["case_id"] if answer.ok else answer.body["existing_case_id"])


def role_claims(case_id: str) -> dict[str, dict[str, Any]]:
    """Return a token's claims for each role around a case."""
    staff = {"court_id": COURT_ID}
    return {
        "institution": INSTITUTION,
        "centre": {"role": "centre", "sub": "centre-1", **staff},
        "mediator": {"role": "mediator", "sub": "m-1", "mediator_id": "m-001", **staff},
        "judge": {"role": "judge", "sub": "j-1", "judge_id": "j-001", **staff},
        "borrower": {"role": "borrower", "sub": "b-1", "case_ids": [f"{case_id}:r1"]},
        "court": {"role": "court", "sub": "court-1", **staff},
        "ops": {"role": "ops", "sub": "ops-1", **staff},
    }
