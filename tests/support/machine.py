"""The real state machine on an emulator; the test acts in place of the hub's consumers."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.step_functions import StepFunctionsEngine
from chalicelib.domain.steps import Step
from infra.local.resources import lose_workflows
from tests.support.aws import sqs, step_functions, unique

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_stepfunctions.client import SFNClient

DEFINITION: Final = Path(__file__).parents[2] / "chalicelib/workflow/mediation.asl.json"
_PATIENCE_SECONDS: Final = 20.0


def definition() -> dict[str, Any]:
    """Read the state machine as it is deployed."""
    parsed: dict[str, Any] = json.loads(DEFINITION.read_text(encoding="utf-8"))
    return parsed


@dataclass
class Machine:
    """A deployed state machine and the queue its waits go to."""

    endpoint: str
    arn: str
    queue_url: str
    _kept: list[dict[str, Any]] = field(default_factory=list)

    @property
    def engine(self) -> SFNClient:
        """A client of the emulator's Step Functions."""
        return step_functions(self.endpoint)

    def start(self, name: str, plan: dict[str, Any]) -> str:
        """Start an execution; return its ARN."""
        return self.engine.start_execution(stateMachineArn=self.arn, name=name, input=json.dumps(plan))[
            "executionArn"
        ]

    def brought_to(self, name: str, plan: dict[str, Any]) -> str:
        """Start an execution as the hub does, and bring it to the plan's wait; return its ARN."""
        if plan["step"] == Step.ASSIGNMENT:
            return self.start(name, plan)
        execution = self.start(name, {**plan, "step": Step.ASSIGNMENT, "since": 0, "timeout_seconds": 600})
        self.complete(self.next_message(plan["case_id"]), plan)
        return execution

    def complete(self, message: dict[str, Any], plan: dict[str, Any]) -> None:
        """Answer a wait as the hub does."""
        usual = Step(message["usual_next"]) if "usual_next" in message else None
        StepFunctionsEngine(self.engine, self.arn).complete(message["token"], plan, usual)

    def entered(self, execution: str) -> list[str]:
        """Return the names of the states an execution has entered."""
        history = self.engine.get_execution_history(executionArn=execution, maxResults=1000)["events"]
        return [
            event["stateEnteredEventDetails"]["name"]
            for event in history
            if "stateEnteredEventDetails" in event
        ]

    def next_message(self, case_id: str) -> dict[str, Any]:
        """Return the next message about a case; others are kept for later calls."""
        queue: SQSClient = sqs(self.endpoint)
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            for message in self._kept:
                if message["case_id"] == case_id:
                    self._kept.remove(message)
                    return message
            answer = queue.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for received in answer.get("Messages", []):
                self._kept.append(json.loads(received["Body"]))
                queue.delete_message(QueueUrl=self.queue_url, ReceiptHandle=received["ReceiptHandle"])
        raise AssertionError(f"no message about {case_id} within {_PATIENCE_SECONDS} s")

    def status(self, execution: str) -> str:
        """Return an execution's status."""
        return self.engine.describe_execution(executionArn=execution)["status"]

    def lose(self) -> None:
        """Delete every execution of the emulator and purge every queue."""
        lose_workflows(self.endpoint)


def deploy(endpoint: str) -> Machine:
    """Create a queue and the state machine, as the template would."""
    queue_url = sqs(endpoint).create_queue(QueueName=unique("workflow"))["QueueUrl"]
    text = DEFINITION.read_text(encoding="utf-8")
    text = text.replace("${WorkflowQueueUrl}", queue_url).replace("${Partition}", "aws-cn")
    arn = step_functions(endpoint).create_state_machine(
        name=unique("mediation"), definition=text, roleArn="arn:aws-cn:iam::123456789012:role/machine"
    )["stateMachineArn"]
    return Machine(endpoint, arn, queue_url)
