"""The court's two queues: messages owed to it, and its callbacks.

Promise: a court that is down is retried by the queue with growing delay and jitter; what can't be
delivered ends in the DLQ with its alarm, and the case still says what is owed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.errors import CourtUnavailable
from chalicelib.use_cases.apply_callback import apply_callback
from chalicelib.use_cases.dispatch_to_court import dispatch_to_court
from chalicelib.workflow.batches import queue_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.use_cases.ports import Hub
    from chalicelib.workflow.batches import Retries


def handle_court(
    event: Mapping[str, Any], hub: Callable[[], Hub], retries: Callable[[], Retries]
) -> dict[str, Any]:
    """Send a batch of owed messages to the court."""

    def handle(body: Mapping[str, Any], record: Mapping[str, Any]) -> None:
        try:
            dispatch_to_court(hub(), body["case_id"], body["dispatch_id"])
        except CourtUnavailable as down:
            attempt = int(record["attributes"]["ApproximateReceiveCount"])
            retries().put_off(record["receiptHandle"], attempt, down.retry_after_seconds)
            hub().metrics.count("CourtFailures")
            raise

    return queue_batch(event, handle)


def handle_callbacks(event: Mapping[str, Any], hub: Callable[[], Hub]) -> dict[str, Any]:
    """Apply a batch of stored callbacks."""
    return queue_batch(event, lambda body, _record: apply_callback(hub(), body["callback_id"]))
