"""A case at five moments, its people and events, written out by hand.

Promise: a literal each; nothing is computed from what the hub stores. All people are invented.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from chalicelib.domain.agreement.confirmation import Application, Confirmation, RejectionGround, Ruling
from chalicelib.domain.case import Case, ExtensionProposal
from chalicelib.domain.claim import CaseType, Claim, Track, WayIn
from chalicelib.domain.contract_filings import Claimed
from chalicelib.domain.events import Channel, Event
from chalicelib.domain.hashing import GENESIS
from chalicelib.domain.id_documents import IdDocument, Sex
from chalicelib.domain.liability import LiabilityKind, LiabilityTerms
from chalicelib.domain.money import Money
from chalicelib.domain.parties import (
    FormerPhone,
    Identification,
    IdentityShown,
    Party,
    PartyDetails,
    PartyKind,
    Side,
)
from chalicelib.domain.pending_act import (
    Challenge,
    Disclosure,
    Interruption,
    MediatorChoice,
    Named,
    Objection,
    PendingAct,
    RecordedAct,
)
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.representatives import Authority, Mandate, Representative, RepresentativeKind
from chalicelib.domain.roles import Role
from chalicelib.domain.settlement_outcome import OfferStanding, SettlementOutcome
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import (
    Docketing,
    Matter,
    Procedure,
    ReviewReason,
    ReviewResult,
    Transfer,
)
from chalicelib.use_cases.records import (
    Filed,
    Idempotency,
)

CHINA: Final = timezone(timedelta(hours=8))
AT: Final = datetime(2026, 3, 2, 1, 30, 0, 250_000, tzinfo=UTC)
LATER: Final = datetime(2026, 3, 9, 10, 0, tzinfo=CHINA)
"""An instant with an offset, which must come back with it: an event's hash depends on it."""
LIMIT: Final = datetime(2026, 4, 8, 16, 0, tzinfo=UTC)
DUE: Final = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
LOOK_AFTER: Final = datetime(2026, 4, 19, 16, 0, tzinfo=UTC)
AGREED_ON: Final = date(2026, 3, 9)
AGREEMENT_SHA256: Final = "a1" * 32
ID: Final = "C-0001"

IDEMPOTENCY: Final = Idempotency(caller="bank-1:clerk#1", key="key-1", body_sha256="b0" * 32)
FILED: Final = Filed(case_id=ID, stage=Stage.FILED, filed_at=AT, version=1)
CLAIMED: Final = Claimed(date(2026, 3, 2), "all", ID)
FILED_AGAIN: Final = replace(FILED, case_id="C-0002", before=(CLAIMED,))
PARTIES: Final = (
    Party(party_id="a1", side=Side.APPLICANT, kind=PartyKind.ENTITY),
    Party(party_id="r1", side=Side.RESPONDENT, kind=PartyKind.PERSON),
)
DETAILS: Final = (
    PartyDetails(
        party_id="a1",
        name="海滨测试银行",
        id_number="91350100M000100Y43",
        phone="0593-2960001",
        address="福建省宁德市蕉城区测试路1号",
        account="6217000000000000004",
    ),
    PartyDetails(
        party_id="r1",
        name="张试",
        id_number="11010519491231002X",
        phone="13800001234",
        address="福建省宁德市蕉城区样例村8号",
    ),
)
DETAILS_FOREIGN: Final = (
    DETAILS[0],
    PartyDetails(
        party_id="r1",
        name="测试·旅人",
        id_number="E12345678",
        phone="13800001234",
        address="福建省宁德市蕉城区样例村8号",
        id_document=IdDocument.PASSPORT,
    ),
)
DETAILS_BORN: Final = (
    DETAILS[0],
    replace(DETAILS_FOREIGN[1], sex=Sex.FEMALE, birth_date=date(1979, 8, 1)),
)
DETAILS_REPLACED: Final = (
    DETAILS[0],
    replace(DETAILS[1], phone="13900139000", former_phone="13800001234"),
)
DETAILS_REMEMBERED: Final = (
    DETAILS[0],
    replace(
        DETAILS[1],
        phone="13900139000",
        former_phones=(
            FormerPhone(phone="13800001234", since=1, by=6),
            FormerPhone(phone="0593-2960002", since=7, by=7),
        ),
    ),
)
DETAILS_PARTICULAR: Final = (
    replace(DETAILS[0], entity_type="股份有限公司", registered_at="福建省宁德市"),
    replace(
        DETAILS[1],
        ethnicity="畲族",
        employer="某某茶叶专业合作社",
        position="社员",
        residence="福建省福州市样例路8号",
    ),
)
CLAIM: Final = Claim(
    principal=Money(100_000_00),
    interest=Money(7_330_56),
    penalty_interest=Money(5_830_21),
    compound_interest=Money(427_39),
    fees=Money(12_00),
    as_of=date(2026, 2, 28),
)

