"""What pages show of a settlement: offers, what each tier of the bank's policy gives, the agreement.

Promise: every figure is the API's: a tier's by its preview, an offer's as it was made. A tier that does not
fit this debt is shown with the API's reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE
from chalicelib.console.visits import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.visits import Visit

_POLICY: Final = "/v1/institutions/{institution_id}/concession-policy"
KINDS: Final = ("lump_sum", "equal_principal", "equal_payment", "custom")
"""How the rest may be paid, as the API's schedules are called."""
_PARTS: Final = 12
"""Lines of a form for a plan of one's own."""


def tiers_in_force(visit: Visit, institution_id: str) -> list[Mapping[str, Any]]:
    """Return the tiers of a bank's policy of today."""
    book = visit.get(_POLICY, institution_id=institution_id)
    in_force = next(each for each in book["versions"] if each["version"] == book["in_force"])
    tiers: list[Mapping[str, Any]] = in_force["tiers"]
    return tiers


def settlement(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settlement, and of what is owed what each tier would waive."""
    found = visit.get(f"{CASE}/settlement", case_id=case["case_id"])
    owed = {name: value for name, value in found["owed"].items() if name != "total"}
    tiers = tiers_in_force(visit, case["institution_id"])
    previews = [_preview(visit, case["institution_id"], tier, owed) for tier in tiers]
    return {"settlement": found, "tiers": previews, "names": names_of(case)}


def offer_form(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the form of an offer asks with; the way to pay is chosen first, as `kind`."""
    asked = visit.asked.typed("schedule.kind") or visit.asked.query.get("kind", "")
    found = settlement(visit, case)
    return {**found, "kind": asked if asked in KINDS else "", "kinds": KINDS, "lines": range(_PARTS)}


def standing_offers(visit: Visit, case: Mapping[str, Any], side: str) -> Mapping[str, Any]:
    """Return the offers of a side that are open, the newest first."""
    found = visit.get(f"{CASE}/settlement", case_id=case["case_id"])
    offers = [each for each in found["offers"] if (each["side"], each["state"]) == (side, "open")]
    return {"offers": offers[::-1], "names": names_of(case)}


def to_read(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settlement that is to be drawn up or signed, to be read before."""
    found = visit.get(f"{CASE}/settlement", case_id=case["case_id"])
    accepted = [each for each in found["offers"] if each["state"] == "accepted"]
    return {"settlement": found, "offers": accepted[-1:], "names": names_of(case)}


def names_of(case: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the parties' names by their ids."""
    return {each["party_id"]: each["name"] or each["party_id"] for each in case["parties"]}


def _preview(
    visit: Visit, institution_id: str, tier: Mapping[str, Any], owed: Mapping[str, str]
) -> Mapping[str, Any]:
    proposal = {
        "tier": tier["name"],
        "repayment": tier["repayment"],
        "days": tier["paid_within_days"] or 0,
        "owed": owed,
    }
    if tier["instalments_up_to"]:
        proposal["payments"] = tier["instalments_up_to"]
    try:
        shown = visit.send(f"{_POLICY}/preview", proposal, institution_id=institution_id)
    except Refused as refused:
        return (
            {"tier": tier, "reason": refused.problem["errors"][0]["message"]}
            if "errors" in refused.problem
            else {"tier": tier, "reason": refused.code}
        )
    return {"tier": tier, "figures": shown, "reason": ""}
