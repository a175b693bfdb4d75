"""Stories of agreements in force: performed, broken, confirmed and enforced."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.demo.phones import Phones
from infra.local.demo.script import fen
from tests.support.aws import eventually
from tests.support.travel import BANK, COURT, JUDGE, Traveller

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.xdist_group("stack")


def balance(performance: Mapping[str, str]) -> int:
    """Return by how many fen a performance does not balance."""
    agreed, clawback, rebate, paid, remaining, overpaid = (
        fen(performance[name]) for name in ("agreed", "clawback", "rebate", "paid", "remaining", "overpaid")
    )
    return agreed + clawback - rebate - (paid + remaining - overpaid)


def messages(traveller: Traveller) -> list[dict[str, Any]]:
    """Read what the borrower's phone was told of this case."""
    phones = Phones(traveller.stack.sms_url, traveller.http)
    found = phones.messages(traveller.filed["respondents"][0]["phone"])
    return [message for message in found if message["message_id"].startswith(traveller.case_id)]


def told(traveller: Traveller, template: str) -> bool:
    return any(message["template"] == template for message in messages(traveller))


def test_a_counter_offer_becomes_an_agreement_that_is_signed_online_and_performed(
    traveller: Traveller,
) -> None:
    """Offer, counter, acceptance, one document under two codes, two payments, and the case is over."""
    traveller.comes_to_mediation("performs")
    traveller.offers(BANK, traveller.lump_sum())
    traveller.offers(traveller.borrower, traveller.instalments(2))
    traveller.accepts(BANK)
    document = traveller.settles()["agreement_sha256"]
    path = f"/v1/cases/{traveller.case_id}/documents/{document}"
    paper = traveller.hub.get(traveller.borrower, path)
    assert (paper.status, hashlib.sha256(paper.body).hexdigest()) == (200, document)
    traveller.signs(BANK, "a1")
    assert traveller.signs(traveller.borrower, "r1")["stage"] == "performing"
    assert [offer["state"] for offer in traveller.settlement()["offers"]] == ["countered", "accepted"]

    first, last = traveller.settlement()["agreement"]["plan"]["lines"]
    assert traveller.pays("PAY-1", first["amount"])["stage"] == "performing"
    assert traveller.pays("PAY-1", first["amount"])["stage"] == "performing", "a retry pays nothing"
    assert traveller.pays("PAY-2", last["amount"])["stage"] == "performed"
    performance = traveller.settlement()["performance"]
    assert (performance["remaining"], balance(performance)) == ("0.00", 0)


def test_nobody_pays_and_the_bank_sues_for_the_remaining_sum(traveller: Traveller) -> None:
    """The hub finds the default by itself and tells the borrower; the court is told no offer (TY22)."""
    traveller.comes_to_mediation("breaks")
    traveller.agrees(traveller.instalments(2))
    first = traveller.settlement()["agreement"]["plan"]["lines"][0]
    traveller.pays("PAY-1", first["amount"])
    traveller.waits_for("defaulted")
    assert eventually(lambda: told(traveller, "default_declared"), seconds=30)
    performance = traveller.settlement()["performance"]
    assert performance["default_line"] == 2
    assert fen(performance["clawback"]) > 0
    assert balance(performance) == 0

    traveller.acts(BANK, "transfer", insists=True)
    case = traveller.waits_for("docketed")
    assert case["claim"]["total"] == performance["remaining"]
    assert (case["failure"], case["transfer"]["matter"]) == ("agreement_defaulted", "suit")
    dossier = traveller.hub.get(COURT, f"/v1/court/transfers/{case['transfer']['transfer_id']}")
    assert first["amount"] not in json.dumps(dossier.body)
    assert traveller.hub.get(JUDGE, f"/v1/cases/{traveller.case_id}/settlement").status == 403


def test_a_confirmed_agreement_is_enforced_when_it_is_broken(traveller: Traveller) -> None:
    """Both sides apply, the court rules, nobody pays, and the enforcement gets a number of its own (执)."""
    traveller.comes_to_mediation("enforces")
    traveller.agrees(traveller.instalments(2), confirmation_wanted=True)
    one = traveller.acts(BANK, "confirmation", side="applicant", party_id="a1")
    assert one["confirmation"]["applied_by"] == ["applicant"]
    traveller.acts(traveller.borrower, "confirmation", side="respondent", party_id="r1")
    ruled = traveller.waits_until(lambda case: case["confirmation"]["ruled_on"])["confirmation"]
    assert (ruled["state"], "诉前调确" in ruled["court_case_number"]) == ("confirmed", True)
    traveller.waits_for("defaulted")
    remaining = traveller.settlement()["performance"]["remaining"]
    traveller.acts(BANK, "enforcement")
    case = traveller.waits_for("docketed")
    assert case["claim"]["total"] == remaining
    assert case["transfer"]["matter"] == "enforcement"
    assert "执" in case["transfer"]["docketing"]["court_case_number"]
    assert case["transfer"]["docketing"]["judge_id"] == "j-001"
