"""Every branch and every time-out of the state machine, run by the engine itself.

The cases are made from the definition and from the domain's steps, so a new state is tested without
anybody having to remember it.
"""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.steps import WATCHED, Step
from chalicelib.use_cases.driving import SUPERSEDED
from tests.support.aws import eventually, unique
from tests.support.fakes.engine import USUAL_NEXT
from tests.support.machine import Machine, definition, deploy

WAITS = [step for step in Step if step is not Step.ENDED and step not in WATCHED]
STATES = definition()["States"]


@pytest.fixture(scope="module")
def machine(aws_endpoint: str) -> Machine:
    return deploy(aws_endpoint)


def plan(case_id: str, step: str, *, since: int = 1, seconds: int = 600) -> dict[str, Any]:
    return {"case_id": case_id, "generation": 1, "step": step, "since": since, "timeout_seconds": seconds}


def ended(machine: Machine, execution: str, status: str) -> bool:
    return eventually(lambda: machine.status(execution) == status, seconds=15)


@pytest.mark.parametrize("step", WAITS)
def test_an_execution_of_a_case_at_a_step_waits_there_until_it_is_completed(
    machine: Machine, step: Step
) -> None:
    """A restarted execution resumes where the case stands, whatever the step."""
    case_id = unique("case")
    execution = machine.brought_to(case_id, plan(case_id, step, since=7))
    message = machine.next_message(case_id)
    message["input"].pop("correlation_id", None)
    assert {**message, "token": ""} == {
        "kind": "arrived",
        "case_id": case_id,
        "generation": 1,
        "step": step,
        "since": 7,
        "usual_next": USUAL_NEXT[step],
        "token": "",
        "input": plan(case_id, step, since=7),
    }
    machine.complete(message, plan(case_id, Step.ENDED))
    assert ended(machine, execution, "SUCCEEDED")


@pytest.mark.parametrize("step", WAITS)
def test_a_limit_that_passes_is_reported_and_the_answer_says_where_to_go(
    machine: Machine, step: Step
) -> None:
    case_id = unique("case")
    execution = machine.brought_to(case_id, plan(case_id, step, seconds=1))
    assert machine.next_message(case_id)["kind"] == "arrived"
    overdue = machine.next_message(case_id)
    assert (overdue["kind"], overdue["step"], overdue["since"]) == ("overdue", step, 1)
    machine.complete(overdue, plan(case_id, Step.DECISION, since=2))
    arrived = machine.next_message(case_id)
    assert (arrived["kind"], arrived["step"], arrived["since"]) == ("arrived", Step.DECISION, 2)
    machine.complete(arrived, plan(case_id, Step.ENDED))
    assert ended(machine, execution, "SUCCEEDED")


@pytest.mark.parametrize("step", sorted(WATCHED))
def test_an_execution_ends_when_the_agreement_comes_into_force(machine: Machine, step: Step) -> None:
    """What follows takes months or years: nothing waits and nothing is sent."""
    case_id = unique("case")
    execution = machine.brought_to(case_id, plan(case_id, Step.SIGNING))
    machine.complete(machine.next_message(case_id), plan(case_id, step, since=9, seconds=1))
    assert ended(machine, execution, "SUCCEEDED")
    last = {Step.PERFORMANCE: "Signing", Step.DEFAULT: "Watched"}[
        step
    ]  # the usual way needs no state of its own
    assert machine.entered(execution)[-1] == last


@pytest.mark.parametrize("step", WAITS)
def test_the_usual_way_leads_to_the_next_wait_without_a_choice(machine: Machine, step: Step) -> None:
    """From its named state to the named state of the usual next step: one state transition a step."""
    case_id, following = unique("case"), USUAL_NEXT[step]
    execution = machine.brought_to(case_id, plan(case_id, step))
    machine.complete(machine.next_message(case_id), plan(case_id, following, since=2))
    if following in WAITS:
        arrived = machine.next_message(case_id)
        assert (arrived["step"], arrived["since"]) == (following, 2)
        machine.complete(arrived, plan(case_id, SUPERSEDED))
    assert ended(machine, execution, "SUCCEEDED")
    next_wait = [state_of(following)] if following in WAITS else []
    way = machine.entered(execution)
    assert way[way.index(state_of(step)) :][: 1 + len(next_wait)] == [state_of(step), *next_wait]


