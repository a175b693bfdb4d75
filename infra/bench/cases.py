"""What a whole case asks of AWS, and what a thousand such cases cost.

How: the real stack runs with a tap between hub and emulator; cases run through the demo's scripts one after
the other, undisturbed and in real time, so that no limit passes and nothing is tried twice. The first case
warms the hub (keys, secrets) and is shown for comparison; the next ones are measured against the budget.

Assumed, where an emulator can't tell: a Lambda invocation is billed BILLED_SECONDS at its function's memory,
and writes PLATFORM_LOG_BYTES of START, END and REPORT beside the hub's own lines; API Gateway writes
ACCESS_LOG_BYTES a request. A start is counted as a state transition like every state entered.

COLD_SHARE of the invocations meet a new container. Its start is billed, and it remembers no key. The start's
CPU time is measured here, up to the first event; Lambda gives a vCPU for VCPU_MB, so that a start that only
computes costs the same at any memory.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, Final

import urllib3

from chalicelib.api.operations import Access
from chalicelib.api.routes import operations
from chalicelib.registry import consumers
from infra.bench.children import AWS, BenchError
from infra.bench.emulator import Behind
from infra.bench.figures import Figure, Section
from infra.bench.imports import measure_once
from infra.bench.meter import Meter, Reading
from infra.bench.player import INSTITUTION, Scene, play, script_named
from infra.bench.prices import Usage, bill, total
from infra.bench.shipped import own
from infra.bench.wire import tapped
from infra.local.demo import debts
from infra.local.demo.client import HubClient, Issuer
from infra.local.demo.people import filing
from infra.local.demo.phones import Phones
from infra.local.stack import COURT_ID, running
from infra.template.chalice_config import API_HANDLER, functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

BILLED_SECONDS: Final = 0.05
PLATFORM_LOG_BYTES: Final = 400
ACCESS_LOG_BYTES: Final = 400
TO_THE_COURT: Final = "unresolved, to the court"
SETTLED: Final = "paid on the spot"
# 0.60 and 0.65 until people were told what happens; each later capability prints what it adds.
DOCKETED_BUDGET_USD: Final = 0.70
SETTLED_BUDGET_USD: Final = 0.75
TRANSITIONS_BUDGET: Final = 8
COLD_SHARE: Final = 0.1
VCPU_MB: Final = 1769
_MB_IN_GB: Final = 1024
_STARTS: Final = 3
_TOKEN_ROUTES: Final = frozenset(
    (operation.method, operation.path) for operation in operations() if operation.access is Access.TOKEN
)
_CALLBACK: Final = "POST /v1/court/callbacks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What one case used, from its filing until no work on it was left."""

    name: str
    case_id: str
    reading: Reading
    api_requests: Counter[str]
    invocations: Counter[str]
    warm: Usage
    """What it used; no container had to be started for it."""
    starts: Mapping[str, float]
    """GB-seconds that a start is billed, by function."""

    @property
    def cold(self) -> Usage:
        """What it would use besides if every invocation met a new container.

        Each API request and each message to the court or to people then reads and unwraps a data key; each
        callback and each such message fetches the partners' secret, which Secrets Manager opens by KMS.
        """
        outward = self.invocations["court"] + self.invocations["notices"]
        keys = self.invocations[API_HANDLER] + outward
        secrets = self.api_requests[_CALLBACK] + outward
        return Usage(
            lambda_gb_seconds=sum(count * self.starts[name] for name, count in self.invocations.items()),
            dynamodb_read_units=keys,
            kms_requests=keys + secrets,
            secret_requests=secrets,
        )

    @property
    def usage(self) -> Usage:
        """What is billed of it, cold starts included."""
        return self.warm + self.cold * COLD_SHARE

    def as_json(self) -> dict[str, Any]:
        """Return what build/bench.json holds of it."""
        return {
            "name": self.name,
            "aws_requests": dict(sorted(self.reading.requests.items())),
            "set_aside": dict(sorted(self.reading.set_aside.items())),
            "api_requests": dict(sorted(self.api_requests.items())),
            "invocations": dict(self.invocations),
            "write_units": asdict(self.reading.write_units),
            "usage": asdict(self.usage),
            "usd_per_thousand": {line.name: line.dollars_per_thousand for line in bill(self.usage)},
        }


