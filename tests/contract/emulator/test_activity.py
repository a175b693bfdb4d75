"""What the emulator says it is busy with, and waits by a clock that somebody moves."""

import json
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from infra.local.processes import Supervisor, free_port
from infra.local.resources import ACTIVITY_PATH, TIME_PATH
from infra.local.virtual_clock import VirtualClock
from tests.contract.emulator.machines import create_waiting_machine, receive_token
from tests.support.aws import PLAIN, eventually, sqs, step_functions

pytestmark = pytest.mark.skipif(PLAIN, reason="the knob is ours")
START = datetime(2026, 3, 2, tzinfo=UTC)


class Emulator(NamedTuple):
    """An emulator of this module alone, so that nobody else keeps it busy."""

    url: str
    clock: VirtualClock
    threads: Path

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Ask a control path."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)  # noqa: S310 - loopback
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            found: dict[str, Any] = json.load(answer)
        return found

    def activity(self) -> dict[str, Any]:
        """Ask what it is busy with."""
        return self.ask("GET", ACTIVITY_PATH)


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Run an emulator whose time somebody moves."""
    folder = tmp_path_factory.mktemp("virtual")
    clock = VirtualClock.create(folder / "clock", START)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with Supervisor(folder) as supervisor:
        child = supervisor.start(
            "moto",
            [
                sys.executable,
                "-m",
                "infra.local.moto_server",
                "--port",
                str(port),
                f"--clock-file={clock.path}",
            ],
            env={"PYTHONPATH": str(Path(__file__).parents[3])},
            ready_url=f"{url}/moto-api/",
        )
        yield Emulator(url, clock, Path(f"/proc/{child.pid}/task"))


def test_a_message_is_work_until_it_is_deleted_or_put_off(emulator: Emulator, name: str) -> None:
    """Visible or in hands it is work; put off by its consumer it waits for time."""
    queue = sqs(emulator.url)
    url = queue.create_queue(QueueName=name)["QueueUrl"]
    before = emulator.activity()["changes"]
    queue.send_message(QueueUrl=url, MessageBody="{}")
    assert _seen(emulator) == (1, 0)
    (message,) = queue.receive_message(QueueUrl=url)["Messages"]
    assert _seen(emulator) == (1, 0)
    queue.change_message_visibility(
        QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=600
    )
    assert _seen(emulator) == (0, 1)
    queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert _seen(emulator) == (0, 0)
    assert emulator.activity()["changes"] > before


def test_a_wait_ends_when_time_is_moved_and_not_before(emulator: Emulator, name: str) -> None:
    """An execution that waits for nine hours is no work, says when it is due, and times out at once then."""
    sfn, queue = step_functions(emulator.url), sqs(emulator.url)
    machine, url = create_waiting_machine(sfn, queue, name, timeout=32_400)
    arn = sfn.start_execution(stateMachineArn=machine, name="e", input='{"case_id": "1"}')["executionArn"]
    receive_token(queue, url)
    due = emulator.clock.now() + timedelta(hours=9)
    activity = emulator.activity()
    assert (activity["executions"], activity["due_at"]) == (0, due.timestamp())
    emulator.ask("POST", TIME_PATH, {"seconds": due.timestamp() - 1})
    assert sfn.describe_execution(executionArn=arn)["status"] == "RUNNING"
    emulator.ask("POST", TIME_PATH, {"seconds": due.timestamp()})
    output = eventually(lambda: sfn.describe_execution(executionArn=arn).get("output", ""))
    assert json.loads(output) == {"timed_out": True}


def test_executions_that_wait_hold_no_thread(emulator: Emulator, name: str) -> None:
    """Sixty of them wait; the process has as many threads as before, but for a few of its connections."""
    sfn, queue = step_functions(emulator.url), sqs(emulator.url)
    machine, url = create_waiting_machine(sfn, queue, name)
    count = 60
    before = len(list(emulator.threads.iterdir()))
    for number in range(count):
        sfn.start_execution(stateMachineArn=machine, name=str(number), input=f'{{"case_id": "{number}"}}')
    received: set[str] = set()
    while len(received) < count:
        found = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=5)["Messages"]
        received |= {json.loads(message["Body"])["case_id"] for message in found}
    eventually(lambda: len(list(emulator.threads.iterdir())) < before + count / 4)


def _seen(emulator: Emulator) -> tuple[int, int]:
    # The knob waits for a while for work to end; what it says then is what there is.
    activity = emulator.activity()
    return activity["messages"], activity["put_off"]
