"""What is stored is pinned: each kind of record has literal items, read for ever and written as such.

Promise: a name that changes in reader and writer at once fails here: nothing that is expected comes from
either. `tests/golden/README.md` says what to do when the layout changes. Downside: on moto only; that
DynamoDB does the same, the other tests of this folder show.
"""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from typing import Any, Final, cast, get_args

import pytest

from chalicelib.adapters.court.circuit import Status
from chalicelib.capabilities.applications.model import ApplicationState, Ask, DeclineGround, Hardship
from chalicelib.capabilities.institutions.model import InstitutionState
from chalicelib.capabilities.links.model import LinkChange
from chalicelib.capabilities.roster.model import PersonState
from chalicelib.capabilities.sessions.model import Came, IdentityCheck, SessionKind, SessionState
from chalicelib.capabilities.talks.model import Need
from chalicelib.domain.agreement.confirmation import RejectionGround
from chalicelib.domain.agreement.negotiation import Reply
from chalicelib.domain.agreement.performance import Entry
from chalicelib.domain.agreement.plan import Method
from chalicelib.domain.agreement.schedules import Schedule
from chalicelib.domain.appointment import CredentialKind, Obstacle, OrganisationKind, Qualification
from chalicelib.domain.claim import CaseType, Track, WayIn
from chalicelib.domain.court_commands import RecordDocketing, RecordRefusal, RecordReview, RecordRuling
from chalicelib.domain.events import Channel, verify_chain
from chalicelib.domain.id_documents import IdDocument, Sex
from chalicelib.domain.liability import LiabilityKind
from chalicelib.domain.loan.card import CardContract
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.concession import Repayment
from chalicelib.domain.loan.contract import Compounding, CompoundRate, LoanContract, Prepayment
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.limitation import InterruptionKind
from chalicelib.domain.loan.lpr import Tenor
from chalicelib.domain.loan.rates import RateTerm, Reset
from chalicelib.domain.loan.schedule import InterestSchedule
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.parties import IdentityShown, PartyKind, Side
from chalicelib.domain.reasons import DeclineReason, FailureReason
from chalicelib.domain.representatives import Authority, RepresentativeKind
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import DispatchKind, Matter, Procedure, ReviewResult
from chalicelib.domain.work import WorkKind
from chalicelib.use_cases.records import Due
from tests.contract.storage.conftest import RawTable
from tests.contract.storage.pinned import cases
from tests.contract.storage.pinned.desk import Desk
from tests.contract.storage.pinned.items import GOLDEN, Item, golden, newest, opened, rows, shape, to_json
from tests.contract.storage.pinned.reads import READS
from tests.contract.storage.pinned.writes import NOT_WRITTEN_ANY_MORE, WRITES


@pytest.fixture
def desk(moto_table: RawTable) -> Desk:
    """Give the stores on an empty table."""
    moto_table.empty()
    return Desk(moto_table)


# Enumerations whose values stand in some record or in the facts of an event.
STORED_CODES: Final[tuple[type[Enum], ...]] = (
    ApplicationState,
    Ask,
    Authority,
    CaseType,
    Channel,
    Component,
    CompoundRate,
    Compounding,
    DayCount,
    DeclineGround,
    DeclineReason,
    DispatchKind,
    EventType,
    FailureReason,
    Hardship,
    IdDocument,
    IdentityShown,
    InstitutionState,
    InterruptionKind,
    Need,
    LiabilityKind,
    LinkChange,
    Matter,
    Method,
    NoticeKind,
    PaperKind,
    PartyKind,
    Obstacle,
    CredentialKind,
    OrganisationKind,
    Qualification,
    PersonState,
    Prepayment,
    Procedure,
    RejectionGround,
    Repayment,
    Reply,
    RepresentativeKind,
    Reset,
    ReviewResult,
    Role,
    Came,
    IdentityCheck,
    SessionKind,
    SessionState,
    SettlementOutcome,
    Sex,
    Side,
    Stage,
    Status,
    Step,
    Tenor,
    Track,
    WayIn,
    WorkKind,
)


