"""The consumers of the queues: one message at a time, failures reported one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import MessengerRefused, StoreBusy
from chalicelib.domain.stages import Stage
from chalicelib.registry import consumer
from chalicelib.workflow.batches import queue_batch
from chalicelib.workflow.sweep import sweep
from tests.support.fakes import samples
from tests.support.fakes.hub import FakeHub
from tests.support.fakes.memory import FakeDueIndex, Memory
from tests.support.journey import file, transferring_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.use_cases.records import Due


def batch(*bodies: dict[str, Any], attempt: int = 1) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": f"r{number}",
                "body": json.dumps(body),
                "attributes": {"ApproximateReceiveCount": str(attempt)},
            }
            for number, body in enumerate(bodies)
        ]
    }


class RecordedRetries:
    """Keeps what was put off."""

    def __init__(self) -> None:
        self.put: list[tuple[str, str, int, int | None]] = []

    def put_off(self, queue: str, receipt_handle: str, attempt: int, retry_after_seconds: int | None) -> None:
        """Keep it."""
        self.put.append((queue, receipt_handle, attempt, retry_after_seconds))


def handled(
    name: str, event: dict[str, Any], hub: FakeHub, retries: RecordedRetries | None = None
) -> dict[str, Any]:
    """Let a consumer handle a batch; return its answer."""
    return queue_batch(consumer(name), event, lambda: hub, lambda: retries or RecordedRetries())


def test_a_new_case_starts_its_execution() -> None:
    hub = FakeHub()
    case_id = file(hub)
    answer = handled("workflow", batch({"kind": "changed", "case_id": case_id, "sequence": 1}), hub)
    assert answer == {"batchItemFailures": []}
    assert hub.engine.running(case_id, 1)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("court", {"dispatch_id": "D-none"}),
        ("notices", {"notice_id": "N-none"}),
        ("workflow", {"kind": "changed", "sequence": 1}),
    ],
)
def test_what_a_later_build_adds_to_a_message_is_passed_over(name: str, ids: dict[str, Any]) -> None:
    """During a release the relay may be of the new build and the consumer of the old one."""
    hub = FakeHub()
    message = {"case_id": file(hub), **ids, "of_a_later_build": {"n": 1}}
    assert handled(name, batch(message), hub) == {"batchItemFailures": []}


def test_an_arrival_at_an_automatic_step_takes_it() -> None:
    hub = FakeHub()
    case_id = file(hub)
    arrived = {"kind": "arrived", "case_id": case_id, "generation": 1, "step": "screening", "since": 1}
    handled("workflow", batch({**arrived, "token": "t"}), hub)
    assert hub.cases.get(case_id).stage is Stage.SCREENED


def test_an_overdue_step_is_expired() -> None:
    hub = FakeHub()
    case_id = file(hub)
    hub.run()
    case = hub.cases.get(case_id)
    assert case.deadline is not None
    hub.clock.set(case.deadline)
    overdue = {
        "kind": "overdue",
        "case_id": case_id,
        "generation": 1,
        "step": case.step,
        "since": case.entered_at_version,
    }
    handled("workflow", batch({**overdue, "token": "t"}), hub)
    assert hub.metrics.counts["StepsExpired"] == 1


def test_one_bad_message_fails_alone() -> None:
    hub = FakeHub()
    case_id = file(hub)
    bodies = ({"kind": "unheard-of"}, {"kind": "changed", "case_id": case_id, "sequence": 1})
    assert handled("workflow", batch(*bodies), hub) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert hub.engine.running(case_id, 1)


def test_a_message_to_a_court_that_is_down_is_put_off_and_reported() -> None:
    hub, retries = FakeHub(), RecordedRetries()
    case_id, dispatch_id = transferring_case(hub)
    hub.court.down = True
    message = {"case_id": case_id, "dispatch_id": dispatch_id}
    answer = handled("court", batch(message, attempt=3), hub, retries)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert retries.put == [("court", "r0", 3, None)]
    assert hub.cases.get(case_id).stage is Stage.TRANSFERRING


def test_a_message_to_the_court_is_delivered() -> None:
    hub, retries = FakeHub(), RecordedRetries()
    case_id, dispatch_id = transferring_case(hub)
    handled("court", batch({"case_id": case_id, "dispatch_id": dispatch_id}), hub, retries)
    assert hub.cases.get(case_id).stage is Stage.SUBMITTED
    assert retries.put == []


def test_a_consumer_that_puts_nothing_off_leaves_the_waiting_to_its_queue() -> None:
    """It has no permission to hide a message."""
    hub, retries = FakeHub(), RecordedRetries()
    case_id, dispatch_id = transferring_case(hub)
    hub.court.down = True
    event = batch({"case_id": case_id, "dispatch_id": dispatch_id})
    row = replace(consumer("court"), put_off_metric=None)
    answer = queue_batch(row, event, lambda: hub, lambda: retries)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert retries.put == []


def owing(hub: FakeHub) -> dict[str, Any]:
    """File a case that owes its borrower a code; return the queue's message."""
    case = hub.cases.get(file(hub))
    hub.codes.issue(case, "r1", "a" * 64, hub.clock.now())
    ((case_id, notice_id),) = hub.memory.notices
    return {"case_id": case_id, "notice_id": notice_id}


def test_a_message_to_a_party_is_sent_once_however_often_it_comes() -> None:
    hub, retries = FakeHub(), RecordedRetries()
    message = owing(hub)
    assert handled("notices", batch(message, message), hub, retries) == {"batchItemFailures": []}
    assert (hub.gateway.calls, retries.put) == (1, [])


