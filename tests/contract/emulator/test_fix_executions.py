"""Each test fails on moto as released (`HUB_EMULATOR=plain`)."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.contract.emulator.machines import create_sleeping_machine, create_waiting_machine, receive_token
from tests.support.aws import eventually, sqs, step_functions


def test_two_unnamed_executions_are_two(aws_endpoint: str, name: str) -> None:
    """Without a name each start is an execution of its own."""
    sfn = step_functions(aws_endpoint)
    machine = create_sleeping_machine(sfn, name)
    arns = {sfn.start_execution(stateMachineArn=machine)["executionArn"] for _ in range(2)}
    assert len(arns) == 2
    assert all(sfn.describe_execution(executionArn=arn)["status"] == "RUNNING" for arn in arns)


def test_a_name_is_checked(aws_endpoint: str, name: str) -> None:
    """A name with a character AWS refuses is refused."""
    sfn = step_functions(aws_endpoint)
    machine = create_sleeping_machine(sfn, name)
    with pytest.raises(sfn.exceptions.InvalidName):
        sfn.start_execution(stateMachineArn=machine, name="case/1")


def test_tokens_are_answered_while_executions_start(aws_endpoint: str, name: str) -> None:
    """Starting executions disturbs no answer, not even that to a stale token; one name starts once."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    machine, queue_url = create_waiting_machine(sfn, queue, name)
    unknown = (
        sfn.exceptions.InvalidToken
    )  # made once: threads that ask first would each get a class of their own

    def start(number: int) -> str:
        case = str(number // 2)
        started = sfn.start_execution(stateMachineArn=machine, name=case, input=json.dumps({"case_id": case}))
        with pytest.raises(unknown):
            sfn.send_task_success(taskToken="of a lost execution", output="{}")
        return started["executionArn"]

    with ThreadPoolExecutor(8) as pool:
        starts = [pool.submit(start, number) for number in range(40)]
        for _ in range(20):
            sfn.send_task_success(taskToken=receive_token(queue, queue_url), output="{}")
        arns = {started.result() for started in starts}
    assert len(arns) == 20
    assert len(sfn.list_executions(stateMachineArn=machine)["executions"]) == 20


@pytest.mark.parametrize("waits_for", ["token", "time"])
def test_a_stopped_execution_is_aborted(aws_endpoint: str, name: str, waits_for: str) -> None:
    """StopExecution ends it at once, with the error and cause given; its token is worth nothing then."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    if waits_for == "token":
        machine, queue_url = create_waiting_machine(sfn, queue, name)
    else:
        machine, queue_url = create_sleeping_machine(sfn, name), None
    arn = sfn.start_execution(stateMachineArn=machine, name="e", input='{"case_id": "1"}')["executionArn"]
    tokens = [receive_token(queue, queue_url)] if queue_url else []

    stopped = sfn.stop_execution(executionArn=arn, error="Withdrawn", cause="by the bank")

    description = sfn.describe_execution(executionArn=arn)
    assert (description["status"], description.get("error"), description.get("cause")) == (
        "ABORTED",
        "Withdrawn",
        "by the bank",
    )
    assert stopped["stopDate"] == description["stopDate"]
    for token in tokens:
        with pytest.raises(sfn.exceptions.TaskTimedOut):
            sfn.send_task_success(taskToken=token, output="{}")


def test_a_stopped_execution_stays_aborted(aws_endpoint: str, name: str) -> None:
    """The waiting task, woken by the stop, neither fails the execution nor takes its catch branch."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    machine, queue_url = create_waiting_machine(sfn, queue, name)
    arn = sfn.start_execution(stateMachineArn=machine, name="e", input='{"case_id": "1"}')["executionArn"]
    receive_token(queue, queue_url)
    sfn.stop_execution(executionArn=arn)

    def last_event() -> str:
        return sfn.get_execution_history(executionArn=arn)["events"][-1]["type"]

    eventually(lambda: last_event() == "ExecutionAborted")
    assert sfn.describe_execution(executionArn=arn)["status"] == "ABORTED"
