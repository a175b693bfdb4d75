"""A stream pump follows shards as they split and close, on a stream that is made to do so."""

import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalice.app import Chalice

from infra.local.pumps import LambdaContext, Pump, SchedulePump, StreamPump, stop_all
from tests.support.aws import eventually

ARN = "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/cases/stream/1"


class NotFoundError(ClientError):
    """The stream is gone."""


@dataclass
class Shard:
    """A shard with the sequence numbers of its records."""

    id: str
    sequences: list[int]
    parent: str | None = None
    closed: bool = False


@dataclass
class Stream:
    """Both clients of a stream that shows one shard a page and one record a read."""

    shards: list[Shard]
    trouble: list[str] = field(default_factory=list)
    exceptions: Any = field(
        default_factory=lambda: type("Errors", (), {"ResourceNotFoundException": NotFoundError})
    )

    def describe_table(self, **_: str) -> Any:
        """Name the stream."""
        return {"Table": {"LatestStreamArn": ARN}}

    def describe_stream(self, **arguments: str) -> Any:
        """Show the shard after ExclusiveStartShardId."""
        ids = [shard.id for shard in self.shards]
        at = ids.index(arguments["ExclusiveStartShardId"]) + 1 if "ExclusiveStartShardId" in arguments else 0
        shard = self.shards[at]
        page: dict[str, Any] = {"Shards": [{"ShardId": shard.id, "ParentShardId": shard.parent}]}
        if at + 1 < len(ids):
            page["LastEvaluatedShardId"] = shard.id
        return {"StreamDescription": page}

    def get_shard_iterator(self, **arguments: str) -> Any:
        """Point before the first record, or behind a sequence number."""
        return {"ShardIterator": f"{arguments['ShardId']}:{arguments.get('SequenceNumber', 0)}"}

    def get_records(self, **arguments: Any) -> Any:
        """Give the next record; a closed shard that was read has no next iterator."""
        if self.trouble:
            code = self.trouble.pop(0)
            kind = NotFoundError if code == "ResourceNotFoundException" else ClientError
            raise kind({"Error": {"Code": code, "Message": ""}}, "GetRecords")
        shard_id, last = arguments["ShardIterator"].split(":")
        (shard,) = [shard for shard in self.shards if shard.id == shard_id]
        records = [
            {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(sequence)}}
            for sequence in shard.sequences
            if sequence > int(last)
        ][:1]
        answer: dict[str, Any] = {"Records": records}
        if records or not shard.closed:
            reached = records[-1]["dynamodb"]["SequenceNumber"] if records else last  # type: ignore[index]  # a record made above
            answer["NextShardIterator"] = f"{shard_id}:{reached}"
        return answer


def _pump(stream: Stream, seen: list[str]) -> StreamPump:
    def handler(event: dict[str, Any], _: LambdaContext) -> None:
        seen.extend(record["dynamodb"]["SequenceNumber"] for record in event["Records"])

    clients: Any = stream
    return StreamPump(clients, clients, "cases", handler, idle_seconds=0.01)


def test_a_shard_is_read_after_its_parent() -> None:
    """Children wait until the parent is closed and read; shards that appear later are found."""
    stream = Stream([Shard("child", [11, 12], parent="root"), Shard("root", [1, 2, 3], closed=True)])
    seen: list[str] = []
    with _pump(stream, seen):
        eventually(lambda: len(seen) >= 5)
        stream.shards.append(Shard("grandchild", [21], parent="child"))
        stream.shards[0].closed = True
        eventually(lambda: len(seen) >= 6)
    assert seen == ["1", "2", "3", "11", "12", "21"]


@pytest.mark.parametrize(
    "code", ["ExpiredIteratorException", "TrimmedDataAccessException", "ResourceNotFoundException"]
)
def test_trouble_with_the_stream_is_survived(code: str) -> None:
    """An iterator too old, records trimmed away, a stream that was replaced: the pump finds its way back."""
    stream = Stream([Shard("root", [1])], trouble=[code])
    seen: list[str] = []
    with _pump(stream, seen):
        eventually(lambda: seen)
    assert set(seen) == {"1"}


def test_other_trouble_is_waited_out() -> None:
    """What the pump does not know is logged and tried again."""
    stream = Stream([Shard("root", [1])], trouble=["InternalServerError"])
    seen: list[str] = []
    with _pump(stream, seen):
        eventually(lambda: seen)
    assert seen == ["1"]


def test_a_pump_is_named_after_its_function() -> None:
    """Also after the one inside Chalice's wrapper, and as it is told."""
    app = Chalice("test", configure_logs=False)

    def sweep(_event: object) -> None:
        """Do nothing."""

    assert SchedulePump(app.schedule("rate(1 minute)")(sweep), every_seconds=60).name == "sweep"
    assert SchedulePump(lambda *_: None, every_seconds=60, name="reconcile").name == "reconcile"


def test_several_pumps_stop_together() -> None:
    """All are told before the first is waited for."""
    pumps: list[Pump] = [SchedulePump(lambda *_: None, every_seconds=3600) for _ in range(3)]
    for pump in itertools.islice(pumps, 2):
        pump.start()
    stop_all(pumps)
