"""The dossier (卷宗) a court receives: made of types that have no place for what is confidential.

Promise: `DossierFacts` has no field for an offer, a concession, a settlement's terms or a note (TY22),
so nothing confidential can be put into a document made from it. The same facts give the same bytes,
so a manifest's SHA-256 holds on every retry. Downside: a new fact for the court needs a field here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.domain.calendar import local_date
from chalicelib.domain.claim import CaseType, Claim, Track
from chalicelib.domain.liability import LiabilityTerms
from chalicelib.domain.parties import PARTICULARS, Party, PartyDetails, document_of, liability_of
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.stages import EventType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalicelib.domain.case import Case
    from chalicelib.domain.events import Event
    from chalicelib.domain.representatives import Representative

JSON_MEDIA_TYPE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFacts:
    """What a court may know of a mediation that failed: who, what is claimed, when and why it ended."""

    transfer_id: str
    court_id: str
    institution_id: str
    case_type: CaseType
    track: Track | None
    contract_number: str
    instalment_scope: str
    claim: Claim
    parties: tuple[tuple[Party, PartyDetails], ...]
    mediator_id: str | None
    guiding_judge_id: str | None
    filed_on: date
    accepted_on: date | None
    ended_on: date | None
    reason: FailureReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainSeal:
    """What proves the hub's record of the case to be unchanged: number of events and the last one's hash.

    The hash of each event stays in the hub: an event has so few possible contents that a reader could hash
    them all and so learn what happened inside the mediation, which is confidential (TY22).
    """

    events: int
    handed_over_at: datetime
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierDocument:
    """One document of the dossier: bytes (which its repr hides), with what the manifest says of them."""

    document_id: str
    kind: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """A document as the court is told of it."""

    document_id: str
    kind: str
    media_type: str
    size: int
    sha256: str


def facts_for_court(case: Case, details: Iterable[PartyDetails]) -> DossierFacts:
    """Return what a court may know of a case in transfer; raises LookupError without a transfer."""
    if case.transfer is None:
        raise LookupError("the case was not transferred")
    by_id = {entry.party_id: entry for entry in details}
    return DossierFacts(
        transfer_id=case.transfer.transfer_id,
        court_id=case.court_id,
        institution_id=case.institution_id,
        case_type=case.case_type,
        track=case.track,
        contract_number=case.contract_number,
        instalment_scope=case.instalment_scope,
        claim=case.claim,
        parties=tuple((party, by_id[party.party_id]) for party in case.parties),
        mediator_id=case.mediator_id,
        guiding_judge_id=case.judge_id,
        filed_on=local_date(case.filed_at),
        accepted_on=local_date(case.mediating_since) if case.mediating_since else None,
        ended_on=local_date(case.ended_at) if case.ended_at else None,
        reason=case.failure,
    )


def seal_of(events: Sequence[Event]) -> ChainSeal:
    """Return the chain's seal at the last hand-over: what is recorded later must not change the dossier.

    Raises LookupError if the case was never handed over.
    """
    handed_over = next((e for e in reversed(events) if e.type is EventType.TRANSFER_REQUESTED), None)
    if handed_over is None:
        raise LookupError("the case was not transferred")
    return ChainSeal(events=handed_over.sequence, handed_over_at=handed_over.at, head=handed_over.hash)


def documents(facts: DossierFacts, seal: ChainSeal) -> tuple[DossierDocument, ...]:
    """Make the dossier's documents, the same bytes for the same transfer."""
    return (
        json_document("complaint", "complaint_data", dispute_sheet(facts)),
        json_document("mediation-report", "mediation_report", _report(facts)),
        json_document("event-chain", "event_chain", _chain(seal)),
    )


def manifest(entries: Iterable[DossierDocument]) -> tuple[ManifestEntry, ...]:
    """List the documents with size (bytes) and SHA-256."""
    return tuple(
        ManifestEntry(
            document_id=entry.document_id,
            kind=entry.kind,
            media_type=entry.media_type,
            size=len(entry.content),
            sha256=entry.sha256,
        )
        for entry in entries
    )


