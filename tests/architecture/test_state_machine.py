"""The state machine's definition: complete, connected, explained, and in step with the domain."""

from __future__ import annotations

import re
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from chalicelib.adapters.step_functions import ELSEWHERE
from chalicelib.domain.deadlines import step_of
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import WATCHED, Step
from infra import state_machine
from infra.template import build
from infra.template.workflow import definition
from tests.support.engines import needs
from tests.support.fakes.engine import USUAL_NEXT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chalicelib.domain.case import Case

State = dict[str, Any]

MACHINE: Final = state_machine.load()
STATES: Final[dict[str, State]] = MACHINE["States"]
WAITS: Final = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
THIN: Final = {"kind", "case_id", "generation", "step", "since", "usual_next", "token", "input"}
"""All a workflow message may carry: ids and codes (design §3.7); the input is the plan, and nothing else."""
DRIVEN = [step for step in Step if step is not Step.ENDED and step not in WATCHED]


def _targets(state: State) -> Iterator[str]:
    for branch in (state, *state.get("Choices", ()), *state.get("Catch", ())):
        if "Next" in branch:
            yield branch["Next"]
    if "Default" in state:
        yield state["Default"]


def _entry() -> dict[str, str]:
    """Which state each step leads to, read from the choice that follows when a case stands elsewhere."""
    choices = STATES["WhereItStands"]["Choices"]
    assert all(choice["Variable"] == "$.step" for choice in choices)
    return {choice["StringEquals"]: choice["Next"] for choice in choices}


@pytest.mark.parametrize("name", STATES)
def test_whatever_follows_a_state_exists(name: str) -> None:
    """Every Next, Default and Catch of a state names a state of the machine."""
    assert set(_targets(STATES[name])) <= set(STATES)


def test_every_state_can_be_reached() -> None:
    """From the start, following every branch, no state is left over."""
    reached, ahead = set(), [MACHINE["StartAt"]]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead.extend(_targets(STATES[name]))
    assert reached == set(STATES)


@pytest.mark.parametrize("name", STATES)
def test_a_state_says_what_it_is_for(name: str) -> None:
    """Every state has a comment that is a sentence."""
    assert re.search(r"\w+ \w+.*\.$", STATES[name].get("Comment", ""))


@pytest.mark.parametrize("name", STATES)
def test_a_state_ends_or_goes_on(name: str) -> None:
    """A state either has a successor or ends the execution for good."""
    state = STATES[name]
    assert ("Next" in state or "Choices" in state) != (
        state["Type"] in {"Succeed", "Fail"} or state.get("End") is True
    )


@pytest.mark.parametrize("step", Step)
def test_every_step_of_the_domain_has_its_state(step: Step) -> None:
    """A step leads to the state of its name; where no execution waits, it succeeds."""
    name = _entry()[step.value]
    own = "".join(part.capitalize() for part in step.value.split("_"))
    assert name == ("Watched" if step in WATCHED else own)
    assert STATES[name]["Type"] == ("Task" if step in DRIVEN else "Succeed")


def test_what_is_watched_ends_the_execution() -> None:
    """Months and years: no limit, no token, nothing but success (an execution lasts a year at most)."""
    assert {step for step, name in _entry().items() if name == "Watched"} == {step.value for step in WATCHED}
    assert set(STATES["Watched"]) == {"Type", "Comment"}
    assert STATES["Watched"]["Type"] == "Succeed"


def test_the_machine_knows_no_other_steps() -> None:
    """Beside the domain's steps there is only the answer that a newer execution has taken over."""
    assert set(_entry()) == {step.value for step in Step} | {"superseded"}


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_of_the_domain_has_its_state(stage: Stage) -> None:
    """A case of any stage finds a state to wait in, or ends where it is terminal or watched."""
    # step_of reads these two fields and no others; a whole case would have to be told 15 stories.
    case = cast("Case", SimpleNamespace(stage=stage, accepted_at=None))
    state = STATES[_entry()[step_of(case).value]]
    assert (state["Type"] == "Succeed") == (stage.terminal or step_of(case) in WATCHED)


@pytest.mark.parametrize("name", WAITS)
def test_a_wait_hands_out_its_token_and_ids_only(name: str) -> None:
    """A wait sends case id, step and task token to the workflow queue, and no personal data."""
    wait = WAITS[name]
    body = wait["Parameters"]["MessageBody"]
    assert wait["Resource"].endswith(":states:::sqs:sendMessage.waitForTaskToken")
    assert {key.removesuffix(".$") for key in body} <= THIN
    assert body["token.$"] == "$$.Task.Token"


