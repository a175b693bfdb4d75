"""Between records and domain objects, field by field and in both directions.

Promise: decoding what was encoded gives an equal value, for every case and event there can be; a field
that is new in the domain fails a test here before it is lost in the table. Downside: a new field is
written down three times: in the domain, in the record and here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.confirmations import decode_confirmation, encode_confirmation
from chalicelib.adapters.dynamo.records import (
    CaseRecord,
    ClaimMap,
    DocketingMap,
    EventRecord,
    ExtensionMap,
    OfferMap,
    PartyMap,
    ReasonMap,
    TransferMap,
)
from chalicelib.domain.case import Case
from chalicelib.domain.claim import Claim
from chalicelib.domain.events import Event
from chalicelib.domain.extension import ExtensionProposal
from chalicelib.domain.parties import Party
from chalicelib.domain.settlement_outcome import OfferStanding
from chalicelib.domain.transfer import Docketing, ReviewReason, Transfer

if TYPE_CHECKING:
    from collections.abc import Iterable


def encode_case(case: Case) -> CaseRecord:
    """Write a case, with the keys of the lists it stands in."""
    return CaseRecord(
        pk=keys.case(case.case_id),
        sk=keys.CASE,
        case_id=case.case_id,
        institution_id=case.institution_id,
        court_id=case.court_id,
        case_type=case.case_type,
        contract_number=case.contract_number,
        instalment_scope=case.instalment_scope,
        claim=_encode_claim(case.claim),
        parties=[PartyMap(party_id=p.party_id, side=p.side, kind=p.kind) for p in case.parties],
        online=case.online,
        stage=case.stage,
        filed_at=case.filed_at,
        updated_at=case.updated_at,
        version=case.version,
        sequence=None if case.sequence == case.version else case.sequence,
        head=case.last_event_hash,
        step=case.step,
        step_since=case.entered_at_version,
        deadline=case.deadline,
        track=case.track,
        mediator_id=case.mediator_id,
        judge_id=case.judge_id,
        accepted_at=case.accepted_at,
        consents=case.consents,
        extension=_encode_extension(case.extension),
        extended_days=case.extended_days,
        round=case.round,
        offer=_encode_offer(case.offer),
        outcome=case.outcome,
        agreement_sha256=case.agreement_sha256,
        signatures=case.signatures,
        next_action_on=case.follow_up_on,
        failure=case.failure,
        ended_at=case.ended_at,
        transfer=_encode_transfer(case.transfer),
        confirmation=encode_confirmation(case.confirmation),
        institution_list=case.institution_id,
        # An index holds only what has its key: a case without a mediator is in no mediator's list.
        mediator_list=case.mediator_id,
        court_list=keys.court_list(case.court_id, keys.shard_of(case.case_id)),
        filed_key=keys.filed_key(case.filed_at, case.case_id),
    )


def decode_case(record: CaseRecord) -> Case:
    """Read a case."""
    return Case(
        case_id=record.case_id,
        institution_id=record.institution_id,
        court_id=record.court_id,
        case_type=record.case_type,
        contract_number=record.contract_number,
        instalment_scope=record.instalment_scope,
        claim=_decode_claim(record.claim),
        parties=tuple(Party(party_id=p.party_id, side=p.side, kind=p.kind) for p in record.parties),
        online=record.online,
        stage=record.stage,
        filed_at=record.filed_at,
        updated_at=record.updated_at,
        version=record.version,
        # Absent where each event was an act.
        sequence=record.version if record.sequence is None else record.sequence,
        last_event_hash=record.head,
        step=record.step,
        entered_at_version=record.step_since,
        deadline=record.deadline,
        track=record.track,
        mediator_id=record.mediator_id,
        judge_id=record.judge_id,
        accepted_at=record.accepted_at,
        consents=record.consents,
        extension=_decode_extension(record.extension),
        extended_days=record.extended_days,
        round=record.round,
        offer=_decode_offer(record.offer),
        outcome=record.outcome,
        agreement_sha256=record.agreement_sha256,
        signatures=record.signatures,
        follow_up_on=record.next_action_on,
        failure=record.failure,
        ended_at=record.ended_at,
        transfer=_decode_transfer(record.transfer),
        confirmation=decode_confirmation(record.confirmation),
    )


def encode_event(event: Event) -> EventRecord:
    """Write an event."""
    return EventRecord(
        pk=keys.case(event.case_id),
        sk=keys.event(event.sequence),
        case_id=event.case_id,
        sequence=event.sequence,
        type=event.type,
        at=event.at,
        role=event.role,
        subject=event.subject,
        channel=event.channel,
        facts=event.facts,
        previous=event.previous,
        chain_version=None if event.chain_version == 1 else event.chain_version,
        salt=event.salt or None,
        talk=event.talk,
        hash=event.hash,
    )


def decode_event(record: EventRecord) -> Event:
    """Read an event."""
    return Event(
        case_id=record.case_id,
        sequence=record.sequence,
        type=record.type,
        at=record.at,
        role=record.role,
        subject=record.subject,
        channel=record.channel,
        facts=record.facts,
        previous=record.previous,
        chain_version=record.chain_version or 1,
        salt=record.salt or "",
        talk=record.talk,
        hash=record.hash,
    )


def encode_reasons(reasons: Iterable[ReviewReason]) -> list[ReasonMap]:
    """Write the court's reasons."""
    return [ReasonMap(document_id=reason.document_id, code=reason.code) for reason in reasons]


