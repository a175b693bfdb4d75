"""Each test fails on moto as released (`HUB_EMULATOR=plain`) and holds on DynamoDB Local, the reference."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.contract.emulator.tables import ABSENT, create_table, item, key, open_stream, put, read_stream
from tests.support.aws import dynamodb, streams

WRITERS = 4
WRITES = 40


def test_no_acknowledged_write_is_lost_beside_cancelled_transactions(engine: str, name: str) -> None:
    """Whatever was acknowledged while other transactions were cancelled is there afterwards."""
    client = dynamodb(engine)
    table = create_table(client, name)
    client.put_item(TableName=table, Item=item("taken"))

    def write(writer: int) -> list[str]:
        acknowledged = []
        for number in range(WRITES):
            pk = f"{writer}-{number}"
            client.transact_write_items(TransactItems=[put(table, item(pk)), put(table, item(pk, "EVENT"))])
            client.put_item(TableName=table, Item=item(pk, "PLAIN"))
            acknowledged.append(pk)
        return acknowledged

    def cancel() -> None:
        while not done.is_set():
            with pytest.raises(client.exceptions.TransactionCanceledException):
                client.transact_write_items(
                    TransactItems=[put(table, item("half")), put(table, item("taken"), **ABSENT)]
                )

    done = threading.Event()
    with ThreadPoolExecutor() as pool:
        cancelling = [pool.submit(cancel) for _ in range(2)]
        try:
            written = [pk for pks in pool.map(write, range(WRITERS)) for pk in pks]
        finally:
            done.set()
        for canceller in cancelling:
            canceller.result()

    missing = [
        (pk, sk)
        for pk in written
        for sk in ("CASE", "EVENT", "PLAIN")
        if "Item" not in client.get_item(TableName=table, Key=key(pk, sk))
    ]
    assert missing == []
    assert "Item" not in client.get_item(TableName=table, Key=key("half"))


def test_a_failed_update_creates_no_item(engine: str, name: str) -> None:
    """An update that turns out too large leaves neither the bare key nor a record of it behind."""
    client = dynamodb(engine)
    table = create_table(client, name)
    with pytest.raises(ClientError, match="size"):
        client.update_item(
            TableName=table,
            Key=key("new"),
            UpdateExpression="SET a = :a",
            ExpressionAttributeValues={":a": {"S": "x" * 420_000}},
        )
    assert client.scan(TableName=table)["Items"] == []
    assert read_stream(streams(engine), open_stream(streams(engine), table))[0] == []


def test_a_stream_reader_keeps_its_place_when_a_transaction_is_cancelled(engine: str, name: str) -> None:
    """What is written after a cancelled transaction reaches a reader that was there before it."""
    client, reader = dynamodb(engine), streams(engine)
    table = create_table(client, name)
    client.put_item(TableName=table, Item=item("before"))
    seen, iterator = read_stream(reader, open_stream(reader, table))
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(
            TransactItems=[put(table, item("half")), put(table, item("before"), **ABSENT)]
        )
    client.transact_write_items(TransactItems=[put(table, item("after")), put(table, item("after", "EVENT"))])
    later, _ = read_stream(reader, iterator)
    assert [record["dynamodb"]["Keys"] for record in seen] == [key("before")]
    assert [record["dynamodb"]["Keys"] for record in later] == [key("after"), key("after", "EVENT")]


def test_an_update_that_creates_an_item_shows_once(engine: str, name: str) -> None:
    """The stream has one INSERT with the whole item, and the next write follows it."""
    client, reader = dynamodb(engine), streams(engine)
    table = create_table(client, name)
    client.update_item(
        TableName=table,
        Key=key("c"),
        UpdateExpression="SET a = :a",
        ExpressionAttributeValues={":a": {"S": "1"}},
    )
    client.put_item(TableName=table, Item=item("c", a="2"))
    records, _ = read_stream(reader, open_stream(reader, table))
    shown = [(r["eventName"], r["dynamodb"].get("OldImage"), r["dynamodb"].get("NewImage")) for r in records]
    assert shown == [("INSERT", None, item("c", a="1")), ("MODIFY", item("c", a="1"), item("c", a="2"))]


def test_a_write_that_changes_nothing_does_not_show(engine: str, name: str) -> None:
    """Neither a put of the same item nor an update to the same value reaches the stream."""
    client, reader = dynamodb(engine), streams(engine)
    table = create_table(client, name)
    for _ in range(2):
        client.put_item(TableName=table, Item=item("c", a="1"))
        client.update_item(
            TableName=table,
            Key=key("c"),
            UpdateExpression="SET a = :a",
            ExpressionAttributeValues={":a": {"S": "1"}},
        )
    records, _ = read_stream(reader, open_stream(reader, table))
    assert [record["eventName"] for record in records] == ["INSERT"]