@pytest.mark.parametrize("name", WAITS)
def test_a_wait_has_a_limit(name: str) -> None:
    """No wait is for ever: each has a time-out, from its input unless it is the machine's own."""
    assert ("TimeoutSecondsPath" in WAITS[name]) != ("TimeoutSeconds" in WAITS[name])


@pytest.mark.parametrize("step", DRIVEN)
def test_what_follows_a_limit_is_for_the_domain_to_say(step: Step) -> None:
    """When a statutory limit passes, the machine asks the hub instead of deciding by itself."""
    timeout, _ = WAITS[_entry()[step.value]]["Catch"]
    assert timeout["ErrorEquals"] == ["States.Timeout"]
    assert WAITS[timeout["Next"]]["Parameters"]["MessageBody"]["kind"] == "overdue"


@pytest.mark.parametrize("step", DRIVEN)
def test_a_wait_says_where_it_usually_leads_and_leads_there(step: Step) -> None:
    """The hub lets a wait succeed by what its message says, so message and machine have to agree."""
    wait = WAITS[_entry()[step.value]]
    usual = wait["Parameters"]["MessageBody"]["usual_next"]
    assert usual == USUAL_NEXT[step]
    target = _entry()[usual]
    if STATES[target]["Type"] == "Succeed":  # the wait itself ends the execution, which saves a transition
        assert (wait["End"], "Next" in wait) == (True, False)
    else:
        assert wait["Next"] == target


@pytest.mark.parametrize("step", DRIVEN)
def test_a_case_that_stands_elsewhere_comes_to_the_choice(step: Step) -> None:
    """By the error that the hub reports, with the hub's plan in place of the wait's."""
    _, elsewhere = WAITS[_entry()[step.value]]["Catch"]
    assert elsewhere["ErrorEquals"] == [ELSEWHERE]
    parsed = STATES[elsewhere["Next"]]
    assert parsed["Parameters"] == {"plan.$": f"States.StringToJson({elsewhere['ResultPath']}.Cause)"}
    assert (parsed["OutputPath"], parsed["Next"]) == ("$.plan", "WhereItStands")


def test_a_docketed_case_takes_eight_transitions() -> None:
    """The start, and a wait for each step that people or the court take."""
    assert MACHINE["StartAt"] == _entry()[Step.ASSIGNMENT.value]  # the hub has screened it before
    taken, step = ["start"], Step.ASSIGNMENT
    while (name := _entry()[step.value]) in WAITS:
        taken.append(name)
        step = USUAL_NEXT[step]
    assert taken[1:] == [
        "Assignment", "Acceptance", "Consent", "Mediation", "Decision", "Submission", "CourtReview"
    ]  # fmt: skip
    assert len(taken) == 8


def test_the_asl_validator_has_nothing_to_say(tmp_path: Path) -> None:
    """The npm asl-validator, pinned, accepts the definition as it is deployed."""
    needs("the ASL validator", None if shutil.which("npm") and shutil.which("node") else "Node is not here")
    assert "is valid" in state_machine.validate(tmp_path)


def test_the_template_fills_every_placeholder() -> None:
    """The placeholders of the file are those CloudFormation substitutes, none more and none less."""
    properties = build("dev")["Resources"]["MediationStateMachine"]["Properties"]
    assert set(re.findall(r"\$\{(\w+)\}", definition())) == set(properties["DefinitionSubstitutions"])


def test_the_definition_runs_where_the_emulator_and_china_can_run_it() -> None:
    """No JSONata, variables, heartbeats or HTTP tasks (design §7, domain §9); no partition by name."""
    text = definition()
    for absent in ("QueryLanguage", "Assign", "HeartbeatSeconds", "HeartbeatSecondsPath", "TimestampPath"):
        assert f'"{absent}"' not in text
    assert not {"Map", "Parallel"} & {state["Type"] for state in STATES.values()}
    # No function on a text that may be Chinese (a plan holds ids and codes), and no choice by the time, which
    # knows no offset.
    assert set(re.findall(r"States\.(\w+)", text)) == {"Timeout", "StringToJson"}
    assert "Timestamp" not in text
    assert "http:invoke" not in text
    assert "arn:aws" not in text
