"""The queues: SQS messages that carry ids and codes only.

Promise: a message may arrive twice, late or out of order, and every consumer is written for that. A failed
message is hidden and comes back when its visibility time-out ends; no code sleeps.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.aws import calling
from chalicelib.observability import CORRELATION_ID, correlation_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_sqs.client import SQSClient

    from chalicelib.use_cases.records import Outgoing

# `json.dumps` would make an encoder for each message of a hundred.
_COMPACT: Final = json.JSONEncoder(separators=(",", ":"))
LONGEST_HIDDEN_SECONDS: Final = 12 * 3600 - 15 * 60
"""SQS counts twelve hours from the receipt; a function has had the message for up to 15 minutes by then."""


class SqsQueues:
    """The hub's queues on SQS."""

    def __init__(self, client: SQSClient, urls: Mapping[str, str]) -> None:
        """`urls` maps a queue's name to its URL; a function knows only the queues it may use."""
        self._client = client
        self._urls = urls

    def send(self, queue: str, message: Mapping[str, str | int]) -> None:
        """Send a message to the queue of that name; the correlation id goes beside it."""
        with calling(changes=True):
            self._client.send_message(QueueUrl=self._urls[queue], **_written(message, correlation_id()))

    def send_all(self, queue: str, messages: Sequence[Outgoing]) -> list[int]:
        """Send up to SENT_AT_ONCE messages in one call; return the places of those that were not taken."""
        entries: Any = [
            {"Id": str(place), **_written(message.body, message.correlation_id)}
            for place, message in enumerate(messages)
        ]
        with calling(changes=True):
            answer = self._client.send_message_batch(QueueUrl=self._urls[queue], Entries=entries)
        # The call succeeds even if SQS takes only some of the messages, or none.
        taken = {entry["Id"] for entry in answer.get("Successful", [])}
        return [place for place, entry in enumerate(entries) if entry["Id"] not in taken]

    def hide(self, queue: str, receipt_handle: str, seconds: int) -> None:
        """Let a received message come back after so many seconds, or after the longest that SQS allows."""
        with calling(changes=True):
            self._client.change_message_visibility(
                QueueUrl=self._urls[queue],
                ReceiptHandle=receipt_handle,
                VisibilityTimeout=min(seconds, LONGEST_HIDDEN_SECONDS),
            )


def _written(message: Mapping[str, str | int], chain: str | None) -> dict[str, Any]:
    attributes = {CORRELATION_ID: {"DataType": "String", "StringValue": chain}} if chain else {}
    return {"MessageBody": _COMPACT.encode(message), "MessageAttributes": attributes}
