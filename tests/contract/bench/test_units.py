"""The computed units against Amazon's own engine, which charges by the same sizes.

Not compared: indexes in a transaction, which DynamoDB Local doubles and DynamoDB does not (`units`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from infra.bench.units import WriteUnits, item_bytes, read_units, write_units
from infra.template import build
from tests.support.aws import dynamodb, unique

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KB = 1024
KEYS: dict[str, Any] = {"PK": {"S": "CASE#1"}, "SK": {"S": "CASE"}}
LISTED: dict[str, Any] = {"court_list": {"S": "court#1"}, "filed_key": {"S": "2026"}}
DUE: dict[str, Any] = {"due_shard": {"S": "1"}, "due_at": {"S": "2026"}}


@pytest.fixture(scope="module")
def client(dynamodb_local_endpoint: str) -> DynamoDBClient:
    """Return a client of DynamoDB Local."""
    return dynamodb(dynamodb_local_endpoint)


@pytest.fixture(scope="module")
def table(client: DynamoDBClient) -> str:
    """Make a table with the template's indexes."""
    properties = build("dev")["Resources"]["Table"]["Properties"]
    wanted = ("KeySchema", "AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes")
    name = unique("units")
    client.create_table(TableName=name, **{key: properties[key] for key in wanted})
    return name


def padded(item: dict[str, Any], size: int) -> dict[str, Any]:
    """Fill an item up to so many bytes."""
    return {**item, "pad": {"S": "x" * (size - item_bytes({**item, "pad": {"S": ""}}))}}


def put(client: DynamoDBClient, table: str, item: dict[str, Any]) -> WriteUnits:
    """Write an item; return what the engine charges."""
    answer = client.put_item(TableName=table, Item=item, ReturnConsumedCapacity="INDEXES")
    return charged(answer["ConsumedCapacity"])


def charged(capacity: Any) -> WriteUnits:
    """Read what the engine charges."""
    indexes = capacity.get("GlobalSecondaryIndexes", {}).values()
    return WriteUnits(
        int(capacity["Table"]["CapacityUnits"]), int(sum(index["CapacityUnits"] for index in indexes))
    )


@pytest.mark.parametrize(
    "value",
    [
        {"S": "案件"},
        {"N": "0"},
        {"N": "1234567"},
        {"N": "-1234567"},
        {"N": "120000"},
        {"B": b"12345"},
        {"BOOL": True},
        {"NULL": True},
        {"SS": ["r1", "r22"]},
        {"L": [{"S": "r1"}, {"M": {"side": {"S": "respondent"}}}]},
        {"M": {"principal": {"N": "12345600"}, "as_of": {"S": "2026-01-05"}}},
    ],
    ids=str,
)
def test_a_kilobyte_is_full_where_the_engine_says_so(
    client: DynamoDBClient, table: str, value: dict[str, Any]
) -> None:
    """One byte more is one unit more, whatever the item is made of."""
    item = {**KEYS, "PK": {"S": unique("size")}, "value": value}
    client.put_item(TableName=table, Item=item)
    assert put(client, table, padded(item, KB)) == WriteUnits(1)
    assert put(client, table, padded(item, KB + 1)) == WriteUnits(2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, {**KEYS, **LISTED}),
        ({**KEYS, **LISTED}, {**KEYS, **LISTED}),
        ({**KEYS, **LISTED}, {**KEYS, **LISTED, "content": {"S": "x" * 2000}}),
        ({**KEYS, **LISTED}, {**KEYS, **LISTED, "court_list": {"S": "court#2"}}),
        ({**KEYS, **LISTED}, KEYS),
        ({**KEYS, **DUE}, {**KEYS, **DUE, "token": {"S": "x" * 1100}}),
        ({**KEYS, **DUE}, {**KEYS, **DUE, "due_at": {"S": "2027"}}),
        ({**KEYS, **DUE, "x": {"S": "x" * 3000}}, {**KEYS, "x": {"S": "x"}}),
    ],
)
def test_a_write_is_charged_as_computed(
    client: DynamoDBClient, table: str, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    """Table and indexes, for each kind of change."""
    pk = {"PK": {"S": unique("change")}}
    old, new = None if before is None else {**before, **pk}, {**after, **pk}
    if old is not None:
        client.put_item(TableName=table, Item=old)
    assert put(client, table, new) == write_units(old, new)


def test_a_transaction_doubles_the_tables_share(client: DynamoDBClient, table: str) -> None:
    """Rounded first, doubled then."""
    item = padded({**KEYS, "PK": {"S": unique("transaction")}}, KB + 1)
    answer = client.transact_write_items(
        TransactItems=[{"Put": {"TableName": table, "Item": item}}], ReturnConsumedCapacity="INDEXES"
    )
    assert charged(answer["ConsumedCapacity"][0]) == write_units(None, item, transactional=True)


def test_reads_are_charged_as_computed(client: DynamoDBClient, table: str) -> None:
    """Found or not, consistent or not."""
    item = padded({**KEYS, "PK": {"S": unique("read")}}, 4 * KB + 1)
    client.put_item(TableName=table, Item=item)
    for pk, items in ((item["PK"], [item]), ({"S": "nobody"}, [])):
        for consistent in (True, False):
            answer = client.get_item(
                TableName=table,
                Key={"PK": pk, "SK": item["SK"]},
                ConsistentRead=consistent,
                ReturnConsumedCapacity="TOTAL",
            )
            assert answer["ConsumedCapacity"]["CapacityUnits"] == read_units(items, consistent=consistent)
