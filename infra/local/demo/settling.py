"""Moves from the first offer to the last signature.

Promise: plans are chosen in days, so that they fit compressed time; what a plan has to add up to is computed
from what the hub says is owed. An online signature waits for its code; a party that waits too long for it
signs in person with the mediator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from infra.local.demo.script import Act, Move, Standing, fen, yuan
from infra.local.enrolment import ACCOUNT

Terms = Callable[[Standing], Mapping[str, Any]]

_OPEN_DAYS: Final = 6
_FIRST_DUE_DAYS: Final = 16
_EVERY_DAYS: Final = 4
_CODE_PATIENCE: Final = timedelta(days=6)
_CLAUSE: Final = {"grace_days": 1, "clawback": True, "acceleration": True}
_HALF_WAIVED: Final = ("penalty_interest", "compound_interest", "breach_fee")


def lump_sum(standing: Standing) -> Mapping[str, Any]:
    """Everything at once, all penalty and compound interest waived."""
    by = standing.today + timedelta(days=_FIRST_DUE_DAYS)
    return {"tier": "lump_sum", "schedule": {"kind": "lump_sum", "by": by.isoformat()}}


def instalments(count: int) -> Terms:
    """`count` payments a few days apart, half of penalty and compound interest waived."""

    def terms(standing: Standing) -> Mapping[str, Any]:
        kept = _kept(standing.read_settlement()["owed"])
        part = kept // count
        amounts = [part] * (count - 1) + [kept - part * (count - 1)]
        first = standing.today + timedelta(days=_FIRST_DUE_DAYS)
        parts = [
            {"on": (first + timedelta(days=_EVERY_DAYS * n)).isoformat(), "amount": yuan(amount)}
            for n, amount in enumerate(amounts)
        ]
        return {"tier": "instalments", "schedule": {"kind": "custom", "parts": parts}}

    return terms


def monthly(standing: Standing) -> Mapping[str, Any]:
    """Twelve equal monthly payments with interest of their own (等额本息)."""
    first = _same_day_next_month(standing.today + timedelta(days=_FIRST_DUE_DAYS))
    schedule = {
        "kind": "equal_payment",
        "year": first.year,
        "month": first.month,
        "day": first.day,
        "count": 12,
        "annual_percent": "4.35",
    }
    return {"tier": "instalments", "schedule": schedule}


def _same_day_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=min(day.day, 28))


def _kept(owed: Mapping[str, str]) -> int:
    # A half is rounded up in the waived part, so the kept part is the rest.
    return fen(owed["total"]) - sum((fen(owed[name]) + 1) // 2 for name in _HALF_WAIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bargain:
    """The course of a negotiation: the institution's terms, and what happens to its first offer."""

    terms: Terms
    first_offer: str = "accepted"
    """Or declined, countered, expired: then the terms are offered again, or the counter-offer is accepted."""
    counter: Terms = lump_sum
    on_the_spot: bool = False
    confirmation_wanted: bool = False


ON_THE_SPOT: Final = Bargain(terms=lump_sum, on_the_spot=True)


def negotiate(bargain: Bargain) -> Move:
    """Offer, answer, and let the mediator draw up the agreement from what was accepted.

    Parties that mediate again, after a rejected confirmation, agree on payment on the spot.
    """

    def move(standing: Standing) -> Act | None:
        present = bargain if standing.view["round"] <= 1 else ON_THE_SPOT
        offer = standing.view["offer"]
        if offer is not None and offer["accepted"]:
            return _conclude(standing, present)
        if offer is None or datetime.fromisoformat(offer["expires_at"]) <= standing.now:
            return _offer(standing, present)
        return _answer(standing, present, offer)

    return move


def _offer(standing: Standing, bargain: Bargain) -> Act:
    # The first offer of the case; later rounds and later offers are meant to be accepted.
    lapses = bargain.first_offer == "expired" and not standing.memory.get("offered")
    standing.memory["offered"] = True
    days = 1 if lapses else _OPEN_DAYS
    body = {"side": "applicant", **bargain.terms(standing), "valid_days": days}
    return Act("agent", "offers", body)


