# ruff: noqa: SLF001 - a fix for a library's private parts touches them
"""Task tokens of moto that are answered once and in time, or not at all.

What moto 5.2.5 does: a token can be answered again and the last answer wins, an answer around the time-out is
accepted and then dropped, SendTaskFailure loses its cause, and a token of a finished execution is unknown
instead of timed out. Each wait keeps a thread more than it needs.

What this does: the waiting thread decides under the lock of the answers whether it was answered; from then on
the token is over, which AWS reports as TaskTimedOut.

Downside: repeats a dozen lines of moto's own evaluation, which an upgrade may change.
"""

import copy
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.parser.api import ExecutionStatus, InvalidToken, TaskTimedOut
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback as callback_service,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackEndpoint,
    CallbackOutcome,
    CallbackOutcomeFailure,
    CallbackOutcomeSuccess,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from infra.local.moto_fixes.executions import LOCK
from infra.local.moto_fixes.replacing import replace

Method = Callable[..., Any]


def apply() -> None:
    """Patch how moto waits for tokens and answers them."""
    replace(StepFunctionResponse, "send_task_success", lambda _original: _send_task_success)
    replace(StepFunctionResponse, "send_task_failure", lambda _original: _send_task_failure)
    replace(callback_service.StateTaskServiceCallback, "_wait_for_task_token_timeout", lambda _original: wait)
    replace(callback_service.StateTaskServiceCallback, "_evaluate_with_timeout", _timed_by_the_wait)


def _send_task_success(response: StepFunctionResponse) -> ActionResult:
    token, output = response._get_param("taskToken"), response._get_param("output")
    return _answer(response, CallbackOutcomeSuccess(callback_id=token, output=output))


def _send_task_failure(response: StepFunctionResponse) -> ActionResult:
    token = response._get_param("taskToken")
    error, cause = response._get_param("error"), response._get_param("cause")
    return _answer(response, CallbackOutcomeFailure(callback_id=token, error=error, cause=cause))


def _answer(response: StepFunctionResponse, outcome: CallbackOutcome) -> ActionResult:
    backend = response.stepfunction_backend
    if not isinstance(backend, StepFunctionsParserBackend):
        raise TypeError("the fixes need stepfunctions.execute_state_machine")
    for execution in backend._get_executions():
        endpoint = execution.exec_worker.env.callback_pool_manager.get(outcome.callback_id)
        if endpoint is None:
            continue
        if execution.exec_status != ExecutionStatus.RUNNING or endpoint._notify_event.is_set():
            raise TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'", "TaskTimedOut", 400)
        endpoint.notify(outcome)
        return EmptyResult()
    raise InvalidToken


def wait(
    _state: callback_service.StateTaskServiceCallback, timeout_seconds: int, endpoint: CallbackEndpoint
) -> CallbackOutcome | None:
    """Wait for an answer; None when none came in time, and from then on none is accepted."""
    endpoint.wait(timeout=timeout_seconds)
    with LOCK:
        endpoint.interrupt_all()
        return endpoint.get_outcome()


def _timed_by_the_wait(original: Method) -> Method:
    """Evaluate a waiting task in the execution's own thread; a second timer would race with it."""

    def evaluate(state: callback_service.StateTaskServiceCallback, env: Environment) -> None:
        if state.resource.condition != ResourceCondition.WaitForTaskToken or state.heartbeat:
            original(state, env)
            return
        frame = env.open_frame()
        frame.states.reset(input_value=env.states.get_input())
        frame.stack = copy.deepcopy(env.stack)
        try:
            state._eval_execution(frame)
        finally:
            frame.set_ended()
            env.close_frame(frame)
        _take_output(state, env, frame.stack.pop())

    return evaluate


def _take_output(state: callback_service.StateTaskServiceCallback, env: Environment, output: Any) -> None:
    """Do what moto does with a task's output, as at the end of ExecutionState._evaluate_with_timeout."""
    env.stack.append(output)
    if not state._is_language_query_jsonpath():
        env.states.set_result(output)
    if state.assign_decl:
        state.assign_decl.eval(env=env)
    if state.result_selector:
        state.result_selector.eval(env=env)
    if state.result_path:
        state.result_path.eval(env)
    else:
        env.states.reset(input_value=env.stack.pop())
