"""DynamoDB's units: what its developer guide says of sizes, and what it was measured to charge."""

from __future__ import annotations

from typing import Any

import pytest

from infra.bench.units import WriteUnits, item_bytes, read_units, value_bytes, write_units

KB = 1024
KEYS: dict[str, Any] = {"PK": {"S": "CASE#1"}, "SK": {"S": "CASE"}}
LISTED: dict[str, Any] = {"court_list": {"S": "court#1"}, "filed_key": {"S": "2026"}}
DUE: dict[str, Any] = {"due_shard": {"S": "1"}, "due_at": {"S": "2026"}}


def text(size: int) -> dict[str, str]:
    """Return a text of so many bytes."""
    return {"S": "x" * size}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "abc"}, 3),
        ({"S": "案件"}, 6),
        ({"N": "0"}, 1),
        ({"N": "12"}, 2),
        ({"N": "123"}, 3),
        ({"N": "1200"}, 2),
        ({"N": "-12"}, 3),
        ({"N": "0.25"}, 2),
        ({"B": b"1234"}, 4),
        ({"B": "MTIzNA=="}, 4),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["ab", "c"]}, 3),
        ({"NS": ["12", "3"]}, 4),
        ({"BS": [b"1", b"23"]}, 3),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"BOOL": False}]}, 3 + 1 + 2 + 1 + 1),
        ({"M": {}}, 3),
        ({"M": {"name": {"S": "ab"}}}, 3 + 1 + 4 + 2),
    ],
)
def test_a_value_is_as_large_as_the_developer_guide_says(value: dict[str, Any], size: int) -> None:
    """Each type by its rule; binary the same in bytes and in base64."""
    assert value_bytes(value) == size


def test_an_item_is_its_names_and_values() -> None:
    """Names count in UTF-8."""
    assert item_bytes({"PK": {"S": "ab"}, "名": {"S": "c"}}) == 2 + 2 + 3 + 1


@pytest.mark.parametrize(
    ("size", "units"), [(0, 1), (KB - 30, 1), (KB, 2), (2 * KB, 3)], ids=["little", "one", "more", "two"]
)
def test_a_write_is_rounded_up_to_kilobytes(size: int, units: int) -> None:
    """Keys and names are part of the size."""
    assert write_units(None, {**KEYS, "x": text(size)}) == WriteUnits(units)


def test_a_write_costs_the_larger_of_before_and_after() -> None:
    """Also a delete, and one that finds nothing costs the least there is."""
    small, large = {**KEYS, "x": text(1)}, {**KEYS, "x": text(3 * KB)}
    assert write_units(large, small).table == write_units(small, large).table == 4
    assert write_units(large, None).table == 4
    assert write_units(None, None) == WriteUnits(1)


def test_a_transaction_doubles_the_tables_share_alone() -> None:
    """As measured on DynamoDB: an index is charged in a transaction what it is charged outside."""
    item = {**KEYS, **LISTED, "content": text(KB)}
    assert write_units(None, item) == WriteUnits(2, 2)
    assert write_units(None, item, transactional=True) == WriteUnits(4, 2)


def test_an_index_is_charged_for_the_change_of_what_it_holds() -> None:
    """Nothing for what it does not see or hold; a moved entry is a delete and a put."""
    item = {**KEYS, **LISTED}
    assert write_units(item, item).indexes == 0
    assert write_units(item, {**item, "x": text(1)}).indexes == 0
    assert write_units(item, {**item, "content": text(1)}).indexes == 1
    assert write_units(item, {**item, "court_list": {"S": "court#2"}}).indexes == 2
    assert write_units(item, KEYS).indexes == 1
    assert write_units(KEYS, item).indexes == 1
    assert write_units(item, None).indexes == 1


def test_an_index_of_keys_does_not_see_the_rest() -> None:
    """The due index holds keys only: a token that is written into a due record costs it nothing."""
    record = {**KEYS, **DUE, "x": text(5 * KB)}
    assert write_units(None, record) == WriteUnits(6, 1)
    assert write_units(record, {**record, "token": text(10)}).indexes == 0
    assert write_units(record, {**record, "due_at": {"S": "2027"}}).indexes == 2


def test_units_add_up() -> None:
    """Table and indexes apart."""
    assert WriteUnits(1, 2) + WriteUnits(3, 4) == WriteUnits(4, 6)


def test_a_page_is_added_up_before_it_is_rounded() -> None:
    """Half for an eventually consistent read; reading nothing is not free."""
    page = [{**KEYS, "x": text(3 * KB)}] * 2
    assert read_units(page, consistent=True) == 2
    assert read_units(page, consistent=False) == 1
    assert read_units([], consistent=True) == 1
    assert read_units([], consistent=False) == 0.5
