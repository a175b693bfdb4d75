"""What a record holds is read as it was written."""

from dataclasses import fields, replace
from datetime import datetime
from inspect import signature
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynamodb.exceptions import AttributeNullError

from chalicelib.adapters.dynamo.attributes import Code, Instant
from chalicelib.adapters.dynamo.beside import OF_THE_CORE
from chalicelib.adapters.dynamo.errors import RecordTooNew
from chalicelib.adapters.dynamo.records import (
    CaseRecord,
    EventRecord,
    KeyRecord,
    PartiesRecord,
    Record,
    SealedPartyMap,
)
from chalicelib.adapters.dynamo.stored_case import case_of, case_record, event_record
from chalicelib.adapters.dynamo.table import read
from chalicelib.consumers import load
from chalicelib.domain.case import Case
from chalicelib.domain.events import Event
from chalicelib.domain.stages import Stage
from chalicelib.registry import name_of, relayed_keys
from tests.support.examples import examples
from tests.support.stored import kinds_of_records
from tests.unit.dynamo.strategies import CASES, EVENTS


def stored(record: Record) -> Any:
    """Return a record as DynamoDB gives it back."""
    return record.serialize()


@given(CASES)
def test_a_case_survives_in_its_record(case: Case) -> None:
    """What stands beside its JSON, too; the last hash of its talk stands in the log of talk."""
    assert case_of(stored(case_record(replace(case, talk="f" * 64)))) == case


@given(EVENTS)
def test_an_event_survives_with_its_hash(event: Event) -> None:
    """What is read back still has the hash it was sealed with, however its time was written."""
    sealed = event.sealed()
    back = read(EventRecord, stored(event_record(sealed))).to_value(Event)
    assert back == sealed
    assert back.digest() == sealed.hash


def test_every_field_of_an_event_has_its_attribute() -> None:
    """A field that is new in the domain can't be forgotten in the table."""
    own = {"pk", "sk", "schema", "act", "stays"}
    assert {field.name for field in fields(Event)} | own == set(EventRecord.get_attributes())


@given(CASES)
def test_a_case_stands_in_the_lists_it_belongs_to(case: Case) -> None:
    """A mediator's list has it only while a mediator is appointed; what is absent is not stored."""
    item = stored(case_record(case))
    assert item["institution_list"] == {"S": case.institution_id}
    assert ("mediator_list" in item) == (case.mediator_id is not None)
    assert item["court_list"]["S"].rpartition("#")[0] == case.court_id
    assert all("NULL" not in value for value in item.values())


def test_a_record_without_a_value_that_it_needs_is_not_written() -> None:
    """Nor one with a value that it has no attribute for: neither could be read again."""
    record = KeyRecord("KEY#b", "KEY", key_id="k")
    with pytest.raises(AttributeNullError, match="wrapped"):
        record.serialize()
    with pytest.raises(TypeError, match="KeyRecord"):
        KeyRecord("KEY#b", "KEY", key_id="k", wrapped=b"w", secret=b"s")


def test_a_party_without_a_value_that_it_needs_is_not_written() -> None:
    """Of the fields of a party only the account and the index may be absent."""
    party = SealedPartyMap(party_id="r1", key_id="k", name=b"n", id_number=b"i", phone=b"p")
    with pytest.raises(AttributeNullError, match="address"):
        PartiesRecord("CASE#c", "PARTIES", parties=[party]).serialize()


def test_every_message_is_caused_by_a_kind_of_record() -> None:
    """The correlation id is stored with records of these keys, so that the message carries it on."""
    assert relayed_keys() <= {kind.key for kind in kinds_of_records()}


@pytest.mark.parametrize("kind", OF_THE_CORE)
def test_what_is_stored_beside_a_case_has_its_writer(kind: str) -> None:
    """Both are named as text: the type has this name, and the writer takes it."""
    taken, _ = signature(load(OF_THE_CORE[kind])).parameters.values()
    assert name_of(load(kind)) == kind
    assert kind.endswith(f":{taken.annotation}")


def test_an_instant_without_an_offset_is_refused() -> None:
    """A time that could mean two instants is never stored."""
    with pytest.raises(ValueError, match="offset"):
        Instant().serialize(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_an_unknown_code_is_refused() -> None:
    """A stage of a later release is not taken for one of this."""
    assert Code(Stage).deserialize("filed") is Stage.FILED
    with pytest.raises(ValueError, match="arbitrated"):
        Code(Stage).deserialize("arbitrated")


@pytest.mark.parametrize(("kind", "known"), [(KeyRecord, 1), (CaseRecord, 2)])
@given(st.data())
def test_a_layout_of_a_later_release_is_refused(kind: type[Record], known: int, data: st.DataObject) -> None:
    """What this release can't know, it does not read; each kind of record has a layout of its own."""
    record = KeyRecord(pk="KEY#b", sk="KEY", key_id="k", wrapped=b"w")
    item = stored(record if kind is KeyRecord else case_record(data.draw(CASES)))
    assert item["schema"] == {"N": str(known)}
    assert read(kind, item).schema == known
    with pytest.raises(RecordTooNew):
        read(kind, {**item, "schema": {"N": str(data.draw(st.integers(known + 1, 99)))}})


@given(CASES, st.sampled_from(Stage))
def test_attributes_of_a_later_release_are_ignored(case: Case, stage: Stage) -> None:
    """An attribute added without a new schema number does not disturb this release."""
    item = {**stored(case_record(replace(case, stage=stage))), "added_later": {"S": "x"}}
    assert case_of(item).stage is stage


def test_every_field_of_a_case_is_drawn() -> None:
    """Of many random cases each field has more than one value: none is left at its default by mistake."""
    beside = {"talk", "as_stored"}
    drawn: dict[str, set[str]] = {field.name: set() for field in fields(Case) if field.name not in beside}

    @settings(max_examples=examples(300), database=None)
    @given(CASES)
    def draw(case: Case) -> None:
        for name, values in drawn.items():
            values.add(repr(getattr(case, name)))

    draw()
    assert [name for name, values in drawn.items() if len(values) < 2] == []
