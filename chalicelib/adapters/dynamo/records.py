"""The records of the one table, attribute by attribute.

Promise: what is stored is what stands here; a record is plain data and knows no table, so that importing
it builds nothing and two hubs in one process can't disturb each other. Why no `Meta`: PynamoDB would bind
every class to one table name and open a client of its own for each; `table` sends all of them through one.
`schema` is the layout's number: a release that meets a higher one refuses to touch the record.
"""

from __future__ import annotations

from typing import Final

from pynamodb.attributes import BooleanAttribute, ListAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.adapters.dynamo.attributes import (
    Bytes,
    Code,
    Day,
    Fen,
    Ids,
    Instant,
    Json,
    Map,
    Whole,
    optional,
)
from chalicelib.adapters.dynamo.confirmations import ConfirmationMap
from chalicelib.domain.claim import CaseType, Track
from chalicelib.domain.events import Channel
from chalicelib.domain.parties import PartyKind, Side
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.roles import Role
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import DispatchKind, Matter, Procedure, ReviewResult

SCHEMA: Final = 1


class Record(Model):
    """What every record has."""

    pk = UnicodeAttribute(hash_key=True, attr_name="PK")
    sk = UnicodeAttribute(range_key=True, attr_name="SK")
    schema = Whole(default=SCHEMA)


class DueRecord(Record):
    """A record that stands in the due index for as long as it has both attributes."""

    due_shard = optional(UnicodeAttribute())
    due_at = optional(UnicodeAttribute())


class ClaimMap(Map):
    """A claim's components, in fen."""

    principal = Fen()
    interest = Fen()
    penalty_interest = Fen()
    compound_interest = Fen()
    fees = Fen()
    as_of = Day()


class PartyMap(Map):
    """A party as the case knows it."""

    party_id = UnicodeAttribute()
    side = Code(Side)
    kind = Code(PartyKind)


class ExtensionMap(Map):
    """An open proposal to extend."""

    side = Code(Side)
    days = Whole()


class ReasonMap(Map):
    """What the court says of a document."""

    document_id = UnicodeAttribute()
    code = UnicodeAttribute()


class OfferMap(Map):
    """Whose offer is open or accepted."""

    number = Whole()
    side = Code(Side)
    expires_at = Instant()
    accepted = BooleanAttribute()


class DocketingMap(Map):
    """What the court assigned."""

    court_case_number = UnicodeAttribute()
    judge_id = UnicodeAttribute()
    procedure = optional(Code(Procedure))
    official_filing_date = Day()


class TransferMap(Map):
    """The present attempt to hand the case to the court."""

    transfer_id = UnicodeAttribute()
    attempt = Whole()
    matter = Code(Matter, default=Matter.SUIT)
    receipt_id = optional(UnicodeAttribute())
    filing_id = optional(UnicodeAttribute())
    review = optional(Code(ReviewResult))
    reasons = ListAttribute(of=ReasonMap)
    docketing = DocketingMap(null=True)
    refusal_code = optional(UnicodeAttribute())


class CaseRecord(Record):
    """CASE#<id> / CASE: the case, and the keys of the lists it stands in."""

    case_id = UnicodeAttribute()
    institution_id = UnicodeAttribute()
    court_id = UnicodeAttribute()
    case_type = Code(CaseType)
    contract_number = UnicodeAttribute()
    instalment_scope = UnicodeAttribute()
    claim = ClaimMap()
    parties = ListAttribute(of=PartyMap)
    online = BooleanAttribute()
    stage = Code(Stage)
    filed_at = Instant()
    updated_at = Instant()
    version = Whole()
    sequence = optional(Whole())
    head = UnicodeAttribute()
    step = Code(Step)
    step_since = Whole()
    deadline = optional(Instant())
    track = optional(Code(Track))
    mediator_id = optional(UnicodeAttribute())
    judge_id = optional(UnicodeAttribute())
    accepted_at = optional(Instant())
    consents = Ids()
    extension = ExtensionMap(null=True)
    extended_days = Whole()
    round = Whole(default=1)
    offer = OfferMap(null=True)
    outcome = optional(Code(SettlementOutcome))
    agreement_sha256 = optional(UnicodeAttribute())
    signatures = Ids()
    confirmation = ConfirmationMap(null=True)
    next_action_on = optional(Day())
    failure = optional(Code(FailureReason))
    ended_at = optional(Instant())
    transfer = TransferMap(null=True)

    institution_list = UnicodeAttribute()
    mediator_list = optional(UnicodeAttribute())
    court_list = UnicodeAttribute()
    filed_key = UnicodeAttribute()


class SealedPartyMap(Map):
    """A party's personal data, each field sealed for this record; see `sealing`."""

    party_id = UnicodeAttribute()
    key_id = UnicodeAttribute()
    id_index = optional(UnicodeAttribute())
    name = Bytes()
    id_number = Bytes()
    phone = Bytes()
    address = Bytes()
    account = optional(Bytes())


class PartiesRecord(Record):
    """CASE#<id> / PARTIES: the parties' personal data."""

    parties = ListAttribute(of=SealedPartyMap)


class EventRecord(Record):
    """CASE#<id> / EVENT#<8 digits>: one link of the case's chain."""

    case_id = UnicodeAttribute()
    sequence = Whole()
    type = Code(EventType)
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()
    channel = Code(Channel)
    facts = Json()
    previous = UnicodeAttribute()
    chain_version = optional(Whole())
    salt = optional(UnicodeAttribute())
    talk = optional(UnicodeAttribute())
    hash = UnicodeAttribute()


class WorkflowRecord(DueRecord):
    """CASE#<id> / WORKFLOW: the execution that drives the case, and where it last arrived."""

    case_id = UnicodeAttribute()
    generation = Whole()
    step = optional(Code(Step))
    since = Whole()
    token = optional(UnicodeAttribute())


class DispatchRecord(DueRecord):
    """CASE#<id> / DISPATCH#<id>: a message to the court, owed for as long as it is due."""

    dispatch_id = UnicodeAttribute()
    case_id = UnicodeAttribute()
    kind = Code(DispatchKind)
    transfer_id = UnicodeAttribute()


class ManifestMap(Map):
    """A document as the court is told of it."""

    document_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    media_type = UnicodeAttribute()
    size = Whole()
    sha256 = UnicodeAttribute()


class TransferRecord(Record):
    """TRANSFER#<id> / TRANSFER: a transfer as the court may fetch it."""

    transfer_id = UnicodeAttribute()
    case_id = UnicodeAttribute()
    court_id = UnicodeAttribute()
    manifest = ListAttribute(of=ManifestMap, null=True)


class IdempotencyRecord(Record):
    """IDEM#<caller>#<key> / IDEM: the answer a key was given, until `expires_at` (epoch seconds)."""

    body_sha256 = UnicodeAttribute()
    case_id = UnicodeAttribute()
    stage = Code(Stage)
    filed_at = Instant()
    version = Whole()
    expires_at = Whole()


class OpenClaimRecord(Record):
    """OPEN#<institution>#<contract>#<scope> / OPEN: which case holds a claim open."""

    case_id = UnicodeAttribute()


class KeyRecord(Record):
    """KEY#<owner> / KEY: an owner's data key, wrapped by KMS."""

    key_id = UnicodeAttribute()
    wrapped = Bytes()


class PersonRecord(Record):
    """PERSON#<institution>#<HMAC> / CASE#<id>: look-up by id number."""
