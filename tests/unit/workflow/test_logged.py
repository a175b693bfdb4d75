"""What relay and consumers write down: success as well as failure, each with the ids of its own record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.registry import consumer
from chalicelib.workflow.batches import queue_batch
from chalicelib.workflow.relay import relay
from tests.support.fakes.hub import FakeHub
from tests.support.fakes.machinery import FakeQueues
from tests.support.journey import file
from tests.unit.test_observability import written_by

if TYPE_CHECKING:
    from tests.unit.workflow.test_consumers import RecordedRetries

IDS = ("message", "function", "case_id", "correlation_id")


def message(number: int, body: Any, chain: str | None = None) -> dict[str, Any]:
    attributes = {"correlation_id": {"dataType": "String", "stringValue": chain}} if chain else {}
    return {
        "messageId": f"m{number}",
        "receiptHandle": f"r{number}",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": attributes,
    }


def handled(hub: FakeHub, *messages: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return what each line of a batch is about."""

    def no_retries() -> RecordedRetries:
        raise AssertionError("nothing is put off here")

    lines = written_by(
        lambda: void(queue_batch(consumer("workflow"), {"Records": messages}, lambda: hub, no_retries))
    )
    return [tuple(line.get(name) for name in IDS) for line in lines if "_aws" not in line]


def void(_: object) -> None:
    """Take an answer and give none."""


def test_a_message_handled_is_logged_with_the_chain_that_it_came_with() -> None:
    """Beside the message, in the machine's input, or, where neither says, the message's own id."""
    hub = FakeHub()
    case_id = file(hub)
    changed = {"kind": "changed", "case_id": case_id, "sequence": 1}
    waits = {"generation": 1, "step": "assignment", "since": 1, "token": "t"}
    arrived = {"kind": "arrived", "case_id": case_id, **waits, "input": {"correlation_id": "chain-2"}}
    lines = handled(hub, message(0, changed, "chain-1"), message(1, arrived), message(2, changed))
    assert lines == [
        ("message handled", "workflow", case_id, "chain-1"),
        ("message handled", "workflow", case_id, "chain-2"),
        ("message handled", "workflow", case_id, "m2"),
    ]


@pytest.mark.parametrize("body", ["no json", "[]", '"text"', '{"kind": "changed", "input": 3}'])
def test_a_message_that_cannot_be_read_carries_no_other_messages_keys(body: str) -> None:
    hub = FakeHub()
    case_id = file(hub)
    good = {"kind": "changed", "case_id": case_id, "sequence": 1}
    first, second = handled(hub, message(0, good, "chain-1"), message(1, body))
    assert first == ("message handled", "workflow", case_id, "chain-1")
    assert second == ("message failed", "workflow", None, "m1")


def test_what_is_relayed_is_a_line_of_its_own_case_and_goes_on_with_the_chain_it_was_stored_in() -> None:
    """A record without a chain, of an earlier release, begins its own."""
    records = [
        {"eventName": "INSERT", "dynamodb": {"Keys": keys, "SequenceNumber": str(number), **image}}
        for number, (keys, image) in enumerate(
            [
                (_event_of("c1"), {"NewImage": {"correlation_id": {"S": "chain-1"}}}),
                (_event_of("c2"), {"NewImage": {"correlation_id": {"S": "chain-2"}}}),
                (_event_of("c3"), {}),
            ]
        )
    ]
    lines = written_by(lambda: void(relay({"Records": records}, FakeQueues)))
    assert [tuple(line[name] for name in (*IDS, "queue")) for line in lines] == [
        ("relayed", "relay", "c1", "chain-1", "workflow"),
        ("relayed", "relay", "c2", "chain-2", "workflow"),
        ("relayed", "relay", "c3", "2", "workflow"),
    ]
    for number, line in enumerate(lines):
        others = {"c1", "c2", "c3"} - {f"c{number + 1}"}
        assert not others & {str(value) for value in line.values()}


def _event_of(case_id: str) -> dict[str, dict[str, str]]:
    return {"PK": {"S": f"CASE#{case_id}"}, "SK": {"S": "EVENT#00000002"}}


def test_a_record_that_cannot_be_relayed_is_logged_with_its_own_ids() -> None:
    keys = {"PK": {"S": "CASE#c1"}, "SK": {"S": "EVENT#none"}}
    stored = {"Keys": keys, "SequenceNumber": "7", "NewImage": {"correlation_id": {"S": "chain-1"}}}
    record = {"eventName": "INSERT", "dynamodb": stored}
    (line,) = written_by(lambda: void(relay({"Records": [record]}, FakeQueues)))
    assert tuple(line[name] for name in IDS) == ("stream record failed", "relay", "c1", "chain-1")
    assert (line["sequence_number"], line["error"]) == ("7", "ValueError")
