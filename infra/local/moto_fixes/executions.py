# ruff: noqa: SLF001 - a fix for a library's private parts touches them
"""Executions of moto that start once, stop when told, and can be lost on purpose.

What moto 5.2.5 does: two unnamed executions count as one, two concurrent starts of one name both run,
requests fail with an internal error while an execution is being started, and StopExecution leaves the
execution RUNNING and its threads waiting.

What this does: one lock around each request, an environment that exists before the execution's thread does,
and a stop that wakes waiting tasks.

Downside: the history of a stopped execution shows a time-out that never happened, because its waiting task is
woken that way; status, error and cause are right.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import Any
from uuid import uuid4

from moto.core.responses import ActionResult
from moto.stepfunctions.parser import utils
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramRunning, ProgramStopped
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.models import StepFunctionsParserBackend, stepfunctions_parser_backends
from moto.stepfunctions.responses import StepFunctionResponse

from infra.local.moto_fixes import task_tokens
from infra.local.moto_fixes.activity import ACTIVITY
from infra.local.moto_fixes.locks import LOCK
from infra.local.replacing import replace

Method = Callable[..., Any]

_SETTLE_SECONDS = 5.0


def apply() -> None:
    """Patch how moto starts and stops executions."""
    replace(StepFunctionResponse, "call_action", _one_at_a_time)
    replace(StepFunctionResponse, "stop_execution", lambda _original: _stop_execution)
    replace(StepFunctionsParserBackend, "start_execution", _named_start)
    replace(ExecutionWorker, "start", _start_with_environment)
    replace(ExecutionWorker, "_get_evaluation_environment", _same_environment)
    replace(BaseExecutionWorkerCommunication, "terminated", _announced_end)
    replace(Environment, "set_error", _stopped_stays_stopped)


def lose_all() -> int:
    """Forget every execution of every account and region, as if it had never been; returns how many."""
    with LOCK:
        machines = [
            machine
            for regions in stepfunctions_parser_backends.values()
            for backend in regions.values()
            for machine in backend.state_machines
        ]
        lost: list[Any] = [execution for machine in machines for execution in machine.executions]
        for execution in lost:
            _abort(execution, error=None, cause=None)
            task_tokens.forget(execution.exec_worker.env.callback_pool_manager)
        for machine in machines:
            machine.executions.clear()
    give_up_at = time.monotonic() + _SETTLE_SECONDS
    for execution in lost:
        _over(execution).wait(max(0.0, give_up_at - time.monotonic()))
    return len(lost)


def _one_at_a_time(original: Method) -> Method:
    def call_action(*args: Any, **kwargs: Any) -> Any:
        with LOCK:
            return original(*args, **kwargs)

    return call_action


def _named_start(original: Method) -> Method:
    def start_execution(
        backend: StepFunctionsParserBackend, state_machine_arn: str, name: str | None = None, *args: Any
    ) -> Execution:
        name = name or str(uuid4())
        backend._validate_name(name)
        # moto keeps every thread it ever started, but nothing reads the list.
        utils.TMP_THREADS.clear()
        execution: Execution = original(backend, state_machine_arn, name, *args)
        return execution

    return start_execution


def _start_with_environment(original: Method) -> Method:
    def start(worker: ExecutionWorker) -> None:
        worker.env = worker._get_evaluation_environment()
        running: Callable[[], Any] = ProgramRunning
        worker.env._program_state = running()
        ACTIVITY.goes_on()
        original(worker)

    return start


def _same_environment(original: Method) -> Method:
    return lambda worker: worker.env or original(worker)


def _stopped_stays_stopped(original: Method) -> Method:
    def set_error(env: Environment, error: Any) -> None:
        with env._state_mutex:
            if not isinstance(env._program_state, ProgramStopped):
                original(env, error)

    return set_error


def _announced_end(original: Method) -> Method:
    def terminated(communication: BaseExecutionWorkerCommunication) -> None:
        execution = communication.execution
        if execution.exec_status == ExecutionStatus.RUNNING:
            original(communication)
        _over(execution).set()

    return terminated


def _over(execution: Any) -> Event:
    over: Event = execution.__dict__.setdefault("over", Event())
    return over


def _abort(execution: Any, error: str | None, cause: str | None) -> None:
    if execution.exec_status != ExecutionStatus.RUNNING:
        _over(execution).set()
        return
    execution.exec_status = ExecutionStatus.ABORTED
    execution.stop_date = datetime.now(tz=UTC)
    execution.error, execution.cause = error, cause
    env = execution.exec_worker.env
    env.set_stop(stop_date=execution.stop_date, error=error, cause=cause)
    task_tokens.end_waits(env.callback_pool_manager)


def _stop_execution(response: StepFunctionResponse) -> ActionResult:
    execution = response.stepfunction_backend.describe_execution(response._get_param("executionArn"))
    _abort(execution, error=response._get_param("error"), cause=response._get_param("cause"))
    return ActionResult({"stopDate": execution.stop_date})
