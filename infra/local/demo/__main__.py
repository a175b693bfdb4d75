"""`make demo`: plays a mixed caseload in every role over HTTP, until every case has ended.

Exits 0 only if every case ended as it should, every paper is what it is said to be, and the money balances.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import urllib3
from rich.console import Console
from rich.live import Live

from infra.local.court.clock import day_in_china
from infra.local.demo.client import HubClient, Issuer
from infra.local.demo.driver import Driver, plan_courses
from infra.local.demo.outcomes import read_outcomes
from infra.local.demo.papers import Papers
from infra.local.demo.performing import RULINGS
from infra.local.demo.phones import Phones
from infra.local.demo.report import Run, print_report, progress_line
from infra.local.demo.scripts import spread
from infra.local.passing import Passing
from infra.local.processes import StackFailedError
from infra.local.resources import lose_workflows
from infra.local.stack import Stack, running

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from infra.local.demo.driver import Course

_IN_FLIGHT: Final = 60
_LONGEST_SECONDS: Final = 3600.0
"""A run that takes longer has got stuck: time waits for whoever is late, so nothing else ends it."""
_OUTAGE: Final = (0.25, 0.55)
_LONGEST_OUTAGE: Final = timedelta(days=3)
_LOSS: Final = 0.5
_LIKELY: Final = 0.9
_LOG_WIDTH: Final = 120
_TELL_EVERY_SECONDS: Final = 10.0
_COURT: Final = {
    "pace_seconds": 0.02,
    "latency_seconds": 0.01,
    "error_rate": 0.05,
    "duplicate_rate": 0.2,
    "reorder_rate": 0.2,
    "early_rate": 0.1,
    "rejection_rate": 0.25,
    "refusal_rate": 0.08,
    # The courses accept either ruling, so the court may decide by chance.
    "ruling_rejection_rate": 0.5,
}


class Disturbances:
    """What goes wrong on purpose, and at which progress: the court's outage, the lost workflows.

    The court's next ruling is likelier to be the rarer one so far, so that few cases see both rulings too.
    """

    def __init__(self, stack: Stack, http: urllib3.PoolManager, *, lose_workflows: bool) -> None:
        self._stack = stack
        self._http = http
        self._to_lose = lose_workflows
        self._down: bool | None = False
        self._until = stack.clock.now()
        self._rejecting = _COURT["ruling_rejection_rate"]
        self.notes: list[str] = []

    def follow(self, progress: float, now: datetime) -> None:
        """Switch the court off and on again, and lose the workflows once, at their shares of the caseload."""
        begin, end = _OUTAGE
        if self._down is False and progress >= begin:
            self._court(outage=True)
            self.notes.append("court down")
            self._down, self._until = True, now + _LONGEST_OUTAGE
        elif self._down and (progress >= end or now >= self._until):
            self.restore()
        if self._to_lose and progress >= _LOSS:
            self._to_lose = False
            lost = lose_workflows(self._stack.aws_url)
            self.notes.append(f"lost {lost['executions']} executions, purged {lost['queues']} queues")

    def weigh(self, confirmed: int, rejected: int) -> None:
        """Make the rarer ruling the likelier one."""
        rate = 0.5 if confirmed == rejected else _LIKELY if confirmed > rejected else 1 - _LIKELY
        if rate != self._rejecting:
            self._rejecting = rate
            self._court(ruling_rejection_rate=rate)

    def restore(self) -> None:
        """Switch the court on again, once."""
        if self._down:
            self._court(outage=False)
            self.notes[self.notes.index("court down")] = "court was down"
            self._down = None

    def _court(self, **knobs: object) -> None:
        self._http.request("PUT", f"{self._stack.court_url}/control", json=knobs)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.demo",
        description=__doc__,
        epilog="Example: python -m infra.local.demo --cases 20 --seed 7. Where an option is left out, the "
        "environment counts: CASES, SEED, LOSE_WORKFLOWS=1, DOCUMENTS.",
    )
    told = os.environ.get
    parser.add_argument("--cases", type=int, default=told("CASES", "60"), help="how many cases are filed")
    parser.add_argument(
        "--seed", type=int, default=told("SEED", "1"), help="the same seed, the same caseload"
    )
    parser.add_argument(
        "--lose-workflows",
        action="store_true",
        default=told("LOSE_WORKFLOWS", "0") not in {"", "0"},
        help="delete every execution and empty every queue half-way",
    )
    parser.add_argument(
        "--documents", type=Path, default=told("DOCUMENTS") or None, help="folder to keep the papers in"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; return the exit code."""
    options = _parser().parse_args(arguments)
    count, seed = options.cases, options.seed
    console = Console()
    if not console.is_terminal:
        console = Console(width=_LOG_WIDTH)
    http = urllib3.PoolManager(maxsize=16)
    began = time.monotonic()
    with running(virtual=True, seed=seed, court_knobs=_COURT) as stack:
        console.print(
            f"hub {stack.hub_url}  court {stack.court_url}  {count} cases, seed {seed}, "
            "time passes when nothing is left to do"
        )
        hub = HubClient(stack.hub_url, Issuer(stack.issuer_url, http), http)
        papers = Papers(hub, options.documents)
        began_on = day_in_china(stack.clock.now())
        courses = plan_courses(spread(count), seed, began_on)
        driver = Driver(
            hub,
            Phones(stack.sms_url, http),
            papers,
            courses,
            now=stack.clock.now,
            passing=Passing.of(stack, http),
            run=uuid.uuid4().hex[:12],
            in_flight=_IN_FLIGHT,
        )
        _play(stack, http, driver, courses, console, lose=options.lose_workflows)
        own = [course for course in courses if course.view and course.view["way_in"] == "own_application"]
        console.print(f"Cases that began with the borrower's own application 借款人自行申请: {len(own)}")
        console.print(f"Rung by the centre, as no message reaches them 电话告知: {driver.rung} times")
        run = Run(
            courses=courses,
            outcomes=read_outcomes(hub, courses),
            papers=papers,
            court=http.request("GET", f"{stack.court_url}/control/state").json(),
            seconds=time.monotonic() - began,
            began_on=began_on,
            ended_on=day_in_china(stack.clock.now()),
        )
    return 1 if print_report(console, run) else 0


def _play(
    stack: Stack,
    http: urllib3.PoolManager,
    driver: Driver,
    courses: Sequence[Course],
    console: Console,
    *,
    lose: bool,
) -> None:
    disturbances = Disturbances(stack, http, lose_workflows=lose)
    began, told = time.monotonic(), 0.0
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        for _ in driver.rounds(_LONGEST_SECONDS):
            stack.check()
            elapsed = time.monotonic() - began
            progress = sum(course.over for course in courses) / len(courses)
            disturbances.follow(progress, stack.clock.now())
            disturbances.weigh(*(sum(ruling in c.memory for c in courses) for ruling in RULINGS))
            line = progress_line(courses, elapsed, disturbances.notes)
            live.update(line)
            if not console.is_terminal and elapsed >= told + _TELL_EVERY_SECONDS:
                # A log can't redraw its last line, so a new line now and then shows the progress.
                print(line, flush=True)
                told = elapsed
        disturbances.restore()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StackFailedError as failed:
        sys.exit(str(failed))
    except KeyboardInterrupt:
        sys.exit(130)