CASE_FILED: Final = Case(
    case_id=ID,
    institution_id="bank-1",
    court_id="court-jc",
    case_type=CaseType.FINANCIAL_LOAN_CONTRACT,
    contract_number="LOAN#1",
    instalment_scope="all",
    claim=CLAIM,
    parties=PARTIES,
    online=True,
    stage=Stage.FILED,
    filed_at=AT,
    updated_at=AT,
    version=1,
    sequence=1,
    last_event_hash="9a850f0d5b6b8d8b81ab5dfaa3fe14cf99c572a216ad04eec0d30d7154aacdee",
    step=Step.SCREENING,
    entered_at_version=1,
    deadline=None,
)
CASE_NUMBERED: Final = replace(CASE_FILED, case_number="蕉调〔2026〕123号")
CASE_LIABLE: Final = replace(
    CASE_FILED,
    parties=(
        PARTIES[0],
        Party(
            party_id="r1",
            side=Side.RESPONDENT,
            kind=PartyKind.PERSON,
            liability=LiabilityKind.JOINT_GUARANTOR,
        ),
    ),
)
DETAILS_LIABLE: Final = (
    DETAILS[0],
    replace(
        DETAILS[1],
        liability=LiabilityTerms(
            contract_number="BZ-1",
            scope="主债权及利息",
            maximum=Money(200_000_00),
            starts=date(2026, 3, 1),
            ends=date(2029, 3, 1),
            thing="测试路2号房屋",
            registered=True,
            deceased="张故",
        ),
    ),
)
CASE_REPRESENTED: Final = replace(
    CASE_FILED,
    parties=(
        replace(PARTIES[0], agents=(Mandate(agent_id="g1", authority=Authority.SPECIAL),)),
        PARTIES[1],
    ),
)
CASE_AGENT_NAMED: Final = replace(
    CASE_FILED,
    parties=(
        PARTIES[0],
        replace(
            PARTIES[1],
            agents=(
                Mandate(agent_id="g1", authority=Authority.SPECIAL, confirmed=False),
                Mandate(agent_id="g2", authority=Authority.GENERAL, confirmed=True),
            ),
        ),
    ),
)
CASE_CORRECTED: Final = replace(
    CASE_FILED,
    parties=(
        replace(PARTIES[0], agents=(Mandate(agent_id="g2", authority=Authority.GENERAL),), agents_so_far=2),
        replace(PARTIES[1], phone_set_by="centre-1", phone_since=7),
    ),
)
DETAILS_REPRESENTED: Final = (
    replace(
        DETAILS[0],
        representatives=(
            Representative(
                kind=RepresentativeKind.LEGAL_REPRESENTATIVE,
                name="陈试",
                position="行长",
                phone="0593-2960001",
            ),
            Representative(
                kind=RepresentativeKind.AGENT,
                name="林试",
                phone="13900000001",
                agent_id="g1",
                firm="测试律师事务所",
                letter_number="SQ-1",
            ),
        ),
    ),
    replace(
        DETAILS[1],
        representatives=(Representative(kind=RepresentativeKind.RELATIVE, name="张亲", relation="配偶"),),
    ),
)
CASE_IN_MEDIATION: Final = Case(
    case_id=ID,
    institution_id="bank-1",
    court_id="court-jc",
    case_type=CaseType.FINANCIAL_LOAN_CONTRACT,
    contract_number="LOAN#1",
    instalment_scope="all",
    claim=CLAIM,
    parties=PARTIES,
    online=True,
    stage=Stage.IN_MEDIATION,
    filed_at=AT,
    updated_at=LATER,
    version=7,
    sequence=7,
    last_event_hash="07" * 32,
    step=Step.MEDIATION,
    entered_at_version=5,
    deadline=LIMIT,
    track=Track.INCLUSIVE_FINANCE,
    mediator_id="m-1",
    judge_id="j-1",
    accepted_at=LATER,
    consents=frozenset({"r1", "a1"}),
    extension=ExtensionProposal(side=Side.RESPONDENT, days=10),
    extended_days=5,
    offer=OfferStanding(number=2, side=Side.APPLICANT, expires_at=LIMIT, accepted=True),
)
CASE_CONFIRMED: Final = Case(
    case_id=ID,
    institution_id="bank-1",
    court_id="court-jc",
    case_type=CaseType.FINANCIAL_LOAN_CONTRACT,
    contract_number="LOAN#1",
    instalment_scope="all",
    claim=CLAIM,
    parties=PARTIES,
    online=True,
    stage=Stage.PERFORMING,
    filed_at=AT,
    updated_at=LATER,
    version=14,
    sequence=14,
    last_event_hash="14" * 32,
    step=Step.PERFORMANCE,
    entered_at_version=11,
    deadline=LIMIT,
    track=Track.INCLUSIVE_FINANCE,
    mediator_id="m-1",
    judge_id="j-1",
    accepted_at=LATER,
    consents=frozenset({"r1"}),
    round=2,
    offer=OfferStanding(number=1, side=Side.RESPONDENT, expires_at=LIMIT, accepted=True),
    outcome=SettlementOutcome.INSTALMENTS,
    agreement_sha256=AGREEMENT_SHA256,
    signatures=frozenset({"r1", "a1"}),
    confirmation=Confirmation(
        in_force_at=LATER,
        applications=(
            Application(side=Side.APPLICANT, party_id="a1", at=LATER),
            Application(side=Side.RESPONDENT, party_id="r1", at=AT),
        ),
        transfer_id="C-0001-C2",
        transferred_at=LATER,
        ruling=Ruling(on=date(2026, 3, 30), rejected_for=RejectionGround.CONTENT_UNCLEAR),
        court_case_number="（2026）闽0902诉前调确12号",
    ),
    follow_up_on=date(2026, 4, 20),
)
CASE_REOPENED: Final = replace(CASE_CONFIRMED, repayments=2)
CASE_DOCKETED: Final = Case(
    case_id=ID,
    institution_id="bank-1",
    court_id="court-jc",
    case_type=CaseType.CREDIT_CARD,
    contract_number="LOAN#1",
    instalment_scope="all",
    claim=CLAIM,
    parties=PARTIES,
    online=False,
    stage=Stage.DOCKETED,
    filed_at=AT,
    updated_at=LATER,
    version=20,
    sequence=20,
    last_event_hash="20" * 32,
    step=Step.ENDED,
    entered_at_version=20,
    deadline=None,
    track=Track.ORDINARY,
    mediator_id="m-1",
    judge_id="j-1",
    accepted_at=LATER,
    failure=FailureReason.DIFFERENCES_TOO_LARGE,
    ended_at=LATER,
    transfer=Transfer(
        transfer_id="C-0001-T2",
        attempt=2,
        matter=Matter.ENFORCEMENT,
        receipt_id="receipt-1",
        filing_id="F-1",
        review=ReviewResult.PARTIALLY_ACCEPTED,
        reasons=(ReviewReason(document_id="complaint", code="illegible"),),
        docketing=Docketing(
            court_case_number="（2026）闽0902执123号",
            judge_id="j-2",
            procedure=Procedure.SMALL_CLAIMS,
            official_filing_date=date(2026, 3, 31),
        ),
        refusal_code="no_jurisdiction",
    ),
)
CASE_PARTED: Final = replace(
    CASE_CONFIRMED,
    extension=ExtensionProposal(side=Side.RESPONDENT, days=10, agreed=frozenset({"r1"})),
    offer=OfferStanding(
        number=2,
        side=Side.APPLICANT,
        expires_at=LIMIT,
        made_by=frozenset({"a1"}),
        awaits=frozenset({"r1"}),
        left_out=frozenset({"r2"}),
    ),
    confirmation=Confirmation(in_force_at=LATER, parties=frozenset({"a1", "r1"})),
)
"""Each party is named for itself: who agreed, who offered, whose answer is awaited, who is left out."""
CASE_DEDUCTED: Final = replace(
    CASE_IN_MEDIATION,
    offer=OfferStanding(
        number=1, side=Side.APPLICANT, expires_at=LIMIT, deducts=2, sign_by=LATER, in_parts=True
    ),
    repayments=3,
    paid_up=True,
)
"""An offer that stands deducts two of three payments; the third left nothing of the claim."""
CASE_PENDING: Final = replace(
    CASE_IN_MEDIATION,
    pending=(
        PendingAct(
            action="accept_offer",
            party_id="r1",
            fingerprint="0a" * 32,
            role=Role.MEDIATOR,
            subject="mediator-1",
            at=AT,
            expires_at=LATER,
        ),
    ),
)
"""An act in the borrower's name waits for its second record."""
CASE_OBJECTED: Final = replace(
    CASE_IN_MEDIATION,
    recorded=(
        RecordedAct(
            number=7,
            action="accept_offer",
            party_id="r1",
            stage=Stage.IN_MEDIATION,
            at=AT,
            until=LATER,
            recorded_by=frozenset({"centre-1", "mediator-1"}),
        ),
    ),
    objection=Objection(
        act=RecordedAct(
            number=6, action="extend", party_id="r1", stage=Stage.IN_MEDIATION, at=AT, until=LATER, days=5
        ),
        at=LATER,
    ),
    held_until=LIMIT,
    held_days=3,
    challenge=Challenge(party_id="r1", ground="near_relative", at=LATER),
)
"""The borrower objects to one act in its name and may still to another; the mediator is challenged too."""
CASE_DISCLOSED: Final = replace(
    CASE_IN_MEDIATION,
    disclosures=(
        Disclosure(mediator_id="m-4", ground="near_relative"),
        Disclosure(mediator_id="m-5", ground="other_relation", waived_by=frozenset({"a1", "r1"})),
    ),
    choice=MediatorChoice(
        until=LIMIT,
        judge_id="j-1",
        recommended=("m-1", "m-2", "m-3"),
        named=(Named(party_id="a1", mediator_id="m-2"),),
    ),
)
"""The parties choose; one mediator is related to a party, another disclosed what all have waived."""
CASE_INTERRUPTED: Final = replace(
    CASE_IN_MEDIATION,
    stage=Stage.ASSIGNED,
    step=Step.ACCEPTANCE,
    accepted_at=None,
    interruption=Interruption(
        began=AT,
        since=LATER,
        recorded=(
            RecordedAct(
                number=6, action="offer", party_id="r1", stage=Stage.IN_MEDIATION, at=AT, until=LATER
            ),
        ),
    ),
)
"""The talks wait for another mediator; the borrower may still object to an offer when they go on."""
CASE_REFERRED: Final = replace(CASE_OBJECTED, way_in=WayIn.PRE_FILING_REFERRAL)
"""The same, sent by a court before the suit was docketed."""
CASE_RECORDED: Final = replace(
    CASE_IN_MEDIATION,
    sequence=9,
    last_event_hash="88ded00507b7a60aaeb16432efa90cfd05d614bd7e9f70ab34ab5418dfede7b3",
)
"""Two of its nine events changed nothing of it."""
CASE_EARLIEST: Final = Case(
    case_id=ID,
    institution_id="bank-1",
    court_id="court-jc",
    case_type=CaseType.FINANCIAL_LOAN_CONTRACT,
    contract_number="LOAN#1",
    instalment_scope="all",
    claim=CLAIM,
    parties=PARTIES,
    online=True,
    stage=Stage.TRANSFERRING,
    filed_at=AT,
    updated_at=AT,
    version=9,
    sequence=9,
    last_event_hash="09" * 32,
    step=Step.SUBMISSION,
    entered_at_version=9,
    deadline=LIMIT,
    transfer=Transfer(transfer_id="C-0001-T1", attempt=1),
)
"""Stored before settlements had rounds and transfers had a matter: what was added later has its default."""

