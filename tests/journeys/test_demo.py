"""The demo's courses that settle, on a stack with longer days: each ends as it should, and money balances."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
import urllib3

from infra.local.court.clock import day_in_china
from infra.local.demo import figures
from infra.local.demo.client import HubClient, Issuer
from infra.local.demo.driver import Driver, plan_courses
from infra.local.demo.outcomes import read_outcomes
from infra.local.demo.papers import Papers
from infra.local.demo.phones import Phones
from infra.local.demo.scripts import SETTLED
from infra.local.stack import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from infra.local.stack import Stack

pytestmark = pytest.mark.xdist_group("stack")

_SECONDS_PER_DAY = 4.0
"""So long that no term passes while a busy machine keeps a party from acting."""
_PATIENCE_SECONDS = 480.0


@pytest.fixture
def calm(tmp_path: Path) -> Iterator[Stack]:
    """Run a stack of its own, on which all courses are open at once."""
    with running(
        seconds_per_day=_SECONDS_PER_DAY, court_knobs={"pace_seconds": 0.1}, logs=tmp_path / "logs"
    ) as stack:
        yield stack


def test_every_course_that_settles_ends_as_it_should(calm: Stack) -> None:
    """Each is lived through once, the one that is confirmed twice: broken and kept."""
    with urllib3.PoolManager(maxsize=4) as http:
        _live_through(calm, HubClient(calm.hub_url, Issuer(calm.issuer_url, http), http), http)


def _live_through(stack: Stack, hub: HubClient, http: urllib3.PoolManager) -> None:
    confirmed = [script for script in SETTLED if script.name.startswith("confirmation")]
    courses = plan_courses([*SETTLED, *confirmed], 7, day_in_china(stack.clock.now()))
    papers, phones = Papers(hub), Phones(stack.sms_url, http)
    driver = Driver(
        hub,
        phones,
        papers,
        courses,
        now=stack.clock.now,
        run=uuid.uuid4().hex[:12],
        in_flight=len(courses),
    )
    for _ in driver.rounds(_PATIENCE_SECONDS):
        stack.check()
    assert {course.script.name: course.wrong for course in courses if course.wrong} == {}
    outcomes = read_outcomes(hub, courses)
    assert (outcomes.unread, papers.faults) == ([], [])
    assert figures.balance(outcomes)[1] == 0
    lived = {name for name, _, count in figures.kinds(outcomes) if count}
    assert lived >= {"defaulted, enforced", "confirmed, performed", "defaulted, sued for the rest"}
