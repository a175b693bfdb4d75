"""Makes random bodies sensible where no schema can require it: bodies for the fuzz tests.

Promise: only a body that fits its schema as a whole and names real days is changed, so a body that was meant
to be refused stays wrong. Downside: a debt and a schedule are replaced, not corrected.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from chalicelib.domain.loan.concession import Repayment
from chalicelib.domain.parties import PARTICULARS
from tests.support.bodies import PHONE, filing, filing_with_debt
from tests.support.deals import day, monthly, today, two_parts
from tests.support.fakes import COURT_ID
from tests.support.http import Api, validator_of

PAID: Final = "PAY-1"
"""The reference of a payment that was recorded."""


def put_settlement_right(api: Api, body: Any) -> None:
    """Change an offer to fit the policy, and a payment to be today's or the recorded one.

    Only if the body fits its schema and names real days: a body that was meant to be refused stays wrong.
    """
    if fits("OfferIn", body) and all(map(is_day, _days(body))):
        lump_sum = body["schedule"]["kind"] == Repayment.LUMP_SUM
        body |= {"tier": str(Repayment.LUMP_SUM if lump_sum else Repayment.INSTALMENTS), "valid_days": 1}
        body |= {"schedule": schedule_like(api, body["schedule"]), "waived": None}
    if fits("OfferPreviewIn", body) and all(map(is_day, _days(body))):
        body["schedule"] = schedule_like(api, body["schedule"])
    if fits("RepaymentIn", body) and is_day(body["on"]):
        body["on"] = str(today(api))
    if fits("ReversalIn", body):
        body["reference"] = PAID


def schedule_like(api: Api, schedule: dict[str, Any]) -> dict[str, Any]:
    """Return a schedule of the same kind that a plan can be made of."""
    if schedule["kind"] == "lump_sum":
        return {"kind": "lump_sum", "by": day(api, 5)}
    if schedule["kind"] == "custom":
        return dict(two_parts(api)["schedule"])
    return monthly(schedule["kind"], min(max(schedule["count"], 2), 60))


def put_debt_right(body: Any) -> None:
    """Replace a described debt by golden case G1, and the claim by what is computed for it.

    No schema can require an order of days: hardly any debt that is drawn at random can be computed.
    """
    whole = any(fits(name, body) for name in ("FilingIn", "CalculationIn"))
    if whole and all(map(is_day, _days(body))) and body.get("debt") is not None:
        sample = filing_with_debt()
        body |= {name: sample[name] for name in ("debt", "claim", "case_type")}
        body |= {"as_of": body["claim"]["as_of"]} if "as_of" in body else {}


def put_institution_right(body: Any) -> None:
    """Let who files be the enrolled institution, and who enrols do so for the centre's own court."""
    if fits("FilingIn", body):
        own = filing()["applicant"]
        body["applicant"] |= {name: own[name] for name in ("name", "unified_social_credit_code")}
    if fits("InstitutionIn", body):
        body |= {"courts": [COURT_ID], "institution_id": "bank-new"}
        # Its columns name elements of the forms, which a pattern can't.
        body.pop("tables", None)


def put_birth_right(body: Any) -> None:
    """Leave sex and day of birth to the numbers that tell them: no schema can compare the two."""
    parties = body.get("respondents", body.get("parties")) if isinstance(body, dict) else None
    if any(fits(name, body) for name in ("FilingIn", "CorrectionIn")):
        for party in parties or ():
            for name in ("sex", "birth_date"):
                party.pop(name, None)


def put_correction_right(body: Any) -> None:
    """Leave out what depends on the party's kind, and give phones that there are."""
    if fits("PartyCorrectionIn", body):
        for name in ("id_number", "id_document", "representative", "relatives", *PARTICULARS):
            body.pop(name, None)
        if body.get("phone"):
            body["phone"] = PHONE


def _days(value: Any) -> Iterator[str]:
    """Yield every text that looks like a day, at any depth."""
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _days(part)


def fits(name: str, body: Any) -> bool:
    """Tell whether a body is what the document describes under this name."""
    return isinstance(body, dict) and validator_of({"$ref": f"#/components/schemas/{name}"}).is_valid(body)


def put_policy_right(body: dict[str, Any]) -> None:
    """Make a policy begin in the future, end later, and name each tier and component once."""
    for name, year in (("valid_from", "2104"), ("valid_to", "2108")):
        if is_day(body.get(name)):
            body[name] = year + body[name][4:]
    for tier in body["tiers"] if isinstance(body["tiers"], list) else []:
        if isinstance(tier, dict) and isinstance(tier.get("waivers"), list):
            tier["waivers"] = list({named(entry, "component"): entry for entry in tier["waivers"]}.values())
    if isinstance(body["tiers"], list):
        body["tiers"] = list({named(entry, "name"): entry for entry in body["tiers"]}.values())


def put_preview_right(body: dict[str, Any]) -> None:
    """Choose the model's tier for this way of paying."""
    if re.fullmatch("[a-z][a-z0-9_]{0,63}", str(body["tier"])):
        body["tier"] = str(body["repayment"])
    if body["repayment"] == Repayment.LUMP_SUM and body.get("payments") in range(1, 61):
        body["payments"] = 1


def is_day(value: Any) -> bool:
    """Tell whether the calendar has such a day."""
    try:
        return len(value) == len("2026-03-02") and bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def named(entry: Any, name: str) -> str:
    """Return the entry's field, or whatever stands where the entry should be."""
    return str(entry.get(name) if isinstance(entry, dict) else entry)
