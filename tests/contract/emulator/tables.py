"""A table as the hub has one, and its stream read to the end."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient


def create_table(dynamodb: "DynamoDBClient", name: str) -> str:
    """Create a table with a stream and an index `by_list` (list, SK); returns its name."""
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("PK", "SK", "list")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_list",
                "KeySchema": [
                    {"AttributeName": "list", "KeyType": "HASH"},
                    {"AttributeName": "SK", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return name


def item(pk: str, sk: str = "CASE", **attributes: str) -> dict[str, Any]:
    """Make an item of strings."""
    return {key: {"S": value} for key, value in {"PK": pk, "SK": sk, **attributes}.items()}


def key(pk: str, sk: str = "CASE") -> dict[str, Any]:
    """Make a key."""
    return item(pk, sk)


def open_stream(streams: "DynamoDBStreamsClient", table: str) -> str:
    """Return an iterator at the beginning of the table's stream."""
    arn = streams.list_streams(TableName=table)["Streams"][0]["StreamArn"]
    shards = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    (shard,) = [shard for shard in shards if "EndingSequenceNumber" not in shard["SequenceNumberRange"]]
    return streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]


def read_stream(streams: "DynamoDBStreamsClient", iterator: str) -> tuple[list[Any], str]:
    """Read until nothing more comes; returns the records and where to read on."""
    records: list[Any] = []
    while True:
        answer = streams.get_records(ShardIterator=iterator)
        records += answer["Records"]
        iterator = answer["NextShardIterator"]
        if not answer["Records"]:
            return records, iterator


def put(table: str, new: dict[str, Any], **options: Any) -> Any:
    """Make a transaction's Put."""
    return {"Put": {"TableName": table, "Item": new, **options}}


ABSENT = {"ConditionExpression": "attribute_not_exists(PK)"}
"""The condition that fails on an item that exists."""