EVENT_FILED: Final = Event(
    case_id=ID,
    sequence=1,
    type=EventType.CASE_FILED,
    at=AT,
    role=Role.INSTITUTION,
    subject="clerk-1",
    channel=Channel.ONLINE,
    facts={
        "court_id": "court-jc",
        "case_type": "financial_loan_contract",
        "claim_total": "113600.16",
        "parties": 2,
        "online": True,
    },
    previous=GENESIS,
    hash="9a850f0d5b6b8d8b81ab5dfaa3fe14cf99c572a216ad04eec0d30d7154aacdee",
)
EVENT_CONSENT: Final = Event(
    case_id=ID,
    sequence=2,
    type=EventType.CONSENT_GIVEN,
    at=LATER,
    role=Role.MEDIATOR,
    subject="mediator-1",
    channel=Channel.IN_PERSON,
    facts={"party_id": "r1", "online": False},
    previous="9a850f0d5b6b8d8b81ab5dfaa3fe14cf99c572a216ad04eec0d30d7154aacdee",
    hash="2d6a7e4d995a5e6dc9e390f2efc26bb1c7b916a70cd93f7660b6d218cddd2bb6",
)
EVENT_SALTED: Final = Event(
    case_id=ID,
    sequence=4,
    type=EventType("evidence_added"),
    at=datetime(2026, 3, 3, 10, 0, tzinfo=timezone(timedelta(hours=8))),
    role=Role.INSTITUTION,
    subject="clerk-1",
    channel=Channel.ONLINE,
    facts={"kind": "contract"},
    previous="2d6a7e4d995a5e6dc9e390f2efc26bb1c7b916a70cd93f7660b6d218cddd2bb6",
    chain_version=2,
    salt="5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
    talk="3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c",
    hash="88ded00507b7a60aaeb16432efa90cfd05d614bd7e9f70ab34ab5418dfede7b3",
)
"""Of chain version 2, behind talk, and of a type that this release may not know."""
ACT: Final = b'{"act":"consent"}'
"""The request behind EVENT_CONSENT."""
EVENT_RETURNED: Final = Event(
    case_id=ID,
    sequence=3,
    type=EventType.TRANSFER_RETURNED,
    at=LATER,
    role=Role.COURT,
    subject="court:court-jc",
    channel=Channel.ONLINE,
    facts={
        "transfer_id": "C-0001-T1",
        "filing_id": None,
        "result": "rejected",
        "reasons": ["complaint:illegible"],
    },
    previous="2d6a7e4d995a5e6dc9e390f2efc26bb1c7b916a70cd93f7660b6d218cddd2bb6",
    hash="e83843e77736632639c2f9fa6dbb38d6ed4b2bf3ff464a67c2bda220fe0e594a",
)
CASE_IDENTIFIED: Final = replace(
    CASE_OBJECTED,
    parties=(
        PARTIES[0],
        replace(
            PARTIES[1],
            phone_set_by="centre-1",
            phone_since=7,
            identity=Identification(
                subject="mediator-1", how=IdentityShown.VOUCHED_FOR, at=AT, phone_since=7
            ),
        ),
    ),
    objection=Objection(
        act=RecordedAct(
            number=6, action="extend", party_id="r1", stage=Stage.IN_MEDIATION, at=AT, until=LATER, days=5
        ),
        at=LATER,
        raised_by="centre-2",
    ),
    challenge=Challenge(party_id="r1", ground="near_relative", at=LATER, raised_by="centre-2"),
)
