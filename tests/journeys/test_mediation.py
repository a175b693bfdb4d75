"""Stories of cases inside the mediation: agreement, silence, and time running out."""

from __future__ import annotations

import pytest

from tests.support.travel import BANK, CENTRE, MEDIATOR, Traveller

pytestmark = pytest.mark.xdist_group("stack")


def test_the_parties_settle_on_the_spot_and_all_sign(traveller: Traveller) -> None:
    """The agreement takes effect with the last signature; it is paid, and the case is over."""
    traveller.comes_to_mediation("settles")
    paid = traveller.agrees(traveller.lump_sum(), default_clause=None, receipt_reference="RCPT-1")
    assert (paid["stage"], paid["outcome"]) == ("paid", "paid_on_the_spot")
    case = traveller.reads()
    assert case["allowed_actions"] == []
    assert case["confirmation"] is None


def test_the_borrower_signs_in_person_before_the_mediator(traveller: Traveller) -> None:
    """The centre confirms what the mediator recorded, and the event says that somebody made a trip."""
    traveller.comes_to_mediation("comes in person")
    traveller.offers(BANK, traveller.lump_sum())
    traveller.accepts(traveller.borrower)
    document = traveller.settles()["agreement_sha256"]
    for witness in (MEDIATOR, CENTRE):
        traveller.acts(witness, "signatures", party_id="r1", document_sha256=document, channel="in_person")
    signed = traveller.events()[-1]
    assert (signed["type"], signed["channel"]) == ("signature_recorded", "in_person")


def test_the_borrower_refuses_to_sign(traveller: Traveller) -> None:
    traveller.comes_to_mediation("refuses to sign")
    traveller.offers(BANK, traveller.lump_sum())
    traveller.accepts(traveller.borrower)
    traveller.settles()
    case = traveller.acts(traveller.borrower, "signing-refusals", party_id="r1")
    assert (case["stage"], case["failure"]) == ("unresolved", "refuses_to_sign")


def test_the_first_mediator_declines_and_another_is_appointed(traveller: Traveller) -> None:
    traveller.files("declines")
    traveller.waits_for("screened")
    traveller.acts(CENTRE, "assignment", action="appoint", mediator_id="m-001", judge_id="j-001")
    assert (
        traveller.acts(MEDIATOR, "assignment", action="decline", reason="near_relative")["mediator_id"]
        is None
    )
    second = {**MEDIATOR, "sub": "m-2", "mediator_id": "m-002"}
    traveller.acts(CENTRE, "assignment", action="appoint", mediator_id="m-002", judge_id="j-001")
    assert traveller.acts(second, "assignment", action="accept")["mediator_id"] == "m-002"
    case = traveller.reads(traveller.borrower)
    assert (case["mediator_name"], case["judge_name"]) == ("陈睦", "周正")


def test_who_does_not_stand_on_the_roster_is_not_appointed(traveller: Traveller) -> None:
    """An unknown id as mediator or judge, or the judge's id as a mediator's: the case waits for another."""
    traveller.files("nobody")
    before = traveller.waits_for("screened")
    for mediator_id, judge_id, code in (
        ("m-404", "j-001", "mediator_not_eligible"),
        ("j-001", "j-001", "mediator_not_eligible"),
        ("m-001", "ghost", "judge_not_eligible"),
    ):
        body = {"action": "appoint", "mediator_id": mediator_id, "judge_id": judge_id}
        refused = traveller.tries(CENTRE, "assignment", body)
        assert (refused.status, refused.code) == (409, code)
    assert traveller.reads() == before


def test_a_mediator_who_stays_silent_is_replaced(traveller: Traveller) -> None:
    """Three working days pass without an answer (OL12): the appointment lapses."""
    traveller.files("silent mediator")
    traveller.waits_for("screened")
    traveller.acts(CENTRE, "assignment", action="appoint", mediator_id="m-003", judge_id="j-001")
    lapsed = traveller.waits_for("screened")
    assert lapsed["mediator_id"] is None
    assert traveller.events()[-1]["type"] == "appointment_lapsed"


def test_the_borrower_refuses_to_be_mediated(traveller: Traveller) -> None:
    traveller.files("refuses")
    traveller.waits_for("screened")
    case = traveller.acts(traveller.borrower, "consents", party_id="r1", given=False, online=False)
    assert (case["stage"], case["failure"]) == ("unresolved", "party_refuses")


def test_thirty_days_pass_and_the_mediation_is_over(traveller: Traveller) -> None:
    """Nobody does anything: the time limit ends the mediation, then the bank's silence ends the case."""
    traveller.comes_to_mediation("expires")
    assert traveller.waits_for("unresolved")["failure"] == "time_limit"
    assert traveller.waits_for("closed")["failure"] == "time_limit"
    types = [event["type"] for event in traveller.events()]
    assert types[-2:] == ["mediation_expired", "decision_expired"]


def test_both_sides_extend_and_the_limit_moves(traveller: Traveller) -> None:
    traveller.comes_to_mediation("extends")
    before = traveller.reads()["deadline"]
    proposed = traveller.acts(BANK, "extension", side="applicant", days=10)
    assert proposed["deadline"] == before
    agreed = traveller.acts(traveller.borrower, "extension", side="respondent", days=10)
    assert agreed["extended_days"] == 10
    assert agreed["deadline"] > before
