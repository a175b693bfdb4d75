"""The relay: from the table's stream to the queues, the one path out of the hub.

Promise: a stored event, an owed dispatch or notice and a stored callback each become one message of ids; a
record that can't be relayed is retried with what follows it, in order. Downside: a stream keeps 24 hours;
after a longer outage the reconciler and an operator's `reemit` make up for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.workflow.batches import stream_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.use_cases.ports import Queues

_EVENT: Final = "EVENT#"
_DISPATCH: Final = "DISPATCH#"
_NOTICE: Final = "NOTICE#"
_CALLBACK: Final = "CALLBACK#"
_CASE: Final = "CASE#"


def relay(event: Mapping[str, Any], queues: Callable[[], Queues]) -> dict[str, Any]:
    """Relay a batch of stream records; returns the first that failed, from which the stream goes on."""
    return stream_batch(event, lambda record: _relay(record, queues()))


def _relay(record: Mapping[str, Any], queues: Queues) -> None:
    if record["eventName"] != "INSERT":
        return
    keys = record["dynamodb"]["Keys"]
    partition, sort = keys["PK"]["S"], keys["SK"]["S"]
    if sort.startswith(_EVENT):
        queues.case_changed(partition.removeprefix(_CASE), int(sort.removeprefix(_EVENT)))
    elif sort.startswith(_DISPATCH):
        queues.dispatch_due(partition.removeprefix(_CASE), sort.removeprefix(_DISPATCH))
    elif sort.startswith(_NOTICE):
        queues.notice_due(partition.removeprefix(_CASE), sort.removeprefix(_NOTICE))
    elif partition.startswith(_CALLBACK):
        queues.callback_stored(partition.removeprefix(_CALLBACK))
