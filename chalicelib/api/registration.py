"""Puts every operation on Chalice, which carries requests to the dispatcher and answers back.

Promise: one view per operation, the same for all; what Chalice itself refuses (a method it does not know)
is a problem like any other; binary answers stay bytes for every Accept header. Downside: Chalice checks no
content type here (`content_types=[]`), because it would refuse in its own words; `reading` does it.
"""

from __future__ import annotations

import base64
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from chalice.app import Response

from chalicelib.api.dispatch import PROBLEM_TYPE, Dispatcher
from chalicelib.api.operations import JSON_TYPE
from chalicelib.api.problems import problem_of, unexpected
from chalicelib.api.reading import incoming
from chalicelib.api.refusals import MethodNotAllowed
from chalicelib.api.routes import declared, operation_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from aws_lambda_powertools.utilities.typing import LambdaContext
    from chalice.app import Chalice, Request

    from chalicelib.api.operations import Operation
    from chalicelib.use_cases.ports import Hub

_FIRST_REFUSAL: Final = 400
_BAD_METHOD: Final = 405


def register_all(
    app: Chalice,
    authorizer: Any,
    *,
    hub: Callable[[], Hub],
    callback_keys: Callable[[str], Sequence[str]],
    real_now: Callable[[], datetime],
) -> None:
    """Put every operation on the app; see `chalicelib.api.register`."""
    dispatcher = Dispatcher(hub=hub, callback_keys=callback_keys, real_now=real_now)
    app.register_middleware(_in_own_words, "http")
    # `_Bytes` says itself that it is binary. Chalice would compare each answer's type with thirty others.
    app.api.binary_types = []
    for route in declared():
        view = _view(app, dispatcher, partial(operation_of, route))
        app.route(
            route.path,
            methods=[route.method],
            name=route.handler,
            authorizer=authorizer if route.token else None,
            content_types=[],
        )(view)


def _view(
    app: Chalice, dispatcher: Dispatcher, operation: Callable[[], Operation]
) -> Callable[..., Response]:
    def view(**_path_parameters: str) -> Response:
        request = app.current_request
        if request is None:
            raise LookupError("Chalice calls a view with its request at hand")
        sent = dispatcher.serve(operation(), request.to_original_event(), _context(request))
        if sent.headers["Content-Type"] not in {JSON_TYPE, PROBLEM_TYPE}:
            return _Bytes(body=sent.body, headers=dict(sent.headers), status_code=sent.status)
        return Response(body=sent.body.decode(), headers=dict(sent.headers), status_code=sent.status)

    return view


class _Bytes(Response):
    """An answer in bytes that are not text.

    Chalice's own binary answer refuses, in Chalice's words, a caller that sends no Accept header. The
    template makes API Gateway treat every body as binary, so that `isBase64Encoded` alone decides.
    """

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        """Return Lambda's answer: the body in base64, with the flag that says so."""
        del binary_types
        text = base64.b64encode(cast("bytes", self.body)).decode()
        return {
            "headers": self.headers,
            "multiValueHeaders": {},
            "statusCode": self.status_code,
            "body": text,
            "isBase64Encoded": True,
        }


def _in_own_words(request: Request, get_response: Callable[[Request], Response]) -> Response:
    response = get_response(request)
    if response.status_code < _FIRST_REFUSAL or "X-Request-Id" in response.headers:
        return response
    asked = incoming(request.to_original_event(), _context(request).aws_request_id)
    if response.status_code == _BAD_METHOD:
        problem = problem_of(MethodNotAllowed(asked.request_id), asked.language, asked.request_id)
    else:
        problem = unexpected(asked.language, asked.request_id)
    headers = {**response.headers, **problem.headers, "Content-Type": PROBLEM_TYPE}
    return Response(body=problem.body, headers=headers, status_code=problem.status)


def _context(request: Request) -> LambdaContext:
    return cast("LambdaContext", request.lambda_context)
