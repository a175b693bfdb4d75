"""The records of the one table, attribute by attribute.

Promise: a class names the key and every attribute of its items; a record is plain data and knows no table, so
importing it opens nothing and two hubs in one process can't disturb each other. Two different things never
share a key. Why no `Meta`: PynamoDB would bind every class to one table name and open a client for each;
`table` sends all of them through one client. `schema` is the layout's number: a release that reads a higher
one raises RecordTooNew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar, cast

from pynamodb.attributes import BooleanAttribute, ListAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.models import Model

from chalicelib.adapters.dynamo import schema_1
from chalicelib.adapters.dynamo.attributes import (
    Bytes,
    Code,
    Day,
    Instant,
    Map,
    Structured,
    Whole,
    item_of,
    optional,
)
from chalicelib.adapters.dynamo.keys import escaped
from chalicelib.domain.events import Channel
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import DispatchKind

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.court_commands import CourtCommand
    from chalicelib.domain.loan.concession import Tiers
    from chalicelib.domain.loan.debt import Debt

T = TypeVar("T")
Key = tuple[str, str]
LAST_SEQUENCE: Final = 99_999_999
"""The highest number that the eight digits of a sort key can hold."""


class Record(Model):
    """The base of all records; a dataclass becomes a record and back by copying fields of the same name."""

    key: ClassVar[Key]
    """Partition key and sort key as `str.format` patterns; the names in braces are the record's ids."""
    free_text: ClassVar[frozenset[str]] = frozenset()
    """The ids in the partition key that may hold a `#`, which separates ids there; see `escaped`."""
    pk = UnicodeAttribute(hash_key=True, attr_name="PK")
    sk = UnicodeAttribute(range_key=True, attr_name="SK")
    schema = Whole(default=1)

    def __init__(
        self, pk: str | None = None, sk: str | None = None, *, _user_instantiated: bool = True, **values: Any
    ) -> None:
        """Hold the values; raises TypeError for one that has no attribute."""
        # Saves a twentieth of a filing's own CPU: PynamoDB sets each value and each default by a call.
        del _user_instantiated
        self.attribute_values = {"pk": pk, "sk": sk, "schema": type(self).schema.default, **values}
        if not self.attribute_values.keys() <= self.get_attributes().keys():
            raise TypeError(f"{type(self).__name__} has no such attribute")

    def serialize(self, null_check: bool = True) -> dict[str, Any]:
        """Write it as DynamoDB's item; raises AttributeNullError."""
        del null_check
        return item_of(self)

    @classmethod
    def place(cls, **ids: Any) -> Key:
        """Return the key of the record with these ids; raises KeyError if one of them is not given."""
        return cls._partition(ids), cls.key[1].format(**ids)

    @classmethod
    def all_of(cls, **ids: Any) -> Condition:
        """Return the condition for every record of the kind in the partition with these ids."""
        prefix, _, _ = cls.key[1].partition("{")
        where: Condition = (cls.pk == cls._partition(ids)) & cls.sk.startswith(prefix)
        return where

    @classmethod
    def all_above(cls, sequence: int, **ids: Any) -> Condition:
        """Return the same condition for those that have a higher `sequence`."""
        partition, first = cls.place(sequence=sequence + 1, **ids)
        _, last = cls.place(sequence=LAST_SEQUENCE, **ids)
        where: Condition = (cls.pk == partition) & cls.sk.between(first, last)
        return where

    @classmethod
    def _partition(cls, ids: dict[str, Any]) -> str:
        return cls.key[0].format(**ids | {name: escaped(ids[name]) for name in cls.free_text})

    @classmethod
    def from_value(cls, value: Any, key: Key | None = None, /, **more: Any) -> Self:
        """Make the record of a dataclass, whose fields are its ids unless `key` is given.

        `more` adds attributes and replaces fields of the same name.
        """
        given = {name: getattr(value, name) for name in _fields_of(cast("Any", type(value)))}
        shared = {name: given[name] for name in given.keys() & cls.get_attributes().keys()}
        return cls(*(key or cls.place(**given)), **(shared | more))

    def to_value(self, kind: type[T], /, **more: Any) -> T:
        """Make the dataclass of a record; `more` adds and replaces fields. Absent ones get their default."""
        names = _fields_of(cast("Any", kind)) & self.get_attributes().keys()
        shared = {name: getattr(self, name) for name in names - more.keys()}
        return kind(**{name: value for name, value in shared.items() if value is not None}, **more)

    @classmethod
    def actions(cls, **values: Any) -> list[Action]:
        """Return the actions that give attributes these values; None removes one."""
        given = [(getattr(cls, name), value) for name, value in values.items()]
        return [each.remove() if value is None else each.set(value) for each, value in given]

    @staticmethod
    def upgraded(item: dict[str, Any]) -> dict[str, Any]:
        """Convert an item of an earlier schema to this one."""
        return item