@pytest.mark.parametrize(
    ("folder", "name"),
    [(path.parent.name, path.stem) for path in sorted(GOLDEN.glob("v*/*.json"))],
    ids=lambda part: part,
)
def test_each_golden_item_is_read_for_ever(desk: Desk, folder: str, name: str) -> None:
    """As the value written out by hand, whichever release stored it."""
    pin = READS[name]
    for item in (*map(newest, pin.given), golden(folder, name)):
        desk.raw.put(item)
    desk.clock.advance(seconds=62)
    assert pin.read(desk) == pin.value


def test_instants_come_back_with_their_offset(desk: Desk) -> None:
    """Or the chain of events would not verify any more."""
    for name in ("event.filed", "event.consent", "event.returned"):
        desk.raw.put(newest(name))
    events = desk.store.cases.events(cases.ID, 0, 10)
    assert verify_chain(events) == cases.EVENT_RETURNED.hash
    assert [event.at.utcoffset() for event in events] == [
        timedelta(0),
        timedelta(hours=8),
        timedelta(hours=8),
    ]


@pytest.mark.parametrize(
    ("reader", "listed"),
    [
        (Actor(role=Role.INSTITUTION, subject="x", institution_id="bank-1"), True),
        (Actor(role=Role.MEDIATOR, subject="x", court_id="court-jc", mediator_id="m-1"), True),
        (Actor(role=Role.CENTRE, subject="x", court_id="court-jc"), True),
        (Actor(role=Role.JUDGE, subject="x", court_id="court-jc", judge_id="j-1"), True),
        (Actor(role=Role.JUDGE, subject="x", court_id="court-jc", judge_id="j-2"), False),
    ],
    ids=lambda part: getattr(part, "role", part),
)
def test_a_golden_case_stands_in_its_lists(desk: Desk, reader: Actor, *, listed: bool) -> None:
    """Its index attributes and what a list is filtered by have the names the indexes know."""
    desk.raw.put(newest("case.in_mediation"))
    found = desk.store.cases.list_for(reader, cases.CASE_IN_MEDIATION.stage, None, 10).cases
    assert found == ((cases.CASE_IN_MEDIATION,) if listed else ())


def test_golden_items_that_are_owed_are_found_when_due(desk: Desk) -> None:
    """And what was delivered, settled or has ended is not."""
    owed = ("workflow.arrived", "dispatch.owed", "notice.owed", "callback.review", "deadline.set")
    for name in owed:
        desk.raw.put(newest(name))
    assert _due(desk) == {
        Due(consumer="workflow", ids=(cases.ID,)),
        Due(consumer="court", ids=(cases.ID, "C-0001-D20")),
        Due(consumer="notices", ids=(cases.ID, "C-0001-N14-r1-payment_due-2")),
        Due(consumer="callbacks", ids=("court-jc#msg-1",)),
        Due(consumer="deadline", ids=(cases.ID, "evidence")),
    }
    for name in (
        "workflow.ended",
        "dispatch.delivered",
        "notice.delivered",
        "callback.settled",
        "deadline.over",
    ):
        desk.raw.put(newest(name))
    assert _due(desk) == set()


def _due(desk: Desk) -> set[Due]:
    return {
        due for shard in range(desk.store.due.shards) for due in desk.store.due.overdue(shard, cases.LIMIT)
    }


@pytest.mark.parametrize("story", WRITES, ids=str)
def test_each_golden_item_is_what_is_written(desk: Desk, story: str) -> None:
    """Key by key, with what is sealed opened; and nothing is written of a kind that no item pins.

    The due index may get more shards; older items were written with four.
    """
    write = WRITES[story]
    for item in map(newest, write.given):
        desk.raw.put(item)
    write.act(desk)
    written = {(item["PK"]["S"], item["SK"]["S"]): item for item in desk.raw.items()}
    for name in write.items:
        keys = _pinned(name, written)
        found = written[keys["PK"]["S"], keys["SK"]["S"]]
        pinned = _pinned(name, written, _schema(found))
        assert ("due_shard" in found) == ("due_shard" in pinned), name
        assert opened({**found, **_shard(pinned)}) == opened(pinned), name
    assert {shape(item) for item in written.values()} <= _pinned_shapes()


def _pinned(name: str, written: Mapping[tuple[str, str], Item], schema: int | None = None) -> Item:
    try:
        return newest(name, schema)
    except FileNotFoundError as missing:
        now = json.dumps([to_json(item) for item in written.values()], ensure_ascii=False, indent=1)
        pytest.fail(f"{missing}; this is written now:\n{now}")


