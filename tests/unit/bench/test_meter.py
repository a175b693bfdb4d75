"""What the meter counts, and what it sets aside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.bench.meter import Meter
from infra.bench.units import WriteUnits
from infra.bench.wire import Answer, Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CASE: dict[str, Any] = {"PK": {"S": "CASE#1"}, "SK": {"S": "CASE"}}
QUEUE = "http://127.0.0.1/123456789012/jiefen-hub-local-{}"


class Table:
    """A table of which the meter sees the items."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}

    def item(self, _table: str, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Read an item."""
        return self.items.get(json.dumps(key))

    def put(self, item: dict[str, Any]) -> Callable[[], Answer]:
        """Return what writes the item when it is handed on."""

        def forward() -> Answer:
            self.items[json.dumps({name: item[name] for name in ("PK", "SK")})] = item
            return answered({})

        return forward


@pytest.fixture
def table() -> Table:
    """Return an empty table."""
    return Table()


@pytest.fixture
def meter(table: Table) -> Meter:
    """Return a meter that reads nothing yet."""
    return Meter(table.item)


def answered(body: Mapping[str, Any], status: int = 200) -> Answer:
    """Return an answer in JSON."""
    return Answer(status=status, headers={}, body=json.dumps(body).encode())


def call(service: str, operation: str, **arguments: Any) -> Call:
    """Return a call in JSON."""
    return Call(service=service, operation=operation, body=json.dumps(arguments).encode())


def see(meter: Meter, made: Call, answer: Answer | None = None) -> None:
    """Let a call pass; the answer must come through unchanged."""
    expected = answer or answered({})
    assert meter.observe(made, lambda: expected) is expected


def test_a_write_costs_by_the_items_before_and_after(meter: Meter, table: Table) -> None:
    """The first write inserts, the second does not."""
    item = {**CASE, "x": {"S": "x" * 1500}}
    meter.observe(call("dynamodb", "PutItem", TableName="t", Item=item), table.put(item))
    small = {**CASE, "x": {"S": "x"}}
    meter.observe(call("dynamodb", "PutItem", TableName="t", Item=small), table.put(small))
    reading = meter.take()
    assert reading.requests == {"dynamodb.PutItem": 2}
    assert (reading.write_units, reading.inserting) == (WriteUnits(4), 1)


def test_a_transaction_is_one_request_and_twice_the_units(meter: Meter, table: Table) -> None:
    """Puts and updates alike; it wakes the relay once."""
    writes = [
        {"Put": {"TableName": "t", "Item": CASE}},
        {"Update": {"TableName": "t", "Key": {"PK": {"S": "CASE#1"}, "SK": {"S": "WORKFLOW"}}}},
    ]
    meter.observe(call("dynamodb", "TransactWriteItems", TransactItems=writes), table.put(CASE))
    reading = meter.take()
    assert reading.requests == {"dynamodb.TransactWriteItems": 1}
    assert (reading.write_units, reading.inserting) == (WriteUnits(4), 1)


def test_reads_cost_by_what_came_back(meter: Meter) -> None:
    """Consistent or not, one item, a page or nothing."""
    see(meter, call("dynamodb", "GetItem", ConsistentRead=True), answered({"Item": CASE}))
    see(meter, call("dynamodb", "GetItem", ConsistentRead=True))
    see(meter, call("dynamodb", "Query", IndexName="by_court"), answered({"Items": [CASE, CASE]}))
    reading = meter.take()
    assert reading.requests == {"dynamodb.GetItem": 2, "dynamodb.Query": 1}
    assert reading.read_units == 2.5


def test_the_reconcilers_look_and_lambdas_own_reading_are_set_aside(meter: Meter) -> None:
    """They cost the same without any case."""
    see(meter, call("dynamodb", "Query", IndexName="due"), answered({"Items": []}))
    see(meter, call("dynamodb", "GetRecords"))
    see(meter, call("sqs", "ReceiveMessage", QueueUrl=QUEUE.format("court")))
    reading = meter.take()
    assert not reading.requests
    assert reading.read_units == 0
    assert reading.set_aside == {
        "dynamodb.Query (due)": 1,
        "dynamodb.GetRecords": 1,
        "sqs.ReceiveMessage": 1,
    }


def test_a_batch_is_billed_message_by_message(meter: Meter) -> None:
    """As if each had come alone; a message received again is a message still."""
    messages = {"Messages": [{"MessageId": "a"}, {"MessageId": "b"}]}
    see(meter, call("sqs", "ReceiveMessage", QueueUrl=QUEUE.format("workflow")), answered(messages))
    again = {"Messages": [{"MessageId": "a"}]}
    see(meter, call("sqs", "ReceiveMessage", QueueUrl=QUEUE.format("workflow")), answered(again))
    see(meter, call("sqs", "DeleteMessageBatch", Entries=[{"Id": "0"}, {"Id": "1"}]))
    reading = meter.take()
    assert reading.requests == {"sqs.ReceiveMessage": 3, "sqs.DeleteMessage": 2}
    assert reading.received == {"workflow": 3}
    assert reading.messages == {"a", "b"}


def test_a_refused_receive_brought_nothing(meter: Meter) -> None:
    """Its body holds no messages."""
    see(meter, call("sqs", "ReceiveMessage", QueueUrl=QUEUE.format("court")), answered({}, 400))
    assert not meter.take().requests


def test_everything_else_counts_once(meter: Meter) -> None:
    """And a reading that was taken begins anew."""
    see(meter, call("states", "StartExecution"))
    assert meter.take().requests == {"states.StartExecution": 1}
    assert not meter.take().requests
