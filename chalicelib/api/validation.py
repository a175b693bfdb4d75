"""Validates requests with Powertools' resolver, from the same definitions that document them.

Promise: a request becomes the handler's typed arguments, or one `InvalidInput` with every fault. The
resolver only validates: the handler itself runs outside it. Why: the resolver keeps its current
request in class attributes, so requests served by several threads at once (a local server; Lambda has
one at a time) would read each other's; here one lock guards a few microseconds instead of a database call.
Downside: a route is matched twice, by Chalice and by the resolver. Imported with the first request.
"""

from __future__ import annotations

import inspect
import json
import threading
from typing import TYPE_CHECKING, Annotated, Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from chalicelib.api.faults import faults_of
from chalicelib.api.operations import JSON_TYPE, Access, place_of
from chalicelib.api.refusals import RouteNotFound
from chalicelib.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from chalicelib.api.operations import Operation
    from chalicelib.api.reading import Incoming

_ONE_AT_A_TIME: Final = threading.Lock()
_SECURITY: Final = {
    Access.TOKEN: [{"bearer": list[str]()}],
    Access.SIGNATURE: [{"courtSignature": list[str]()}],
    Access.OPEN: None,
}


class _Parsed:
    """Takes a handler's place in the resolver: has its signature and keeps the arguments of the call."""

    def __init__(self, operation: Operation) -> None:
        parameters = operation.signature.parameters.values()
        self.__name__ = operation.name
        self.__signature__ = inspect.Signature([_placed(parameter) for parameter in parameters])
        self.arguments: dict[str, Any] | None = None

    def __call__(self, **arguments: Any) -> Response[None]:
        self.arguments = arguments
        return Response(status_code=204)


class Validator:
    """Registers operations with one resolver: those given at once, any other when it is first used."""

    def __init__(self, operations: Iterable[Operation] = ()) -> None:
        self.resolver = APIGatewayRestResolver(enable_validation=True)
        self._errors: Sequence[Mapping[str, Any]] = ()
        self._parsed = {operation.name: self._register(operation) for operation in operations}
        self.resolver.exception_handler(RequestValidationError)(self._keep_errors)

    def _register(self, operation: Operation) -> _Parsed:
        parsed = _Parsed(operation)
        answered = operation.answered
        content: Any = {"model": answered.model} if answered.model else {"schema": {}}
        self.resolver.route(
            operation.path.replace("{", "<").replace("}", ">"),
            method=operation.method,
            summary=operation.summary.both,
            description=operation.description,
            tags=[operation.tag],
            operation_id=operation.name,
            security=_SECURITY[operation.access],
            responses={
                status: {"description": "", "content": dict.fromkeys(answered.media_types, content)}
                for status in answered.statuses
            },
        )(parsed)
        return parsed

    def _keep_errors(self, refused: RequestValidationError) -> Response[None]:
        self._errors = refused.errors()
        return Response(status_code=422)

    def arguments(
        self, operation: Operation, request: Incoming, body: Mapping[str, Any], context: LambdaContext
    ) -> dict[str, Any]:
        """Return the handler's arguments. Raises InvalidInput, or RouteNotFound for an id no route takes."""
        with _ONE_AT_A_TIME:
            parsed = self._parsed.get(operation.name)
            if parsed is None:
                parsed = self._parsed[operation.name] = self._register(operation)
            self._errors, parsed.arguments = (), None
            self.resolver.resolve(_event(operation, request, body), context)
            errors, arguments = self._errors, parsed.arguments
        if errors:
            raise InvalidInput(faults_of(errors, body))
        if arguments is None:
            raise RouteNotFound(operation.path)
        return arguments


def _placed(parameter: inspect.Parameter) -> inspect.Parameter:
    place = place_of(parameter.annotation)
    if place is None:
        return parameter
    kind = {"path": Path, "query": Query, "header": Header}[place.part]
    mark = kind(alias=place.name, description=place.description)
    return parameter.replace(annotation=Annotated[parameter.annotation, mark])


def _event(operation: Operation, request: Incoming, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "httpMethod": operation.method,
        "path": operation.path.format_map(request.path_parameters),
        "headers": {**request.headers, "content-type": JSON_TYPE},
        "multiValueQueryStringParameters": {name: list(values) for name, values in request.query.items()},
        "requestContext": {},
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