@cache
def _fields_of(kind: type) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))


class DueRecord(Record):
    """A record that stands in the due index for as long as it has both attributes."""

    index_shard = optional(UnicodeAttribute(attr_name="due_shard"))
    index_time = optional(UnicodeAttribute(attr_name="due_at"))


class CaseRecord(Record):
    """The case, and the attributes that conditions, filters and lists need."""

    key = "CASE#{case_id}", "CASE"
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
    # Records of an earlier release get theirs with the next act, or from `python -m infra.ops relist`.
    institution_stage = optional(UnicodeAttribute())
    court_stage = optional(UnicodeAttribute())


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
    id_document = optional(Bytes())
    liability = optional(Bytes())
    representatives = optional(Bytes())
    former_phone = optional(Bytes())
    former_phones = optional(Bytes())
    sex = optional(Bytes())
    birth_date = optional(Bytes())
    ethnicity = optional(Bytes())
    employer = optional(Bytes())
    position = optional(Bytes())
    residence = optional(Bytes())
    entity_type = optional(Bytes())
    registered_at = optional(Bytes())


class PartiesRecord(Record):
    """The parties' personal data."""

    key = "CASE#{case_id}", "PARTIES"
    parties = ListAttribute(of=SealedPartyMap)


class EventRecord(Record):
    """One link of the case's chain; `act` (decision 21) and `stays` (for the relay) are no part of it."""

    key = "CASE#{case_id}", "EVENT#{sequence:08}"
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
    stays = optional(BooleanAttribute())
    hash = UnicodeAttribute()


class WorkflowRecord(DueRecord):
    """The execution that drives the case, and the last step that it reached."""

    key = "CASE#{case_id}", "WORKFLOW"
    case_id = UnicodeAttribute()
    generation = Whole()
    step = optional(Code(Step))
    since = Whole()
    token = optional(UnicodeAttribute())
    usual_next = optional(Code(Step))
    # The version with which an ended case went on: who read it before must not take it out of the index.
    reopened = optional(Whole())


class DispatchRecord(DueRecord):
    """A message to the court, owed for as long as it is due."""

    key = "CASE#{case_id}", "DISPATCH#{dispatch_id}"
    schema = Whole(default=2)
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
    """A transfer as the court may fetch it."""

    key = "TRANSFER#{transfer_id}", "TRANSFER"
    transfer_id = UnicodeAttribute()
    case_id = UnicodeAttribute()
    court_id = UnicodeAttribute()
    manifest = ListAttribute(of=ManifestMap, null=True)


class KeyAnswerRecord(Record):
    """What an idempotency key was answered, repeated until `expires_at` (epoch seconds)."""

    free_text = frozenset({"caller", "key"})
    body_sha256 = UnicodeAttribute()
    case_id = UnicodeAttribute()
    expires_at = Whole()


class IdempotencyRecord(KeyAnswerRecord):
    """The answer to a filing."""

    key = "IDEM#{caller}#{key}", "IDEM"
    stage = Code(Stage)
    filed_at = Instant()
    version = Whole()
    before = optional(Structured[tuple[str, ...]](tuple[str, ...]))


class OpenClaimRecord(Record):
    """Which case holds a claim open: what an earlier release looks for, see `ContractRecord`."""

    key = "OPEN#{institution_id}#{contract_number}#{instalment_scope}", "OPEN"
    free_text = frozenset({"institution_id", "contract_number", "instalment_scope"})
    case_id = UnicodeAttribute()


class ContractRecord(Record):
    """What the cases of a contract claim, those that are open and those that are over; see `contracts`."""

    key = "CONTRACT#{institution_id}#{contract_number}", "FILINGS"
    free_text = frozenset({"institution_id", "contract_number"})
    open = optional(UnicodeSetAttribute())
    ended = optional(UnicodeSetAttribute())
    changes = Whole()


class CounterRecord(Record):
    """How many numbers of a year's cases a court has given."""

    key = "COUNTER#{court_id}#{year}", "COUNTER"
    last = Whole()


class CaseNumberRecord(Record):
    """Look-up by a case's number, as it is compared."""

    key = "NUMBER#{case_number}", "CASE#{case_id}"


class KeyRecord(Record):
    """An owner's data key, wrapped by KMS."""

    key = "KEY#{owner}", "KEY"
    key_id = UnicodeAttribute()
    wrapped = Bytes()


