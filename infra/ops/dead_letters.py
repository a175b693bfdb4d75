"""Moves messages from a dead-letter queue back to its queue, and relays again what the relay gave up on.

Promise: a message is deleted from the DLQ only after it was sent; consumers ignore what they have
handled before, so a crash in between causes a duplicate, never a loss. SQS's own redrive is missing in
the Chinese regions, hence this one. The relay's dead letters hold positions of the table's stream, not
records: the records are read there again, as long as the stream keeps them (24 hours).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from chalicelib.workflow.relay import relay
from infra.ops.target import WrongInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

    from chalicelib.use_cases.ports import Queues

_BATCH: Final = 10


@dataclass(frozen=True, slots=True)
class Redriven:
    """How many messages were moved, or would be."""

    messages: int


@dataclass(slots=True)
class Relayed:
    """How many positions were relayed again and how many records they held; how many the stream forgot."""

    messages: int = 0
    records: int = 0
    forgotten: int = 0


class StreamForgot(Exception):
    """The stream does not reach back to a position any more."""


def url_of(client: SQSClient, queue: str) -> str:
    """Return a queue's URL; raises WrongInput where there is no such queue."""
    try:
        return client.get_queue_url(QueueName=queue)["QueueUrl"]
    except client.exceptions.QueueDoesNotExist as error:
        raise WrongInput(
            f"no queue {queue} in {client.meta.region_name}: check the name, --stack and the region"
        ) from error


def redrive(
    client: SQSClient, dead: str, queue: str, *, limit: int, progress: Callable[[int], None]
) -> Redriven:
    """Move up to `limit` messages from the queue URL `dead` to the queue URL `queue`."""
    moved = 0
    for messages in _received(client, dead, limit):
        for message in messages:
            client.send_message(QueueUrl=queue, MessageBody=message["Body"])
            client.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        moved += len(messages)
        progress(moved)
    return Redriven(moved)


def relay_again(
    sqs: SQSClient,
    streams: DynamoDBStreamsClient,
    dead: str,
    queues: Queues,
    *,
    limit: int,
    drop: bool,
) -> Relayed:
    """Relay the records behind up to `limit` positions; `drop` deletes those the stream has forgotten."""
    result = Relayed()
    for message in chain.from_iterable(_received(sqs, dead, limit)):
        try:
            records = list(_records(streams, json.loads(message["Body"])["DDBStreamBatchInfo"]))
        except StreamForgot:
            result.forgotten += 1
            if not drop:
                continue  # it shows again when its visibility ends
        else:
            failed = relay({"Records": records}, lambda: queues)["batchItemFailures"]
            if failed:
                raise WrongInput("a record can't be relayed: the line above says why; mend it and repeat")
            result.messages += 1
            result.records += len(records)
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
    return result


def waiting(client: SQSClient, queue: str) -> int:
    """Return about how many messages a queue holds."""
    answer = client.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def about(client: SQSClient, dead: str, case_id: str, *, limit: int) -> tuple[int, int]:
    """Return how many of a DLQ's messages name a case, and how many were looked at; all of them stay."""
    bodies = [message["Body"] for message in chain.from_iterable(_received(client, dead, limit))]
    return sum(case_id in body for body in bodies), len(bodies)


def _received(client: SQSClient, dead: str, limit: int) -> Iterator[list[MessageTypeDef]]:
    left = limit
    while left > 0:
        answer = client.receive_message(
            QueueUrl=dead, MaxNumberOfMessages=min(_BATCH, left), WaitTimeSeconds=1
        )
        messages = answer.get("Messages", [])
        if not messages:
            return
        left -= len(messages)
        yield messages


def _records(streams: DynamoDBStreamsClient, position: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the records from a position's first to its last; raises StreamForgot."""
    try:
        iterator: str | None = streams.get_shard_iterator(
            StreamArn=position["streamArn"],
            ShardId=position["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=position["startSequenceNumber"],
        )["ShardIterator"]
        left = int(position["batchSize"])
        while iterator is not None and left > 0:
            answer = streams.get_records(ShardIterator=iterator, Limit=left)
            for record in answer["Records"]:
                yield dict(record)
            left -= len(answer["Records"])
            iterator = answer.get("NextShardIterator") if answer["Records"] else None
    except streams.exceptions.TrimmedDataAccessException as gone:
        raise StreamForgot from gone
    except streams.exceptions.ResourceNotFoundException as gone:
        raise StreamForgot from gone
