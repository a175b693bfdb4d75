"""Moves messages from a dead-letter queue back to its queue.

Promise: a message is deleted from the DLQ only after it was sent; consumers ignore what they have
handled before, so a crash in between causes a duplicate, never a loss. SQS's own redrive is missing in
the Chinese regions, hence this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs.client import SQSClient

_BATCH = 10


@dataclass(frozen=True, slots=True)
class Redriven:
    """How many messages were moved, or would be."""

    messages: int


def redrive(
    client: SQSClient, dead: str, queue: str, *, limit: int, progress: Callable[[int], None]
) -> Redriven:
    """Move up to `limit` messages from the queue URL `dead` to the queue URL `queue`."""
    moved = 0
    while moved < limit:
        wanted = min(_BATCH, limit - moved)
        answer = client.receive_message(QueueUrl=dead, MaxNumberOfMessages=wanted, WaitTimeSeconds=1)
        messages = answer.get("Messages", [])
        if not messages:
            break
        for message in messages:
            client.send_message(QueueUrl=queue, MessageBody=message["Body"])
            client.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        moved += len(messages)
        progress(moved)
    return Redriven(moved)


def waiting(client: SQSClient, dead: str) -> int:
    """Return about how many messages a queue holds."""
    answer = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])
