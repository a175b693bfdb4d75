"""The records of the one table, attribute by attribute.

Promise: a class names every attribute of its items; a record is plain data and knows no table, so importing
it opens nothing and two hubs in one process can't disturb each other. Why no `Meta`: PynamoDB would bind
every class to one table name and open a client for each; `table` sends all of them through one client.
`schema` is the layout's number: a release that reads a higher one raises RecordTooNew. Records that few
functions use (settlements, debts, policies, callbacks, talk) stand in their stores' modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self, TypeVar

from pynamodb.attributes import BooleanAttribute, ListAttribute, UnicodeAttribute
from pynamodb.exceptions import AttributeNullError
from pynamodb.models import Model

from chalicelib.adapters.dynamo import schema_1
from chalicelib.adapters.dynamo.attributes import Bytes, Code, Instant, Map, Structured, Whole, optional
from chalicelib.domain.events import Channel
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import DispatchKind

T = TypeVar("T")


class Record(Model):
    """The base of all records; a dataclass becomes a record and back by copying fields of the same name."""

    pk = UnicodeAttribute(hash_key=True, attr_name="PK")
    sk = UnicodeAttribute(range_key=True, attr_name="SK")
    schema = Whole(default=1)

    @classmethod
    def from_value(cls, pk: str, sk: str, value: Any, **more: Any) -> Self:
        """Make the record of a dataclass; `more` adds attributes and replaces fields of the same name."""
        shared = {name: getattr(value, name) for name in cls._shared(type(value))}
        return cls(pk=pk, sk=sk, **(shared | more))

    def to_value(self, kind: type[T], **more: Any) -> T:
        """Make the dataclass of a record; `more` adds and replaces fields. Absent ones get their default."""
        shared = {name: getattr(self, name) for name in self._shared(kind) - more.keys()}
        return kind(**{name: value for name, value in shared.items() if value is not None}, **more)

    def serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:
        """Write it as DynamoDB's item. Raises AttributeNullError for a missing attribute.

        PynamoDB would ask for each value through its attribute, which takes a tenth of a filing's CPU time.
        """
        item = {}
        for name, attribute in self.get_attributes().items():
            value = self.attribute_values.get(name)
            if value is not None:
                item[attribute.attr_name] = {attribute.attr_type: attribute.serialize(value)}
            elif null_check and not attribute.null:
                raise AttributeNullError(name)
        return item

    @classmethod
    def _shared(cls, kind: Any) -> set[str]:
        return {field.name for field in fields(kind)} & cls.get_attributes().keys()

    @staticmethod
    def upgraded(item: dict[str, Any]) -> dict[str, Any]:
        """Convert an item of an earlier schema to this one."""
        return item


class DueRecord(Record):
    """A record that stands in the due index for as long as it has both attributes."""

    due_shard = optional(UnicodeAttribute())
    due_at = optional(UnicodeAttribute())


class CaseRecord(Record):
    """CASE#<id> / CASE: the case, and the attributes that conditions, filters and lists need."""

    schema = Whole(default=2)
    upgraded = staticmethod(schema_1.case)
    content = Structured[Mapping[str, Any]](Mapping[str, Any])
    last_event_hash = UnicodeAttribute(attr_name="head")
    stage = Code(Stage)
    judge_id = optional(UnicodeAttribute())
    # An index holds only items that have its key: a case without a mediator is in no mediator's list.
    institution_id = UnicodeAttribute(attr_name="institution_list")
    mediator_id = optional(UnicodeAttribute(attr_name="mediator_list"))
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
    """CASE#<id> / EVENT#<8 digits>: one link of the case's chain; `act` is no part of it (decision 21)."""

    case_id = UnicodeAttribute()
    sequence = Whole()
    type = Code(EventType)
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()
    channel = Code(Channel)
    facts = Structured[Mapping[str, Any]](Mapping[str, Any])
    previous = UnicodeAttribute()
    chain_version = optional(Whole())
    salt = optional(UnicodeAttribute())
    talk = optional(UnicodeAttribute())
    act = optional(UnicodeAttribute())
    hash = UnicodeAttribute()


class WorkflowRecord(DueRecord):
    """CASE#<id> / WORKFLOW: the execution that drives the case, and the last step that it reached."""

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
    """A document as the manifest lists it for the court."""

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
    """IDEM#<caller>#<key> / IDEM: the answer to a key, repeated until `expires_at` (epoch seconds)."""

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


class DocumentRecord(Record):
    """CASE#<id> / DOCUMENT#<SHA-256>: ids and codes of a paper of the case; its bytes are in a bucket."""

    document_id = UnicodeAttribute()
    case_id = UnicodeAttribute()
    kind = Code(PaperKind)
    template_id = UnicodeAttribute()
    media_type = UnicodeAttribute()
    size = Whole()
    made_by = Code(Role)
    made_at = Instant()
    party_id = optional(UnicodeAttribute())
    of = optional(UnicodeAttribute())


class NoticeRecord(DueRecord):
    """CASE#<id> / NOTICE#<id>: a message to a party, owed for as long as it is due; no phone, no code."""

    notice_id = UnicodeAttribute()
    case_id = UnicodeAttribute()
    party_id = UnicodeAttribute()
    kind = Code(NoticeKind)
    values = Structured[Mapping[str, str]](Mapping[str, str])


class DeadlineRecord(DueRecord):
    """CASE#<id> / DEADLINE#<kind>: a deadline beside the case; `due_at` is when it is looked after next."""

    case_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    rule = UnicodeAttribute()
    deadline_at = Instant()
    remind_at = optional(Instant())
    reminded = BooleanAttribute()


class CodeRecord(Record):
    """CASE#<id> / CODE#<party_id>: a party's latest one-time code without its digits; epoch seconds."""

    number = Whole()
    document_sha256 = UnicodeAttribute()
    issued_at = Whole()
    day_since = Whole()
    in_day = Whole()
    attempts = Whole()