class PersonRecord(Record):
    """Look-up by id number."""

    key = "PERSON#{institution_id}#{id_index}", "CASE#{case_id}"


class SettlementRecord(Record):
    """A round's offers, agreement and payments."""

    key = "CASE#{case_id}", "SETTLEMENT#{round:04}"
    schema = Whole(default=2)
    upgraded = staticmethod(schema_1.settlement)
    content: Structured[Settlement] = Structured("chalicelib.domain.agreement.settlement:Settlement")


class PayeeAccountRecord(Record):
    """The account that a round's agreement is paid to, sealed."""

    key = "CASE#{case_id}", "PAYEE#{round:04}"
    key_id = UnicodeAttribute()
    account = Bytes()


class DebtRecord(Record):
    """The contract and the payments behind the claim, without personal data."""

    key = "CASE#{case_id}", "DEBT"
    schema = Whole(default=2)
    upgraded = staticmethod(schema_1.debt)
    debt: Structured[Debt] = Structured("chalicelib.domain.loan.debt:Debt")


class PolicyRecord(Record):
    """A version of a concession policy, and who published it when."""

    key = "POLICY#{institution_id}", "V#{version:08}"
    free_text = frozenset({"institution_id"})
    schema = Whole(default=2)
    upgraded = staticmethod(schema_1.policy)
    institution_id = UnicodeAttribute()
    version = Whole()
    valid_from = Day()
    valid_to = optional(Day())
    tiers: Structured[Tiers] = Structured("chalicelib.domain.loan.concession:Tiers")
    published_by = UnicodeAttribute()
    published_at = Instant()


class DocumentRecord(Record):
    """Ids and codes of a paper of the case; its bytes are in a bucket."""

    key = "CASE#{case_id}", "DOCUMENT#{document_id}"
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
    """A message to parties, owed for as long as it is due; no phone, no code, no link.

    `outcomes` says by party what came of it. A reminder `stays` for the relay: it is sent on its day.
    """

    key = "CASE#{case_id}", "NOTICE#{notice_id}"
    schema = Whole(default=2)
    notice_id = UnicodeAttribute()
    case_id = UnicodeAttribute()
    party_id = UnicodeAttribute()
    with_parties = optional(Structured[tuple[str, ...]](tuple[str, ...]))
    kind = Code(NoticeKind)
    values = Structured[Mapping[str, str]](Mapping[str, str])
    not_before = optional(Instant())
    stays = optional(BooleanAttribute())
    outcomes = optional(Structured[Mapping[str, str]](Mapping[str, str]))
    # Absent from records of earlier releases; a code's and a message's in writing have only the second.
    asked_at = optional(Instant())
    ended_at = optional(Instant())


class CallRecord(Record):
    """Somebody whom the centre has to ring, in the list of its court; no phone."""

    key = "CALLS#{court_id}", "CALL#{call_id}"
    call_id = UnicodeAttribute()
    court_id = UnicodeAttribute()
    case_id = UnicodeAttribute()
    notice_id = UnicodeAttribute()
    party_id = UnicodeAttribute()
    kind = Code(NoticeKind)
    at = Instant()
    case_number = optional(UnicodeAttribute())


class DeadlineRecord(DueRecord):
    """A deadline beside the case."""

    key = "CASE#{case_id}", "DEADLINE#{kind}"
    case_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    rule = UnicodeAttribute()
    due_at = Instant(attr_name="deadline_at")
    remind_at = optional(Instant())
    reminded = BooleanAttribute()


class CodeRecord(Record):
    """A party's latest one-time code without its digits; epoch seconds."""

    key = "CASE#{case_id}", "CODE#{party_id}"
    number = Whole()
    document_sha256 = UnicodeAttribute()
    issued_at = Whole()
    day_since = Whole()
    in_day = Whole()
    attempts = Whole()
    lasts = Whole(null=True)
    """Absent for the ten minutes of a code that is sent."""


class EndedSessionRecord(Record):
    """A session of the console that its person ended; kept until it would have ended by itself."""

    key = "SESSION#{session_id}", "ENDED"
    expires_at = Whole()


class CallbackRecord(DueRecord):
    """A court's message; `raw`, its bytes, is sealed."""

    key = "CALLBACK#{callback_id}", "CALLBACK"
    schema = Whole(default=2)
    upgraded = staticmethod(schema_1.callback)
    callback_id = UnicodeAttribute()
    court_id = UnicodeAttribute()
    transfer_id = UnicodeAttribute()
    occurred_at = Instant()
    command: Structured[CourtCommand] = Structured("chalicelib.domain.court_commands:CourtCommand")
    key_id = UnicodeAttribute()
    raw = Bytes()
    outcome = optional(UnicodeAttribute())
