"""The application to a court: the agreement's result and nothing of how it came about; the same bytes."""

from __future__ import annotations

import json
import types
import typing
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from chalicelib.domain.agreement.confirmation import Application, Confirmation, Ruling
from chalicelib.domain.agreement.default import declare_default
from chalicelib.domain.agreement.draft import Agreement
from chalicelib.domain.agreement.negotiation import Negotiation
from chalicelib.domain.agreement.offer import Offer
from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement, put_in_force
from chalicelib.domain.agreement.signing import Signing
from chalicelib.domain.case import Case, ExtensionProposal
from chalicelib.domain.court_application import (
    ApplicationFacts,
    application_to_confirm,
    application_to_enforce,
    data_document,
    paper,
    submission,
)
from chalicelib.domain.dossier import claim_figures
from chalicelib.domain.events import Event
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.concession import Concession
from chalicelib.domain.loan.concession_policy import ConcessionPolicy
from chalicelib.domain.money import Money
from chalicelib.domain.parties import PartyDetails, Side
from chalicelib.domain.settlement_outcome import OfferStanding, SettlementOutcome
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import Matter, Transfer
from tests.support.builders import SHA256, claim_of, details_of, filed
from tests.unit.domain.agreement.support import CALENDAR, NOON, SIGNED, agreed
from tests.unit.domain.test_dossier import names, reachable

CONFIDENTIAL: Final = (
    SettlementOutcome,
    Settlement,
    Negotiation,
    Offer,
    OfferStanding,
    Concession,
    ConcessionPolicy,
    Agreement,
    PayeeAccount,
    Signing,
    ExtensionProposal,
    Event,
    Case,
)
LATER: Final = datetime(2026, 3, 20, 17, 0, tzinfo=UTC)
"""01:00 on the next day in China."""
DETAILS: Final = (details_of("r1"), details_of("a1"))
AGREEMENT: Final = agreed()
SETTLEMENT: Final = put_in_force(
    Settlement(negotiation=Negotiation(owed=AGREEMENT.kept + AGREEMENT.waived), agreement=AGREEMENT)
)
CONFIRMATION: Final = Confirmation(
    in_force_at=NOON,
    applications=(
        Application(side=Side.RESPONDENT, party_id="r1", at=LATER),
        Application(side=Side.APPLICANT, party_id="a1", at=NOON),
    ),
)


def case_of(**changes: Any) -> Case:
    """Return a case with an agreement in force, applied for by both sides."""
    values: dict[str, Any] = {
        "stage": Stage.PERFORMING,
        "agreement_sha256": SHA256,
        "accepted_at": NOON,
        "confirmation": CONFIRMATION,
    }
    return replace(filed().case, **values | changes)


def facts_of() -> ApplicationFacts:
    """Return the facts of an application to confirm."""
    return application_to_confirm(case_of(), SETTLEMENT, DETAILS)


def test_the_types_have_no_place_for_what_was_negotiated() -> None:
    """From `ApplicationFacts` no offer, concession, plan, outcome, event or case can be reached (TY22)."""
    held = set(reachable(ApplicationFacts))
    assert PartyDetails in held  # the walk goes deep
    assert not held & set(CONFIDENTIAL)
    assert not {Any, object, dict, typing.Mapping, types.MappingProxyType} & held
    assert set(typing.get_type_hints(data_document, localns=names())) == {"facts", "return"}


def test_to_confirm_is_what_is_to_be_paid_under_the_agreement() -> None:
    """The kept part of the debt, since when it is in force, and when the second side applied, in China."""
    facts = facts_of()
    assert (facts.matter, facts.transfer_id) == (Matter.CONFIRMATION, "C-0001-C1")
    assert facts.claim == AGREEMENT.kept.as_claim(SIGNED)
    assert (facts.agreed_on, facts.in_force_on, facts.accepted_on) == (SIGNED, SIGNED, SIGNED)
    assert facts.applied_on == date(2026, 3, 21)
    assert [party.party_id for party, _ in facts.parties] == ["a1", "r1"]
    assert [details.party_id for _, details in facts.parties] == ["a1", "r1"]
    assert submission(facts) == {
        "agreement_sha256": SHA256,
        "in_force_on": "2026-03-02",
        "applied_on": "2026-03-21",
        "confirmation_case_number": None,
    }
    assert application_to_confirm(case_of(round=3), SETTLEMENT, DETAILS).transfer_id == "C-0001-C3"


