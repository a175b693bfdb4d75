"""What Lighthouse says of each role's start page, and what its first visit transfers.

How: the local stack runs; each person comes in by clicks in Chromium, and Lighthouse opens the page anew with
that person's cookie, as a slow phone would. A budget is an upper bound, so a score is told as the points that
it lacks of 100. Downside: it needs Node, Chromium and the registry's `lighthouse`; without them it is left
out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from infra.bench.children import BenchError
from infra.bench.figures import Figure, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from infra.local.visitors import Visitors

VERSION: Final = "12.8.2"
BUDGETS: Final[Mapping[str, float]] = {"accessibility": 0, "best-practices": 0, "performance": 5}
"""The points that may be missing of 100."""
MOST_KILOBYTES, MOST_REQUESTS = 100.0, 3
_PATIENCE_SECONDS: Final = 180


def missing() -> str:
    """Say what of Lighthouse's needs is not installed; nothing if all is."""
    tools = {name: shutil.which(name) is not None for name in ("npx", "chromium")}
    tools["playwright"] = find_spec("playwright") is not None
    return ", ".join(name for name, there in tools.items() if not there)


def measure(logs: Path, progress: Callable[[str], None], say: Callable[[str], None]) -> list[Figure]:
    """Measure the start pages of four roles; without the tools say so and measure nothing."""
    if lacking := missing():
        say(f"left out: Lighthouse; not installed: {lacking}")
        return []
    from infra.local.stack import running  # noqa: PLC0415 - the stack is heavy
    from infra.local.visitors import Visitors, chromium  # noqa: PLC0415

    progress("lighthouse: starting the stack")
    with running(logs=logs) as stack, chromium() as browser:
        return [
            figure
            for role, url, cookie in _visits(Visitors(stack, browser))
            for figure in figures_of(role, _seen_by_lighthouse(role, url, cookie, progress))
        ]


def figures_of(role: str, found: Mapping[str, Any]) -> list[Figure]:
    """Return the figures of Lighthouse's report of a role's start page."""
    requests = found["audits"]["network-requests"]["details"]["items"]
    sent = [each for each in requests if not str(each["url"]).startswith("data:")]
    weight = sum(each["transferSize"] for each in sent) / 1000
    return [
        *(
            Figure(
                section=Section.LIGHTHOUSE,
                name=f"{role}: {category}, points missing of 100",
                value=round(100 - 100 * found["categories"][category]["score"], 1),
                unit="",
                budget=budget,
                note=", ".join(_lost(found, category)),
            )
            for category, budget in BUDGETS.items()
        ),
        Figure(
            section=Section.LIGHTHOUSE,
            name=f"{role}: first visit, transferred",
            value=weight,
            unit="KB",
            budget=MOST_KILOBYTES,
            note=f"{len(sent)} requests of at most {MOST_REQUESTS}",
        ),
        Figure(
            section=Section.LIGHTHOUSE,
            name=f"{role}: first visit, requests",
            value=len(sent),
            unit="",
            budget=MOST_REQUESTS,
        ),
    ]


def _lost(found: Mapping[str, Any], category: str) -> Iterator[str]:
    """Yield the audits that cost points."""
    for each in found["categories"][category]["auditRefs"]:
        score = found["audits"][each["id"]]["score"]
        if each["weight"] and score is not None and score < 1:
            yield str(each["id"])


def _visits(people: Visitors) -> Iterator[tuple[str, str, str]]:
    """Yield each role with the address of its start page and its cookie."""
    for role in ("party", "mediator", "centre", "institution"):
        page = people.party() if role == "party" else people.staff(role)
        cookies = page.context.cookies(people.home)
        yield role, page.url, "; ".join(f"{each['name']}={each['value']}" for each in cookies)
        page.context.close()


def _seen_by_lighthouse(
    role: str, url: str, cookie: str, progress: Callable[[str], None]
) -> Mapping[str, Any]:
    progress(f"lighthouse: the start page of {role}")
    asked = [
        *("npx", "--yes", f"lighthouse@{VERSION}", url, "--quiet", "--output=json", "--output-path=stdout"),
        f"--only-categories={','.join(BUDGETS)}",
        f"--extra-headers={json.dumps({'Cookie': cookie})}",
        "--chrome-flags=--headless=new --no-sandbox",
    ]
    environment = {**os.environ, "CHROME_PATH": str(shutil.which("chromium"))}
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, and an address of this machine
            asked, capture_output=True, check=True, timeout=_PATIENCE_SECONDS, env=environment
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise BenchError(f"Lighthouse did not finish with the start page of {role}: {error}") from error
    report: Mapping[str, Any] = json.loads(done.stdout)
    return report
