"""Reads the meter on the wire: AWS requests by service and operation, and what they use.

Promise: it counts what the hub's functions ask for and what Lambda is billed for on their behalf. Requests
of no case are counted apart, by name: Lambda's own reading of the stream (free), polls that found
nothing, the reconciler's look at the due index (a fixed cost), and what a local pump asks at its start. SQS
is counted as AWS bills it at low load: each message is sent, received and deleted alone.

Units of DynamoDB are computed from the items themselves: each written item is read at the emulator before and
after its write, which is why writes pass one at a time here. Downside: the hub runs slower under the meter.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from chalicelib.consumers import STAYS
from infra.bench.units import WriteUnits, index_writes, read_units, write_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from infra.bench.units import Item
    from infra.bench.wire import Answer, Call

_WRITES: Final = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})
_READS: Final = frozenset({"GetItem", "Query", "BatchGetItem"})
_TRANSACTION: Final = "TransactWriteItems"
_OK: Final = 200
_SET_ASIDE: Final = frozenset(
    {
        "dynamodb.GetRecords",
        "dynamodb.GetShardIterator",
        "dynamodb.DescribeStream",
        "dynamodb.DescribeTable",
        "sqs.GetQueueAttributes",
        "sqs.ChangeMessageVisibilityBatch",
        "sts.GetCallerIdentity",
    }
)
_RECEIVE: Final = "sqs.ReceiveMessage"
_BATCHES: Final = {
    "sqs.DeleteMessageBatch": "sqs.DeleteMessage",
    "sqs.SendMessageBatch": "sqs.SendMessage",
}
"""Counted as a request for each message: at low load a batch holds one."""


@dataclass(slots=True)
class Reading:
    """What was counted since the last `take`."""

    requests: Counter[str] = field(default_factory=Counter)
    """By `service.Operation`: what the functions asked for, and what Lambda is billed for each message."""
    set_aside: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)
    """Messages received, by queue: one call of its consumer each, at low load."""
    messages: set[str] = field(default_factory=set)
    write_units: WriteUnits = field(default_factory=WriteUnits)
    heat: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Write units by the index, or the table (""), and the partition that they were written to."""
    read_units: float = 0.0
    inserting: int = 0
    """Writes that put something new into the table: each wakes the relay once, at low load."""


class Meter:
    """Watches a tap; `item` reads an item by table and key without being counted."""

    def __init__(self, item: Callable[[str, Mapping[str, Any]], Item | None]) -> None:
        self._item = item
        self._one_write = threading.Lock()
        self._lock = threading.Lock()
        self._reading = Reading()

    def take(self) -> Reading:
        """Return the reading and begin a new one."""
        with self._lock:
            taken, self._reading = self._reading, Reading()
        return taken

    def observe(self, call: Call, forward: Callable[[], Answer]) -> Answer:
        """Count one call; see `wire.tapped`."""
        if call.service == "dynamodb" and call.operation in _WRITES:
            return self._write(call, forward)
        answer = forward()
        if call.service == "dynamodb" and call.operation in _READS:
            self._read(call, answer)
        elif call.name == _RECEIVE:
            self._receive(call, answer)
        else:
            self._count(call)
        return answer

    def _count(self, call: Call) -> None:
        with self._lock:
            if call.name in _SET_ASIDE:
                self._reading.set_aside[call.name] += 1
            elif call.name in _BATCHES:
                self._reading.requests[_BATCHES[call.name]] += len(call.arguments["Entries"])
            else:
                self._reading.requests[call.name] += 1

    def _receive(self, call: Call, answer: Answer) -> None:
        messages = answer.json.get("Messages", []) if answer.status == _OK else []
        queue = call.arguments["QueueUrl"].rpartition("/")[2].rpartition("-")[2]
        with self._lock:
            if not messages:
                self._reading.set_aside[call.name] += 1
                return
            self._reading.requests[call.name] += len(messages)
            self._reading.received[queue] += len(messages)
            self._reading.messages.update(message["MessageId"] for message in messages)

    def _read(self, call: Call, answer: Answer) -> None:
        arguments = call.arguments
        if arguments.get("IndexName") == "due":
            with self._lock:
                self._reading.set_aside[f"{call.name} (due)"] += 1
            return
        units = _units_read(call.operation, arguments, answer.json)
        with self._lock:
            self._reading.requests[call.name] += 1
            self._reading.read_units += units

    def _write(self, call: Call, forward: Callable[[], Answer]) -> Answer:
        keys = list(written_keys(call.operation, call.arguments))
        with self._one_write:
            before = [self._item(table, key) for table, key in keys]
            answer = forward()
            after = [self._item(table, key) for table, key in keys]
        transactional = call.operation == _TRANSACTION
        images = list(zip(before, after, strict=True))
        units = sum((write_units(*pair, transactional=transactional) for pair in images), WriteUnits())
        with self._lock:
            self._reading.requests[call.name] += 1
            self._reading.write_units += units
            self._reading.heat.update(_heat(keys, images, transactional=transactional))
            self._reading.inserting += any(
                old is None and new is not None and STAYS not in new for old, new in images
            )
        return answer


def _units_read(operation: str, arguments: Mapping[str, Any], found: Mapping[str, Any]) -> float:
    if operation == "BatchGetItem":
        return sum(
            _batch_units(asked, found["Responses"][table])
            for table, asked in arguments["RequestItems"].items()
        )
    items = found.get("Items", [found["Item"]] if "Item" in found else [])
    return read_units(items, consistent=arguments.get("ConsistentRead", False))


def _batch_units(asked: Mapping[str, Any], items: Sequence[Item]) -> float:
    """Return what a table's part of a BatchGetItem costs: each key by itself, found or not."""
    consistent = asked.get("ConsistentRead", False)
    missing = len(asked["Keys"]) - len(items)
    found = sum(read_units([item], consistent=consistent) for item in items)
    return found + missing * read_units([], consistent=consistent)


def _heat(
    keys: Sequence[tuple[str, Mapping[str, Any]]],
    images: Sequence[tuple[Item | None, Item | None]],
    *,
    transactional: bool,
) -> Counter[tuple[str, str]]:
    heat: Counter[tuple[str, str]] = Counter()
    for (_, key), (before, after) in zip(keys, images, strict=True):
        heat["", key["PK"]["S"]] += write_units(before, after, transactional=transactional).table
        for index, partition, units in index_writes(before, after):
            heat[index, partition] += units
    return heat


def written_keys(operation: str, arguments: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield table and key of each item that a write names."""
    if operation != _TRANSACTION:
        yield arguments["TableName"], _key(arguments)
        return
    for entry in arguments["TransactItems"]:
        ((_, write),) = entry.items()
        yield write["TableName"], _key(write)


def _key(write: Mapping[str, Any]) -> Mapping[str, Any]:
    named = write.get("Key") or write["Item"]
    return {name: named[name] for name in ("PK", "SK")}
