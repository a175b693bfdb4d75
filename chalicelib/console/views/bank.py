"""The bank's clerk: acts on its cases, from the offer to the last payment, the suit, and the correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE
from chalicelib.console.deals import offer_form, standing_offers, to_read
from chalicelib.console.pages import Pages
from chalicelib.domain.reasons import CorrectionReason
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.visits import Visit

pages = Pages()

_BANK: Final = frozenset({Role.INSTITUTION.value})
_ITS_SIDE: Final = {"side": "applicant"}


def _bank(name: str, action: str, resource: str, **more: Any) -> None:
    pages.act(name, action=action, route=f"{CASE}/{resource}", roles=_BANK, **more)


def own_parties(_visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the parties of the bank's side."""
    parties = [each for each in case["parties"] if each["side"] == "applicant"]
    return {"speakers": [(each["party_id"], each["name"] or each["party_id"]) for each in parties]}


def _answering(side: str) -> Any:
    return lambda visit, case: standing_offers(visit, case, side)


def _payments(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the payments that were not taken back, and what is still to be paid."""
    found = visit.get(f"{CASE}/settlement", case_id=case["case_id"])
    payments = [each for each in found["payments"] if not each["reversed"]]
    return {"performance": found["performance"] or {}, "payments": payments}


def _everybody(_visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    named = [(each["party_id"], each["name"] or each["party_id"]) for each in case["parties"]]
    return {"speakers": named, "reasons": list(CorrectionReason)}


_bank("bank-offer", "offer", "offers", fixed=_ITS_SIDE, shows=offer_form)
_bank(
    "bank-acceptance",
    "accept_offer",
    "offers/{number}/answers",
    fixed={**_ITS_SIDE, "reply": "accepted"},
    shows=_answering("respondent"),
    first=True,
)
_bank(
    "bank-decline",
    "decline_offer",
    "offers/{number}/answers",
    fixed={**_ITS_SIDE, "reply": "declined"},
    shows=_answering("respondent"),
)
_bank(
    "bank-revocation",
    "withdraw_offer",
    "offers/{number}/answers",
    fixed={**_ITS_SIDE, "reply": "withdrawn"},
    shows=_answering("applicant"),
)
_bank(
    "bank-signature",
    "sign",
    "signatures",
    shows=lambda visit, case: {**own_parties(visit, case), **to_read(visit, case)},
    first=True,
)
_bank("bank-signing-refusal", "refuse_to_sign", "signing-refusals", shows=own_parties)
_bank("bank-confirmation", "apply_for_confirmation", "confirmation", fixed=_ITS_SIDE, shows=own_parties)
_bank("bank-end", "end_mediation", "refusals", shows=own_parties)
_bank("repayment", "record_repayment", "repayments", shows=_payments)
_bank("reversal", "reverse_repayment", "reversals", shows=_payments)
_bank("enforcement", "enforce", "enforcement", first=True)
_bank("suit", "transfer", "transfer", fixed={"insists": True}, first=True)
_bank("no-suit", "drop", "transfer", fixed={"insists": False})
_bank("correction", "correct", "corrections", first=True)
_bank("withdrawal", "withdraw", "withdrawal")
pages.act("details", action="correct_details", route=f"{CASE}/party-corrections", shows=_everybody)