def claim_figures(claim: Claim) -> dict[str, str]:
    """Give the claim as published: yuan with two decimals, and the day up to which it was computed."""
    return {
        "principal": str(claim.principal),
        "interest": str(claim.interest),
        "penalty_interest": str(claim.penalty_interest),
        "compound_interest": str(claim.compound_interest),
        "fees": str(claim.fees),
        "total": str(claim.total),
        "as_of": claim.as_of.isoformat(),
        "currency": claim.currency,
    }


def party_sheet(party: Party, details: PartyDetails) -> dict[str, Any]:
    """Give a party in full, for the court alone.

    Particulars that nobody told have no entry: a dossier of before they could be told keeps its bytes.
    """
    told: dict[str, Any] = {
        name: str(value) for name in PARTICULARS if (value := getattr(details, name)) is not None
    }
    return told | {
        "party_id": party.party_id,
        "side": party.side,
        "kind": party.kind,
        "name": details.name,
        "id_number": details.id_number,
        "id_document": document_of(party, details),
        "phone": details.phone,
        "address": details.address,
        "liability": _liability_sheet(party, details.liability or LiabilityTerms()),
        "representatives": [
            _representative_sheet(party, each)
            for each in details.representatives
            # Who it did not authorise is not presented to the court as its agent.
            if each.agent_id not in party.unconfirmed_agents
        ],
    }


def _representative_sheet(party: Party, each: Representative) -> dict[str, Any]:
    authority = (mandate.authority for mandate in party.agents if mandate.agent_id == each.agent_id)
    return {
        "kind": each.kind,
        "name": each.name,
        "phone": each.phone,
        "position": each.position,
        "firm": each.firm,
        "authority": next(authority, None),
        "letter_number": each.letter_number,
        "relation": each.relation,
    }


def _liability_sheet(party: Party, terms: LiabilityTerms) -> dict[str, Any] | None:
    kind = liability_of(party)
    if kind is None:
        return None
    return {
        "kind": kind,
        "contract_number": terms.contract_number,
        "scope": terms.scope,
        "maximum": str(terms.maximum) if terms.maximum else None,
        "starts": terms.starts.isoformat() if terms.starts else None,
        "ends": terms.ends.isoformat() if terms.ends else None,
        "thing": terms.thing,
        "registered": terms.registered,
        "deceased": terms.deceased,
    }


class Dispute(Protocol):
    """The dispute: the facts from which the data of a dossier or of an application are made."""

    @property
    def case_type(self) -> CaseType:
        """The cause of action."""

    @property
    def institution_id(self) -> str:
        """The institution that claims."""

    @property
    def contract_number(self) -> str:
        """The number of the contract."""

    @property
    def instalment_scope(self) -> str:
        """The instalments that are claimed."""

    @property
    def claim(self) -> Claim:
        """The claim in figures."""

    @property
    def parties(self) -> tuple[tuple[Party, PartyDetails], ...]:
        """The parties with their details."""


def dispute_sheet(facts: Dispute) -> dict[str, Any]:
    """Give the dispute in full, for the court alone."""
    return {
        "case_type": facts.case_type,
        "institution_id": facts.institution_id,
        "contract_number": facts.contract_number,
        "instalment_scope": facts.instalment_scope,
        "claim": claim_figures(facts.claim),
        "parties": [party_sheet(party, details) for party, details in facts.parties],
    }


def _report(facts: DossierFacts) -> dict[str, Any]:
    return {
        "transfer_id": facts.transfer_id,
        "track": facts.track,
        "mediator_id": facts.mediator_id,
        "guiding_judge_id": facts.guiding_judge_id,
        "filed_on": facts.filed_on.isoformat(),
        "accepted_on": facts.accepted_on.isoformat() if facts.accepted_on else None,
        "ended_on": facts.ended_on.isoformat() if facts.ended_on else None,
        "reason": facts.reason,
    }


def _chain(seal: ChainSeal) -> dict[str, Any]:
    return {"events": seal.events, "handed_over_at": seal.handed_over_at.isoformat(), "head": seal.head}


def json_document(document_id: str, kind: str, content: Mapping[str, Any]) -> DossierDocument:
    """Make a document of data: the same bytes for the same content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
    return DossierDocument(
        document_id=document_id, kind=kind, media_type=JSON_MEDIA_TYPE, content=text.encode()
    )