@pytest.mark.parametrize("step", WAITS)
def test_a_case_that_stands_elsewhere_is_followed_there(machine: Machine, step: Step) -> None:
    """The execution waits in the named state of the step, with its limit and its event."""
    case_id = unique("case")
    execution = machine.brought_to(case_id, plan(case_id, step))
    elsewhere = Step.CORRECTION if USUAL_NEXT[step] is not Step.CORRECTION else Step.ASSIGNMENT
    machine.complete(machine.next_message(case_id), plan(case_id, elsewhere, since=8))
    arrived = machine.next_message(case_id)
    assert (arrived["step"], arrived["since"]) == (elsewhere, 8)
    assert machine.entered(execution)[-3:] == ["StandsElsewhere", "WhereItStands", state_of(elsewhere)]


def state_of(step: Step) -> str:
    """Return the name of the state that a step leads to."""
    named = "".join(part.capitalize() for part in step.split("_"))
    return "Watched" if step in WATCHED else named


def test_after_a_default_the_next_generation_starts_on_its_way_to_the_court(machine: Machine) -> None:
    """The first execution has ended; the second waits for the submission."""
    case_id = unique("case")
    first = machine.brought_to(case_id, plan(case_id, Step.SIGNING))
    machine.complete(machine.next_message(case_id), plan(case_id, Step.PERFORMANCE))
    assert ended(machine, first, "SUCCEEDED")
    second = machine.brought_to(f"{case_id}-2", plan(case_id, Step.SUBMISSION, since=12) | {"generation": 2})
    arrived = machine.next_message(case_id)
    assert (arrived["step"], arrived["since"], arrived["generation"]) == (Step.SUBMISSION, 12, 2)
    machine.complete(arrived, plan(case_id, Step.ENDED))
    assert ended(machine, second, "SUCCEEDED")


def test_an_extension_completes_the_wait_and_enters_it_again(machine: Machine) -> None:
    """The second wait keeps to the new limit, not to the first one's."""
    case_id = unique("case")
    machine.brought_to(case_id, plan(case_id, Step.MEDIATION, seconds=600))
    first = machine.next_message(case_id)
    machine.complete(first, plan(case_id, Step.MEDIATION, since=5, seconds=1))
    second = machine.next_message(case_id)
    assert (second["step"], second["since"]) == (Step.MEDIATION, 5)
    assert machine.next_message(case_id)["kind"] == "overdue"


def test_a_superseded_execution_ends_quietly(machine: Machine) -> None:
    case_id = unique("case")
    execution = machine.brought_to(case_id, plan(case_id, Step.MEDIATION))
    machine.complete(machine.next_message(case_id), plan(case_id, SUPERSEDED))
    assert ended(machine, execution, "SUCCEEDED")


def test_a_step_without_a_state_fails_with_its_name(machine: Machine) -> None:
    case_id = unique("case")
    execution = machine.brought_to(case_id, plan(case_id, "unheard-of"))
    assert ended(machine, execution, "FAILED")
    assert machine.engine.describe_execution(executionArn=execution)["error"] == "UnknownStep"


def test_every_wait_has_a_limit_and_a_way_on() -> None:
    waits = [state for state in STATES.values() if state["Type"] == "Task"]
    assert len(waits) == len(WAITS) + 1
    assert all("TimeoutSeconds" in state or "TimeoutSecondsPath" in state for state in waits)
    assert all("Next" in state or state["End"] for state in waits)
