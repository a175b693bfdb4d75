"""Batches: one record at a time, failures reported one by one.

Promise: what failed comes back and what succeeded does not (ReportBatchItemFailures); an error is logged
by class and place, never with the record. Case and correlation ids stand in every line of a record. A message
to somebody who is unavailable comes back with growing delay and jitter; what can't be delivered ends in the
dead-letter queue with its alarm, and the case still says what is owed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.domain.errors import Unavailable
from chalicelib.observability import log, log_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.consumers import Consumer
    from chalicelib.use_cases.ports import Hub


class Retries(Protocol):
    """How a message to somebody who is unavailable is put off."""

    def put_off(self, queue: str, receipt_handle: str, attempt: int, retry_after_seconds: int | None) -> None:
        """Let the message come back later than the queue would bring it."""
        ...


def queue_batch(
    consumer: Consumer, event: Mapping[str, Any], hub: Callable[[], Hub], retries: Callable[[], Retries]
) -> dict[str, Any]:
    """Give each SQS record's JSON body to the consumer's handler; report the message ids that failed."""
    handle = consumer.load()
    failed = []
    for record in event["Records"]:
        log.append_keys(case_id=None, correlation_id=record["messageId"])
        try:
            body = json.loads(record["body"])
            log.append_keys(case_id=body.get("case_id"))
            _handle(consumer, handle, body, record, hub(), retries)
        except Exception as error:  # noqa: BLE001 - one record's failure must not fail its neighbours
            log_failure("message failed", error, message_id=record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _handle(
    consumer: Consumer,
    handle: Callable[..., None],
    body: Mapping[str, Any],
    record: Mapping[str, Any],
    hub: Hub,
    retries: Callable[[], Retries],
) -> None:
    try:
        handle(hub, **body)
    except Unavailable as unavailable:
        if consumer.put_off_metric is not None:
            attempt = int(record["attributes"]["ApproximateReceiveCount"])
            retries().put_off(
                consumer.name, record["receiptHandle"], attempt, unavailable.retry_after_seconds
            )
            hub.metrics.count(consumer.put_off_metric)
        raise


def stream_batch(event: Mapping[str, Any], handle: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Handle stream records in order; stop at the first that fails and report it."""
    for record in event["Records"]:
        sequence = record["dynamodb"]["SequenceNumber"]
        try:
            handle(record)
        except Exception as error:  # noqa: BLE001 - the stream goes on from here, whatever it was
            log_failure("stream record failed", error, sequence_number=sequence)
            return {"batchItemFailures": [{"itemIdentifier": sequence}]}
    return {"batchItemFailures": []}