def _answer(standing: Standing, bargain: Bargain, offer: Mapping[str, Any]) -> Act | None:
    resource = f"offers/{offer['number']}/answers"
    if "a1" in offer["awaits"]:
        return Act("institution", resource, {"side": "applicant", "reply": "accepted"})
    party = offer["awaits"][0]
    reply = bargain.first_offer if offer["number"] == 1 else "accepted"
    if reply == "expired":
        return None
    if reply == "countered":
        body = {"side": "respondent", **bargain.counter(standing), "valid_days": _OPEN_DAYS}
        return Act("borrower", "offers", body, party)
    return Act("borrower", resource, {"side": "respondent", "reply": reply}, party)


def _conclude(standing: Standing, bargain: Bargain) -> Act:
    body: dict[str, Any] = {
        "account": ACCOUNT,
        "confirmation_wanted": bargain.confirmation_wanted,
    }
    if bargain.on_the_spot:
        body["receipt_reference"] = f"RCPT-{standing.view['case_id'][:12]}"
    else:
        body["default_clause"] = _CLAUSE
    return Act("mediator", "settlement", body)


def sign(standing: Standing) -> Act | None:
    """Let the mediator check who the respondents are; ask for every party's code; sign as each arrives.

    If the mediation is not online, the borrowers sign in person; so does a borrower whose code does not
    arrive, because the hub refuses a second code within a minute. The institution, for which nobody else may
    sign, asks again.
    """
    view, document = standing.view, standing.view["agreement_sha256"]
    missing = [party["party_id"] for party in view["parties"] if party["party_id"] not in view["signatures"]]
    asked: dict[str, datetime] = standing.memory.setdefault(f"codes of {document}", {})
    if unknown := _not_identified(view, missing):
        return Act("mediator", "identity-checks", {"party_id": unknown[0], "how": "video"})
    for party_id in missing:
        if _comes_in_person(standing, party_id, asked.get(party_id)):
            body = {"party_id": party_id, "document_sha256": document, "channel": "in_person"}
            waits = any(act["party_id"] == party_id for act in view["pending"])
            return Act("centre" if waits else "mediator", "signatures", body)
        if party_id not in asked or _patience_is_over(standing, asked[party_id]):
            asked[party_id] = standing.now
            return Act(_role_of(party_id), "signing-codes", {"party_id": party_id}, party_id)
    used: dict[str, str] = standing.memory.setdefault("codes", {})
    for party_id in missing:
        code = standing.read_code(party_id)
        # Until the new code arrives, a phone still shows the code for an earlier round's document.
        if code is not None and used.setdefault(code, document) == document:
            body = {"party_id": party_id, "document_sha256": document, "code": code}
            return Act(_role_of(party_id), "signatures", body, party_id)
    return None


def _not_identified(view: Mapping[str, Any], missing: Sequence[str]) -> list[str]:
    """Return the respondents that are to sign and that the mediator does not know yet."""
    known = {party["party_id"] for party in view["parties"] if party["identified"]}
    return [party_id for party_id in missing if not party_id.startswith("a") and party_id not in known]


def _comes_in_person(standing: Standing, party_id: str, asked_at: datetime | None) -> bool:
    if party_id.startswith("a"):
        return False
    return not standing.view["online"] if asked_at is None else _patience_is_over(standing, asked_at)


def _patience_is_over(standing: Standing, asked_at: datetime) -> bool:
    return standing.now - asked_at > _CODE_PATIENCE


def _role_of(party_id: str) -> str:
    return "institution" if party_id.startswith("a") else "borrower"


def sign_half(standing: Standing) -> Act | None:
    """Let the institution sign and the borrower not sign."""
    return None if standing.view["signatures"] else sign(standing)


def refuse_to_sign(standing: Standing) -> Act | None:
    """Let the institution sign and the borrower refuse."""
    if not standing.view["signatures"]:
        return sign_half(standing)
    party = standing.respondents[0]
    return Act("borrower", "signing-refusals", {"party_id": party}, party)
