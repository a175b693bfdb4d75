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
    from tests.faults.wire import Plan

STORIES = (goes_to_the_court, is_settled_and_performed)
FUNCTIONS = {"api", "callbacks", "court", "reconcile", "relay", "workflow"}
"""All but the one that sends notices, which has something to do in one story only."""
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
    ends, as_it_should = played.outcome, expected.outcome
    if played.days != expected.days:
        ends, as_it_should = ends.without_days(), as_it_should.without_days()
    assert not as_it_should.differences(ends), what
    return played


@pytest.mark.parametrize("story", STORIES)
def test_undisturbed_a_story_ends_as_ever_and_leaves_nothing_that_waits(stage: Stage, story: Story) -> None:
    """The same calls in the same order, or a failure at the n-th call would be another one each time."""
    first, again = as_ever(stage, story), stage.play(story, undisturbed)
    assert first.calls == again.calls
    assert first.outcome.differences(again.outcome) == []
    assert first.outcome.waiting == ()


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("story", STORIES)
def test_each_function_meets_a_failure_at_each_operation(stage: Stage, story: Story, fault: Fault) -> None:
    """Its first call of each kind fails, all in one story."""
    played = check(
        stage, story, lambda call: fault if call.occurrence == 1 and fault in call.faults else None, fault
    )
    assert {call.function for call, _ in played.failed} >= FUNCTIONS


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("story", STORIES)
def test_each_call_meets_each_failure(stage: Stage, story: Story, part: int) -> None:
    """One failure a story: refused, out of reach, without answer, the last of its process, sent twice."""
    for call in as_ever(stage, story).calls[part::PARTS]:
        for fault in call.faults:
            check(stage, story, _at(call.number, fault), f"{fault} at {call}")


def _at(number: int, fault: Fault) -> Plan:
    return lambda call: fault if call.number == number else None
