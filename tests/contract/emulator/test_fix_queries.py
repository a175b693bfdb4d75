"""The first test counts calls, not seconds, and fails on moto as released (`HUB_EMULATOR=plain`)."""

import sys
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from infra.local.moto_fixes import queries
from tests.support.aws import PLAIN


def test_a_query_costs_the_same_in_a_full_table() -> None:
    """Reading one case makes as many calls among 1,000 cases as among 10."""
    if not PLAIN:
        queries.apply()
    assert _calls_of_a_query(_table_of(1000)) == _calls_of_a_query(_table_of(10))


def _table_of(cases: int) -> Table:
    make: Any = Table  # its abstract methods are CloudFormation's
    table: Table = make(
        "cases",
        account_id="123456789012",
        region="cn-north-1",
        schema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        attr=[{"AttributeName": "PK", "AttributeType": "S"}, {"AttributeName": "SK", "AttributeType": "S"}],
    )
    for number in range(cases):
        for kind in ("CASE", "EVENT#00000001", "EVENT#00000002"):
            table.put_item({"PK": {"S": f"CASE#{number}"}, "SK": {"S": kind}})
    return table


def _calls_of_a_query(table: Table) -> int:
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    query: Any = table.query  # which takes None for the start key, whatever its signature says
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found, _, _ = query(
            DynamoType({"S": "CASE#7"}), "BEGINS_WITH", [DynamoType({"S": "EVENT#"})], 10, None, True, None
        )
    finally:
        sys.setprofile(before)
    assert [item.range_key.value for item in found if item.range_key] == ["EVENT#00000001", "EVENT#00000002"]
    return calls


def test_indexes_and_tables_without_a_sort_key_answer_as_before() -> None:
    """Only the candidates are fewer, not the answers."""
    if not PLAIN:
        queries.apply()
    make: Any = Table
    table: Any = make(
        "keys",
        account_id="123456789012",
        region="cn-north-1",
        schema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        attr=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "list", "at")],
        global_indexes=[
            {
                "IndexName": "by_list",
                "KeySchema": [
                    {"AttributeName": "list", "KeyType": "HASH"},
                    {"AttributeName": "at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    for pk, at in (("b", "2"), ("a", "3"), ("c", "1")):
        table.put_item({"PK": {"S": pk}, "list": {"S": "l" if pk != "c" else "m"}, "at": {"S": at}})

    def keys(found: Any) -> list[str]:
        return [item.hash_key.value for item in found[0]]

    by_list = [("list", DynamoType({"S": "l"}))]
    assert keys(table.query(DynamoType({"S": "b"}), None, [], 10, None, True, None)) == ["b"]
    assert keys(table.query(DynamoType({"S": "x"}), None, [], 10, None, True, None)) == []
    in_list = table.query(
        DynamoType({"S": "l"}), None, [], 10, None, True, None, "by_list", hash_key_conditions=by_list
    )
    assert keys(in_list) == ["b", "a"]
    assert [item.hash_key.value for item in table.all_items()] == ["a", "b", "c"]
