"""A stream pump treats records as Lambda's event source mapping does, on both engines."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from infra.local.pumps import LambdaContext, SchedulePump, StreamPump, leave_records_as_json
from infra.local.pumps.events import stream_record
from tests.contract.emulator.tables import create_table, item, key
from tests.support.aws import dynamodb, eventually, streams

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from infra.local.pumps.base import Handler

MakePump = Callable[..., StreamPump]


@pytest.fixture
def client(engine: str) -> "DynamoDBClient":
    """Connect to the engine under test."""
    return dynamodb(engine)


@pytest.fixture
def table(client: "DynamoDBClient", name: str) -> str:
    """Make a table with a stream."""
    return create_table(client, name)


@pytest.fixture
def make_pump(engine: str, client: "DynamoDBClient", table: str) -> MakePump:
    """Make a pump on the table's stream."""

    def make(handler: "Handler", **options: Any) -> StreamPump:
        return StreamPump(streams(engine), client, table, handler, idle_seconds=0.02, **options)

    return make


def test_changes_arrive_in_order_with_both_images(
    client: "DynamoDBClient", table: str, make_pump: MakePump
) -> None:
    """Insert, change and removal of an item arrive as such, those from before the pump began included."""
    records: list[dict[str, Any]] = []

    def handler(event: dict[str, Any], _: LambdaContext) -> None:
        records.extend(event["Records"])

    client.put_item(TableName=table, Item={**item("c", a="1"), "sealed": {"B": b"\x01"}})
    with make_pump(handler, name="relay"):
        eventually(lambda: records)
        client.put_item(TableName=table, Item=item("c", a="2"))
        client.delete_item(TableName=table, Key=key("c"))
        eventually(lambda: len(records) >= 3)
    first = {**item("c", a="1"), "sealed": {"B": "AQ=="}}
    second = item("c", a="2")
    changes = [
        (record["eventName"], record["dynamodb"].get("OldImage"), record["dynamodb"].get("NewImage"))
        for record in records
    ]
    assert changes == [("INSERT", None, first), ("MODIFY", first, second), ("REMOVE", second, None)]
    assert records[0]["dynamodb"]["Keys"] == key("c")
    assert f"table/{table}/stream/" in records[0]["eventSourceARN"]
    assert isinstance(records[0]["dynamodb"]["ApproximateCreationDateTime"], float)


def test_nothing_is_missed_or_out_of_order_under_load(
    client: "DynamoDBClient", table: str, make_pump: MakePump
) -> None:
    """Each item's changes arrive once and in order while several writers write."""
    seen: dict[str, list[int]] = {}

    def handler(event: dict[str, Any], _: LambdaContext) -> None:
        for record in event["Records"]:
            image = record["dynamodb"]["NewImage"]
            seen.setdefault(image["PK"]["S"], []).append(int(image["version"]["S"]))

    def write(case: str) -> None:
        for version in range(25):
            client.put_item(TableName=table, Item=item(case, version=str(version)))

    with make_pump(handler, batch_size=7), ThreadPoolExecutor(4) as pool:
        list(pool.map(write, "abcd"))
        eventually(lambda: sum(map(len, seen.values())) >= 100)
    assert seen == {case: list(range(25)) for case in "abcd"}


