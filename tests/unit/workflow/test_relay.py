"""The relay makes one message of ids of each thing stored, and nothing of anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.workflow.relay import relay
from tests.support.fakes.machinery import FakeQueues

if TYPE_CHECKING:
    from collections.abc import Mapping


def record(pk: str, sk: str, name: str = "INSERT", sequence: str = "1") -> dict[str, Any]:
    keys = {"PK": {"S": pk}, "SK": {"S": sk}}
    return {"eventName": name, "dynamodb": {"Keys": keys, "SequenceNumber": sequence}}


def test_an_event_a_dispatch_a_notice_and_a_callback_each_reach_their_queue() -> None:
    queues = FakeQueues()
    records = [
        record("CASE#c1", "EVENT#00000002"),
        record("CASE#c1", "DISPATCH#c1-D2"),
        record("CASE#c1", "NOTICE#c1-N2-r1-payment_due"),
        record("CALLBACK#court#m1", "CALLBACK"),
    ]
    assert relay({"Records": records}, lambda: queues) == {"batchItemFailures": []}
    assert queues == {
        "workflow": [{"kind": "changed", "case_id": "c1", "sequence": 2}],
        "court": [{"case_id": "c1", "dispatch_id": "c1-D2"}],
        "notices": [{"case_id": "c1", "notice_id": "c1-N2-r1-payment_due"}],
        "callbacks": [{"callback_id": "court#m1"}],
    }


@pytest.mark.parametrize(
    ("pk", "sk"),
    [
        ("CASE#c1", "CASE"),
        ("CASE#c1", "PARTIES"),
        ("CASE#c1", "WORKFLOW"),
        ("CASE#c1", "CODE#r1"),
        ("IDEM#a#b", "IDEM"),
        ("KEY#i", "KEY"),
        ("POLICY#i", "V#00000002"),
    ],
)
def test_other_records_are_passed_over(pk: str, sk: str) -> None:
    queues = FakeQueues()
    relay({"Records": [record(pk, sk)]}, lambda: queues)
    assert queues == {}


@pytest.mark.parametrize("name", ["MODIFY", "REMOVE", "UNKNOWN_TO_SDK_VERSION"])
def test_a_change_of_a_stored_record_is_no_news(name: str) -> None:
    """Nor is its end, whoever deletes it: for the time to live DynamoDB Local has a name of its own."""
    queues = FakeQueues()
    relay({"Records": [record("CALLBACK#court#m1", "CALLBACK", name=name)]}, lambda: queues)
    assert queues == {}


class _QueuesDown(FakeQueues):
    """Takes no message about case c2."""

    def send(self, queue: str, message: Mapping[str, str | int]) -> None:
        if message["case_id"] == "c2":
            raise ConnectionError
        super().send(queue, message)


def test_the_stream_goes_on_from_the_first_record_that_failed() -> None:
    """What follows a failed record is not relayed before it, and what preceded it not again."""
    queues = _QueuesDown()
    records = [record(f"CASE#c{n}", "EVENT#00000001", sequence=str(n)) for n in (1, 2, 3)]
    assert relay({"Records": records}, lambda: queues) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert [message["case_id"] for message in queues["workflow"]] == ["c1"]
