"""Batches: one record at a time, failures reported one by one.

Promise: what failed comes back and what succeeded does not (ReportBatchItemFailures); an error is logged
by class and place, never with the record. Case and correlation ids stand in every line of a record. A message
to somebody who is unavailable comes back with growing delay and jitter; what can't be delivered ends in the
dead-letter queue with its alarm, and the case still says what is owed. Once a call to AWS got no answer, the
next record is begun only while one more such call fits in the function's time-out: a function that runs out
of time fails the records that succeeded too.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.domain.errors import StoreBusy, Unavailable
from chalicelib.observability import about, log, log_failure

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
    consumer: Consumer,
    event: Mapping[str, Any],
    hub: Callable[[], Hub],
    retries: Callable[[], Retries],
    seconds: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Give each SQS record's JSON body to the consumer's handler; report the message ids that failed."""
    handle = consumer.load()
    failed: list[dict[str, str]] = []
    begun = seconds()
    usable = float("inf")  # how long after that a record may be begun
    for record in event["Records"]:
        if seconds() - begun > usable:
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        with about(function=consumer.name, message_id=record["messageId"], **_ids(record)):
            try:
                _handle(consumer, handle, _message(consumer, record), record, hub(), retries)
                log.info("message handled")
            except Exception as error:  # noqa: BLE001 - one record's failure must not fail its neighbours
                log_failure("message failed", error)
                if isinstance(error, StoreBusy):
                    usable = _seconds_before_the_last_call(consumer)
                failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _seconds_before_the_last_call(consumer: Consumer) -> float:
    from chalicelib.adapters.aws import LONGEST_CALL_SECONDS  # noqa: PLC0415 - every function imports this module

    return consumer.timeout_seconds - LONGEST_CALL_SECONDS


def _message(consumer: Consumer, record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the handler takes: a later release's relay may send more."""
    body: dict[str, Any] = json.loads(record["body"])
    body.pop("input", None)
    return body if consumer.kind else {name: body[name] for name in consumer.ids}


def _ids(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the case and the chain that a message belongs to; a message that can't be read is its own."""
    try:
        body = json.loads(record["body"])
        case_id, known = body.get("case_id"), body.get("input", {}).get("correlation_id")
    except (ValueError, AttributeError):
        case_id, known = None, None
    sent = record.get("messageAttributes", {}).get("correlation_id", {}).get("stringValue")
    return {"case_id": case_id, "correlation_id": sent or known or record["messageId"]}


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