def test_to_enforce_is_the_remaining_sum_under_the_rulings_number() -> None:
    """As the case claims it; the agreement's own sum is not told again."""
    ruled = replace(CONFIRMATION, ruling=Ruling(on=SIGNED), court_case_number="（2026）闽0902诉前调确12号")
    transfer = Transfer(transfer_id="C-0001-T1", attempt=1, matter=Matter.ENFORCEMENT)
    claim = claim_of(5_00)
    facts = application_to_enforce(
        case_of(confirmation=ruled, transfer=transfer, claim=claim), SETTLEMENT, DETAILS
    )
    assert (facts.matter, facts.transfer_id, facts.claim) == (Matter.ENFORCEMENT, "C-0001-T1", claim)
    assert submission(facts)["confirmation_case_number"] == "（2026）闽0902诉前调确12号"
    assert data_document(facts).kind == "enforcement_data"


def test_to_enforce_names_the_doubled_interest_for_late_performance() -> None:
    """101,000 without interest, 30 days after the default was found: 530.25; and nothing before that day."""
    defaulted = declare_default(SETTLEMENT.performance, date(2026, 5, 1), CALENDAR)
    transfer = Transfer(transfer_id="C-0001-T1", attempt=1, matter=Matter.ENFORCEMENT)
    claim = Amounts(principal=Money(100_000_00), costs=Money(1_000_00), interest=Money(7_330_56)).as_claim(
        date(2026, 5, 31)
    )
    case = case_of(transfer=transfer, claim=claim)
    facts = application_to_enforce(case, SETTLEMENT.with_performance(defaulted), DETAILS)
    assert json.loads(data_document(facts).content)["late_performance"] == {
        "base": "101000.00",
        "days": 30,
        "daily_percent": "0.0175",
        "amount": "530.25",
    }
    early = replace(case, claim=replace(claim, as_of=date(2026, 4, 30)))
    none = application_to_enforce(early, SETTLEMENT.with_performance(defaulted), DETAILS)
    assert json.loads(data_document(none).content)["late_performance"]["days"] == 0
    undefaulted = application_to_enforce(case, SETTLEMENT, DETAILS)
    assert "late_performance" not in json.loads(data_document(undefaulted).content)


def test_nothing_is_applied_for_without_its_ground() -> None:
    """No transfer, no agreement, none in force: a fault of the caller's."""
    with pytest.raises(LookupError, match="not transferred"):
        application_to_enforce(case_of(), SETTLEMENT, DETAILS)
    with pytest.raises(LookupError, match="in force"):
        application_to_confirm(case_of(confirmation=None), SETTLEMENT, DETAILS)
    with pytest.raises(LookupError, match="nothing was agreed"):
        application_to_confirm(case_of(), Settlement(negotiation=SETTLEMENT.negotiation), DETAILS)


def test_the_same_facts_make_the_same_bytes() -> None:
    """Whatever order the details come in."""
    other = application_to_confirm(case_of(), SETTLEMENT, reversed(DETAILS))
    assert data_document(other) == data_document(facts_of())
    data = json.loads(data_document(facts_of()).content)
    assert data["claim"] == claim_figures(facts_of().claim)
    assert [sheet["name"] for sheet in data["parties"]] == ["姓名之a1", "姓名之r1"]
    assert set(data) == {
        "case_type",
        "institution_id",
        "contract_number",
        "instalment_scope",
        "claim",
        "parties",
    }
    assert (data["contract_number"], data["instalment_scope"]) == ("LOAN-1", "all")


def test_what_is_not_known_is_left_out() -> None:
    """A mediation nobody accepted in this system, an application nobody has made yet."""
    case = case_of(accepted_at=None, agreement_sha256=None, confirmation=Confirmation(in_force_at=NOON))
    facts = application_to_confirm(case, SETTLEMENT, DETAILS)
    assert (facts.accepted_on, facts.applied_on, facts.agreement_sha256) == (None, None, "")
    assert submission(facts)["applied_on"] is None


def test_a_paper_is_a_document_of_the_application() -> None:
    """Its id is its kind, with hyphens, which no data of the hub has; its bytes are what they are."""
    made = paper("mediation_agreement", "application/pdf", b"%PDF")
    assert (made.document_id, made.kind) == ("mediation-agreement-paper", "mediation_agreement")
    assert (made.media_type, made.content) == ("application/pdf", b"%PDF")
    assert data_document(facts_of()).document_id == "application"
