"""The knob that loses all workflows."""

import json
import urllib.request

import pytest

from infra.local.resources import LOSE_WORKFLOWS_PATH
from tests.contract.emulator.machines import create_sleeping_machine, create_waiting_machine, receive_token
from tests.support.aws import PLAIN, sqs, step_functions

pytestmark = pytest.mark.skipif(PLAIN, reason="the knob is ours")


def test_after_losing_workflows_no_execution_and_no_message_is_left(aws_endpoint: str, name: str) -> None:
    """Executions do not exist, their tokens are invalid, their names are free, the queues are empty."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    machine, queue_url = create_waiting_machine(sfn, queue, name)
    sleeping = create_sleeping_machine(sfn, f"{name}-sleeping")
    started = [
        sfn.start_execution(stateMachineArn=arn, name="case-1", input='{"case_id": "1"}')["executionArn"]
        for arn in (machine, sleeping)
    ]
    token = receive_token(queue, queue_url)
    queue.send_message(QueueUrl=queue_url, MessageBody="{}")

    lost = _lose_workflows(aws_endpoint)

    assert lost["executions"] >= 2
    assert lost["queues"] >= 1
    for arn in started:
        with pytest.raises(sfn.exceptions.ExecutionDoesNotExist):
            sfn.describe_execution(executionArn=arn)
    with pytest.raises(sfn.exceptions.InvalidToken):
        sfn.send_task_success(taskToken=token, output="{}")
    assert "Messages" not in queue.receive_message(QueueUrl=queue_url, WaitTimeSeconds=1)

    again = sfn.start_execution(stateMachineArn=machine, name="case-1", input='{"case_id": "1"}')[
        "executionArn"
    ]
    token = receive_token(queue, queue_url)
    sfn.send_task_success(taskToken=token, output="{}")
    assert sfn.describe_execution(executionArn=again)["status"] in {"RUNNING", "SUCCEEDED"}


def test_losing_workflows_right_after_a_start_leaves_no_message(aws_endpoint: str, name: str) -> None:
    """An execution that is just about to send its token does not do so afterwards."""
    sfn, queue = step_functions(aws_endpoint), sqs(aws_endpoint)
    machine, queue_url = create_waiting_machine(sfn, queue, name)
    for number in range(20):
        sfn.start_execution(
            stateMachineArn=machine, name=str(number), input=json.dumps({"case_id": str(number)})
        )
    _lose_workflows(aws_endpoint)
    assert "Messages" not in queue.receive_message(QueueUrl=queue_url, WaitTimeSeconds=1)


def _lose_workflows(endpoint: str) -> dict[str, int]:
    request = urllib.request.Request(endpoint + LOSE_WORKFLOWS_PATH, method="POST")  # noqa: S310 - loopback
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        counts: dict[str, int] = json.load(answer)
    return counts
