"""Every case, event and person there can be, whether or not the domain would bring it about."""

from datetime import UTC, datetime, timedelta, timezone
from functools import partial

from hypothesis import strategies as st

from chalicelib.domain.agreement.confirmation import Application, Confirmation, RejectionGround, Ruling
from chalicelib.domain.case import Case, ExtensionProposal
from chalicelib.domain.claim import CaseType, Claim, Track, WayIn
from chalicelib.domain.events import Channel, Event
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
from chalicelib.domain.transfer import Docketing, Matter, Procedure, ReviewReason, ReviewResult, Transfer

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
OFFSETS = st.one_of(
    st.just(UTC), st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
)
INSTANTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=OFFSETS,
)
AMOUNTS = st.integers(0, 10**15).map(Money)
CLAIMS = st.builds(
    Claim,
    principal=AMOUNTS,
    interest=AMOUNTS,
    penalty_interest=AMOUNTS,
    compound_interest=AMOUNTS,
    fees=AMOUNTS,
    as_of=st.dates(),
)
PARTIES = st.lists(
    st.builds(
        Party,
        party_id=TEXT,
        side=st.sampled_from(Side),
        kind=st.sampled_from(PartyKind),
        liability=st.none() | st.sampled_from(LiabilityKind),
        agents=st.just(())
        | st.tuples(
            st.builds(
                Mandate,
                agent_id=TEXT,
                authority=st.sampled_from(Authority),
                confirmed=st.sampled_from((None, True, False)),
            )
        ),
        agents_so_far=st.none() | st.integers(1, 99),
        phone_set_by=st.none() | TEXT,
        phone_since=st.none() | st.integers(1, 10**8),
        identity=st.none()
        | st.builds(
            Identification,
            subject=TEXT,
            how=st.sampled_from(IdentityShown),
            at=INSTANTS,
            phone_since=st.none() | st.integers(1, 10**8),
        ),
    ),
    max_size=3,
).map(tuple)
REASONS = st.lists(st.builds(ReviewReason, document_id=TEXT, code=TEXT), max_size=3).map(tuple)
DOCKETINGS = st.builds(
    Docketing,
    court_case_number=TEXT,
    judge_id=TEXT,
    procedure=st.none() | st.sampled_from(Procedure),
    official_filing_date=st.dates(),
)
TRANSFERS = st.builds(
    Transfer,
    transfer_id=TEXT,
    attempt=st.integers(1, 99),
    matter=st.sampled_from(Matter),
    receipt_id=st.none() | TEXT,
    filing_id=st.none() | TEXT,
    review=st.none() | st.sampled_from(ReviewResult),
    reasons=REASONS,
    docketing=st.none() | DOCKETINGS,
    refusal_code=st.none() | TEXT,
)
RULINGS = st.builds(Ruling, on=st.dates(), rejected_for=st.none() | st.sampled_from(RejectionGround))
CONFIRMATIONS = st.builds(
    Confirmation,
    in_force_at=INSTANTS,
    applications=st.lists(
        st.builds(Application, side=st.sampled_from(Side), party_id=TEXT, at=INSTANTS), max_size=3
    ).map(tuple),
    transfer_id=st.none() | TEXT,
    transferred_at=st.none() | INSTANTS,
    ruling=st.none() | RULINGS,
    court_case_number=st.none() | TEXT,
)
OFFERS = st.builds(
    OfferStanding,
    number=st.integers(1, 99),
    side=st.sampled_from(Side),
    expires_at=INSTANTS,
    accepted=st.booleans(),
)
PENDING = st.builds(
    PendingAct,
    action=TEXT,
    party_id=TEXT,
    fingerprint=TEXT,
    role=st.sampled_from(Role),
    subject=TEXT,
    at=INSTANTS,
    expires_at=INSTANTS,
)
RECORDED = st.builds(
    RecordedAct,
    number=st.integers(1, 10**8),
    action=TEXT,
    party_id=TEXT,
    stage=st.sampled_from(Stage),
    at=INSTANTS,
    until=INSTANTS,
    recorded_by=st.frozensets(TEXT, max_size=2),
    days=st.none() | st.integers(0, 99),
)
CASES = st.builds(
    Case,
    case_id=TEXT,
    institution_id=TEXT,
    court_id=TEXT,
    case_type=st.sampled_from(CaseType),
    contract_number=TEXT,
    instalment_scope=TEXT,
    claim=CLAIMS,
    parties=PARTIES,
    online=st.booleans(),
    stage=st.sampled_from(Stage),
    filed_at=INSTANTS,
    updated_at=INSTANTS,
    version=st.integers(1, 10**8),
    sequence=st.integers(1, 10**8),
    last_event_hash=TEXT,
    step=st.sampled_from(Step),
    entered_at_version=st.integers(0, 10**8),
    deadline=st.none() | INSTANTS,
    track=st.none() | st.sampled_from(Track),
    way_in=st.none() | st.sampled_from(WayIn),
    case_number=st.none() | TEXT,
    mediator_id=st.none() | TEXT,
    judge_id=st.none() | TEXT,
    accepted_at=st.none() | INSTANTS,
    consents=st.frozensets(TEXT, max_size=3),
    extension=st.none() | st.builds(ExtensionProposal, side=st.sampled_from(Side), days=st.integers(-5, 400)),
    extended_days=st.integers(0, 400),
    pending=st.lists(PENDING, max_size=2).map(tuple),
    recorded=st.lists(RECORDED, max_size=2).map(tuple),
    objection=st.none() | st.builds(Objection, act=RECORDED, at=INSTANTS, raised_by=st.none() | TEXT),
    held_until=st.none() | INSTANTS,
    held_days=st.none() | st.integers(0, 99),
    challenge=st.none()
    | st.builds(Challenge, party_id=TEXT, ground=TEXT, at=INSTANTS, raised_by=st.none() | TEXT),
    choice=st.none()
    | st.builds(
        MediatorChoice,
        until=INSTANTS,
        judge_id=TEXT,
        recommended=st.lists(TEXT, max_size=3).map(tuple),
        named=st.lists(st.builds(Named, party_id=TEXT, mediator_id=TEXT), max_size=2).map(tuple),
    ),
    disclosures=st.lists(
        st.builds(Disclosure, mediator_id=TEXT, ground=TEXT, waived_by=st.frozensets(TEXT, max_size=2)),
        max_size=2,
    ).map(tuple),
    interruption=st.none()
    | st.builds(
        Interruption, began=INSTANTS, since=INSTANTS, recorded=st.lists(RECORDED, max_size=1).map(tuple)
    ),
    round=st.integers(1, 9999),
    offer=st.none() | OFFERS,
    outcome=st.none() | st.sampled_from(SettlementOutcome),
    agreement_sha256=st.none() | TEXT,
    follow_up_on=st.none() | st.dates(),
    repayments=st.none() | st.integers(0, 99),
    paid_up=st.none() | st.booleans(),
    signatures=st.frozensets(TEXT, max_size=3),
    failure=st.none() | st.sampled_from(FailureReason),
    ended_at=st.none() | INSTANTS,
    transfer=st.none() | TRANSFERS,
    confirmation=st.none() | CONFIRMATIONS,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
_EVENT = partial(
    st.builds,
    Event,
    case_id=TEXT,
    sequence=st.integers(1, 10**8 - 1),
    type=st.sampled_from(EventType),
    at=INSTANTS,
    role=st.sampled_from(Role),
    subject=TEXT,
    channel=st.sampled_from(Channel),
    facts=st.dictionaries(TEXT, JSON, max_size=4),
    previous=TEXT,
)
# Of chain version 1 and 2; the first has neither salt nor talk.
EVENTS = _EVENT() | _EVENT(chain_version=st.just(2), salt=TEXT, talk=st.none() | TEXT)
DETAILS = st.builds(
    PartyDetails,
    party_id=TEXT,
    name=st.text(st.characters(codec="utf-8")),
    id_number=TEXT,
    phone=TEXT,
    address=TEXT,
    account=st.none() | TEXT,
    id_document=st.none() | st.sampled_from(IdDocument),
    former_phone=st.none() | TEXT,
    former_phones=st.lists(
        st.builds(FormerPhone, phone=TEXT, since=st.integers(1, 99), by=st.integers(1, 99)), max_size=2
    ).map(tuple),
    sex=st.none() | st.sampled_from(Sex),
    birth_date=st.none() | st.dates(),
    ethnicity=st.none() | TEXT,
    employer=st.none() | TEXT,
    position=st.none() | TEXT,
    residence=st.none() | TEXT,
    entity_type=st.none() | TEXT,
    registered_at=st.none() | TEXT,
    liability=st.none()
    | st.builds(
        LiabilityTerms,
        contract_number=st.none() | TEXT,
        scope=st.none() | TEXT,
        maximum=st.none() | st.builds(Money, st.integers(1, 10**15)),
        starts=st.none() | st.dates(),
        ends=st.none() | st.dates(),
        thing=st.none() | TEXT,
        registered=st.none() | st.booleans(),
        deceased=st.none() | TEXT,
    ),
    representatives=st.just(())
    | st.tuples(
        st.builds(
            Representative,
            kind=st.sampled_from(RepresentativeKind),
            name=TEXT,
            phone=st.none() | TEXT,
            position=st.none() | TEXT,
            agent_id=st.none() | TEXT,
            firm=st.none() | TEXT,
            letter_number=st.none() | TEXT,
            relation=st.none() | TEXT,
        )
    ),
)