def test_a_reported_failure_is_the_checkpoint(
    client: "DynamoDBClient", table: str, make_pump: MakePump
) -> None:
    """The batch comes again from the first record reported, not from its beginning; later ones wait."""
    calls: list[list[str]] = []

    def handler(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
        calls.append([record["dynamodb"]["Keys"]["PK"]["S"] for record in event["Records"]])
        if len(calls) > 1:
            return {"batchItemFailures": []}
        failed = [record for record in event["Records"] if record["dynamodb"]["Keys"]["PK"]["S"] in "dc"]
        return {
            "batchItemFailures": [
                {"itemIdentifier": record["dynamodb"]["SequenceNumber"]} for record in failed
            ]
        }

    for pk in "abcd":
        client.put_item(TableName=table, Item=item(pk))
    with make_pump(handler):
        eventually(lambda: len(calls) >= 2)
    assert calls == [["a", "b", "c", "d"], ["c", "d"]]


def test_a_batch_whose_handler_raises_is_halved(
    client: "DynamoDBClient", table: str, make_pump: MakePump
) -> None:
    """What comes before a bad record gets through; what comes after it waits until it is handled."""
    handled: list[str] = []
    cured = threading.Event()

    def handler(event: dict[str, Any], _: LambdaContext) -> None:
        batch = [record["dynamodb"]["Keys"]["PK"]["S"] for record in event["Records"]]
        if "c" in batch and not cured.is_set():
            raise RuntimeError
        handled.extend(batch)

    for pk in "abcd":
        client.put_item(TableName=table, Item=item(pk))
    with make_pump(handler):
        eventually(lambda: handled == ["a", "b"])
        cured.set()
        eventually(lambda: len(handled) >= 4)
    assert handled == ["a", "b", "c", "d"]


def test_a_filter_passes_only_the_events_it_names(
    client: "DynamoDBClient", table: str, make_pump: MakePump
) -> None:
    """Other records are skipped without a call."""
    seen: list[str] = []

    def handler(event: dict[str, Any], _: LambdaContext) -> None:
        seen.extend(record["dynamodb"]["NewImage"]["a"]["S"] for record in event["Records"])

    for a in ("1", "2"):
        client.put_item(TableName=table, Item=item("c", a=a))
    with make_pump(handler, event_names={"INSERT"}):
        eventually(lambda: seen)
        client.put_item(TableName=table, Item=item("d", a="3"))
        eventually(lambda: len(seen) >= 2)
    assert seen == ["1", "3"]


def test_records_left_as_json_make_the_same_event(engine: str, client: "DynamoDBClient", table: str) -> None:
    """Every type of attribute, in both images; and an error is still an error."""
    values: Any = {
        "text": {"S": "龑"},
        "number": {"N": "1.50"},
        "sealed": {"B": b"\x00\xff"},
        "seals": {"BS": [b"\x01"]},
        "inner": {"M": {"list": {"L": [{"NULL": True}, {"BOOL": False}, {"B": b"\x02"}]}}},
    }
    client.put_item(TableName=table, Item={**item("c"), **values})
    client.put_item(TableName=table, Item={**item("c"), "text": {"S": "a"}})
    client.delete_item(TableName=table, Key=key("c"))
    parsed, as_json = streams(engine), streams(engine)
    leave_records_as_json(as_json)
    arn = client.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    shard = parsed.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    events = []
    for reader in (parsed, as_json):
        place = reader.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        answer = reader.get_records(ShardIterator=place["ShardIterator"])
        assert answer["NextShardIterator"]
        events.append([stream_record(record, arn) for record in answer["Records"]])
    assert len(events[0]) == 3
    assert events[0] == events[1]
    with pytest.raises(ClientError):
        as_json.get_records(ShardIterator="unknown")


def test_an_expired_iterator_is_replaced(
    engine: str, client: "DynamoDBClient", table: str, make_pump: MakePump
) -> None:
    """After a long pause the pump goes on behind the last record it handled."""
    seen: list[str] = []

    def handler(event: dict[str, Any], _: LambdaContext) -> None:
        seen.extend(record["dynamodb"]["Keys"]["PK"]["S"] for record in event["Records"])

    expired = streams(engine).exceptions.ExpiredIteratorException
    pump = make_pump(handler)
    read = pump._streams.get_records  # noqa: SLF001 - time cannot be made to pass on a real engine
    expiries = iter([False, True, False, True])
    expired_at: list[int] = []

    def get_records(**arguments: Any) -> Any:
        if next(expiries, False):
            expired_at.append(len(seen))
            raise expired({"Error": {"Code": "ExpiredIteratorException"}}, "GetRecords")
        return read(**arguments)

    pump._streams.get_records = get_records  # type: ignore[method-assign]  # noqa: SLF001 - as above
    client.put_item(TableName=table, Item=item("a"))
    with pump:
        eventually(lambda: seen)
        client.put_item(TableName=table, Item=item("b"))
        eventually(lambda: len(seen) >= 2 and len(expired_at) == 2)
    assert seen == ["a", "b"]


def test_a_pump_ends_while_its_handler_keeps_failing(
    client: "DynamoDBClient", table: str, make_pump: MakePump
) -> None:
    """A record that is never handled does not keep the pump from stopping."""
    called = threading.Event()

    def handler(_event: dict[str, Any], _: LambdaContext) -> None:
        called.set()
        raise RuntimeError

    client.put_item(TableName=table, Item=item("a"))
    with make_pump(handler):
        assert called.wait(10)


def test_a_schedule_goes_on_after_a_run_that_raised() -> None:
    """The handler gets a scheduled event again and again."""
    events: list[dict[str, Any]] = []

    def sweep(event: dict[str, Any], _: LambdaContext) -> None:
        events.append(event)
        raise RuntimeError

    with SchedulePump(sweep, every_seconds=0.05):
        eventually(lambda: len(events) >= 3)
    assert events[0]["source"] == "aws.events"
    assert events[0]["resources"][0].endswith(":rule/sweep")
