"""Each test fails on moto as released (`HUB_EMULATOR=plain`); moto runs in this process."""

import pytest
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.dynamodbstreams.models import DynamoDBStreamsBackend

from infra.local.moto_fixes import streams
from tests.support.aws import PLAIN

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