def test_a_message_to_a_gateway_that_is_down_is_put_off_and_reported() -> None:
    hub, retries = FakeHub(), RecordedRetries()
    message = owing(hub)
    hub.gateway.down = True
    answer = handled("notices", batch(message, attempt=4), hub, retries)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert retries.put == [("notices", "r0", 4, None)]
    assert hub.metrics.counts["NoticesPutOff"] == 1


def test_a_gateway_that_refuses_the_hub_is_reported_without_a_phone_or_a_code(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It ends in the dead letters as soon as may be, and the log names the code of the refusal only."""
    hub, retries = FakeHub(), RecordedRetries()
    message = owing(hub)
    hub.gateway.refuses = MessengerRefused(401, "bad_signature")
    answer = handled("notices", batch(message), hub, retries)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert retries.put == []
    logged = repr([vars(record) for record in caplog.records])
    assert "messenger_refused" in logged
    code = hub.codes.code_of(hub.cases.get(message["case_id"]), "r1", 1)
    assert samples.BORROWER_DETAILS.phone not in logged
    assert code is not None
    assert code not in logged


def test_a_callback_nobody_stored_is_reported() -> None:
    assert handled("callbacks", batch({"callback_id": "court#none"}), FakeHub()) == {
        "batchItemFailures": [{"itemIdentifier": "m0"}]
    }


def swept(hub: FakeHub, *, minute: int = 0, millis: int = 240_000) -> int:
    """Run the sweep at a minute of the schedule with so much time left; return how much it looked after."""
    event = {"time": f"2026-03-02T01:{minute:02}:00Z"}
    looked_after: int = sweep(event, lambda: millis, lambda: hub)["looked_after"]
    return looked_after


def test_the_sweep_says_how_much_it_looked_after() -> None:
    hub = FakeHub()
    file(hub)
    assert swept(hub) == 0
    hub.clock.advance(hours=2)
    assert swept(hub) == 1


def test_the_sweep_leaves_half_a_minute_of_its_time() -> None:
    """With less than that it takes nothing into its hands."""
    hub = FakeHub()
    file(hub)
    hub.clock.advance(hours=2)
    assert swept(hub, millis=30_000) == 0
    assert swept(hub, millis=30_001) == 1


class AskedIndex(FakeDueIndex):
    """Remembers which shards were asked for."""

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory)
        self.asked: list[int] = []

    def overdue(self, shard: int, now: datetime) -> Iterator[Due]:
        """Remember the shard."""
        self.asked.append(shard)
        return super().overdue(shard, now)


def test_each_run_of_the_sweep_begins_with_the_next_shard() -> None:
    """Four runs that overlap begin with four shards; each goes on to the others."""
    hub = FakeHub()
    index = hub.due = AskedIndex(hub.memory)
    for minute in (0, 1, 59):
        swept(hub, minute=minute)
    assert index.asked == [0, 1, 2, 3, 1, 2, 3, 0, 3, 0, 1, 2]


def test_what_the_sweep_can_not_look_after_is_logged_by_its_ids(caplog: pytest.LogCaptureFixture) -> None:
    """With the error's class and place, never its message."""
    hub = FakeHub()
    case_id = file(hub)
    del hub.memory.cases[case_id]
    hub.clock.advance(hours=2)
    assert swept(hub) == 1
    (line,) = [record for record in caplog.records if record.getMessage() == "not looked after"]
    said = vars(line)
    assert (said["consumer"], said["ids"], said["error"]) == ("workflow", [case_id], "CaseNotFound")


@pytest.mark.parametrize("body", ["", "{", "[]"])
def test_a_body_that_is_no_message_fails_without_stopping_the_rest(body: str) -> None:
    hub = FakeHub()
    case_id = file(hub)
    event = batch({"kind": "changed", "case_id": case_id, "sequence": 1})
    event["Records"].insert(0, {**event["Records"][0], "messageId": "bad", "body": body})
    assert handled("workflow", event, hub) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert hub.engine.running(case_id, 1)


class Stopwatch:
    """Tells the time that a test sets, in seconds."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        """Tell it."""
        return self.time


def silent_after(hub: FakeHub, clock: Stopwatch, seconds: float) -> None:
    """Let the engine fail each start, after so many seconds."""

    def start(*_: object) -> None:
        clock.time += seconds
        raise StoreBusy("no answer")

    hub.engine.start = start  # type: ignore[assignment,method-assign] # this test's own fault


def test_a_silent_service_fails_no_record_that_succeeded() -> None:
    """The batch ends before the function's 30 seconds do; what was not begun comes back."""
    hub, clock = FakeHub(), Stopwatch()
    known = file(hub)
    hub.run()
    others = [file(hub, contract_number=f"L-{number}") for number in range(3)]
    silent_after(hub, clock, 12.0)
    bodies = [{"kind": "changed", "case_id": case_id, "sequence": 1} for case_id in (known, *others)]
    answer = queue_batch(consumer("workflow"), batch(*bodies), lambda: hub, RecordedRetries, clock)
    assert answer == {"batchItemFailures": [{"itemIdentifier": name} for name in ("m1", "m2", "m3")]}
    assert clock.time == 112.0


def test_slow_records_are_all_handled() -> None:
    """Only a call without an answer ends a batch early."""
    hub, clock = FakeHub(), Stopwatch()
    bodies = [
        {"kind": "changed", "case_id": file(hub, contract_number=f"L-{n}"), "sequence": 1} for n in range(3)
    ]
    start = hub.engine.start

    def slow(*arguments: Any) -> None:
        clock.time += 9.0
        start(*arguments)

    hub.engine.start = slow  # type: ignore[assignment,method-assign] # this test's own engine
    assert queue_batch(consumer("workflow"), batch(*bodies), lambda: hub, RecordedRetries, clock) == {
        "batchItemFailures": []
    }
