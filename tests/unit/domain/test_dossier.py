"""The dossier: confidential by type, and the same bytes each time it is built."""

from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
import types
import typing
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib import domain
from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.draft import Agreement
from chalicelib.domain.agreement.negotiation import Negotiation
from chalicelib.domain.agreement.offer import Offer
from chalicelib.domain.agreement.settlement import Settlement
from chalicelib.domain.case import Case, Change, ExtensionProposal
from chalicelib.domain.court_commands import Expire
from chalicelib.domain.dossier import (
    ChainSeal,
    DossierFacts,
    claim_figures,
    documents,
    facts_for_court,
    manifest,
    party_sheet,
    seal_of,
)
from chalicelib.domain.events import Event
from chalicelib.domain.id_documents import Sex
from chalicelib.domain.liability import LiabilityKind, LiabilityTerms
from chalicelib.domain.loan.concession import Concession
from chalicelib.domain.money import Money
from chalicelib.domain.parties import PartyDetails
from chalicelib.domain.representatives import Authority, Mandate, Representative, RepresentativeKind
from chalicelib.domain.settlement_commands import Settle
from chalicelib.domain.settlement_outcome import OfferStanding, SettlementOutcome
from chalicelib.domain.stages import EventType, Stage
from tests.support.atlas import LIMITS, atlas
from tests.support.builders import (
    attempt,
    claim_of,
    commands_for,
    context_of,
    details_of,
    filed,
    insiders,
    party,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.dossier import DossierDocument

CONFIDENTIAL: Final = (
    SettlementOutcome,
    Settlement,
    Negotiation,
    Offer,
    OfferStanding,
    Concession,
    Agreement,
    ExtensionProposal,
    Settle,
    Event,
    Case,
)
PARTIES: Final = ("a1", "r1")


def names() -> dict[str, Any]:
    """Return every name of the domain, so that annotations can be resolved."""
    found: dict[str, Any] = {}
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        found |= vars(importlib.import_module(module.name))
    return found


def reachable(kind: Any) -> Iterator[Any]:
    """Yield every type that a value of this dataclass can hold, however deep."""
    queue, met = [kind], set()
    while queue:
        current = queue.pop()
        if current in met:
            continue
        met.add(current)
        yield current
        queue.extend(typing.get_args(current))
        if is_dataclass(current) and isinstance(current, type):
            hints = typing.get_type_hints(current, localns=names())
            queue.extend(hints[entry.name] for entry in fields(current))


def transferred_after_an_agreement() -> list[Change]:
    """Play a case in which an agreement was reached, nobody signed, and the institution insisted."""
    changes = [filed(*PARTIES)]
    for wanted in (
        EventType.CASE_SCREENED,
        EventType.MEDIATOR_APPOINTED,
        EventType.APPOINTMENT_ACCEPTED,
        EventType.MEDIATION_BEGUN,
        EventType.OFFER_MADE,
        EventType.OFFER_ACCEPTED,
        EventType.SETTLEMENT_REACHED,
        EventType.SIGNING_EXPIRED,
        EventType.TRANSFER_REQUESTED,
    ):
        changes.append(next(answer for answer in tries(changes[-1].case) if answer.event.type is wanted))
    return changes


def tries(case: Case) -> Iterator[Change]:
    """Yield what anybody can make of a case, now and after its limit has passed."""
    for actor in insiders(case):
        for command in commands_for(case, LIMITS):
            for at in (case.deadline or case.updated_at, case.updated_at):
                answer = attempt(case, command, context_of(actor, at))
                if isinstance(answer, Change):
                    yield answer


def built(changes: list[Change]) -> tuple[DossierDocument, ...]:
    """Build the dossier of a history."""
    details = [details_of(party.party_id) for party in changes[-1].case.parties]
    return documents(facts_for_court(changes[-1].case, details), seal_of([c.event for c in changes]))


def test_a_court_reads_what_was_told_of_a_party_and_no_more() -> None:
    """What nobody told has no entry, so that a dossier of before keeps its bytes."""
    party, known = filed(*PARTIES).case.parties[1], details_of("r1")
    told = party_sheet(party, replace(known, employer="样例合作社", residence="福州市样例路9号"))
    assert told == party_sheet(party, known) | {"employer": "样例合作社", "residence": "福州市样例路9号"}
    born = party_sheet(party, replace(known, sex=Sex.FEMALE, birth_date=date(1979, 8, 1)))
    assert born == party_sheet(party, known) | {"sex": "female", "birth_date": "1979-08-01"}
    assert (
        not {"sex", "birth_date", "ethnicity", "employer", "position", "residence"}
        & party_sheet(party, known).keys()
    )


def test_the_dossiers_types_have_no_place_for_what_is_confidential() -> None:
    """From `DossierFacts` and `ChainSeal` no offer, outcome, extension, event or case can be reached."""
    held = {*reachable(DossierFacts), *reachable(ChainSeal)}
    assert PartyDetails in held  # the walk goes deep
    assert not held & set(CONFIDENTIAL)
    assert not {Any, object, dict, typing.Mapping, types.MappingProxyType} & held
    assert set(typing.get_type_hints(documents, localns=names())) == {"facts", "seal", "return"}


def test_an_agreement_that_failed_leaves_no_trace_in_the_dossier() -> None:
    """The case went through an agreement; no document or repr tells it (TY22)."""
    changes = transferred_after_an_agreement()
    assert EventType.SETTLEMENT_REACHED in [change.event.type for change in changes]
    text = b"".join(entry.content for entry in built(changes)).decode()
    for change in changes[:-1]:
        assert change.event.hash not in text  # a hash over three possible outcomes would tell which
    assert not any(outcome in text for outcome in SettlementOutcome)
    assert changes[-1].event.hash in text


def test_the_bytes_stay_the_same_while_the_court_is_slow() -> None:
    """A delay recorded between two attempts to build it must not change a hash that was told already."""
    changes = transferred_after_an_agreement()
    first = built(changes)
    case = changes[-1].case
    assert case.deadline is not None
    late = lifecycle.apply(case, Expire(), context_of(at=case.deadline))
    assert late.event.type is EventType.SUBMISSION_OVERDUE
    assert built([*changes, late]) == first


def test_a_manifest_tells_size_and_hash_of_the_very_bytes() -> None:
    """Each entry is about its document; ids are unique; the content is JSON in UTF-8."""
    dossier = built(transferred_after_an_agreement())
    entries = manifest(dossier)
    assert len({entry.document_id for entry in entries}) == len(dossier) == len(entries)
    for document, entry in zip(dossier, entries, strict=True):
        assert entry.size == len(document.content)
        assert entry.sha256 == document.sha256 == hashlib.sha256(document.content).hexdigest()
        assert (entry.kind, entry.media_type) == (document.kind, "application/json")
        assert json.loads(document.content)


def test_the_court_learns_parties_claim_and_course() -> None:
    """The complaint names every party in full; the report says when and why the mediation ended."""
    changes = transferred_after_an_agreement()
    complaint, report, chain = (json.loads(entry.content) for entry in built(changes))
    assert [sheet["name"] for sheet in complaint["parties"]] == ["姓名之a1", "姓名之r1"]
    assert complaint["claim"] == claim_figures(claim_of())
    assert report["reason"] == "refuses_to_sign"
    assert (report["accepted_on"], report["filed_on"]) == ("2026-03-14", "2026-03-02")
    assert report["guiding_judge_id"] == changes[-1].case.judge_id
    assert chain == {
        "events": len(changes),
        "handed_over_at": changes[-1].event.at.isoformat(),
        "head": changes[-1].case.last_event_hash,
    }


def test_a_case_that_was_refused_at_once_has_a_dossier_too() -> None:
    """Without acceptance and, were it so, without an end the report has no such dates."""
    case = next(
        case for case in atlas().states if case.stage is Stage.TRANSFERRING and case.accepted_at is None
    )
    details = [details_of(party.party_id) for party in case.parties]
    facts = facts_for_court(case, details)
    seal = ChainSeal(events=1, handed_over_at=case.filed_at, head=case.last_event_hash)
    report = json.loads(documents(facts, seal)[1].content)
    assert (report["accepted_on"], report["mediator_id"]) == (None, None)
    never_ended = json.loads(documents(replace(facts, ended_on=None), seal)[1].content)
    assert never_ended["ended_on"] is None
    assert facts_for_court(replace(case, ended_at=None), details).ended_on is None


def test_a_case_without_transfer_has_no_dossier() -> None:
    """Neither facts nor seal can be taken from it."""
    change = filed()
    with pytest.raises(LookupError, match="not transferred"):
        facts_for_court(change.case, [])
    with pytest.raises(LookupError, match="not transferred"):
        seal_of([change.event])


def test_figures_add_up_and_personal_data_is_shown_to_the_court_alone() -> None:
    """Figures are yuan with two decimals; a party's account is no business of the complaint's."""
    figures = claim_figures(claim_of())
    assert figures["total"] == "113588.16"
    assert set(figures) >= {"principal", "interest", "penalty_interest", "compound_interest", "fees", "as_of"}
    party = filed().case.parties[1]
    sheet = party_sheet(party, details_of("r1"))
    assert sheet["id_number"] == "证号之r1"
    assert "账号之r1" not in sheet.values()


def test_a_documents_repr_hides_its_content() -> None:
    """A document in a log line would show every party in full."""
    for entry in built(transferred_after_an_agreement()):
        assert "content" not in repr(entry)


def test_the_court_learns_what_each_respondent_answers_for() -> None:
    """With the terms as stated; a respondent of an earlier release is a borrower, an applicant nothing."""
    guarantor = replace(party("r2"), liability=LiabilityKind.JOINT_GUARANTOR)
    terms = LiabilityTerms(
        contract_number="BZ-1",
        scope="主债权",
        maximum=Money(200_000_00),
        starts=date(2026, 3, 1),
        ends=date(2029, 3, 1),
    )
    assert "主债权" not in repr(terms)
    assert party_sheet(guarantor, replace(details_of("r2"), liability=terms))["liability"] == {
        "kind": "joint_guarantor",
        "contract_number": "BZ-1",
        "scope": "主债权",
        "maximum": "200000.00",
        "starts": "2026-03-01",
        "ends": "2029-03-01",
        "thing": None,
        "registered": None,
        "deceased": None,
    }
    assert party_sheet(party("r1"), details_of("r1"))["liability"]["kind"] == "borrower"
    assert party_sheet(party("a1"), details_of("a1"))["liability"] is None


def test_the_court_is_shown_nobody_as_an_agent_whom_only_the_other_side_named() -> None:
    """Who the respondent did not confirm has no authority (民法典 171)."""
    agent = Representative(kind=RepresentativeKind.AGENT, name="林试", agent_id="g1")
    known = replace(details_of("r1"), representatives=(agent,))
    for confirmed, shown in ((False, []), (True, ["林试"]), (None, ["林试"])):
        mandate = Mandate(agent_id="g1", authority=Authority.SPECIAL, confirmed=confirmed)
        sheet = party_sheet(replace(party("r1"), agents=(mandate,)), known)
        assert [each["name"] for each in sheet["representatives"]] == shown


def test_the_court_learns_who_acts_and_who_assists() -> None:
    """An agent with its authority, a relative as a relative."""
    acting = replace(party("r1"), agents=(Mandate(agent_id="g1", authority=Authority.SPECIAL),))
    agent = Representative(
        kind=RepresentativeKind.AGENT, name="林试", agent_id="g1", firm="测试律师事务所", letter_number="SQ-1"
    )
    spouse = Representative(kind=RepresentativeKind.RELATIVE, name="李试", relation="配偶")
    assert "林试" not in repr(agent)
    sheet = party_sheet(acting, replace(details_of("r1"), representatives=(agent, spouse)))
    empty = {"phone": None, "position": None}
    assert sheet["representatives"] == [
        {
            "kind": "agent",
            "name": "林试",
            "firm": "测试律师事务所",
            "authority": "special",
            "letter_number": "SQ-1",
            "relation": None,
            **empty,
        },
        {
            "kind": "relative",
            "name": "李试",
            "firm": None,
            "authority": None,
            "letter_number": None,
            "relation": "配偶",
            **empty,
        },
    ]
