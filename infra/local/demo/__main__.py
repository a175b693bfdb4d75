"""`make demo`: a mixed caseload, every role's part played over HTTP, until every case has ended.

CASES, SEED and LOSE_WORKFLOWS come from the environment; exits 0 only if every case ended as it should.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import urllib3
from rich.console import Console
from rich.live import Live

from infra.local.demo.client import HubClient, Issuer
from infra.local.demo.driver import Driver, plan_courses
from infra.local.demo.report import print_report, progress_line
from infra.local.demo.scripts import spread
from infra.local.resources import lose_workflows
from infra.local.stack import Stack, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infra.local.demo.driver import Course

_SECONDS_PER_DAY: Final = 2.0
_IN_FLIGHT: Final = 80
_OUTAGE: Final = (0.25, 0.55)
_LOSS: Final = 0.5
_TELL_EVERY_SECONDS: Final = 10.0
_COURT: Final = {
    "pace_seconds": 0.3,
    "latency_seconds": 0.02,
    "error_rate": 0.05,
    "duplicate_rate": 0.2,
    "reorder_rate": 0.2,
    "early_rate": 0.1,
    "rejection_rate": 0.25,
    "refusal_rate": 0.08,
}


class Disturbances:
    """What goes wrong on purpose, by how far the caseload is: the court's outage, the lost workflows."""

    def __init__(self, stack: Stack, http: urllib3.PoolManager, *, lose_workflows: bool) -> None:
        self._stack = stack
        self._http = http
        self._to_lose = lose_workflows
        self._down: bool | None = False
        self.notes: list[str] = []

    def follow(self, progress: float) -> None:
        """Switch the court off and on again, and lose the workflows once, at their shares of the caseload."""
        begin, end = _OUTAGE
        if self._down is False and progress >= begin:
            self._court(outage=True)
            self.notes.append("court down")
            self._down = True
        elif self._down and progress >= end:
            self.restore()
        if self._to_lose and progress >= _LOSS:
            self._to_lose = False
            lost = lose_workflows(self._stack.aws_url)
            self.notes.append(f"lost {lost['executions']} executions, purged {lost['queues']} queues")

    def restore(self) -> None:
        """Switch the court on again, once."""
        if self._down:
            self._court(outage=False)
            self.notes[self.notes.index("court down")] = "court was down"
            self._down = None

    def _court(self, **knobs: object) -> None:
        self._http.request("PUT", f"{self._stack.court_url}/control", json=knobs)


def main() -> int:
    """Run the demo; return the exit code."""
    count, seed = int(os.environ.get("CASES", "60")), int(os.environ.get("SEED", "1"))
    lose = os.environ.get("LOSE_WORKFLOWS", "0") not in {"", "0"}
    console = Console()
    courses = plan_courses(spread(count), seed, date.today())  # noqa: DTZ011 - the claim's own calendar day
    http = urllib3.PoolManager(maxsize=16)
    began = time.monotonic()
    with running(seconds_per_day=_SECONDS_PER_DAY, seed=seed, court_knobs=_COURT) as stack:
        console.print(
            f"hub {stack.hub_url}  court {stack.court_url}  {count} cases, seed {seed}, "
            f"a day passes in {_SECONDS_PER_DAY:g} s"
        )
        court = _play(stack, http, courses, console, lose=lose)
    seconds = time.monotonic() - began
    return 1 if print_report(console, courses, court, seconds) else 0


def _play(
    stack: Stack, http: urllib3.PoolManager, courses: Sequence[Course], console: Console, *, lose: bool
) -> dict[str, Any]:
    disturbances = Disturbances(stack, http, lose_workflows=lose)
    client = HubClient(stack.hub_url, Issuer(stack.issuer_url, http), http)
    driver = Driver(client, courses, run=uuid.uuid4().hex[:12], in_flight=_IN_FLIGHT)
    began, told = time.monotonic(), 0.0
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        for _ in driver.rounds(give_up_after_seconds=120 + 2.0 * len(courses)):
            stack.check()
            elapsed = time.monotonic() - began
            progress = max(sum(c.over for c in courses) / len(courses), elapsed / 120)
            disturbances.follow(progress)
            line = progress_line(courses, elapsed, disturbances.notes)
            live.update(line)
            if not console.is_terminal and elapsed >= told + _TELL_EVERY_SECONDS:
                # In a log there is nothing to redraw: a line now and then shows that it goes on.
                print(line, flush=True)
                told = elapsed
        disturbances.restore()
    answer = http.request("GET", f"{stack.court_url}/control/state")
    state: dict[str, Any] = answer.json()
    return state


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
