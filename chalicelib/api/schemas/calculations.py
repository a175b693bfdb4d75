"""A calculation's request: a debt, a day, and a claim to compare with, without a case.

Promise: the same models as a filing's, so that a debt that can be calculated can be filed. Downside: a claim
whose day is in the future is not refused here.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ConfigDict, Field

from chalicelib.api.refusals import RequestFault
from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.debt_fields import DebtDay
from chalicelib.api.schemas.debts import DebtIn
from chalicelib.api.schemas.fields import Identifier
from chalicelib.api.schemas.filings import ClaimIn, contract_faults, court_faults
from chalicelib.domain.claim import CaseType
from chalicelib.use_cases.ports import Hub

DEBT_EXAMPLE: Final[Mapping[str, Any]] = {
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
}


class CalculationIn(Request):
    """A debt to be computed as of a day; with a claim, compared with it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case_type": "financial_loan_contract",
                    "debt": dict(DEBT_EXAMPLE),
                    "as_of": "2022-09-30",
                    "claim": {
                        "principal": "100000.00",
                        "interest": "7330.56",
                        "penalty_interest": "5830.21",
                        "compound_interest": "427.39",
                        "as_of": "2022-09-30",
                    },
                }
            ]
        }
    )

    case_type: CaseType
    debt: DebtIn
    as_of: DebtDay = Field(description="The cut-off day, which bears no interest · 截至日，当日不计息")
    claim: ClaimIn | None = Field(None, description="Of the same day · 须为同一截至日")
    court_id: Identifier | None = Field(
        None, description="Whose tolerance and limits apply; without it the usual ones · 适用其限额的法院"
    )


def calculation_faults(body: Mapping[str, Any], hub: Hub) -> Iterator[RequestFault]:
    """Yield what the model can't see: the domain's errors, an unknown court, and a claim of another day."""
    yield from contract_faults(body)
    yield from court_faults(body.get("court_id"), hub)
    claim = body.get("claim")
    claimed = claim.get("as_of") if isinstance(claim, dict) else None
    if isinstance(claimed, str) and isinstance(body.get("as_of"), str) and claimed != body["as_of"]:
        yield RequestFault("/claim/as_of", "as_of_differs")
