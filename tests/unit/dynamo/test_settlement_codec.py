"""A settlement comes back from the table as it went in, whatever it holds."""

import json
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from chalicelib.adapters.dynamo import schedule_codec
from chalicelib.adapters.dynamo.money_records import SettlementRecord
from chalicelib.adapters.dynamo.settlement_codec import decode, encode
from chalicelib.adapters.dynamo.settlements import settlement_record
from chalicelib.adapters.dynamo.table import read
from chalicelib.domain.agreement.schedules import EqualPayment
from chalicelib.domain.agreement.settlement import Settlement
from tests.support.builders import filed
from tests.support.settlements import schedules, settlements


@given(settlements)
def test_a_settlement_survives(settlement: Settlement) -> None:
    """Offers, answers, agreement, signatures, entries and what is carried, through the record itself."""
    case = replace(filed().case, round=2)
    record = settlement_record(case, settlement)
    assert (record.pk, record.sk) == ("CASE#C-0001", "SETTLEMENT#0002")
    assert decode(read(SettlementRecord, record.serialize()).content) == settlement


@given(schedules)
def test_a_schedule_survives(schedule: Any) -> None:
    """Of every kind, the kind included: the two monthly ones differ in nothing else."""
    back = schedule_codec.decode(json.loads(json.dumps(schedule_codec.encode(schedule))))
    assert (type(back), back) == (type(schedule), schedule)
    if isinstance(schedule, EqualPayment):
        assert str(getattr(back, "annual_percent", "")) == str(schedule.annual_percent)


@given(settlements)
def test_what_is_stored_is_plain_json_without_floats(settlement: Settlement) -> None:
    """Amounts are whole fen: nothing is rounded on the way."""

    def refused(text: str) -> Decimal:
        raise AssertionError(text)

    json.loads(json.dumps(encode(settlement)), parse_float=refused)


def test_every_part_of_a_settlement_is_written_down() -> None:
    """A field that is new in the domain can't be forgotten in the table."""
    names = {field.name for field in fields(Settlement)} - {"negotiation"}
    assert names | {"owed", "offers", "answers"} == set(encode(_empty()))


def _empty() -> Settlement:
    return decode(
        {
            "owed": {},
            "offers": [],
            "answers": [],
            "agreement": None,
            "signing": None,
            "entries": [],
            "carried": [],
        }
    )


def test_an_entry_of_an_unknown_kind_is_refused() -> None:
    """One of a later release, even if it looks like a default."""
    stored = encode(_empty()) | {"entries": [{"kind": "deferral", "on": "2026-03-02", "line": 1}]}
    with pytest.raises(KeyError, match="deferral"):
        decode(stored)


def test_a_schedule_of_an_unknown_kind_is_refused() -> None:
    """It is not taken for another one."""
    stored = {"kind": "balloon", "dates": [2026, 4, 15, 12], "annual_percent": "0"}
    with pytest.raises(KeyError, match="balloon"):
        schedule_codec.decode(stored)
