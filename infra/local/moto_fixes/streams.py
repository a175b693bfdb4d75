"""A correct stream for the DynamoDB of moto.

What moto 5.2.5 does: a write that changes nothing shows in the stream, every record claims to be from
us-east-1, and each GetRecords leaves an iterator in memory for ever (some 80 MB a day for one idle reader).
An empty answer comes at once, so that a reader that wants to be quick asks thirty times a second, for nothing
most times.

What this does: no record without a change, the table's own region, and a bounded number of live iterators; an
older one answers ExpiredIteratorException as AWS does after 15 minutes. Whoever reads at the end of a shard
is answered when there is a record, or after a moment without any.

Downside: the bound is a number of reads, not 15 minutes, so a slow reader beside a busy one loses its place
earlier than on AWS. A reader has to survive that anyway.
"""

import threading
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamShard
from moto.dynamodbstreams.models import DynamoDBStreamsBackend
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler

from infra.local.moto_fixes.activity import ACTIVITY
from infra.local.moto_fixes.locks import TABLES
from infra.local.replacing import replace

LIVE_ITERATORS = 2000
_PATIENCE_SECONDS = 0.3
_written = threading.Condition(TABLES)
"""Waiting for it lets the other requests in."""

Method = Callable[..., Any]


class ExpiredIteratorError(JsonRESTError):
    """The iterator is unknown or too old; the reader asks for a new one after its last sequence number."""

    def __init__(self) -> None:
        super().__init__("ExpiredIteratorException", "The iterator has expired")


def apply() -> None:
    """Patch moto's stream shards and DynamoDB Streams."""
    replace(StreamShard, "add", _only_changes)
    replace(DynamoDBStreamsBackend, "get_records", _bounded_iterators)
    replace(DynamoDBStreamsHandler, "get_records", _worth_the_answer)


def _only_changes(original: Method) -> Method:
    def add(shard: StreamShard, old: Item | None, new: Item | None) -> None:
        if old is not None and new is not None and old == new:
            return
        original(shard, old, new)
        ACTIVITY.written(shard)
        shard.items[-1].record["awsRegion"] = shard.table.region_name
        with _written:
            _written.notify_all()

    return add


def _bounded_iterators(original: Method) -> Method:
    def get_records(backend: DynamoDBStreamsBackend, iterator_arn: str, limit: int) -> Any:
        iterators = backend.shard_iterators
        if iterator_arn not in iterators:
            raise ExpiredIteratorError
        place = iterators[iterator_arn]
        answer = original(backend, iterator_arn, limit)
        if not answer["Records"]:
            ACTIVITY.read_to_the_end(place.stream_shard)
        while len(iterators) > LIVE_ITERATORS:
            del iterators[next(iter(iterators))]
        return answer

    return get_records


def _worth_the_answer(original: Method) -> Method:
    def get_records(handler: DynamoDBStreamsHandler) -> ActionResult:
        answer: ActionResult = original(handler)
        found: Any = answer.result
        if found["Records"]:
            return answer
        with _written:
            _written.wait(_PATIENCE_SECONDS)
        again: ActionResult = original(handler)
        return again

    return get_records
