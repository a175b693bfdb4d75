# ruff: noqa: SLF001 - a fix for a library's private parts touches them
"""Task tokens of moto that are answered once and in time, or not at all, and cost no thread while they wait.

What moto 5.2.5 does: a token can be answered again and the last answer wins, an answer around the time-out is
accepted and then dropped, SendTaskFailure loses its cause, and a token of a finished execution is unknown
instead of timed out. Each waiting execution keeps four threads, an answer looks at every execution, and a
time-out can only be waited for in real time.

What this does: tokens are kept in one table. An execution that waits is parked: its thread ends, and the
answer to the token, or the one thread of `timers`, continues it where it was. Whoever decides holds the lock
of the answers; from then on the token is over, which AWS reports as TaskTimedOut.

Downside: repeats some lines of moto's own evaluation, which an upgrade may change. A wait inside Map or
Parallel, or in a machine with a time-out of its own, keeps its threads and real time. A retry after an
answered failure counts from zero.
"""

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from threading import Thread
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.parser.api import InvalidToken, TaskTimedOut
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.program.program import Program
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback as callback_service,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackEndpoint,
    CallbackOutcome,
    CallbackOutcomeFailure,
    CallbackOutcomeFailureError,
    CallbackOutcomeSuccess,
    CallbackOutcomeTimedOut,
    CallbackPoolManager,
    CallbackTimeoutError,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker, SyncExecutionWorker
from moto.stepfunctions.responses import StepFunctionResponse

from infra.local.moto_fixes.activity import ACTIVITY
from infra.local.moto_fixes.locks import LOCK
from infra.local.moto_fixes.timers import TIMERS
from infra.local.replacing import replace

Method = Callable[..., Any]


class Parked(BaseException):
    """An execution waits for a token and leaves its thread; not an Exception, or a state would catch it."""


class Token(CallbackEndpoint):
    """A token with whoever waits for it."""

    over = False
    worker: Any = None
    """The parked execution's worker; None while its thread has not come to the wait."""

    def time_is_up(self) -> None:
        """Let the execution go on without an answer; does nothing to a token that is over."""
        settle(self, None)


_tokens: dict[str, Token] = {}
_in_thread: ContextVar[Any] = ContextVar("in_thread", default=None)
"""The worker whose execution this thread evaluates; a branch of a Map or Parallel has a thread of its own."""


def apply() -> None:
    """Patch how moto waits for tokens and answers them."""
    replace(StepFunctionResponse, "send_task_success", lambda _original: _send_task_success)
    replace(StepFunctionResponse, "send_task_failure", lambda _original: _send_task_failure)
    replace(CallbackPoolManager, "add", lambda _original: _add)
    replace(ExecutionWorker, "_execution_logic", _until_parked)
    replace(Program, "eval", _in_one_thread)
    replace(EventManager, "add_event", _entered_once)
    service = callback_service.StateTaskServiceCallback
    replace(service, "_eval_wait_for_task_token", _parked_wait)
    replace(service, "_evaluate_with_timeout", _timed_by_the_wait)
    replace(service, "_eval_body", _from_the_answer)


def forget(pool: CallbackPoolManager) -> None:
    """Let the tokens of an execution be unknown."""
    for token in pool._pool:
        _tokens.pop(token, None)


def end_waits(pool: CallbackPoolManager) -> None:
    """Wake what waits for a token of a stopped execution, and let no new token wait."""
    pool.closed = True  # type: ignore[attr-defined] # our own mark
    for token in list(pool._pool.values()):
        settle(token, None)
        token.interrupt_all()


def settle(token: Any, outcome: CallbackOutcome | None) -> bool:
    """Decide a token, with an answer or without; False if it was decided before."""
    with LOCK:
        if token.over:
            return False
        token.over = True
        token.notify(outcome)
        if token.worker is not None:
            ACTIVITY.goes_on()
            Thread(target=_resume, args=(token.worker, token), daemon=True).start()
        return True


def _send_task_success(response: StepFunctionResponse) -> ActionResult:
    token, output = response._get_param("taskToken"), response._get_param("output")
    return _answer(CallbackOutcomeSuccess(callback_id=token, output=output))


def _send_task_failure(response: StepFunctionResponse) -> ActionResult:
    token = response._get_param("taskToken")
    error, cause = response._get_param("error"), response._get_param("cause")
    return _answer(CallbackOutcomeFailure(callback_id=token, error=error, cause=cause))


def _answer(outcome: CallbackOutcome) -> ActionResult:
    token = _tokens.get(outcome.callback_id)
    if token is None:
        raise InvalidToken
    if not settle(token, outcome):
        raise TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'", "TaskTimedOut", 400)
    return EmptyResult()


