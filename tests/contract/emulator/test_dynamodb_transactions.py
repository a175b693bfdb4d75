"""What moto does right about transactions and the fixes must not break; DynamoDB Local is the reference."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.emulator.tables import ABSENT, create_table, item, key, put
from tests.support.aws import dynamodb


def test_of_concurrent_first_writers_one_wins(engine: str, name: str) -> None:
    """Of many transactions that each create the same item, exactly one succeeds."""
    client = dynamodb(engine)
    table = create_table(client, name)

    def file(contender: int, contract: int) -> bool:
        pk = f"OPEN#{contract}"
        try:
            client.transact_write_items(
                TransactItems=[put(table, item(f"{contender}-{contract}")), put(table, item(pk), **ABSENT)]
            )
        except client.exceptions.TransactionCanceledException:
            return False
        return True

    for contract in range(5):
        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(file, range(8), [contract] * 8))
        assert won.count(True) == 1


def test_conditional_updates_do_not_overwrite_each_other(engine: str, name: str) -> None:
    """A version checked by concurrent updates goes up by one for each that was acknowledged."""
    client = dynamodb(engine)
    table = create_table(client, name)
    client.put_item(TableName=table, Item={**item("c"), "version": {"N": "0"}})

    def bump(_: int) -> bool:
        seen = client.get_item(TableName=table, Key=key("c"), ConsistentRead=True)["Item"]["version"]["N"]
        try:
            client.update_item(
                TableName=table,
                Key=key("c"),
                UpdateExpression="SET version = :next",
                ConditionExpression="version = :seen",
                ExpressionAttributeValues={":seen": {"N": seen}, ":next": {"N": str(int(seen) + 1)}},
            )
        except client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        acknowledged = list(pool.map(bump, range(80))).count(True)
    version = client.get_item(TableName=table, Key=key("c"), ConsistentRead=True)["Item"]["version"]["N"]
    assert int(version) == acknowledged


def test_a_cancelled_transaction_leaves_nothing(engine: str, name: str) -> None:
    """Puts, updates and deletes of a cancelled transaction did not happen."""
    client = dynamodb(engine)
    table = create_table(client, name)
    client.put_item(TableName=table, Item=item("old", text="before"))
    client.put_item(TableName=table, Item=item("kept"))
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(
            TransactItems=[
                put(table, item("new")),
                {
                    "Update": {
                        "TableName": table,
                        "Key": key("old"),
                        "UpdateExpression": "SET #t = :t",
                        "ExpressionAttributeNames": {"#t": "text"},
                        "ExpressionAttributeValues": {":t": {"S": "after"}},
                    }
                },
                {"Delete": {"TableName": table, "Key": key("kept")}},
                {
                    "ConditionCheck": {
                        "TableName": table,
                        "Key": key("absent"),
                        "ConditionExpression": "attribute_exists(PK)",
                    }
                },
            ]
        )
    found = {entry["PK"]["S"]: entry for entry in client.scan(TableName=table)["Items"]}
    assert found == {"old": item("old", text="before"), "kept": item("kept")}


def test_the_reasons_of_a_cancellation_stand_in_the_order_of_the_operations(engine: str, name: str) -> None:
    """Each operation has its reason; the stored item comes with it where it was asked for."""
    client = dynamodb(engine)
    table = create_table(client, name)
    client.put_item(TableName=table, Item=item("taken", case_id="c-1"))
    with pytest.raises(ClientError) as cancelled:
        client.transact_write_items(
            TransactItems=[
                put(table, item("free"), **ABSENT),
                put(table, item("taken"), **ABSENT),
                put(table, item("taken", "EVENT"), **ABSENT),
                put(table, item("absent"), ConditionExpression="attribute_exists(PK)"),
            ]
        )
    assert _reasons(cancelled.value) == ["None", "ConditionalCheckFailed", "None", "ConditionalCheckFailed"]

    wanted = {**ABSENT, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    with pytest.raises(ClientError) as cancelled:
        client.transact_write_items(TransactItems=[put(table, item("taken"), **wanted)])
    (reason,) = cancelled.value.response["CancellationReasons"]
    assert reason["Item"] == item("taken", case_id="c-1")


def test_an_update_the_stored_item_does_not_allow_undoes_the_transaction(engine: str, name: str) -> None:
    """What came before it did not happen (both engines answer ValidationException, AWS cancels instead)."""
    client = dynamodb(engine)
    table = create_table(client, name)
    update: Any = {"TableName": table, "Key": key("new"), "UpdateExpression": "SET a = b"}
    with pytest.raises(ClientError, match="attribute that does not exist in the item"):
        client.transact_write_items(TransactItems=[put(table, item("first")), {"Update": update}])
    assert client.scan(TableName=table)["Items"] == []


def test_two_operations_on_one_item_are_refused(engine: str, name: str) -> None:
    """As on AWS, a transaction names each item once."""
    client = dynamodb(engine)
    table = create_table(client, name)
    with pytest.raises(ClientError) as refused:
        client.transact_write_items(TransactItems=[put(table, item("a")), put(table, item("a", text="b"))])
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert client.scan(TableName=table)["Items"] == []


def _reasons(error: ClientError) -> list[Any]:
    assert error.response["Error"]["Code"] == "TransactionCanceledException"
    return [reason["Code"] for reason in error.response["CancellationReasons"]]
