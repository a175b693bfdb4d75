"""The first POST and many more, in one process and on the same wire, beside the build before and the peers.

How: a child (`peers/child.py`) serves the requests of 150 filings with the wire cut below botocore. It tells
the CPU time from its start to its first answer and the CPU time of each later one, with and without
botocore's part. All have byte code. They take turns; a figure is the median of the ratios of neighbours, the
hub's over the other's.

The peers are FastAPI with Mangum, Powertools' resolver with pydantic, and the handler cookbook if it is
given: they validate a request and store it, and seal, chain and deduplicate nothing. Downside: the cookbook's
request is smaller than a filing, and its own idempotency takes two calls more.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from infra.bench.children import HUB, BenchError, ask, environment, run
from infra.bench.figures import Figure, Section, median_ratio
from infra.bench.shipped import INSTALLED
from infra.template.chalice_config import API_HANDLER, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from infra.bench.shipped import Build

REQUESTS: Final = 151
_PEERS: Final = Path(__file__).with_name("peers")
_LIBRARIES: Final = ROOT / ".local" / "bench-peers"
_LAST_LINES: Final = 8
_ORDERS: Final = "/api/orders/"
_COOKBOOK: Final = {
    "POWERTOOLS_SERVICE_NAME": "peer",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "LOG_LEVEL": "INFO",
    "IDEMPOTENCY_TABLE_NAME": "bench",
    "TABLE_NAME": "bench",
    "REST_API": "https://api.invalid",
    "ROLE_ARN": "arn:aws-cn:iam::000000000000:role/bench",
    "CONFIGURATION_APP": "bench",
    "CONFIGURATION_ENV": "bench",
    "CONFIGURATION_NAME": "bench",
    "CONFIGURATION_MAX_AGE_MINUTES": "60",
}

READY_BUDGETS: Final = {"before": 0.72, "cookbook": 0.65}
OWN_BUDGETS: Final = {"before": 0.64, "cookbook": 0.9}
"""At most so many times the other's; of the build before only where it is the reference."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: its import paths, the handler, the requests it understands, and its settings."""

    name: str
    paths: Sequence[str]
    handler: str
    events: Sequence[Mapping[str, Any]]
    settings: Mapping[str, str] = field(default_factory=dict)
    items: Sequence[Mapping[str, Any]] = ()
    """What the table has: the institution as it is enrolled, and its data key."""
    held: bool = True
    """Whether the budgets for this name are held."""


@dataclass(frozen=True, slots=True)
class Served:
    """CPU seconds: to the first answer, and of a later request without and with botocore's part (medians)."""

    ready: float
    own: float
    whole: float


def measure(
    runs: int, progress: Callable[[str], None], hub: Subject, others: Sequence[Subject]
) -> list[Figure]:
    """Measure the hub beside each of the others, in turn; raises BenchError."""
    figures = []
    for other in others:
        progress(f"posts: the hub beside {other.name}")
        serve(other)  # its libraries have byte code from here on
        figures += figures_for(other, [(serve(hub), serve(other)) for _ in range(runs)])
    return figures


def subjects(
    build: Build, before: Build | None, cookbook: Path | None, say: Callable[[str], None]
) -> tuple[Subject, list[Subject]]:
    """Return the hub and what it is measured beside; what is left out is said by name. Raises BenchError."""
    asked = ask("infra.bench.filing", {"events": REQUESTS}, HUB)
    events, items = asked["events"], asked["items"]
    others: list[Subject] = []
    if before is not None:
        before.compile()
        others.append(replace(_hub("before", before, events, items), held=before.is_reference))
    if _libraries_installed():
        others += _peers(events)
        others += [_cookbook_at(cookbook, events)] if cookbook else []
    else:
        say("left out: the peers, because their libraries could not be installed")
    if cookbook is None:
        say("left out: the handler cookbook; say where it is with --cookbook (COOKBOOK=path)")
    return _hub("hub", build, events, items), others


def figures_for(other: Subject, pairs: Sequence[tuple[Served, Served]]) -> list[Figure]:
    """Return the hub's figures over another's."""

    def ratio(what: str, of: Callable[[Served], float], budget: float | None) -> Figure:
        mine, its = (
            statistics.median(of(served) for served in side) * 1000 for side in zip(*pairs, strict=True)
        )
        return Figure(
            section=Section.POSTS,
            name=f"{what}, hub / {other.name}",
            value=median_ratio([(of(hub), of(peer)) for hub, peer in pairs]),
            unit="x",
            budget=budget if other.held else None,
            note=f"{mine:.1f} ms and {its:.1f} ms of CPU",
        )

    return [
        ratio("ready to the first POST", lambda served: served.ready, READY_BUDGETS.get(other.name)),
        ratio("own CPU of a warm POST", lambda served: served.own, OWN_BUDGETS.get(other.name)),
        ratio("the same with botocore", lambda served: served.whole, None),
    ]


def serve(subject: Subject) -> Served:
    """Serve the subject's requests in a child; raises BenchError with its last errors."""
    question = {"paths": list(subject.paths), "handler": subject.handler, "events": list(subject.events)}
    question["items"] = list(subject.items)
    done = subprocess.run(  # noqa: S603 - our own interpreter on our own code
        [sys.executable, "-I", "-S", str(_PEERS / "child.py")],
        env=environment({**HUB, **subject.settings}),
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stderr.splitlines()
    if done.returncode:
        raise BenchError(f"{subject.name} ended with {done.returncode}:\n" + "\n".join(told[-_LAST_LINES:]))
    found = json.loads(told[-1])
    return Served(found["ready"], statistics.median(found["own"]), statistics.median(found["whole"]))


def _hub(
    name: str, build: Build, events: Sequence[Mapping[str, Any]], items: Sequence[Mapping[str, Any]]
) -> Subject:
    return Subject(name, build.paths[API_HANDLER], "app:app", events, {"_HANDLER": "app.app"}, items)


def _peers(events: Sequence[Mapping[str, Any]]) -> list[Subject]:
    paths = [str(_PEERS), str(_LIBRARIES), str(INSTALLED)]
    names = {"FastAPI and Mangum": "fastapi_mangum", "Powertools' resolver": "powertools_resolver"}
    return [Subject(name, paths, f"{module}:handler", events) for name, module in names.items()]


def _cookbook_at(tree: Path, events: Sequence[Mapping[str, Any]]) -> Subject:
    orders = [
        {
            **event,
            "path": "/api/orders/",
            "resource": "/api/orders/",
            "requestContext": {
                **event["requestContext"],
                "resourcePath": "/api/orders/",
                "path": "/api/orders/",
            },
            "body": json.dumps({"customer_name": "bench", "order_item_count": number}),
            "isBase64Encoded": False,
        }
        for number, event in enumerate(events, start=1)
    ]
    paths = [str(tree.resolve()), str(_LIBRARIES), str(INSTALLED)]
    handler = "service.handlers.handle_create_order:lambda_handler"
    return Subject("cookbook", paths, handler, orders, _COOKBOOK)


def _libraries_installed() -> bool:
    """Install the peers' libraries into their folder, unless they are there; False without the index."""
    lock = _PEERS / "requirements.txt"
    stamp = _LIBRARIES / "installed.txt"
    if stamp.exists() and stamp.read_text("utf-8") == lock.read_text("utf-8"):
        return True
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade"]
    try:
        run([*pip, "--only-binary=:all:", f"--target={_LIBRARIES}", f"--requirement={lock}"], {})
    except BenchError:
        return False
    stamp.write_text(lock.read_text("utf-8"), "utf-8")
    return True
