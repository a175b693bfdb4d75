"""The workflow engine on Step Functions.

Promise: an execution is named after its case and generation, so starting it twice makes one execution;
`complete` returns False for a token whose wait has ended. A wait whose case took the usual way succeeds, and
the machine goes on to the usual next state, which saves one state transition of two. Any other wait fails
with the plan as its cause, and the machine's choice follows. Downside: a name stays taken for 90 days, which
is why a restart takes the next generation; and failed waits are no sign of a fault.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.aws import calling
from chalicelib.observability import correlation_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_stepfunctions.client import SFNClient

    from chalicelib.domain.steps import Step

ELSEWHERE: Final = "StandsElsewhere"
"""The error that the machine catches: the case stands elsewhere than the machine goes by itself."""


class StepFunctionsEngine:
    """Starts and continues executions of the mediation state machine."""

    def __init__(self, client: SFNClient, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def start(self, case_id: str, generation: int, plan: Mapping[str, Any]) -> None:
        """Start an execution; starting the same generation again changes nothing."""
        try:
            with calling(changes=True):
                self._client.start_execution(
                    stateMachineArn=self._arn, name=_name(case_id, generation), input=_input(plan)
                )
        except self._client.exceptions.ExecutionAlreadyExists:
            return

    def complete(self, token: str, plan: Mapping[str, Any], usual_next: Step | None = None) -> bool:
        """End a wait; False if nobody waits with this token any more."""
        gone = self._client.exceptions
        try:
            with calling(changes=True):
                if usual_next in {None, plan["step"]}:
                    self._client.send_task_success(taskToken=token, output=_input(plan))
                else:
                    self._client.send_task_failure(taskToken=token, error=ELSEWHERE, cause=_input(plan))
        except (gone.TaskTimedOut, gone.TaskDoesNotExist, gone.InvalidToken):
            return False
        return True

    def running(self, case_id: str, generation: int) -> bool:
        """Tell whether this generation's execution is running."""
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{_name(case_id, generation)}"
        try:
            with calling():
                answer = self._client.describe_execution(executionArn=arn)
        except self._client.exceptions.ExecutionDoesNotExist:
            return False
        return answer["status"] == "RUNNING"


def _input(plan: Mapping[str, Any]) -> str:
    # The machine hands its whole input on with each message, so that the chain goes on behind a wait.
    return json.dumps({**plan, "correlation_id": correlation_id()})


def _name(case_id: str, generation: int) -> str:
    return f"{case_id}-{generation}"
