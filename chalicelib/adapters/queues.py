"""The queues: SQS messages that carry ids and codes only.

Promise: what a consumer reads is built here and nowhere else; a message may arrive twice, late or out
of order, and every consumer is written for that. Failed messages come back by visibility, never by a
sleep.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_sqs.client import SQSClient

CHANGED: Final = "changed"
ARRIVED: Final = "arrived"
OVERDUE: Final = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueUrls:
    """Where the queues are; a function knows only those it may use."""

    workflow: str
    court: str
    callbacks: str
    notices: str


class SqsQueues:
    """The hub's queues on SQS."""

    def __init__(self, client: SQSClient, urls: QueueUrls) -> None:
        self._client = client
        self._urls = urls

    def case_changed(self, case_id: str, sequence: int) -> None:
        """Tell the workflow that a case has a new event."""
        self._send(self._urls.workflow, {"kind": CHANGED, "case_id": case_id, "sequence": sequence})

    def dispatch_due(self, case_id: str, dispatch_id: str) -> None:
        """Ask for a message to be sent to the court."""
        self._send(self._urls.court, {"case_id": case_id, "dispatch_id": dispatch_id})

    def callback_stored(self, callback_id: str) -> None:
        """Ask for a stored court callback to be applied."""
        self._send(self._urls.callbacks, {"callback_id": callback_id})

    def notice_due(self, case_id: str, notice_id: str) -> None:
        """Ask for a message to be sent to a party."""
        self._send(self._urls.notices, {"case_id": case_id, "notice_id": notice_id})

    def hide_from_court_queue(self, receipt_handle: str, seconds: int) -> None:
        """Let a message to the court come back after so many seconds (0 to 43,200)."""
        self._hide(self._urls.court, receipt_handle, seconds)

    def hide_from_notices_queue(self, receipt_handle: str, seconds: int) -> None:
        """Let a message to a party come back after so many seconds (0 to 43,200)."""
        self._hide(self._urls.notices, receipt_handle, seconds)

    def _hide(self, url: str, receipt_handle: str, seconds: int) -> None:
        self._client.change_message_visibility(
            QueueUrl=url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )

    def _send(self, url: str, message: Mapping[str, Any]) -> None:
        self._client.send_message(QueueUrl=url, MessageBody=json.dumps(message, separators=(",", ":")))