def decode_reasons(reasons: Iterable[ReasonMap]) -> tuple[ReviewReason, ...]:
    """Read the court's reasons."""
    return tuple(ReviewReason(document_id=reason.document_id, code=reason.code) for reason in reasons)


def encode_docketing(docketing: Docketing) -> DocketingMap:
    """Write what the court assigned."""
    return DocketingMap(
        court_case_number=docketing.court_case_number,
        judge_id=docketing.judge_id,
        procedure=docketing.procedure,
        official_filing_date=docketing.official_filing_date,
    )


def decode_docketing(docketing: DocketingMap) -> Docketing:
    """Read what the court assigned."""
    return Docketing(
        court_case_number=docketing.court_case_number,
        judge_id=docketing.judge_id,
        procedure=docketing.procedure,
        official_filing_date=docketing.official_filing_date,
    )


def _encode_claim(claim: Claim) -> ClaimMap:
    return ClaimMap(
        principal=claim.principal,
        interest=claim.interest,
        penalty_interest=claim.penalty_interest,
        compound_interest=claim.compound_interest,
        fees=claim.fees,
        as_of=claim.as_of,
    )


def _decode_claim(claim: ClaimMap) -> Claim:
    return Claim(
        principal=claim.principal,
        interest=claim.interest,
        penalty_interest=claim.penalty_interest,
        compound_interest=claim.compound_interest,
        fees=claim.fees,
        as_of=claim.as_of,
    )


def _encode_extension(proposal: ExtensionProposal | None) -> ExtensionMap | None:
    return ExtensionMap(side=proposal.side, days=proposal.days) if proposal else None


def _decode_extension(proposal: ExtensionMap | None) -> ExtensionProposal | None:
    return None if proposal is None else ExtensionProposal(side=proposal.side, days=proposal.days)


def _encode_offer(offer: OfferStanding | None) -> OfferMap | None:
    if offer is None:
        return None
    return OfferMap(
        number=offer.number, side=offer.side, expires_at=offer.expires_at, accepted=offer.accepted
    )


def _decode_offer(offer: OfferMap | None) -> OfferStanding | None:
    if offer is None:
        return None
    return OfferStanding(
        number=offer.number, side=offer.side, expires_at=offer.expires_at, accepted=offer.accepted
    )


def _encode_transfer(transfer: Transfer | None) -> TransferMap | None:
    if transfer is None:
        return None
    return TransferMap(
        transfer_id=transfer.transfer_id,
        attempt=transfer.attempt,
        matter=transfer.matter,
        receipt_id=transfer.receipt_id,
        filing_id=transfer.filing_id,
        review=transfer.review,
        reasons=encode_reasons(transfer.reasons),
        docketing=encode_docketing(transfer.docketing) if transfer.docketing else None,
        refusal_code=transfer.refusal_code,
    )


def _decode_transfer(transfer: TransferMap | None) -> Transfer | None:
    if transfer is None:
        return None
    return Transfer(
        transfer_id=transfer.transfer_id,
        attempt=transfer.attempt,
        matter=transfer.matter,
        receipt_id=transfer.receipt_id,
        filing_id=transfer.filing_id,
        review=transfer.review,
        reasons=decode_reasons(transfer.reasons),
        docketing=_decode_optional_docketing(transfer.docketing),
        refusal_code=transfer.refusal_code,
    )


def _decode_optional_docketing(docketing: DocketingMap | None) -> Docketing | None:
    return None if docketing is None else decode_docketing(docketing)
