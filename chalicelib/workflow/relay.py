"""The relay: from the table's stream to the queues, the one path out of the hub.

Promise: each stored record that the table of consumers names becomes one message of ids; a record that can't
be relayed is retried with what follows it, in order. Downside: a stream keeps 24 hours; after a longer outage
the reconciler and an operator's `reemit` make up for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.observability import log
from chalicelib.registry import relayed
from chalicelib.workflow.batches import stream_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.use_cases.ports import Queues


def relay(event: Mapping[str, Any], queues: Callable[[], Queues]) -> dict[str, Any]:
    """Relay a batch of stream records; returns the first that failed, from which the stream goes on."""
    return stream_batch(event, lambda record: _relay(record, queues()))


def _relay(record: Mapping[str, Any], queues: Queues) -> None:
    if record["eventName"] != "INSERT":
        return
    keys = record["dynamodb"]["Keys"]
    becomes = relayed(keys["PK"]["S"], keys["SK"]["S"])
    if becomes is not None:
        queues.send(*becomes)
        log.info("relayed", extra={"queue": becomes[0]})
