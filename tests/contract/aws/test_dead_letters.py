"""Dead letters go back to their queue, each at least once and none lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.queues import SqsQueues
from infra.ops.dead_letters import redrive, relay_again, waiting
from tests.support.aws import sqs, unique

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


@pytest.fixture
def client(aws_endpoint: str) -> SQSClient:
    return sqs(aws_endpoint)


@pytest.fixture
def queues(client: SQSClient) -> tuple[str, str]:
    name = unique("court")
    return tuple(client.create_queue(QueueName=n)["QueueUrl"] for n in (f"{name}-dlq", name))  # type: ignore[return-value]  # two names, two URLs


def test_every_dead_letter_goes_back(client: SQSClient, queues: tuple[str, str]) -> None:
    dead, queue = queues
    for number in range(23):
        client.send_message(QueueUrl=dead, MessageBody=str(number))
    progress: list[int] = []
    assert redrive(client, dead, queue, limit=1000, progress=progress.append).messages == 23
    assert (waiting(client, dead), waiting(client, queue), progress[-1]) == (0, 23, 23)


def test_no_more_than_asked_for(client: SQSClient, queues: tuple[str, str]) -> None:
    dead, queue = queues
    for number in range(5):
        client.send_message(QueueUrl=dead, MessageBody=str(number))
    assert redrive(client, dead, queue, limit=2, progress=lambda _n: None).messages == 2
    assert waiting(client, queue) == 2
    assert waiting(client, dead) == 3


class Forgetful:
    """A client of streams that keep nothing."""

    class exceptions:  # noqa: N801 - boto3 names it so
        """The errors such a client has."""

        class TrimmedDataAccessException(Exception):
            """Older than the stream."""

        class ResourceNotFoundException(Exception):
            """No such shard any more."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def get_shard_iterator(self, **_: Any) -> None:
        """Refuse."""
        raise self._error


@pytest.mark.parametrize(
    "error",
    [Forgetful.exceptions.TrimmedDataAccessException, Forgetful.exceptions.ResourceNotFoundException],
)
def test_a_position_that_the_stream_forgot_stays_until_it_is_dropped(
    client: SQSClient, queues: tuple[str, str], error: type[Exception]
) -> None:
    """Nothing is sent for it either way."""
    dead, queue = queues
    client.set_queue_attributes(QueueUrl=dead, Attributes={"VisibilityTimeout": "0"})
    position = {"streamArn": "s", "shardId": "1", "startSequenceNumber": "1", "batchSize": 2}
    client.send_message(QueueUrl=dead, MessageBody=json.dumps({"DDBStreamBatchInfo": position}))
    streams: Any = Forgetful(error)
    to = SqsQueues(client, {"workflow": queue})
    for drop, left in ((False, 1), (True, 0)):
        result = relay_again(client, streams, dead, to, limit=1, drop=drop)
        assert (result.messages, result.forgotten, waiting(client, dead)) == (0, 1, left)
    assert waiting(client, queue) == 0