def _add(pool: CallbackPoolManager, callback_id: str) -> Token:
    with LOCK:
        token = Token(callback_id=callback_id)
        token.over = getattr(pool, "closed", False)
        pool._pool[callback_id] = _tokens[callback_id] = token
        return token


def _parked_wait(original: Method) -> Method:
    """Leave the thread where an answer is not there yet; elsewhere wait in it."""

    def wait(
        state: callback_service.StateTaskServiceCallback,
        env: Environment,
        timeout_seconds: int,
        callback_endpoint: Any,
        heartbeat_endpoint: Any,
    ) -> Any:
        worker = _in_thread.get()
        if heartbeat_endpoint is not None:
            return original(state, env, timeout_seconds, callback_endpoint, heartbeat_endpoint)
        if worker is None:
            callback_endpoint.wait(timeout=timeout_seconds)
            settle(callback_endpoint, None)
        else:
            with LOCK:
                if not callback_endpoint.over:
                    callback_endpoint.worker = worker
                    TIMERS.after(timeout_seconds, callback_endpoint)
                    raise Parked
        return _decided(callback_endpoint)

    return wait


def _decided(token: Any) -> Any:
    outcome = token.get_outcome()
    return CallbackOutcomeTimedOut(token.callback_id) if outcome is None else outcome


def _until_parked(original: Method) -> Method:
    def execution_logic(worker: ExecutionWorker) -> None:
        if isinstance(worker, SyncExecutionWorker):
            original(worker)
            return
        _in_thread.set(worker)
        try:
            with suppress(Parked):
                original(worker)
        finally:
            ACTIVITY.pauses()

    return execution_logic


def _resume(worker: Any, token: Token) -> None:
    """Go on behind the wait, in a thread of its own."""
    _in_thread.set(worker)
    worker.env.answered = token
    try:
        with suppress(Parked):
            worker._get_evaluation_entrypoint()._eval_body(worker.env)
            worker._execution_communication.terminated()
    finally:
        ACTIVITY.pauses()


def _in_one_thread(original: Method) -> Method:
    """Evaluate a machine without a time-out in the execution's own thread, which a wait may then leave."""

    def evaluate(program: Program, env: Environment) -> None:
        if program.timeout_seconds is not None or env.is_frame():
            original(program, env)
            return
        try:
            env.next_state_name = program.start_at.start_at_name
        except RuntimeError:
            # It cannot be set once the execution was stopped before its thread ran.
            if not isinstance(env._program_state, ProgramStopped):
                raise
        EvalComponent.eval(program, env)

    return evaluate


def _from_the_answer(original: Method) -> Method:
    """Evaluate a state that was left at its wait without sending its message again."""

    def eval_body(state: callback_service.StateTaskServiceCallback, env: Any) -> None:
        if getattr(env, "answered", None) is None:
            original(state, env)
            return
        env.stack.clear()
        env.heap.clear()
        env.event_manager.entered_before = True
        CommonStateField._eval_body(state, env)
        env.states.context_object.context_object_data.pop("Task", None)

    return eval_body


def _entered_once(original: Method) -> Method:
    """Leave the event out that says again that a state was entered."""

    def add_event(manager: Any, context: Any, *args: Any, **kwargs: Any) -> int:
        if manager.__dict__.pop("entered_before", False):
            return int(context.last_published_event_id)
        event_id: int = original(manager, context, *args, **kwargs)
        return event_id

    return add_event


def _timed_by_the_wait(original: Method) -> Method:
    """Evaluate a waiting task in the execution's own thread; a second timer would race with it."""

    def evaluate(state: callback_service.StateTaskServiceCallback, env: Any) -> None:
        if state.resource.condition != ResourceCondition.WaitForTaskToken or state.heartbeat:
            original(state, env)
            return
        token, env.answered = getattr(env, "answered", None), None
        output = _sent_and_answered(state, env) if token is None else _answered(state, env, token)
        _take_output(state, env, output)

    return evaluate


def _sent_and_answered(state: callback_service.StateTaskServiceCallback, env: Environment) -> Any:
    frame = env.open_frame()
    frame.states.reset(input_value=env.states.get_input())
    frame.stack = copy.deepcopy(env.stack)
    try:
        state._eval_execution(frame)
    finally:
        frame.set_ended()
        env.close_frame(frame)
    return frame.stack.pop()


def _answered(state: Any, env: Environment, token: Token) -> Any:
    """Return the answer's output; raises what moto raises for a failure or none in time."""
    outcome = token.get_outcome()
    if outcome is None:
        raise CallbackTimeoutError
    if isinstance(outcome, CallbackOutcomeFailure):
        raise CallbackOutcomeFailureError(callback_outcome_failure=outcome)
    env.stack.append(json.loads(outcome.output))  # type: ignore[attr-defined] # what is left is a success
    state._after_eval_execution(env, None, None, None)
    return env.stack.pop()


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
