"""A queue pump treats messages as Lambda's event source mapping does."""

import json
import logging
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.pumps import LambdaContext, QueuePump
from tests.support.aws import eventually, sqs

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class Queue:
    """A queue with a dead-letter queue, seen from outside."""

    def __init__(self, client: "SQSClient", name: str) -> None:
        self.client = client
        self.dlq_url = client.create_queue(QueueName=f"{name}-dlq")["QueueUrl"]
        redrive = {"deadLetterTargetArn": self._attribute(self.dlq_url, "QueueArn"), "maxReceiveCount": 3}
        attributes: dict[Any, str] = {"VisibilityTimeout": "1", "RedrivePolicy": json.dumps(redrive)}
        self.url = client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def send(self, *bodies: str) -> None:
        """Send messages."""
        for body in bodies:
            self.client.send_message(
                QueueUrl=self.url,
                MessageBody=body,
                MessageAttributes={"kind": {"DataType": "String", "StringValue": "test"}},
            )

    def is_empty(self) -> bool:
        """Say whether nothing is left, not even in flight.

        To be asked of a stopped pump only: a message that is taken between the two counts stands in neither.
        """
        return self._count(self.url) == 0

    def dead(self) -> int:
        """Count the messages nobody could handle."""
        return self._count(self.dlq_url)

    def _count(self, url: str) -> int:
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        return sum(int(self._attribute(url, name)) for name in names)

    def _attribute(self, url: str, name: Any) -> str:
        return self.client.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]


@pytest.fixture
def queue(aws_endpoint: str, name: str) -> Queue:
    """Make a queue whose messages come back after a second, three times at most."""
    return Queue(sqs(aws_endpoint), name)


def test_messages_arrive_as_lambda_records_and_are_deleted(queue: Queue) -> None:
    """Every message reaches the handler once, with its attributes and the queue's ARN."""
    seen: list[tuple[Any, LambdaContext]] = []

    def handler(event: dict[str, Any], context: LambdaContext) -> None:
        seen.extend((record, context) for record in event["Records"])

    queue.send(*map(str, range(25)))
    with QueuePump(queue.client, queue.url, handler, name="court", workers=3):
        eventually(lambda: len(seen) >= 25)
    assert queue.is_empty()
    assert Counter(record["body"] for record, _ in seen) == Counter(map(str, range(25)))
    record, context = seen[0]
    assert record["eventSourceARN"].endswith(queue.url.rpartition("/")[2])
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["kind"]["stringValue"] == "test"
    assert context.function_name == "court"


def test_only_the_reported_failures_come_back(queue: Queue) -> None:
    """A batch's successes are deleted; its failures return with a higher receive count."""
    received: list[tuple[str, str]] = []

    def handler(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
        failed = []
        for record in event["Records"]:
            count = record["attributes"]["ApproximateReceiveCount"]
            received.append((record["body"], count))
            if record["body"] == "bad" and count == "1":
                failed.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failed}

    queue.send("good", "bad", "fine")
    with QueuePump(queue.client, queue.url, handler):
        eventually(lambda: len(received) >= 4)
    assert queue.is_empty()
    assert Counter(received) == Counter([("good", "1"), ("bad", "1"), ("fine", "1"), ("bad", "2")])


def test_a_handler_that_raises_loses_nothing_and_kills_nothing(
    queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    """The whole batch comes back and in the end goes to the dead-letter queue; the log has no payload."""
    handled: list[str] = []

    def handler(event: dict[str, Any], _: LambdaContext) -> None:
        bodies = [record["body"] for record in event["Records"]]
        if "poison 张三" in bodies:
            raise ValueError(bodies)
        handled.extend(bodies)

    queue.send("poison 张三")
    with caplog.at_level(logging.DEBUG, "infra"), QueuePump(queue.client, queue.url, handler):
        eventually(queue.dead)
        queue.send("good")
        eventually(lambda: handled == ["good"])
    assert queue.is_empty()
    assert "ValueError at test_queue_pump.py:" in caplog.text
    assert "张三" not in caplog.text


@pytest.mark.parametrize("raises", [True, False], ids=["raised", "reported"])
def test_a_retry_can_be_sooner_than_the_visibility_time_out(queue: Queue, *, raises: bool) -> None:
    """With `retry_seconds` what failed comes back after that time, whether it was raised or reported."""
    queue.client.set_queue_attributes(QueueUrl=queue.url, Attributes={"VisibilityTimeout": "600"})
    calls: list[int] = []

    def handler(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
        calls.append(len(event["Records"]))
        if len(calls) > 1:
            return {}
        if raises:
            raise RuntimeError
        return {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]}

    queue.send("a")
    with QueuePump(queue.client, queue.url, handler, retry_seconds=0):
        eventually(lambda: len(calls) >= 2)
    assert queue.is_empty()
    assert calls == [1, 1]


def test_stopping_finishes_what_is_in_hand(queue: Queue) -> None:
    """A message that is being handled when the pump is stopped is deleted, not handled again."""
    begun, go_on = threading.Event(), threading.Event()

    def handler(_event: dict[str, Any], _: LambdaContext) -> None:
        begun.set()
        go_on.wait(10)

    queue.send("a")
    pump = QueuePump(queue.client, queue.url, handler)
    pump.start()
    assert begun.wait(10)
    threading.Timer(0.2, go_on.set).start()
    pump.stop()
    assert queue.is_empty()


def test_a_pump_waits_for_a_queue_that_is_not_there_yet(
    aws_endpoint: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Trouble with the service is logged and tried again."""
    client = sqs(aws_endpoint)
    url = client.create_queue(QueueName=name)["QueueUrl"]
    client.delete_queue(QueueUrl=url)
    seen: list[str] = []

    def handler(event: dict[str, Any], _: LambdaContext) -> None:
        seen.extend(record["body"] for record in event["Records"])

    with caplog.at_level(logging.WARNING, "infra"), QueuePump(client, url, handler, name="court"):
        eventually(lambda: "court: the source failed: QueueDoesNotExist" in caplog.text)
        client.create_queue(QueueName=name)
        client.send_message(QueueUrl=url, MessageBody="late")
        eventually(lambda: seen)
    assert seen == ["late"]
