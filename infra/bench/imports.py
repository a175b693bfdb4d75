"""What it costs to start each Lambda function, against the least that any function on DynamoDB costs.

How: a child process imports `app` as Lambda does, told by `_HANDLER` which function it is, from what is
shipped (`infra.bench.shipped`) and from nothing else; next to it another imports boto3, as it is installed,
and makes a DynamoDB client. They take turns (A B A B ...), and the median of the ratios of neighbours is the
figure. What counts is CPU time (user and system) from the start of the process, interpreter included on both
sides, so that a busy machine matters little. Then the function builds what it uses, and the API serves its
first request, which loads its validation: "ready". A build before takes its turn as it was shipped.

Downside: CPU time does not include the time Lambda takes to fetch and unpack the package.
"""

from __future__ import annotations

import sysconfig
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.registry import consumers
from infra.bench.children import HUB, run
from infra.bench.figures import Figure, Section, median_ratio
from infra.template.chalice_config import API_HANDLER, functions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalicelib.consumers import Consumer
    from infra.bench.shipped import Build

API_BUDGET: Final = 1.8
EVENT_BUDGET: Final = 1.4
PAGE_BUDGET: Final = 1.25
"""Of the console's first page, beside the API's first answer."""
SHIPPED_BUDGET: Final = 0.47
"""How ready the API is, at most so many times what it took as the reference was shipped."""
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
_LOADED: Final = "from types import SimpleNamespace"
_CONTEXT: Final = "SimpleNamespace(aws_request_id='bench', function_name='api')"
_SERVED: Final = f"{_LOADED}\napp.app({_FIRST_REQUEST!r}, {_CONTEXT})"
FIRST_PAGE: Final = (
    f"{_LOADED}\nasked = {_FIRST_REQUEST!r}\n"
    "asked |= {'resource': '/console/{part1}', 'path': '/console/sign-in'}\n"
    "asked |= {'pathParameters': {'part1': 'sign-in'}}\n"
    "asked['requestContext'] |= {'resourcePath': '/console/{part1}', 'path': '/console/sign-in'}\n"
    f"assert app.app(asked, {_CONTEXT})['statusCode'] == 200"
)


def _first_message(row: Consumer) -> str:
    load = f"from chalicelib.registry import consumer; consumer({row.name!r}).load()"
    return "; ".join([_HUB, load, *(f"hub.{part}" for part in row.parts)])


USES: Final[Mapping[str, str]] = {
    API_HANDLER: f"{_HUB}; hub.cases, hub.transfers, hub.callbacks, hub.calendar, hub.clock\n{_SERVED}",
    "authorizer": "from chalicelib import bootstrap; bootstrap.tokens()",
    "relay": f"{_HUB}; hub.queues; from chalicelib.workflow.relay import relay",
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


def measure(
    runs: int, progress: Callable[[str], None], build: Build, before: Build | None = None
) -> list[Figure]:
    """Measure each function `runs` times, in turn with the baseline and a build before; raises BenchError."""
    figures = []
    for function in functions():
        progress(f"imports: {function}")
        known = before if before is not None and function in before.uses else None
        starts = [
            (measure_once(build, function), _baseline(), measure_once(known, function) if known else None)
            for _ in range(runs)
        ]
        earlier = [(start, was) for start, _, was in starts if was]
        figures += figures_for(function, [(start, base) for start, base, _ in starts])
        if known and earlier:
            figures.append(beside(function, earlier, held=known.is_reference))
    progress("imports: the console's first page")
    starts_of_both = [(page_once(build), measure_once(build, API_HANDLER)) for _ in range(runs)]
    return [*figures, first_page(starts_of_both)]


def first_page(pairs: list[tuple[Start, Start]]) -> Figure:
    """Return how ready the console's first page is, beside the API's first answer."""
    pages = sorted(page.ready for page, _ in pairs)
    return Figure(
        section=Section.IMPORTS,
        name="the console's first page, beside the API's first answer",
        value=median_ratio([(page.ready, api.ready) for page, api in pairs]),
        unit="x",
        budget=PAGE_BUDGET,
        note=f"it takes {pages[len(pages) // 2] * 1000:.0f} ms",
    )


def page_once(build: Build) -> Start:
    """Start the API's function with the console's first page; raises BenchError."""
    return _run(build.paths[API_HANDLER], "import app", f"{_HUB}\n{FIRST_PAGE}", {"_HANDLER": "app.app"})


def beside(function: str, pairs: list[tuple[Start, Start]], *, held: bool) -> Figure:
    """Return readiness as the ratio to the build before, both as they are shipped."""
    was = sorted(start.ready for _, start in pairs)
    return Figure(
        section=Section.IMPORTS,
        name=f"{function}: ready, beside the build before",
        value=median_ratio([(start.ready, earlier.ready) for start, earlier in pairs]),
        unit="x before",
        budget=SHIPPED_BUDGET if held and function == API_HANDLER else None,
        note=f"it took {was[len(was) // 2] * 1000:.0f} ms",
    )


def figures_for(function: str, pairs: list[tuple[Start, Start]]) -> list[Figure]:
    """Return import and readiness as ratios of neighbouring starts, (function, baseline)."""
    is_api = function == API_HANDLER
    imported, ready = (
        sorted(moments)[len(pairs) // 2] * 1000
        for moments in zip(*((start.imported, start.ready) for start, _ in pairs), strict=True)
    )
    return [
        Figure(
            section=Section.IMPORTS,
            name=f"{function}: import",
            value=median_ratio([(start.imported, base.imported) for start, base in pairs]),
            unit="x boto3",
            budget=API_BUDGET if is_api else EVENT_BUDGET,
            note=f"{imported:.0f} ms of CPU",
        ),
        Figure(
            section=Section.IMPORTS,
            name=f"{function}: ready",
            value=median_ratio([(start.ready, base.imported) for start, base in pairs]),
            unit="x boto3",
            budget=None if is_api else EVENT_BUDGET,
            note=f"{ready:.0f} ms, after it built what it uses",
        ),
    ]


def measure_once(build: Build, function: str) -> Start:
    """Start a function in a child of its own; raises BenchError."""
    handler = "app.app" if function == API_HANDLER else f"app.{function}"
    return _run(build.paths[function], "import app", build.uses[function], {"_HANDLER": handler})


def _baseline() -> Start:
    return _run([sysconfig.get_path("purelib")], _BASELINE, "pass", {})


def _run(paths: Sequence[str], imports: str, uses: str, handler: Mapping[str, str]) -> Start:
    code = f"import sys; sys.path[:0] = {list(paths)!r}\n{_CPU}\n{imports}\nimported = cpu()\n{uses}"
    # -B: what was shipped without byte code stays so.
    printed = run(["-I", "-S", "-B", "-c", f"{code}\nprint(imported, cpu())"], {**HUB, **handler})
    imported, ready = printed.split()[-2:]
    return Start(float(imported), float(ready))
