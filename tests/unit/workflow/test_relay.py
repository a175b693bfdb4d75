"""The relay makes one message of ids of each thing stored, and nothing of anything else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from chalicelib.registry import consumer
from chalicelib.use_cases.records import SENT_AT_ONCE, Outgoing
from chalicelib.workflow.relay import relay
from tests.support.fakes.machinery import FakeQueues

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence


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


def test_an_event_that_leaves_its_case_at_its_step_is_no_news() -> None:
    """No execution has to follow. One without the attribute is told, as an earlier release stores it."""
    queues = FakeQueues()
    staying, moving = record("CASE#c1", "EVENT#00000002"), record("CASE#c2", "EVENT#00000002")
    staying["dynamodb"]["NewImage"] = {"stays": {"BOOL": True}}
    moving["dynamodb"]["NewImage"] = {"case_id": {"S": "c2"}}
    assert relay({"Records": [staying, moving]}, lambda: queues) == {"batchItemFailures": []}
    assert queues == {"workflow": [{"kind": "changed", "case_id": "c2", "sequence": 2}]}


class Unwilling(FakeQueues):
    """Counts its calls; does not take messages about the refused cases, and fails for the broken queues."""

    def __init__(self, refused: Collection[str] = (), broken: Collection[str] = ()) -> None:
        super().__init__()
        self.refused, self.broken = refused, broken
        self.calls: list[tuple[str, int]] = []

    def send_all(self, queue: str, messages: Sequence[Outgoing]) -> Sequence[int]:
        """Take those that are neither refused nor for a broken queue."""
        self.calls.append((queue, len(messages)))
        if queue in self.broken:
            raise ConnectionError
        taken = [message.body["case_id"] not in self.refused for message in messages]
        super().send_all(
            queue, [message for message, is_taken in zip(messages, taken, strict=True) if is_taken]
        )
        return [place for place, is_taken in enumerate(taken) if not is_taken]

    def cases(self) -> set[str]:
        """Return the cases of all messages taken."""
        return {str(message["case_id"]) for messages in self.values() for message in messages}


def event(number: int) -> dict[str, Any]:
    return record(f"CASE#c{number}", "EVENT#00000001", sequence=str(number))


def dispatch(number: int) -> dict[str, Any]:
    return record(f"CASE#c{number}", f"DISPATCH#c{number}-D1", sequence=str(number))


def failures(*sequences: int) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": str(sequence)} for sequence in sequences]}


def test_messages_go_out_ten_at_a_time_to_each_queue() -> None:
    queues = Unwilling()
    records = [dispatch(number) if number % 10 == 0 else event(number) for number in range(100)]
    assert relay({"Records": records}, lambda: queues) == failures()
    assert sorted(queues.calls) == [("court", 10), *[("workflow", 10)] * 9]
    assert queues.cases() == {f"c{number}" for number in range(100)}


def test_the_stream_goes_on_from_the_first_message_that_a_queue_did_not_take() -> None:
    """The others of its batch were taken and come again; batches that begin behind it are not sent yet."""
    queues = Unwilling(refused={"c14", "c17"})
    assert relay({"Records": [event(number) for number in range(40)]}, lambda: queues) == failures(14)
    assert queues.calls == [("workflow", 10), ("workflow", 10)]
    assert queues.cases() >= {f"c{number}" for number in range(14)}


def test_a_call_that_fails_fails_all_its_messages_and_none_before_them() -> None:
    queues = Unwilling(broken={"court"})
    records = [event(1), event(2), dispatch(3), event(4), dispatch(5)]
    assert relay({"Records": records}, lambda: queues) == failures(3)
    assert queues.cases() >= {"c1", "c2"}


def test_what_precedes_a_record_that_cannot_be_read_is_relayed() -> None:
    queues = Unwilling()
    unreadable = record("CASE#c3", "EVENT#not-a-number", sequence="3")
    assert relay({"Records": [event(1), event(2), unreadable, event(4)]}, lambda: queues) == failures(3)
    assert queues.cases() == {"c1", "c2"}


@given(
    kinds=st.lists(st.sampled_from((event, dispatch)), max_size=60),
    refused=st.sets(st.integers(0, 60), max_size=4),
    broken=st.sets(st.sampled_from(("workflow", "court"))),
)
def test_no_record_is_lost_whatever_fails(
    kinds: list[Callable[[int], dict[str, Any]]], refused: set[int], broken: set[str]
) -> None:
    """Whatever precedes the reported record was taken; it is the first that was not."""
    queues = Unwilling({f"c{number}" for number in refused}, broken)
    answer = relay({"Records": [make(number) for number, make in enumerate(kinds)]}, lambda: queues)
    first = min(
        (int(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]), default=len(kinds)
    )
    assert queues.cases() >= {f"c{number}" for number in range(first)}
    assert first == len(kinds) or f"c{first}" not in queues.cases()


def test_ten_of_the_longest_messages_fit_into_one_call() -> None:
    """DynamoDB takes keys of 3 KiB at most, of which JSON makes 18; SQS takes 256 KiB in one call."""
    longest = consumer("notices").message("\x01" * 2048, "\x01" * 1024)
    assert SENT_AT_ONCE * (len(json.dumps(longest)) + 1024) < 256 * 1024
