"""What a whole case asks of AWS, and what a thousand such cases cost.

How: the real stack runs with a tap between hub and emulator; cases run through the demo's scripts one after
the other, undisturbed and in real time, so that no limit passes and nothing is tried twice. The first case
warms the hub (keys, secrets) and is shown for comparison; the next ones are measured against the budget.

Assumed, where an emulator can't tell: a Lambda invocation is billed BILLED_SECONDS at its function's memory,
and writes PLATFORM_LOG_BYTES of START, END and REPORT beside the hub's own lines; API Gateway writes
ACCESS_LOG_BYTES a request. A start is counted as a state transition like every state entered.
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
from infra.bench.meter import Meter, Reading
from infra.bench.player import INSTITUTION, Scene, play, script_named
from infra.bench.prices import Usage, bill, total
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
BUDGET_USD: Final = 1.0
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
    usage: Usage

    @property
    def forgetful(self) -> Usage:
        """What it would use if no container remembered a key: an upper bound for a hub that is seldom used.

        Each API request and each message to the court then reads and unwraps a data key; each callback and
        each message to the court fetches the partners' secret, which Secrets Manager opens by KMS.
        """
        keys = self.invocations[API_HANDLER] + self.invocations["court"]
        secrets = self.api_requests[_CALLBACK] + self.invocations["court"]
        more = Usage(dynamodb_read_units=keys, kms_requests=keys + secrets, secret_requests=secrets)
        return self.usage + more

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
def metered_hub(aws_url: str, logs: Path) -> Iterator[Callable[[str, int], Course]]:
    """Run the stack behind a tap; yields a function from a script's name and a number to a measured case."""
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
            return _course(script, played.case_id, meter.take(), log.more(), behind.history(played.case_id))

        yield live


def figures_of(first: Course, docketed: Course, settled: Course) -> list[Figure]:
    """Return the prices beside the budget, and the numbers of requests behind them."""
    return [
        *_figures("docketed", docketed),
        _price("docketed, the first after a deployment", first.usage),
        _price("docketed, no container remembering a key", docketed.forgetful),
        *_figures("settled", settled),
    ]


def _figures(name: str, course: Course) -> list[Figure]:
    billed = (
        f"{course.usage.api_requests:.0f} API requests, {course.usage.lambda_invocations:.0f} invocations, "
        f"{course.usage.state_transitions:.0f} state transitions"
    )
    asked = sum(course.reading.requests.values())
    return [
        _price(name, course.usage),
        Figure(section=Section.CASES, name=f"{name}: AWS requests", value=asked, unit="a case", note=billed),
    ]


def _price(name: str, usage: Usage) -> Figure:
    return Figure(section=Section.CASES, name=name, value=total(usage), unit="USD", budget=BUDGET_USD)


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


def _course(script: str, case_id: str, reading: Reading, log: bytes, history: Sequence[str]) -> Course:
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
        usage=usage_of(reading, invocations, transitions(history), len(log)),
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
        sqs_requests=sum(count for name, count in requests.items() if name.startswith("sqs.")),
        state_transitions=moves,
        # Secrets Manager asks KMS once for each secret it hands out.
        kms_requests=sum(count for name, count in requests.items() if name.startswith("kms.")) + secrets,
        secret_requests=secrets,
        s3_writes=requests["s3.PUT"],
        s3_reads=requests["s3.GET"],
        log_bytes=log_bytes + invoked * PLATFORM_LOG_BYTES + invocations[API_HANDLER] * ACCESS_LOG_BYTES,
    )


def memory_gb(function: str) -> float:
    """Return a function's memory in GB of 1,024 MB, as Lambda bills it."""
    return functions()[function].memory_mb / 1024
