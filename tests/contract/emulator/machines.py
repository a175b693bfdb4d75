"""A state machine that waits for a token, and one that waits for time."""

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

_CHOICES = [{"Variable": "$.case_id", "StringEquals": "1", "Next": "Done"}]
ROLE = "arn:aws-cn:iam::123456789012:role/any"


def create_waiting_machine(
    sfn: "SFNClient", sqs: "SQSClient", name: str, *, timeout: int = 60, padding: int = 60
) -> tuple[str, str]:
    """Create a machine that sends its token to a queue and waits; returns its ARN and the queue's URL.

    A failure is caught as {"Error", "Cause"}, a time-out as {"timed_out": true}, after which the
    execution goes on for a second. `padding` is how many states
    it has besides, because a real definition takes a while to parse.
    """
    queue_url = sqs.create_queue(QueueName=name)["QueueUrl"]
    task = {
        "Type": "Task",
        "Resource": "arn:aws-cn:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {
            "QueueUrl": queue_url,
            "MessageBody": {"case_id.$": "$.case_id", "token.$": "$$.Task.Token"},
        },
        "TimeoutSeconds": timeout,
        "Catch": [
            {"ErrorEquals": ["States.Timeout"], "Next": "TimedOut"},
            {"ErrorEquals": ["States.ALL"], "Next": "Failed"},
        ],
        "Next": "Done",
    }
    states = {
        "Wait": task,
        "TimedOut": {"Type": "Pass", "Result": {"timed_out": True}, "Next": "GoOn"},
        "GoOn": {"Type": "Wait", "Seconds": 1, "End": True},
        "Failed": {"Type": "Pass", "End": True},
        "Done": {"Type": "Pass", "End": True},
    }
    states |= {
        f"Unused{n}": {"Type": "Choice", "Choices": _CHOICES, "Default": "Done"} for n in range(padding)
    }
    return create_machine(sfn, name, {"StartAt": "Wait", "States": states}), queue_url


def create_sleeping_machine(sfn: "SFNClient", name: str) -> str:
    """Create a machine that waits an hour; returns its ARN."""
    return create_machine(
        sfn, name, {"StartAt": "Sleep", "States": {"Sleep": {"Type": "Wait", "Seconds": 3600, "End": True}}}
    )


def create_machine(sfn: "SFNClient", name: str, definition: dict[str, Any]) -> str:
    """Create a machine; returns its ARN."""
    return sfn.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)[
        "stateMachineArn"
    ]


class Wait(NamedTuple):
    """A waiting task's token, and when its message was sent (epoch seconds)."""

    token: str
    sent_at: float


def receive_waits(sqs: "SQSClient", queue_url: str, count: int) -> dict[str, Wait]:
    """Receive `count` waits by case id; fails after ten empty seconds."""
    waits: dict[str, Wait] = {}
    while len(waits) < count:
        answer = sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=min(10, count - len(waits)),
            WaitTimeSeconds=10,
            MessageSystemAttributeNames=["SentTimestamp"],
        )
        assert "Messages" in answer, f"{len(waits)} of {count} tokens came"
        for message in answer["Messages"]:
            body = json.loads(message["Body"])
            waits[body["case_id"]] = Wait(body["token"], int(message["Attributes"]["SentTimestamp"]) / 1000)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return waits


def receive_token(sqs: "SQSClient", queue_url: str) -> str:
    """Receive one token."""
    ((token, _),) = receive_waits(sqs, queue_url, 1).values()
    return token
