"""What the sweep asks of AWS for each open case, and how many it looks after in a second.

How: one filed case is copied, each copy with its own execution record, all due at once; then the reconciler
runs in this process on the emulator's table. Step Functions' answer, that each execution lives, is given
before a socket is opened: the emulator could not keep so many of them. Run as a child by `measure`.

Downside: the emulator takes a few milliseconds for a call where AWS takes as many over the network.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections import Counter
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from infra.bench.children import HUB, BenchError, ask, reply
from infra.bench.emulator import TABLE, clients
from infra.bench.figures import Figure, Section
from infra.bench.filing import Body
from infra.local.demo.people import filing
from infra.local.resources import create
from infra.local.stack import COURT_ID
from infra.template import build

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CASES: Final = 2_000
CALLS_BUDGET: Final = 2.0
_BATCH: Final = 12
"""Cases written at once; each has two items."""
_LONG_AGO: Final = "2026-01-05T00:00:00.000000+00:00"
_CREATED: Final = 201


def measure(aws_url: str, progress: Callable[[str], None], cases: int = CASES) -> list[Figure]:
    """Measure on an emulator; raises BenchError."""
    progress(f"sweep: {cases} open cases")
    resources = create(build("dev"), clients(aws_url), stage="local")
    where = {**HUB, "AWS_ENDPOINT_URL": aws_url, **resources.environment}
    return figures_of(ask("infra.bench.sweep", {"cases": cases}, where))


def figures_of(found: Mapping[str, Any]) -> list[Figure]:
    """Return what `measured` found beside its budget."""
    cases, calls = found["cases"], found["calls"]
    listed = ", ".join(f"{name} {count}" for name, count in sorted(calls.items()))
    return [
        Figure(
            section=Section.SWEEP,
            name="AWS calls for an open case",
            value=sum(calls.values()) / cases,
            unit="",
            budget=CALLS_BUDGET,
            note=f"{cases} cases: {listed}",
        ),
        Figure(
            section=Section.SWEEP,
            name="cases a second, on the emulator",
            value=cases / found["seconds"],
            unit="",
        ),
    ]


def measured(cases: int) -> dict[str, Any]:
    """Let so many cases be due and look after them; return calls by operation, and seconds."""
    from chalicelib import bootstrap  # noqa: PLC0415 - the hub's modules belong to the child alone
    from chalicelib.use_cases.reconcile import reconcile  # noqa: PLC0415

    calls: Counter[str] = Counter()
    boto3.setup_default_session()
    events = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]  # set up in the line before
    events.register("before-call.*.*", lambda model, **_: calls.update([model.name]))
    events.register("before-send.stepfunctions.DescribeExecution", _running)
    _copy(_filed(), cases)
    hub = bootstrap.hub()
    calls.clear()
    began = time.perf_counter()
    seen = reconcile(hub)
    seconds = time.perf_counter() - began
    if seen != cases:
        raise BenchError(f"{seen} of {cases} cases were looked after")
    return {"cases": cases, "calls": calls, "seconds": seconds}


def _running(request: Any, **_: Any) -> Any:
    said = {"status": "RUNNING", "executionArn": "e", "stateMachineArn": "m", "startDate": 0}
    return AWSResponse(request.url, 200, HTTPHeaders(), Body(json.dumps(said).encode()))


def _filed() -> str:
    from infra.bench.calling import enrolment, request  # noqa: PLC0415 - loads the hub, which only the child may
    from infra.bench.player import INSTITUTION_ACTOR  # noqa: PLC0415

    enrolment().serve()  # which another benchmark may have done on this emulator
    number = 9_999
    body = filing(Random(number), number, COURT_ID, date(2026, 1, 5))  # noqa: S311 - a filing is no secret
    headers = {"Idempotency-Key": f"sweep-{uuid.uuid4().hex}"}
    answer = request(INSTITUTION_ACTOR, "POST", "/v1/filings", body, headers).serve()
    if answer["statusCode"] != _CREATED:
        raise BenchError(f"the filing was answered {answer['statusCode']}: {answer['body']}")
    case_id: str = json.loads(answer["body"])["case_id"]
    return case_id


def _copy(case_id: str, number: int) -> None:
    client = boto3.client("dynamodb")
    case, record = (
        client.get_item(TableName=TABLE, Key={"PK": {"S": f"CASE#{case_id}"}, "SK": {"S": kind}})["Item"]
        for kind in ("CASE", "WORKFLOW")
    )
    names = [uuid.uuid4().hex for _ in range(number)]
    for start in range(0, number, _BATCH):
        writes: list[Any] = []
        for name in names[start : start + _BATCH]:
            key = {"PK": {"S": f"CASE#{name}"}}
            due = {"due_at": {"S": _LONG_AGO}, "due_shard": {"S": str(int(name, 16) % 4)}}
            writes += [
                {"PutRequest": {"Item": {**case, **key}}},
                {"PutRequest": {"Item": {**record, **key, **due, "case_id": {"S": name}}}},
            ]
        client.batch_write_item(RequestItems={TABLE: writes})


if __name__ == "__main__":
    reply(measured(json.load(sys.stdin)["cases"]))
