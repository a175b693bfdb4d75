"""The steps of every request: identify the caller, check role and form, call the handler, answer.

Promise: whatever comes in, an answer of the published form goes out, with the request's ids and one log line
of ids and codes. The most costly mistakes are ruled out first: identity, role, guarding headers, size and
form of the body, its content, and only then the use case. Downside: a caller without the role never learns
what else is wrong with its request.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.identity import actor_from_context
from chalicelib.api.callers import signed_caller
from chalicelib.api.faults import unknown_parameters
from chalicelib.api.operations import Access, Call
from chalicelib.api.parameters import IDEMPOTENCY_KEY, IF_MATCH, check_idempotency_key, check_if_match
from chalicelib.api.problems import problem_of, unexpected
from chalicelib.api.reading import incoming, json_object
from chalicelib.api.repeats import answered
from chalicelib.api.validation import arguments
from chalicelib.domain.errors import HubError, InvalidInput, NotPermitted
from chalicelib.domain.permissions import may
from chalicelib.domain.roles import Actor, Role
from chalicelib.observability import about, log, log_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from chalicelib.api.operations import Operation, Reply
    from chalicelib.api.problems import Problem
    from chalicelib.api.reading import Incoming
    from chalicelib.domain.errors import Fault
    from chalicelib.use_cases.ports import Hub

PROBLEM_TYPE: Final = "application/problem+json"
_NOBODY: Final = Actor(role=Role.OPS, subject="nobody")
"""The actor of an open route, where the caller is unknown: it has no court and so sees no case."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer ready for the gateway."""

    status: int
    headers: dict[str, str]
    body: bytes
    case_id: str | None = None
    code: str | None = None
    """The problem's code, of a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """Serves operations on a hub that is built when the first request needs it."""

    hub: Callable[[], Hub]
    callback_keys: Callable[[str], Sequence[str]]
    real_now: Callable[[], datetime]

    def serve(self, operation: Operation, event: Mapping[str, Any], context: LambdaContext) -> Sent:
        """Answer one request that a gateway sent; never raises."""
        return self.answer(operation, incoming(event, context.aws_request_id))

    def answer(self, operation: Operation, request: Incoming) -> Sent:
        """Answer one request; never raises."""
        ids = {"request_id": request.request_id, "correlation_id": request.correlation_id}
        with about(function="api", case_id=request.path_parameters.get("case_id"), **ids):
            return self._served(operation, request)

    def _served(self, operation: Operation, request: Incoming) -> Sent:
        began = time.monotonic()
        try:
            sent = _success(operation, request, self._reply(operation, request))
        except HubError as refused:
            sent = _refusal(request, problem_of(refused, request.language, request.request_id))
        except Exception as error:  # noqa: BLE001 - outermost place: any error is answered and logged
            log_failure("request_failed", error, route=operation.path)
            sent = _refusal(request, unexpected(request.language, request.request_id))
        _log(operation, request, sent, milliseconds=round(1000 * (time.monotonic() - began)))
        return sent

    def _reply(self, operation: Operation, request: Incoming) -> Reply:
        actor = self._actor(operation, request)
        _check_role(operation, actor)
        _check_headers(operation, request)
        body = _body(operation, request)
        parsed = self._arguments(operation, request, body)
        call = Call(
            provider=self.hub,
            actor=actor,
            language=request.language,
            body=body,
            raw=request.raw,
            source=request.source,
        )
        return answered(operation, call, parsed)

    def _actor(self, operation: Operation, request: Incoming) -> Actor:
        match operation.access:
            case Access.TOKEN:
                return actor_from_context(request.authorizer)
            case Access.SIGNATURE:
                return signed_caller(request, operation.largest_body, self.callback_keys, self.real_now())
            case Access.OPEN:
                return _NOBODY

    def _arguments(self, operation: Operation, request: Incoming, body: Mapping[str, Any]) -> dict[str, Any]:
        unknown = request.query.keys() - operation.query_parameters
        faults: list[Fault] = [] if operation.access is Access.OPEN else [*unknown_parameters(unknown)]
        parsed: dict[str, Any] = {}
        try:
            parsed = arguments(operation, request, body)
        except InvalidInput as invalid:
            faults += invalid.faults
        if operation.check is not None:
            told = {fault.pointer for fault in faults}
            faults += [fault for fault in operation.check(body, self.hub()) if fault.pointer not in told]
        if faults:
            raise InvalidInput(faults)
        return parsed


def _check_role(operation: Operation, actor: Actor) -> None:
    if operation.actions and not any(may(actor, action) for action in operation.actions):
        raise NotPermitted(actor.role, operation.actions[0])


def _check_headers(operation: Operation, request: Incoming) -> None:
    if operation.takes("if_match"):
        check_if_match(request.headers.get(IF_MATCH, ""))
    if operation.takes("idempotency_key"):
        check_idempotency_key(request.headers.get(IDEMPOTENCY_KEY, ""))


def _body(operation: Operation, request: Incoming) -> dict[str, Any]:
    if not operation.takes("body"):
        return {}
    return json_object(request, limit=operation.largest_body, optional=operation.body_optional)


def _success(operation: Operation, request: Incoming, reply: Reply) -> Sent:
    headers = {**_headers(request), "Content-Type": reply.media_type, **reply.headers}
    return Sent(reply.status or operation.answered.status, headers, _encoded(reply), reply.case_id)


def _encoded(reply: Reply) -> bytes:
    match reply.content:
        case bytes():
            return reply.content
        case Mapping():
            return _json(reply.content)
        case model:
            return model.model_dump_json().encode()


def _refusal(request: Incoming, problem: Problem) -> Sent:
    headers = {
        **_headers(request),
        "Content-Type": PROBLEM_TYPE,
        "Content-Language": request.language.value,
        **problem.headers,
    }
    return Sent(problem.status, headers, _json(problem.body), code=problem.body["code"])


def _headers(request: Incoming) -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": request.request_id,
        "X-Correlation-Id": request.correlation_id,
    }


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _log(operation: Operation, request: Incoming, sent: Sent, *, milliseconds: int) -> None:
    log.info(
        "request",
        extra={
            "method": operation.method,
            "route": operation.path,
            "status": sent.status,
            "code": sent.code,
            "milliseconds": milliseconds,
            "case_id": sent.case_id or request.path_parameters.get("case_id"),
            "role": request.authorizer.get("role"),
            "institution_id": request.authorizer.get("institution_id") or None,
        },
    )
