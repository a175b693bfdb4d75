"""All but the last two fail on moto as released (`HUB_EMULATOR=plain`); those must not be broken."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.contract.emulator.machines import (
    create_machine,
    create_waiting_machine,
    receive_token,
    receive_waits,
)
from tests.support.aws import eventually, sqs, step_functions


def test_a_failure_keeps_its_cause(aws_endpoint: str, name: str) -> None:
    """The state that catches a SendTaskFailure sees error and cause."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    machine, queue_url = create_waiting_machine(sfn, queue, name)
    arn = sfn.start_execution(stateMachineArn=machine, name="e", input='{"case_id": "1"}')["executionArn"]
    token = receive_token(queue, queue_url)
    sfn.send_task_failure(taskToken=token, error="Refused", cause="not our court")
    output = eventually(lambda: sfn.describe_execution(executionArn=arn).get("output", ""))
    assert json.loads(output) == {"Error": "Refused", "Cause": "not our court"}


def test_a_token_is_answered_once(aws_endpoint: str, name: str) -> None:
    """Of several answers to one token the first counts, the others are told TaskTimedOut."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    machine, queue_url = create_waiting_machine(sfn, queue, name)
    arn = sfn.start_execution(stateMachineArn=machine, name="e", input='{"case_id": "1"}')["executionArn"]
    token = receive_token(queue, queue_url)

    def answer(number: int) -> int | None:
        try:
            sfn.send_task_success(taskToken=token, output=str(number))
        except sfn.exceptions.TaskTimedOut:
            return None
        return number

    with ThreadPoolExecutor(8) as pool:
        (accepted,) = [number for number in pool.map(answer, range(8)) if number is not None]
    output = eventually(lambda: sfn.describe_execution(executionArn=arn).get("output", ""))
    assert json.loads(output) == accepted


def test_an_answer_around_the_time_out_is_either_refused_or_counts(aws_endpoint: str, name: str) -> None:
    """No answer is acknowledged and then dropped because the time was up."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    machine, queue_url = create_waiting_machine(sfn, queue, name, timeout=3, padding=0)
    arns = {}
    for case in map(str, range(16)):
        started = sfn.start_execution(stateMachineArn=machine, name=case, input=json.dumps({"case_id": case}))
        arns[case] = started["executionArn"]
    waits = receive_waits(queue, queue_url, len(arns))

    def answer(case: str) -> bool:
        # From 48 ms before the time is up to 12 ms after.
        time.sleep(max(0.0, waits[case].sent_at + 3 + (int(case) - 12) / 250 - time.time()))
        try:
            sfn.send_task_success(taskToken=waits[case].token, output='{"timed_out": false}')
        except (sfn.exceptions.TaskTimedOut, sfn.exceptions.InvalidToken):
            return False
        return True

    with ThreadPoolExecutor(len(arns)) as pool:
        acknowledged = dict(zip(arns, pool.map(answer, arns), strict=True))

    def timed_out(case: str) -> bool:
        output = eventually(lambda: sfn.describe_execution(executionArn=arns[case]).get("output", ""))
        verdict: bool = json.loads(output)["timed_out"]
        return verdict

    assert {case: not timed_out(case) for case in arns} == acknowledged


def test_the_token_of_a_finished_execution_is_timed_out(aws_endpoint: str, name: str) -> None:
    """It is not unknown: an unknown token is InvalidToken."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    machine, queue_url = create_waiting_machine(sfn, queue, name)
    arn = sfn.start_execution(stateMachineArn=machine, name="e", input='{"case_id": "1"}')["executionArn"]
    token = receive_token(queue, queue_url)
    sfn.send_task_success(taskToken=token, output="{}")
    eventually(lambda: sfn.describe_execution(executionArn=arn)["status"] == "SUCCEEDED")
    with pytest.raises(sfn.exceptions.TaskTimedOut):
        sfn.send_task_success(taskToken=token, output="{}")
    with pytest.raises(sfn.exceptions.InvalidToken):
        sfn.send_task_success(taskToken="never given", output="{}")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"answer": "yes", "more": 1}),
        ({"ResultPath": "$.wait"}, {"case_id": "1", "wait": {"answer": "yes", "more": 1}}),
        ({"ResultPath": None}, {"case_id": "1"}),
        (
            {"ResultSelector": {"said.$": "$.answer"}, "ResultPath": "$.wait"},
            {"case_id": "1", "wait": {"said": "yes"}},
        ),
        ({"OutputPath": "$.answer"}, "yes"),
    ],
)
def test_the_answer_is_selected_and_placed_as_the_state_says(
    aws_endpoint: str, name: str, fields: dict[str, Any], expected: Any
) -> None:
    """The fix repeats what moto does with a task's output; this holds on moto as released, too."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    queue_url = queue.create_queue(QueueName=name)["QueueUrl"]
    body = {"case_id.$": "$.case_id", "token.$": "$$.Task.Token"}
    wait = {
        "Type": "Task",
        "Resource": "arn:aws-cn:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": queue_url, "MessageBody": body},
        "Next": "Keep",
        **fields,
    }
    # A text as output is not shown as JSON by moto, so it is kept in an object.
    keep = {"Type": "Pass", "Parameters": {"kept.$": "$"}, "End": True}
    machine = create_machine(sfn, name, {"StartAt": "Wait", "States": {"Wait": wait, "Keep": keep}})
    arn = sfn.start_execution(stateMachineArn=machine, name="e", input='{"case_id": "1"}')["executionArn"]
    sfn.send_task_success(taskToken=receive_token(queue, queue_url), output='{"answer": "yes", "more": 1}')
    output = eventually(lambda: sfn.describe_execution(executionArn=arn).get("output", ""))
    assert json.loads(output) == {"kept": expected}


def test_a_message_without_a_token_is_sent_and_the_machine_goes_on(aws_endpoint: str, name: str) -> None:
    """Integrations that do not wait are moto's own, as before."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    queue_url = queue.create_queue(QueueName=name)["QueueUrl"]
    send = {
        "Type": "Task",
        "Resource": "arn:aws-cn:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": queue_url, "MessageBody": "hello"},
        "End": True,
    }
    machine = create_machine(sfn, name, {"StartAt": "Send", "States": {"Send": send}})
    arn = sfn.start_execution(stateMachineArn=machine, name="e")["executionArn"]
    eventually(lambda: sfn.describe_execution(executionArn=arn)["status"] == "SUCCEEDED")
    (message,) = queue.receive_message(QueueUrl=queue_url)["Messages"]
    assert message["Body"] == "hello"