class _Log:
    """The hub's log, read on from where the last read ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_to = path.stat().st_size

    def more(self) -> bytes:
        """Return what was written since."""
        with self._path.open("rb") as log:
            log.seek(self._read_to)
            written = log.read()
        self._read_to += len(written)
        return written


@contextmanager
def metered_hub(
    aws_url: str, logs: Path, starts: Mapping[str, float]
) -> Iterator[Callable[[str, int], Course]]:
    """Run the stack behind a tap; yields a function from a script's name and a number to a measured case.

    `starts` are the GB-seconds that a start is billed, by function.
    """
    shutil.rmtree(logs, ignore_errors=True)
    behind, http = Behind(aws_url), urllib3.PoolManager(maxsize=4)
    meter = Meter(behind.item)
    with (
        tapped(aws_url, meter.observe) as tap,
        running(endpoint=tap, region=AWS["AWS_REGION"], logs=logs) as stack,
    ):
        hub = HubClient(stack.hub_url, Issuer(stack.issuer_url, http), http)
        at = Scene(hub, Phones(stack.sms_url, http), behind)
        log = _Log(logs / "hub.log")

        def live(script: str, number: int) -> Course:
            filing = with_its_debt(hub, number)
            meter.take()
            log.more()
            played = play(at, script_named(script), filing)
            stack.check()
            history = behind.history(played.case_id)
            return _course(script, played.case_id, meter.take(), log.more(), history, starts)

        yield live


def figures_of(docketed: Course, settled: Course) -> list[Figure]:
    """Return the prices and the numbers of requests behind them, beside their budgets."""
    return [
        _price("docketed", docketed.usage, DOCKETED_BUDGET_USD),
        _price("docketed, no start cold", docketed.warm),
        _price("docketed, every start cold", docketed.warm + docketed.cold),
        *_counts("docketed", docketed, TRANSITIONS_BUDGET),
        _price("settled", settled.usage, SETTLED_BUDGET_USD),
        *_counts("settled", settled),
    ]


def _counts(name: str, course: Course, transitions_budget: int | None = None) -> list[Figure]:
    asked = course.reading.requests
    reads = {operation: asked[f"dynamodb.{operation}"] for operation in ("GetItem", "Query", "BatchGetItem")}
    listed = ", ".join(f"{operation} {count}" for operation, count in reads.items())
    return [
        _count(f"{name}: state transitions", course.usage.state_transitions, transitions_budget),
        _count(
            f"{name}: AWS requests", sum(asked.values()), note=f"{course.usage.api_requests:.0f} to the API"
        ),
        _count(f"{name}: reads of the table", sum(reads.values()), note=listed),
    ]


def _count(name: str, value: float, budget: float | None = None, note: str = "") -> Figure:
    return Figure(section=Section.CASES, name=name, value=value, unit="a case", budget=budget, note=note)


def _price(name: str, usage: Usage, budget: float | None = None) -> Figure:
    return Figure(section=Section.CASES, name=name, value=total(usage), unit="USD", budget=budget)


def measured_starts(progress: Callable[[str], None]) -> dict[str, float]:
    """Start each function a few times in children; return the GB-seconds of a start. Raises BenchError.

    The least of them counts: what else the machine does only adds to it.
    """
    starts = {}
    build = own()
    for name in functions():
        progress(f"cases: starting {name}")
        starts[name] = start_gb_seconds(min(measure_once(build, name).ready for _ in range(_STARTS)))
    return starts


def start_gb_seconds(cpu_seconds: float) -> float:
    """Return what a start of so much CPU time is billed, at any memory.

    With twice the memory it lasts half as long.
    """
    return cpu_seconds * VCPU_MB / _MB_IN_GB


def filing_of(number: int) -> dict[str, Any]:
    """Make up a filing with one respondent, always the same."""
    made = filing(Random(number), number, COURT_ID, date(2026, 1, 5))  # noqa: S311 - a filing is no secret
    return {**made, "respondents": made["respondents"][:1]}


def with_its_debt(hub: HubClient, number: int) -> dict[str, Any]:
    """Return the filing with the debt behind it, as a bank files it, and the claim computed of it."""
    made = filing_of(number)
    as_of = made["claim"]["as_of"]
    asked = {
        "case_type": made["case_type"],
        "debt": debts.debt(Random(number), made["case_type"], date.fromisoformat(as_of)),  # noqa: S311 - no secret
        "as_of": as_of,
    }
    computed = hub.post(INSTITUTION, "/v1/calculations", asked)
    if not computed.ok:
        raise BenchError(f"the hub computes nothing: {computed.status} {computed.code}")
    return {**made, "debt": asked["debt"], "claim": debts.claim_of(computed.body["owed"], as_of)}


def _course(
    script: str,
    case_id: str,
    reading: Reading,
    log: bytes,
    history: Sequence[str],
    starts: Mapping[str, float],
) -> Course:
    sent = reading.requests["sqs.SendMessage"] + history.count("TaskScheduled")
    if sent != len(reading.messages):
        raise BenchError(f"{sent} messages were sent, {len(reading.messages)} arrived")
    reading.requests["sqs.SendMessage"] = sent
    requests = api_requests(log)
    invocations = invocations_of(reading, requests)
    return Course(
        name=script,
        case_id=case_id,
        reading=reading,
        api_requests=requests,
        invocations=invocations,
        warm=usage_of(reading, invocations, transitions(history), len(log)),
        starts=starts,
    )


def api_requests(log: bytes) -> Counter[str]:
    """Count the API's requests by method and route, from the hub's own log."""
    counted: Counter[str] = Counter()
    for line in log.splitlines():
        if line.startswith(b"{") and (entry := json.loads(line)).get("message") == "request":
            counted[f"{entry['method']} {entry['route']}"] += 1
    return counted


def invocations_of(reading: Reading, requests: Mapping[str, int]) -> Counter[str]:
    """Count invocations by function as Lambda makes them at low load: no batch holds a second message.

    The authorizer is counted for every request with a token, though API Gateway remembers it for a minute.
    """
    asked = {name: count for name, count in requests.items() if tuple(name.split(" ")) in _TOKEN_ROUTES}
    return Counter(
        {
            API_HANDLER: sum(requests.values()),
            "authorizer": sum(asked.values()),
            "relay": reading.inserting,
            **{row.name: reading.received[row.name] for row in consumers()},
        }
    )


def transitions(history: Sequence[str]) -> int:
    """Count billed state transitions: the start, and each state entered."""
    return history.count("ExecutionStarted") + sum(kind.endswith("StateEntered") for kind in history)


def usage_of(reading: Reading, invocations: Mapping[str, int], moves: int, log_bytes: int) -> Usage:
    """Return what is billed."""
    requests = reading.requests
    invoked = sum(invocations.values())
    secrets = requests["secretsmanager.GetSecretValue"]
    return Usage(
        api_requests=invocations[API_HANDLER],
        lambda_invocations=invoked,
        lambda_gb_seconds=sum(
            count * BILLED_SECONDS * memory_gb(name) for name, count in invocations.items()
        ),
        dynamodb_write_units=reading.write_units.table + reading.write_units.indexes,
        dynamodb_read_units=reading.read_units,
        sqs_requests=_of_service(requests, "sqs."),
        state_transitions=moves,
        # Secrets Manager asks KMS once for each secret it hands out.
        kms_requests=_of_service(requests, "kms.") - requests["kms.Sign"] + secrets,
        kms_signatures=requests["kms.Sign"],
        secret_requests=secrets,
        s3_writes=requests["s3.PUT"],
        s3_reads=requests["s3.GET"],
        log_bytes=log_bytes + invoked * PLATFORM_LOG_BYTES + invocations[API_HANDLER] * ACCESS_LOG_BYTES,
    )


def _of_service(requests: Mapping[str, int], prefix: str) -> int:
    return sum(count for name, count in requests.items() if name.startswith(prefix))


def memory_gb(function: str) -> float:
    """Return a function's memory in GB of 1,024 MB, as Lambda bills it."""
    return functions()[function].memory_mb / _MB_IN_GB