def _shard(item: Item) -> Item:
    return {name: value for name, value in item.items() if name == "due_shard"}


def _schema(item: Item) -> int:
    return int(item["schema"]["N"]) if "schema" in item else 1


def _pinned_shapes() -> set[tuple[str, str]]:
    return {shape(golden(path.parent.name, path.stem)) for path in GOLDEN.glob("v*/*.json")}


def test_every_kind_of_record_has_a_golden_item() -> None:
    """Every row of the page of access patterns, which another test compares with the declared records."""
    assert _pinned_shapes() == set(rows())


def test_every_golden_item_is_read_and_written() -> None:
    """None is only lying about."""
    names = {path.stem for path in GOLDEN.glob("v*/*.json")}
    written = {name for write in WRITES.values() for name in write.items}
    assert names == set(READS) == written | NOT_WRITTEN_ANY_MORE
    assert not written & NOT_WRITTEN_ANY_MORE


def _parts(value: object) -> Iterator[object]:
    """Yield every dataclass within a value."""
    if dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from _parts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from _parts(part)


def test_every_field_of_every_stored_type_is_set_in_some_golden_item() -> None:
    """A field that is only ever empty would not be pinned; so a new field needs a new item."""
    empty: tuple[object, ...] = (None, "", (), frozenset())
    fields, filled = set[tuple[str, str]](), set[tuple[str, str]]()
    for part in _all_parts():
        for field in dataclasses.fields(cast("Any", part)):
            fields.add((type(part).__name__, field.name))
            if getattr(part, field.name) not in empty:
                filled.add((type(part).__name__, field.name))
    # A cost is stored as its day, amount and reference; the rest follows from its being one. The head of a
    # case's talk stands with the log, not in the case's record.
    assert fields - filled == {("Charge", "base"), ("Charge", "percent"), ("Case", "talk")}


def test_every_variant_of_a_stored_union_stands_in_some_golden_item() -> None:
    """Each kind of contract, rate, schedule, entry and court's message is pinned by itself."""
    variants = {
        *get_args(Schedule),
        *get_args(Entry),
        *get_args(RateTerm),
        *get_args(InterestSchedule),
        *(LoanContract, CardContract),
        *(RecordReview, RecordDocketing, RecordRefusal, RecordRuling),
    }
    assert len(variants) == 4 + 3 + 2 + 2 + 2 + 4
    assert variants <= {type(part) for part in _all_parts()}


def _all_parts() -> list[object]:
    return [part for pin in READS.values() for part in _parts(pin.value)]


def test_every_code_that_was_ever_stored_is_still_known() -> None:
    """And a new one is added to the list: a value once stored can't be renamed."""
    known = {kind.__name__: {str(code.value) for code in kind} for kind in STORED_CODES}
    pinned = json.loads((GOLDEN / "codes.json").read_text(encoding="utf-8"))
    assert known == {name: set(codes) for name, codes in pinned.items()}


def test_every_enumeration_of_a_stored_type_is_pinned() -> None:
    """By the values that the golden items hold."""
    values = [
        getattr(part, field.name) for part in _all_parts() for field in dataclasses.fields(cast("Any", part))
    ]
    used = {type(value) for value in values if isinstance(value, Enum)}
    assert used <= set(STORED_CODES)


def test_a_field_added_later_reads_old_records(desk: Desk) -> None:
    """The earliest case has neither round nor matter: both read as what every case had until then."""
    item = golden("v1", "case.earliest")
    assert "round" not in item
    assert "matter" not in item["transfer"]["M"]
    desk.raw.put(item)
    case = desk.store.cases.get(cases.ID)
    assert case.transfer
    assert (case.round, case.transfer.matter.value) == (1, "suit")


@pytest.mark.parametrize(
    ("name", "field", "text"),
    [
        (
            "payee_account",
            "account",
            '{"holder": "海滨测试银行", "number": "6217000000000000004", "bank": "海滨测试银行蕉城支行"}',
        ),
        ("callback.review", "raw", '{"reason":"材料不清"}'),
    ],
)
def test_what_is_sealed_is_pinned_as_plain_text(name: str, field: str, text: str) -> None:
    """Its keys are names that are stored, like any other."""
    assert json.loads(opened(newest(name))[field]["opened"]) == json.loads(text)
