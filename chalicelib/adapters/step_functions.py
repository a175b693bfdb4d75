"""The workflow engine on Step Functions.

Promise: an execution is named after its case and generation, so starting it twice makes one execution;
`complete` returns False for a token whose wait has ended. Downside: a name stays taken for 90 days, which
is why a restart takes the next generation.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_stepfunctions.client import SFNClient


class StepFunctionsEngine:
    """Starts and continues executions of the mediation state machine."""

    def __init__(self, client: SFNClient, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def start(self, case_id: str, generation: int, plan: Mapping[str, Any]) -> None:
        """Start an execution; starting the same generation again changes nothing."""
        try:
            self._client.start_execution(
                stateMachineArn=self._arn, name=_name(case_id, generation), input=json.dumps(plan)
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return

    def complete(self, token: str, plan: Mapping[str, Any]) -> bool:
        """End a wait; False if nobody waits with this token any more."""
        gone = self._client.exceptions
        try:
            self._client.send_task_success(taskToken=token, output=json.dumps(plan))
        except (gone.TaskTimedOut, gone.TaskDoesNotExist, gone.InvalidToken):
            return False
        return True

    def running(self, case_id: str, generation: int) -> bool:
        """Tell whether this generation's execution is running."""
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{_name(case_id, generation)}"
        try:
            answer = self._client.describe_execution(executionArn=arn)
        except self._client.exceptions.ExecutionDoesNotExist:
            return False
        return answer["status"] == "RUNNING"


def _name(case_id: str, generation: int) -> str:
    return f"{case_id}-{generation}"
