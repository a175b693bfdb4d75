"""Calls a function with a table's changes in order, as Lambda's event source mapping does.

Records of one shard are handled one batch after the other, a shard after its parent. A batch that fails is
tried again from the first record reported as failed; one whose handler raised is halved, so that what comes
before a bad record gets through. Works on moto, LocalStack and DynamoDB Local.

Downside: one thread reads all shards; that is enough for one process.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from infra.local.pumps.base import Handler, HandlerFailedError, Pump, failures
from infra.local.pumps.events import Event, stream_record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_dynamodbstreams.type_defs import RecordTypeDef, ShardTypeDef

_FIRST_RETRY_SECONDS = 0.1
_LONGEST_RETRY_SECONDS = 5.0


@dataclass(slots=True)
class _Shard:
    """How far a shard was read; without a sequence number, nothing yet."""

    id: str
    parent: str | None
    iterator: str | None = None
    last_sequence: str | None = None
    finished: bool = False


class StreamPump(Pump):
    """Reads a table's stream from its oldest record on; `event_names` filters like FilterCriteria.

    `on_idle` is called whenever nothing new was found, in the pump's own thread.
    """

    def __init__(
        self,
        streams: "DynamoDBStreamsClient",
        dynamodb: "DynamoDBClient",
        table: str,
        handler: Handler,
        *,
        name: str | None = None,
        batch_size: int = 100,
        event_names: Collection[str] | None = None,
        idle_seconds: float = 0.1,
        on_idle: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(handler, name=name)
        self._streams = streams
        self._dynamodb = dynamodb
        self._table = table
        self._batch_size = batch_size
        self._event_names = event_names
        self._idle_seconds = idle_seconds
        self._on_idle = on_idle
        self._arn: str | None = None
        self._shards: dict[str, _Shard] = {}

    def _step(self) -> None:
        try:
            read = sum(self._read(shard) for shard in self._open_shards())
        except self._streams.exceptions.ResourceNotFoundException:
            # Another stream took its place, or the emulator was restarted: look for it again.
            self._arn = None
            self._shards.clear()
            raise
        if not read:
            self._on_idle()
        if read < self._batch_size:
            # Records that follow each other closely go to the function together.
            self._stopping.wait(self._idle_seconds)

    def _open_shards(self) -> list[_Shard]:
        open_shards = self._readable()
        if not open_shards:
            for found in self._list_shards():
                known = _Shard(found["ShardId"], found.get("ParentShardId"))
                self._shards.setdefault(known.id, known)
            open_shards = self._readable()
        return open_shards

    def _readable(self) -> list[_Shard]:
        def waits_for_parent(shard: _Shard) -> bool:
            parent = self._shards.get(shard.parent or "")
            return parent is not None and not parent.finished

        return [
            shard for shard in self._shards.values() if not shard.finished and not waits_for_parent(shard)
        ]

    def _list_shards(self) -> "list[ShardTypeDef]":
        shards: list[ShardTypeDef] = []
        arn = self._stream_arn()
        page = self._streams.describe_stream(StreamArn=arn)["StreamDescription"]
        shards += page["Shards"]
        while last := page.get("LastEvaluatedShardId"):
            page = self._streams.describe_stream(StreamArn=arn, ExclusiveStartShardId=last)[
                "StreamDescription"
            ]
            shards += page["Shards"]
        return shards

    def _stream_arn(self) -> str:
        if self._arn is None:
            self._arn = self._dynamodb.describe_table(TableName=self._table)["Table"]["LatestStreamArn"]
        return self._arn

    def _read(self, shard: _Shard) -> int:
        """Read and deliver one page; returns how many records it had."""
        try:
            answer = self._streams.get_records(
                ShardIterator=shard.iterator or self._iterator(shard), Limit=self._batch_size
            )
        except ClientError as error:
            self._recover(shard, error)
            return 1
        records = answer["Records"]
        if records and not self._deliver(records):
            return 0
        if records:
            shard.last_sequence = records[-1]["dynamodb"]["SequenceNumber"]
        shard.iterator = answer.get("NextShardIterator")
        shard.finished = shard.iterator is None
        return len(records)

    def _iterator(self, shard: _Shard) -> str:
        arn = self._stream_arn()
        if shard.last_sequence is None:
            found = self._streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard.id, ShardIteratorType="TRIM_HORIZON"
            )
        else:
            found = self._streams.get_shard_iterator(
                StreamArn=arn,
                ShardId=shard.id,
                ShardIteratorType="AFTER_SEQUENCE_NUMBER",
                SequenceNumber=shard.last_sequence,
            )
        return found["ShardIterator"]

    def _recover(self, shard: _Shard, error: ClientError) -> None:
        """Go back to the last record handled when the iterator is too old; raises any other error."""
        code = error.response["Error"].get("Code")
        if code == "TrimmedDataAccessException":
            # The stream no longer has this record: continue with the oldest one it has.
            shard.last_sequence = None
        elif code != "ExpiredIteratorException":
            raise error
        shard.iterator = None

    def _deliver(self, records: "list[RecordTypeDef]") -> bool:
        """Call the handler until all records are handled; False if stopped before that."""
        pending = [
            stream_record(record, self._stream_arn())
            for record in records
            if self._event_names is None or record["eventName"] in self._event_names
        ]
        size, pause = self._batch_size, _FIRST_RETRY_SECONDS
        while pending and not self._stopping.is_set():
            batch = pending[:size]
            try:
                passed = _passed(self._call({"Records": batch}), batch)
            except HandlerFailedError:
                passed, size = 0, max(1, len(batch) // 2)
            pending = pending[passed:]
            if passed < len(batch):
                self._stopping.wait(pause)
                pause = min(2 * pause, _LONGEST_RETRY_SECONDS)
            else:
                size, pause = min(2 * size, self._batch_size), _FIRST_RETRY_SECONDS
        return not pending


def _passed(answer: object, batch: list[Event]) -> int:
    """Count the records before the first one reported as failed: Lambda's checkpoint."""
    sequences = [record["dynamodb"]["SequenceNumber"] for record in batch]
    failed = failures(answer, sequences)
    return next((at for at, sequence in enumerate(sequences) if sequence in failed), len(batch))
