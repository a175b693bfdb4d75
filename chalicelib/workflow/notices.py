"""The notices queue: messages owed to parties.

Promise: a gateway that is down is retried by the queue with growing delay and jitter; what an operator must
mend ends in the DLQ with its alarm. Neither a phone nor a code is ever in the queue's message or a log line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.errors import MessengerUnavailable
from chalicelib.use_cases.send_notice import send_notice
from chalicelib.workflow.batches import queue_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.use_cases.ports import Hub
    from chalicelib.workflow.batches import Retries


def handle_notices(
    event: Mapping[str, Any], hub: Callable[[], Hub], retries: Callable[[], Retries]
) -> dict[str, Any]:
    """Send a batch of owed messages to parties."""

    def handle(body: Mapping[str, Any], record: Mapping[str, Any]) -> None:
        try:
            send_notice(hub(), body["case_id"], body["notice_id"])
        except MessengerUnavailable as down:
            attempt = int(record["attributes"]["ApproximateReceiveCount"])
            retries().put_off(record["receiptHandle"], attempt, down.retry_after_seconds)
            hub().metrics.count("NoticesPutOff")
            raise

    return queue_batch(event, handle)
