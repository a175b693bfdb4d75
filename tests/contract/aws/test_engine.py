"""The workflow engine: the same claims hold for the fake and for Step Functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.step_functions import StepFunctionsEngine
from chalicelib.domain.steps import Step
from chalicelib.observability import about
from tests.support.aws import eventually, step_functions, unique
from tests.support.fakes.engine import FakeEngine
from tests.support.machine import Machine, deploy

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Engine

    Wait = tuple[str, Step | None]


def plan(case_id: str, step: str = "assignment", generation: int = 1) -> dict[str, Any]:
    return {"case_id": case_id, "generation": generation, "step": step, "since": 1, "timeout_seconds": 600}


class FakeSetup:
    """The fake, and the token it waits with."""

    def __init__(self) -> None:
        self.fake = FakeEngine()
        self.engine: Engine = self.fake

    def wait(self, case_id: str) -> Wait:
        """Return the token of the next arrival, and the step that usually follows."""
        arrival = next(arrival for arrival in self.fake.arrivals() if arrival.case_id == case_id)
        return arrival.token, arrival.usual_next

    def lose(self) -> None:
        """Forget everything."""
        self.fake.lose()


class RealSetup:
    """Step Functions on the emulator, with the real state machine."""

    def __init__(self, endpoint: str) -> None:
        self.machine: Machine = deploy(endpoint)
        self.engine: Engine = StepFunctionsEngine(step_functions(endpoint), self.machine.arn)

    def wait(self, case_id: str) -> Wait:
        """Return the token of the next arrival, and the step that usually follows."""
        message = self.machine.next_message(case_id)
        return message["token"], Step(message["usual_next"])

    def lose(self) -> None:
        """Forget everything."""
        self.machine.lose()


@pytest.fixture(params=["fake", "moto"])
def setup(request: pytest.FixtureRequest) -> FakeSetup | RealSetup:
    if request.param == "fake":
        return FakeSetup()
    return RealSetup(request.getfixturevalue("aws_endpoint"))


def test_starting_a_generation_twice_starts_it_once(setup: FakeSetup | RealSetup) -> None:
    case_id = unique("case")
    for _ in range(2):
        setup.engine.start(case_id, 1, plan(case_id))
    token, usual = setup.wait(case_id)
    assert setup.engine.complete(token, plan(case_id, "ended"), usual)
    eventually(lambda: not setup.engine.running(case_id, 1))


def test_a_token_ends_one_wait_and_only_once(setup: FakeSetup | RealSetup) -> None:
    case_id = unique("case")
    setup.engine.start(case_id, 1, plan(case_id))
    token, usual = setup.wait(case_id)
    assert setup.engine.complete(token, plan(case_id, "acceptance"), usual)
    setup.wait(case_id)
    assert not setup.engine.complete(token, plan(case_id, "mediation"), usual)


@pytest.mark.parametrize("step", ["acceptance", "decision"])
def test_a_wait_that_ends_leads_to_the_plan_whether_it_is_usual_or_not(
    setup: FakeSetup | RealSetup, step: str
) -> None:
    case_id = unique("case")
    setup.engine.start(case_id, 1, plan(case_id))
    token, usual = setup.wait(case_id)
    assert usual == Step.ACCEPTANCE
    assert setup.engine.complete(token, plan(case_id, step), usual)
    assert setup.wait(case_id)[1] == {"acceptance": Step.CONSENT, "decision": Step.SUBMISSION}[step]


def test_an_execution_runs_until_its_plan_ends(setup: FakeSetup | RealSetup) -> None:
    case_id = unique("case")
    assert not setup.engine.running(case_id, 1)
    setup.engine.start(case_id, 1, plan(case_id))
    token, usual = setup.wait(case_id)
    assert setup.engine.running(case_id, 1)
    setup.engine.complete(token, plan(case_id, "superseded"), usual)
    eventually(lambda: not setup.engine.running(case_id, 1))


def test_a_forgotten_execution_is_not_running_and_its_token_is_nobodys(setup: FakeSetup | RealSetup) -> None:
    case_id = unique("case")
    setup.engine.start(case_id, 1, plan(case_id))
    token, usual = setup.wait(case_id)
    setup.lose()
    assert not setup.engine.running(case_id, 1)
    assert not setup.engine.complete(token, plan(case_id), usual)


def test_the_next_generation_is_an_execution_of_its_own(setup: FakeSetup | RealSetup) -> None:
    case_id = unique("case")
    setup.engine.start(case_id, 1, plan(case_id))
    setup.engine.start(case_id, 2, plan(case_id, generation=2))
    assert setup.engine.running(case_id, 1)
    assert setup.engine.running(case_id, 2)


def test_the_machine_is_given_no_more_than_ids_codes_and_seconds(aws_endpoint: str) -> None:
    machine = deploy(aws_endpoint)
    case_id = unique("case")
    StepFunctionsEngine(step_functions(aws_endpoint), machine.arn).start(case_id, 1, plan(case_id))
    message = machine.next_message(case_id)
    assert set(message) == {"kind", "case_id", "generation", "step", "since", "usual_next", "token", "input"}
    assert message["input"] == {**plan(case_id), "correlation_id": None}


def test_the_correlation_id_goes_on_behind_a_wait(aws_endpoint: str) -> None:
    """Both with the start of an execution and with the answer that ends a wait."""
    machine = deploy(aws_endpoint)
    case_id = unique("case")
    engine = StepFunctionsEngine(step_functions(aws_endpoint), machine.arn)
    with about(correlation_id="first"):
        engine.start(case_id, 1, plan(case_id))
    arrived = machine.next_message(case_id)
    assert arrived["input"]["correlation_id"] == "first"
    with about(correlation_id="second"):
        assert engine.complete(arrived["token"], plan(case_id, "acceptance"), Step.ACCEPTANCE)
    arrived = machine.next_message(case_id)
    assert arrived["input"]["correlation_id"] == "second"
    with about(correlation_id="third"):
        assert engine.complete(arrived["token"], plan(case_id, "decision"), Step.CONSENT)
    assert machine.next_message(case_id)["input"]["correlation_id"] == "third"
