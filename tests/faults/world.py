# ruff: noqa: SLF001 - looks into moto, to know when an execution rests and whether a queue is empty
"""The hub on emulated AWS in one process: its own adapters and handlers, time stands still.

Promise: the functions' handlers get the events that Lambda would build from what stream and queues hold; a
handler that fails or dies gets its messages again; a caller who is told to come back does so after the
machinery went on. So the order of calls is the same in each run. Downside: the entry points in `app.py` are
not part of it, nor is the authorizer, which asks nothing of AWS.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import boto3
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from chalicelib.adapters import signatures
from chalicelib.adapters.clock import real_now
from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.bootstrap import LiveHub
from chalicelib.capabilities.roster.store import roster
from chalicelib.registry import consumers
from chalicelib.settings import Settings
from chalicelib.workflow.batches import queue_batch
from chalicelib.workflow.relay import relay
from chalicelib.workflow.sweep import sweep
from infra.local.aws_calls import running_as
from infra.local.moto_fixes.activity import ACTIVITY
from infra.local.pumps.events import scheduled_event, sqs_record, stream_record
from tests.faults.wire import Crash, Wire
from tests.support.fakes import FakeClock
from tests.support.fakes.roster import person
from tests.support.http import Api, make_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chalicelib.consumers import Consumer
    from chalicelib.domain.roles import Actor
    from tests.support.http import Answer

_MOST_ROUNDS: Final = 400
_MOST_REPEATS: Final = 12
_HIDDEN_SECONDS: Final = 40_000
_PATIENCE_SECONDS: Final = 60
_SERVER_ERROR: Final = 500
_TOO_MANY: Final = 429
_JSON: Final = {"Content-Type": "application/json"}


class _Hub(LiveHub):
    """A function's hub: as on AWS, but for its clock and its wire."""

    def __init__(self, settings: Settings, clock: FakeClock, wire: Wire, ids: Iterator[int]) -> None:
        super().__init__(settings)
        self._now, self._wire, self._ids = clock, wire, ids

    def new_id(self) -> str:
        """Return the next id: a case's shard follows from it, and the order of the sweep from the shard."""
        return f"{next(self._ids):032x}"

    @cached_property
    def clock(self) -> Any:
        """The time of the test."""
        return self._now

    @cached_property
    def _store(self) -> DynamoStore:
        return DynamoStore(
            self._dynamodb,
            self._settings.table,
            kms=lambda: self._client("kms"),
            kms_key_id=self._settings.kms_key_id,
            now=self._now.epoch,
        )

    def _client(self, service: str) -> Any:
        return self._wire.client(service, super()._client)


