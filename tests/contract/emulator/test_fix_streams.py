"""Each test fails on moto as released (`HUB_EMULATOR=plain`); but for the last, moto runs in this process."""

import threading

import pytest
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.dynamodbstreams.models import DynamoDBStreamsBackend

from infra.local.moto_fixes import streams
from tests.contract.emulator.tables import create_table, item
from tests.support.aws import PLAIN, dynamodb
from tests.support.aws import streams as streams_of

ACCOUNT, REGION = "123456789012", "cn-north-1"


@pytest.fixture
def table(name: str) -> Table:
    """Make a table with a stream."""
    if not PLAIN:
        streams.apply()
    return dynamodb_backends[ACCOUNT][REGION].create_table(
        name,
        schema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        attr=[{"AttributeName": "PK", "AttributeType": "S"}],
        streams={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        throughput=None,
        global_indexes=None,
        indexes=None,
        billing_mode="PAY_PER_REQUEST",
        sse_specification=None,
        tags=[],
        deletion_protection_enabled=None,
        warm_throughput=None,
    )


def test_reading_on_and_on_keeps_a_bounded_number_of_iterators(table: Table) -> None:
    """An iterator too old to be kept answers ExpiredIteratorException, as AWS does after 15 minutes."""
    backend = DynamoDBStreamsBackend(REGION, ACCOUNT)
    assert table.stream_shard is not None
    first = backend.get_shard_iterator(table.table_arn, table.stream_shard.id, "TRIM_HORIZON").arn
    iterator = first
    for _ in range(streams.LIVE_ITERATORS + 10):
        iterator = backend.get_records(iterator, 10)["NextShardIterator"]
    assert len(backend.shard_iterators) <= streams.LIVE_ITERATORS
    with pytest.raises(streams.ExpiredIteratorError):
        backend.get_records(first, 10)


def test_a_record_names_the_region_of_its_table(table: Table) -> None:
    """The record of a table in China says so."""
    table.put_item({"PK": {"S": "1"}})
    assert table.stream_shard is not None
    assert [record.record["awsRegion"] for record in table.stream_shard.items] == [REGION]


def test_who_reads_at_the_end_is_answered_when_there_is_a_record(aws_endpoint: str, name: str) -> None:
    """The write that comes while the reader waits is in the answer, so the reader keeps nobody out."""
    client, reader = dynamodb(aws_endpoint), streams_of(aws_endpoint)
    create_table(client, name)
    arn = client.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    (shard,) = reader.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    place = reader.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST")
    write = threading.Timer(0.1, lambda: client.put_item(TableName=name, Item=item("c")))
    write.start()
    found = reader.get_records(ShardIterator=place["ShardIterator"])
    write.join()
    assert [record["dynamodb"]["NewImage"] for record in found["Records"]] == [item("c")]
    assert reader.get_records(ShardIterator=found["NextShardIterator"])["Records"] == []
