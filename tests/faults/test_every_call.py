"""Whatever fails at whichever call to AWS, a case comes to the same end.

Each story is played undisturbed first, and its calls are counted; then it is played again with failures.
Afterwards the same is stored, court and phones were told the same, and nothing waits any more: no message, no
dead letter, no execution, nothing that is due.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.faults.stories import goes_to_the_court, is_settled_and_performed
from tests.faults.wire import Fault, undisturbed

if TYPE_CHECKING:
    from tests.faults.conftest import Played, Stage, Story
    from tests.faults.wire import Call, Plan

STORIES = (goes_to_the_court, is_settled_and_performed)
FUNCTIONS = {"api", "callbacks", "court", "reconcile", "relay", "workflow"}
"""All but the one that sends notices, which has something to do in one story only."""
LATER = 9
"""Which call does not get through either: another message's by then, as one message's attempts are few."""
APART = 18
"""So many calls pass between two failures: fewer would use up a message's attempts."""
PARTS = 40
"""Into how many tests the calls of a story are dealt, so that workers share them."""


@cache
def as_ever(stage: Stage, story: Story) -> Played:
    """Play a story without a failure, once for all tests of a worker."""
    return stage.play(story, undisturbed)


def check(stage: Stage, story: Story, plan: Plan, what: str) -> Played:
    """Play a story with failures; fail unless it ends as ever."""
    expected, played = as_ever(stage, story), stage.play(story, plan)
    assert played.failed, f"{what}: nothing failed"
    passed = played.failed[0][0].number - 1
    assert played.calls[:passed] == expected.calls[:passed], (
        f"{what}: another call than the undisturbed story's"
    )
    failures = [f"{fault} at {call}" for call, fault in played.failed]
    assert played.days == expected.days, f"{what}: only a later sweep went on: {failures}"
    assert not expected.outcome.differences(played.outcome), f"{what}: {failures}"
    return played


@pytest.mark.xdist_group("faults")
@pytest.mark.parametrize("story", STORIES)
def test_undisturbed_a_story_leaves_nothing_that_waits(stage: Stage, story: Story) -> None:
    """A story that left something by itself would hide what a failure leaves."""
    assert as_ever(stage, story).outcome.waiting == ()


@pytest.mark.xdist_group("faults")
@pytest.mark.parametrize("fault", [Fault.LOST, Fault.DIED])
@pytest.mark.parametrize("story", STORIES)
def test_each_function_meets_a_failure_at_each_operation(stage: Stage, story: Story, fault: Fault) -> None:
    """Its first call of each kind gets no answer, or its process dies there."""
    played = check(stage, story, lambda call: _some(call, fault), fault)
    assert {call.function for call, _ in played.failed} >= FUNCTIONS


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("story", STORIES)
def test_each_call_meets_each_failure(stage: Stage, story: Story, part: int) -> None:
    """One failure a story: refused, out of reach, without answer, the last of its process, sent twice."""
    for call in as_ever(stage, story).calls[part::PARTS]:
        for fault in call.faults:
            check(stage, story, _at(call.number, fault), f"{fault} at {call}")


@pytest.mark.long
@pytest.mark.parametrize("story", STORIES)
def test_failures_that_come_again_and_again(stage: Stage, story: Story) -> None:
    """Many in each story, until every call has met every failure: what follows one is disturbed as well."""
    spread = Spread(as_ever(stage, story).calls)
    while spread.left:
        before = len(spread.left)
        check(stage, story, spread.begin(), "failures again and again")
        assert len(spread.left) < before


class Spread:
    """Plans with failures some calls apart, each of them once."""

    def __init__(self, calls: list[Call]) -> None:
        self.left = {
            (call.function, call.operation, call.occurrence, fault) for call in calls for fault in call.faults
        }
        self._stories = self._passed = 0

    def begin(self) -> Plan:
        """Return the plan of the next story."""
        self._stories += 1
        self._passed = 2 * APART  # the first call may fail
        return self._next

    def _next(self, call: Call) -> Fault | None:
        self._passed += 1
        # Another distance in each story, so that the failures do not meet the same calls each time.
        if self._passed <= APART + self._stories * 5 % 7:
            return None
        turn = self._stories % len(call.faults)
        for fault in (*call.faults[turn:], *call.faults[:turn]):
            if (target := (call.function, call.operation, call.occurrence, fault)) in self.left:
                self.left.remove(target)
                self._passed = 0
                return fault
        return None


def _some(call: Call, fault: Fault) -> Fault | None:
    if call.occurrence == 1:
        return fault if fault in call.faults else Fault.UNREACHABLE  # a question whose answer is lost
    late = fault is Fault.LOST and fault in call.faults and call.occurrence == LATER
    return Fault.UNREACHABLE if late else None


def _at(number: int, fault: Fault) -> Plan:
    return lambda call: fault if call.number == number else None
