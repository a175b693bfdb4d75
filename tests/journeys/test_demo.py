"""The demo's courses that settle, on the journeys' stack: each ends as it should, and money balances."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from infra.local.court.clock import day_in_china
from infra.local.demo import figures
from infra.local.demo.driver import Driver, plan_courses
from infra.local.demo.outcomes import read_outcomes
from infra.local.demo.papers import Papers
from infra.local.demo.phones import Phones
from infra.local.demo.scripts import SETTLED

if TYPE_CHECKING:
    from tests.support.travel import Traveller

pytestmark = pytest.mark.xdist_group("stack")

_PATIENCE_SECONDS = 240.0


def test_every_course_that_settles_ends_as_it_should(traveller: Traveller) -> None:
    """Each is lived through once, the one that is confirmed twice: broken and kept."""
    stack = traveller.stack
    confirmed = [script for script in SETTLED if script.name.startswith("confirmation")]
    courses = plan_courses([*SETTLED, *confirmed], 7, day_in_china(stack.clock.now()))
    papers, phones = Papers(traveller.hub), Phones(stack.sms_url, traveller.http)
    driver = Driver(
        traveller.hub,
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
    outcomes = read_outcomes(traveller.hub, courses)
    assert (outcomes.unread, papers.faults) == ([], [])
    assert figures.balance(outcomes)[1] == 0
    lived = {name for name, _, count in figures.kinds(outcomes) if count}
    assert lived >= {"defaulted, enforced", "confirmed, performed", "defaulted, sued for the rest"}
