"""The queues: SQS messages that carry ids and codes only.

Promise: a message may arrive twice, late or out of order, and every consumer is written for that. A failed
message is hidden and comes back when its visibility time-out ends; no code sleeps.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_sqs.client import SQSClient


class SqsQueues:
    """The hub's queues on SQS."""

    def __init__(self, client: SQSClient, urls: Mapping[str, str]) -> None:
        """`urls` maps a queue's name to its URL; a function knows only the queues it may use."""
        self._client = client
        self._urls = urls

    def send(self, queue: str, message: Mapping[str, str | int]) -> None:
        """Send a message to the queue of that name."""
        self._client.send_message(
            QueueUrl=self._urls[queue], MessageBody=json.dumps(message, separators=(",", ":"))
        )

    def hide(self, queue: str, receipt_handle: str, seconds: int) -> None:
        """Let a received message come back after so many seconds (0 to 43,200)."""
        self._client.change_message_visibility(
            QueueUrl=self._urls[queue], ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )
