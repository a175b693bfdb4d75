"""What it costs to start each Lambda function, against the least that any function on DynamoDB costs.

How: a child process imports `app` as Lambda does, told by `_HANDLER` which function it is; next to it another
imports boto3 and makes a DynamoDB client. They take turns (A B A B ...), and the median of the ratios of
neighbours is the figure. What counts is CPU time (user and system) from the start of the process, interpreter
included on both sides, so that a busy machine matters little; byte code is warm. Then the function builds
what it uses, and the API serves its first request, which loads its validation: shown as "ready", without a
budget, since the baseline builds one client and a function up to four.

Downside: CPU time does not include the time Lambda takes to fetch and unpack the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.registry import consumers
from infra.bench.children import HUB, run
from infra.bench.figures import Figure, Section, median_ratio
from infra.template.chalice_config import API_HANDLER, functions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.consumers import Consumer

API_BUDGET: Final = 1.8
EVENT_BUDGET: Final = 1.4
DEFAULT_RUNS: Final = 9

_CPU: Final = "import resource as r, sys; cpu = lambda: sum(r.getrusage(r.RUSAGE_SELF)[:2])"
_BASELINE: Final = "import boto3; boto3.client('dynamodb')"
_HUB: Final = "from chalicelib import bootstrap; hub = bootstrap.hub()"

_FIRST_REQUEST: Final = {
    "resource": "/v1/health",
    "path": "/v1/health",
    "httpMethod": "GET",
    "headers": {},
    "multiValueHeaders": {},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "pathParameters": None,
    "stageVariables": None,
    "requestContext": {
        "httpMethod": "GET",
        "resourcePath": "/v1/health",
        "path": "/v1/health",
        "requestId": "bench",
        "identity": {"sourceIp": "127.0.0.1"},
    },
    "body": None,
    "isBase64Encoded": False,
}
_SERVED: Final = (
    "from types import SimpleNamespace\n"
    f"app.app({_FIRST_REQUEST!r}, SimpleNamespace(aws_request_id='bench', function_name='api'))"
)


def _first_message(row: Consumer) -> str:
    load = f"from chalicelib.registry import consumer; consumer({row.name!r}).load()"
    return "; ".join([_HUB, load, *(f"hub.{part}" for part in row.parts)])


USES: Final[Mapping[str, str]] = {
    API_HANDLER: f"{_HUB}; hub.cases, hub.transfers, hub.callbacks, hub.calendar, hub.clock\n{_SERVED}",
    "authorizer": "from chalicelib import bootstrap; bootstrap.tokens()",
    "relay": f"{_HUB}; hub.queues",
    **{row.name: _first_message(row) for row in consumers()},
    "reconcile": f"{_HUB}; hub.due, hub.workflows, hub.cases, hub.engine, hub.queues, hub.clock; "
    "from chalicelib.workflow import sweep",
}
"""By function: what it builds before it can serve its first event."""


@dataclass(frozen=True, slots=True)
class Start:
    """CPU seconds of one process: after its import, and after it has built what it uses."""

    imported: float
    ready: float


def measure(runs: int, progress: Callable[[str], None]) -> list[Figure]:
    """Measure each function `runs` times, in turn with the baseline; raises BenchError."""
    figures = []
    for function in functions():
        progress(f"imports: {function}")
        figures += figures_for(function, [(measure_once(function), _baseline()) for _ in range(runs)])
    return figures


def figures_for(function: str, pairs: list[tuple[Start, Start]]) -> list[Figure]:
    """Return import and readiness as ratios of neighbouring starts, (function, baseline)."""
    budget = API_BUDGET if function == API_HANDLER else EVENT_BUDGET
    imported = sorted(start.imported for start, _ in pairs)
    note = f"{imported[len(imported) // 2] * 1000:.0f} ms of CPU"
    return [
        Figure(
            section=Section.IMPORTS,
            name=f"{function}: import",
            value=median_ratio([(start.imported, base.imported) for start, base in pairs]),
            unit="x boto3",
            budget=budget,
            note=note,
        ),
        Figure(
            section=Section.IMPORTS,
            name=f"{function}: ready",
            value=median_ratio([(start.ready, base.imported) for start, base in pairs]),
            unit="x boto3",
            note="after it built what it uses",
        ),
    ]


def measure_once(function: str) -> Start:
    """Start a function in a child of its own; raises BenchError."""
    handler = "app.app" if function == API_HANDLER else f"app.{function}"
    return _run("import app", USES[function], {"_HANDLER": handler})


def _baseline() -> Start:
    return _run(_BASELINE, "pass", {})


def _run(imports: str, uses: str, handler: Mapping[str, str]) -> Start:
    printed = run(
        ["-c", f"{_CPU}\n{imports}\nimported = cpu()\n{uses}\nprint(imported, cpu())"], {**HUB, **handler}
    )
    imported, ready = printed.split()[-2:]
    return Start(float(imported), float(ready))
