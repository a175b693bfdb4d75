"""Batches: one record at a time, failures reported one by one.

Promise: what failed comes back and what succeeded does not (ReportBatchItemFailures); an error is logged
by class and place, never with the record. Case and correlation ids stand in every line of a record.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.observability import log, log_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Retries(Protocol):
    """How a message to somebody who is down is put off."""

    def put_off(self, receipt_handle: str, attempt: int, retry_after_seconds: int | None) -> None:
        """Let the message come back later than the queue would bring it."""
        ...


def queue_batch(
    event: Mapping[str, Any], handle: Callable[[dict[str, Any], Mapping[str, Any]], None]
) -> dict[str, Any]:
    """Handle each SQS record's JSON body; report the message ids that failed."""
    failed = []
    for record in event["Records"]:
        log.append_keys(case_id=None, correlation_id=record["messageId"])
        try:
            body = json.loads(record["body"])
            log.append_keys(case_id=body.get("case_id"))
            handle(body, record)
        except Exception as error:  # noqa: BLE001 - one record's failure must not fail its neighbours
            log_failure("message failed", error, message_id=record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


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
