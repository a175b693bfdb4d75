"""Concession policies as a bank sends them: bodies, and the requests that carry them."""

from typing import Any

from chalicelib.domain.roles import Actor
from tests.support.fakes.samples import INSTITUTION
from tests.support.http import Answer, Api

PATH = "/v1/institutions/bank-1/concession-policy"
TODAY = "2026-03-02"
"""The fake clock's day in China."""
G1 = {
    "principal": "100000.00",
    "interest": "7330.56",
    "penalty_interest": "5830.21",
    "compound_interest": "427.39",
}


def tier(**changes: Any) -> dict[str, Any]:
    """Write a tier of a campaign."""
    return {
        "name": "campaign",
        "repayment": "lump_sum",
        "waivers": [
            {"component": "penalty_interest", "percent": "100"},
            {"component": "interest", "percent": "12.50"},
        ],
        "paid_within_days": 30,
        "instalments_up_to": 1,
        "claim_up_to": "200000.00",
        "cap": "20000.00",
        **changes,
    }


def policy(*tiers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Write a policy of these tiers, or of one campaign."""
    return {"valid_from": TODAY, "valid_to": "2026-06-30", "tiers": list(tiers or (tier(),)), **changes}


def publish(api: Api, body: Any, version: int = 1, query: str = "", actor: Actor = INSTITUTION) -> Answer:
    """Publish a policy; the answer may be a refusal."""
    return api.post(f"{PATH}{query}", body, actor, If_Match=f'"{version}"')


def preview(api: Api, actor: Actor = INSTITUTION, **changes: Any) -> Answer:
    """Try out golden case G1 in instalments, with `changes` to the body."""
    body = {"tier": "instalments", "repayment": "instalments", "days": 360, "payments": 12, "owed": G1}
    return api.post(f"{PATH}/preview", {**body, **changes}, actor)
