"""Direct access to the emulator: what a benchmark asks without being counted.

Promise: nothing here passes the meter, so waiting for a case adds nothing to its cost. Downside: it knows the
table's keys and the names of the local resources.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3

from chalicelib.registry import consumers
from infra.bench.children import AWS, BenchError
from infra.local.processes import Supervisor, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

PREFIX: Final = "jiefen-hub-local"
TABLE: Final = PREFIX
_WAITING: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
_LOOK_SECONDS: Final = 0.05


@contextmanager
def emulator(logs: Path) -> Iterator[str]:
    """Run the local AWS while the block runs; yields its URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with Supervisor(logs) as supervisor:
        supervisor.start(
            "aws",
            [sys.executable, "-m", "infra.local.moto_server", "--port", str(port)],
            ready_url=f"{url}/moto-api/",
        )
        yield url


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands, and where the execution that drives it waits."""

    stage: str
    step: tuple[str, str]
    waits_at: tuple[str, str] | None
    looked_after: bool

    @property
    def at_rest(self) -> bool:
        """Whether the execution waits where the case stands, or nothing drives the case any more."""
        return self.waits_at == self.step if self.looked_after else True


class Behind:
    """Asks the emulator directly, past the meter."""

    def __init__(self, url: str) -> None:
        make = clients(url)
        self._dynamodb, self._sqs, self._engine = make("dynamodb"), make("sqs"), make("stepfunctions")

    def standing(self, case_id: str) -> Standing:
        """Read where a case stands."""
        case = self._of_case(case_id, "CASE")
        content = json.loads(case["content"]["S"])
        workflow = self._of_case(case_id, "WORKFLOW")
        waits = "token" in workflow and "step" in workflow
        return Standing(
            stage=case["stage"]["S"],
            step=(content["step"], str(content["step_since"])),
            waits_at=(workflow["step"]["S"], workflow["since"]["N"]) if waits else None,
            looked_after="due_at" in workflow,
        )

    def drained(self) -> bool:
        """Whether no message is in any queue, seen or unseen."""
        return not any(self._in_queue(row.name) for row in consumers())

    def history(self, case_id: str) -> list[str]:
        """Return the types of all events of the case's executions; raises BenchError while one runs."""
        (machine,) = (
            found["stateMachineArn"]
            for found in self._engine.list_state_machines()["stateMachines"]
            if found["name"] == f"{PREFIX}-mediation"
        )
        types = []
        for execution in self._engine.list_executions(stateMachineArn=machine)["executions"]:
            if not execution["name"].startswith(f"{case_id}-"):
                continue
            if execution["status"] != "SUCCEEDED":
                raise BenchError(f"execution {execution['name']} is {execution['status']}")
            pages = self._engine.get_paginator("get_execution_history").paginate(
                executionArn=execution["executionArn"]
            )
            types += [event["type"] for page in pages for event in page["events"]]
        return types

    def item(self, table: str, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Read an item, or None."""
        answer: Mapping[str, Any] = self._dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)
        return answer.get("Item")

    def _of_case(self, case_id: str, sort_key: str) -> Mapping[str, Any]:
        found = self.item(TABLE, {"PK": {"S": f"CASE#{case_id}"}, "SK": {"S": sort_key}})
        if found is None:
            raise BenchError(f"case {case_id} has no {sort_key}")
        return found

    def _in_queue(self, name: str) -> int:
        url = self._sqs.get_queue_url(QueueName=f"{PREFIX}-{name}")["QueueUrl"]
        counts = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_WAITING))["Attributes"]
        return sum(int(counts[name]) for name in _WAITING)


def clients(url: str) -> Callable[[str], Any]:
    """Return a maker of clients, by service, that speak to the emulator itself."""
    session = boto3.session.Session(
        AWS["AWS_ACCESS_KEY_ID"], AWS["AWS_SECRET_ACCESS_KEY"], region_name=AWS["AWS_REGION"]
    )
    make: Any = session.client  # the stubs know each service by name; here the name is a value
    return lambda service: make(service, endpoint_url=url)


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Wait until a condition holds; raises BenchError naming what did not happen."""
    give_up_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up_at:
            raise BenchError(f"not within {seconds:.0f} s: {what}")
        time.sleep(_LOOK_SECONDS)
