"""The tap, between real clients and the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import urllib3
from botocore.exceptions import ClientError

from infra.bench.children import BenchError
from infra.bench.emulator import Behind, clients, wait_until
from infra.bench.meter import Meter
from infra.bench.units import WriteUnits
from infra.bench.wire import tapped
from tests.support.aws import unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Clients = Callable[[str], Any]


@pytest.fixture
def meter(aws_endpoint: str) -> Meter:
    """Return a meter that looks at the emulator itself."""
    return Meter(Behind(aws_endpoint).item)


@pytest.fixture
def through(aws_endpoint: str, meter: Meter) -> Iterator[Clients]:
    """Make clients whose requests pass the meter."""
    with tapped(aws_endpoint, meter.observe) as url:
        yield clients(url)


def test_a_table_answers_through_the_tap_as_it_would_without(through: Clients, meter: Meter) -> None:
    """Values come back, errors stay errors, and the units are those of the items."""
    table = unique("tap")
    keys = [("PK", "HASH"), ("SK", "RANGE")]
    dynamodb = through("dynamodb")
    dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
    )
    meter.take()
    item = {"PK": {"S": "a"}, "SK": {"S": "b"}, "x": {"B": b"\x00" * 1500}}
    dynamodb.put_item(TableName=table, Item=item)
    key = {"PK": item["PK"], "SK": item["SK"]}
    assert dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"] == item
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        dynamodb.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(PK)")
    reading = meter.take()
    assert reading.requests == {"dynamodb.PutItem": 2, "dynamodb.GetItem": 1}
    assert (reading.write_units, reading.read_units, reading.inserting) == (WriteUnits(4), 1, 1)


def test_a_queue_is_billed_by_the_message(through: Clients, meter: Meter) -> None:
    """Its URL leads through the tap as well."""
    sqs = through("sqs")
    url = sqs.create_queue(QueueName=f"{unique('tap')}-court")["QueueUrl"]
    meter.take()
    for text in ("one", "two"):
        sqs.send_message(QueueUrl=url, MessageBody=text)
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    entries = [
        {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
        for number, message in enumerate(messages)
    ]
    sqs.delete_message_batch(QueueUrl=url, Entries=entries)
    assert sqs.receive_message(QueueUrl=url).get("Messages") is None
    reading = meter.take()
    assert reading.requests == {"sqs.SendMessage": 2, "sqs.ReceiveMessage": 2, "sqs.DeleteMessage": 2}
    assert reading.received == {"court": 2}
    assert reading.set_aside == {"sqs.ReceiveMessage": 1}


def test_a_document_passes_whole(through: Clients, meter: Meter) -> None:
    """Bytes in, bytes out; S3 is counted by method."""
    s3 = through("s3")
    bucket = unique("tap")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    meter.take()
    content = bytes(range(256)) * 100
    s3.put_object(Bucket=bucket, Key="a/b", Body=content)
    assert s3.get_object(Bucket=bucket, Key="a/b")["Body"].read() == content
    assert meter.take().requests == {"s3.PUT": 1, "s3.GET": 1}


def test_a_body_of_unknown_length_is_refused(aws_endpoint: str, meter: Meter) -> None:
    """It could not be handed on as it came."""
    with tapped(aws_endpoint, meter.observe) as url, urllib3.PoolManager() as http:
        answer = http.request("POST", url, body=iter([b"a", b"b"]), chunked=True, retries=False)
    assert answer.status == 411


def test_waiting_ends_with_a_name_for_what_did_not_come() -> None:
    """And not before it is time."""
    wait_until(lambda: True, "nothing")
    with pytest.raises(BenchError, match="the tide"):
        wait_until(lambda: False, "the tide", seconds=0.1)