@dataclass
class World:
    """A hub, its callers' way in, and everything that Lambda does for it."""

    environment: Mapping[str, str]
    wire: Wire
    court_key: str
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.settings = Settings.from_environment(self.environment)
        self._hubs: dict[str, LiveHub] = {}
        self._ids = count(1)
        self._waiting: list[tuple[str, str]] = []
        self._sqs, self._dynamodb = aws_client("sqs"), aws_client("dynamodb")
        # moto knows the streams of a Chinese region by no other name.
        self._streams = aws_client("dynamodbstreams", "https://streams.dynamodb.cn-north-1.amazonaws.com")
        self._iterator: str | None = None
        self._records: list[dict[str, Any]] = []
        self._enter_people()
        self._api = Api()
        self._api.app = make_app(
            lambda: self.hub("api"),
            self._verifying,
            real_now,
        )

    def _enter_people(self) -> None:
        # By a store of its own: who stands on the roster before a story is no call of the hub's.
        store = DynamoStore(
            self._dynamodb,
            self.settings.table,
            kms=lambda: aws_client("kms"),
            kms_key_id="",
            now=self.clock.epoch,
        )
        for person_id in ("m-1", "j-1"):
            assert roster(store).add(person(person_id))

    def hub(self, function: str) -> LiveHub:
        """Return a function's hub; a process that died left none."""
        if function not in self._hubs:
            self._hubs[function] = _Hub(self.settings, self.clock, self.wire, self._ids)
        return self._hubs[function]

    def _verifying(self, court_id: str) -> tuple[str, ...]:
        return self.hub("api").partner_keys.verifying(court_id)

    # What callers do.

    def ask(self, method: str, url: str, actor: Actor | None, body: Any = None, /, **headers: str) -> Answer:
        """Ask until the hub gives an answer that is not "come back later"."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        raw = None if body is None else json.dumps(body)
        return self._until_answered(
            lambda: self._api.request(method, url, actor, raw, {**(_JSON if raw else {}), **named})
        )

    def call_back(self, message_id: str, body: Any) -> Answer:
        """Let the court tell something, signed anew at each attempt."""
        raw = json.dumps(body, ensure_ascii=False)

        def attempt() -> Answer:
            signed = signatures.sign(message_id, real_now(), raw.encode(), [self.court_key])
            return self._api.request("POST", "/v1/court/callbacks", None, raw, {**_JSON, **signed})

        return self._until_answered(attempt)

    def _until_answered(self, attempt: Callable[[], Answer]) -> Answer:
        for _ in range(_MOST_REPEATS):
            answer: Answer | None = self._survived("api", attempt)
            if answer is not None and answer.status < _SERVER_ERROR and answer.status != _TOO_MANY:
                return answer
            wait = 1 if answer is None else int(answer.headers.get("Retry-After", "1"))
            self.drive()
            self.clock.advance(seconds=wait)
        raise AssertionError("no answer")

    # What Lambda does.

    def drive(self) -> None:
        """Hand out everything that is in streams and queues until nothing moves."""
        for _ in range(_MOST_ROUNDS):
            if not (self._relay() or self._consume_all() or self._come_back()):
                return
        raise AssertionError("still moving")

    def sweep(self) -> None:
        """Run the reconciler as its schedule does; a run that dies is followed by the next."""
        event = scheduled_event("arn:aws-cn:events:cn-north-1:000000000000:rule/reconcile", self.clock.now())
        self._survived("reconcile", lambda: sweep(event, lambda: 300_000, lambda: self.hub("reconcile")))

    def days_pass(self, days: int) -> None:
        """Let days pass, with a sweep on each; one in which something failed is followed by more."""
        for _ in range(days):
            self.clock.advance(days=1, minutes=1)  # what was put off for a day is due by then
            begun = self.clock.now()
            for hour in range(_MOST_REPEATS):
                failures = len(self.wire.failed)
                self.clock.set(begun + timedelta(hours=hour))
                self.sweep()
                self.drive()
                if len(self.wire.failed) == failures:
                    break
            self.clock.set(begun)

    def _survived(self, function: str, act: Callable[[], Any]) -> Any:
        """Run a handler; None if its process died, whose memory is then gone."""
        try:
            with running_as(function):
                return act()
        except Crash:
            self._hubs.pop(function, None)
            return None

    def _relay(self) -> bool:
        self._read_stream()
        if not self._records:
            return False
        batch = self._records
        answer = self._survived("relay", lambda: relay({"Records": batch}, lambda: self.hub("relay").queues))
        failed = {entry["itemIdentifier"] for entry in (answer or {}).get("batchItemFailures", [])}
        sequences = [record["dynamodb"]["SequenceNumber"] for record in batch]
        done = next((at for at, sequence in enumerate(sequences) if sequence in failed), len(batch))
        self._records = batch[0 if answer is None else done :]
        return True

    def _read_stream(self) -> None:
        if self._iterator is None:
            self._iterator = self._first_iterator()
        answer = self._streams.get_records(ShardIterator=self._iterator)
        self._iterator = answer["NextShardIterator"]
        inserted = [record for record in answer["Records"] if record["eventName"] == "INSERT"]
        self._records += [stream_record(record, self._stream) for record in inserted]

    def _first_iterator(self) -> str:
        described = self._dynamodb.describe_table(TableName=self.settings.table)
        self._stream = described["Table"]["LatestStreamArn"]
        (shard,) = self._streams.describe_stream(StreamArn=self._stream)["StreamDescription"]["Shards"]
        found = self._streams.get_shard_iterator(
            StreamArn=self._stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )
        return str(found["ShardIterator"])

    def _consume_all(self) -> bool:
        handled = [self._consume(row) for row in consumers()]
        return any(handled)

    def _consume(self, row: Consumer) -> bool:
        url = self.settings.queue_urls[row.name]
        if not any(name.endswith(f"-{row.name}") for name in self.left_in_queues()):
            return False
        messages = self._sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=row.batch_size,
            VisibilityTimeout=_HIDDEN_SECONDS,
            WaitTimeSeconds=0,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        ).get("Messages", [])
        if not messages:
            return False
        event = {
            "Records": [
                sqs_record(message, f"arn:aws-cn:sqs:cn-north-1:000000000000:{row.name}")
                for message in messages
            ]
        }
        answer = self._survived(
            row.name,
            lambda: queue_batch(row, event, lambda: self.hub(row.name), lambda: self.hub(row.name).retries),
        )
        ids = {message["MessageId"] for message in messages}
        failed = ids if answer is None else {entry["itemIdentifier"] for entry in answer["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] in failed:
                self._waiting.append((url, message["ReceiptHandle"]))
            else:
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return True

    def _come_back(self) -> bool:
        """Let the messages that were not handled be seen again."""
        waiting, self._waiting = self._waiting, []
        for url, receipt in waiting:
            self._sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
        return bool(waiting)

    # What is left.

    def left_in_queues(self) -> dict[str, int]:
        """Count the messages in each queue, seen or unseen, dead letters included."""
        backends = [backend for regions in sqs_backends.values() for backend in regions.values()]
        queues = [queue for backend in backends for queue in backend.queues.values()]
        return {queue.name: len(queue._messages) for queue in queues if queue._messages}

    def items(self) -> list[dict[str, Any]]:
        """Return everything stored."""
        return list(self._dynamodb.scan(TableName=self.settings.table, ConsistentRead=True)["Items"])


@cache
def aws_client(service: str, url: str | None = None) -> Any:
    """Make a client whose calls are not the hub's."""
    make: Any = boto3.client
    return make(service, endpoint_url=url)


def settle() -> None:
    """Wait until each execution waits for an answer or has ended."""
    give_up_at = time.monotonic() + _PATIENCE_SECONDS
    while ACTIVITY.snapshot(None).executions:
        assert time.monotonic() < give_up_at, "an execution does not come to rest"
        time.sleep(0.0005)


def executions() -> list[Any]:
    """Return every execution of the emulator."""
    backends = [backend for regions in stepfunctions_parser_backends.values() for backend in regions.values()]
    return [run for backend in backends for machine in backend.state_machines for run in machine.executions]
