"""Validates requests with pydantic, from the same annotations that document them.

Promise: a request becomes the handler's typed arguments, or one `InvalidInput` with every fault. What reads a
route's parameters is compiled at the route's first request and then kept; it has no state, so requests served
by several threads at once (a local server; Lambda has one at a time) can't disturb each other.
Why not by Powertools' resolver, which writes the OpenAPI document: it takes four times as long, and loading
it is a tenth of the API's cold start (decision 27).
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from chalicelib.api.faults import faults_of
from chalicelib.api.operations import place_of
from chalicelib.api.refusals import RouteNotFound
from chalicelib.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.api.operations import Operation
    from chalicelib.api.reading import Incoming

_ABSENT: Final = inspect.Parameter.empty
_IN_NO_ADDRESS: Final = re.compile(r"[^-._~()'!*:@,;=+&$%<> \[\]{}|^\w]")
"""A character that no resource has in its address."""


@dataclass(frozen=True, slots=True)
class _Parameter:
    """A parameter of a handler: where it stands in a request, and what reads it."""

    name: str
    part: Literal["path", "query", "header", "body"]
    key: str
    adapter: TypeAdapter[Any]
    default: object

    @classmethod
    def of(cls, declared: inspect.Parameter) -> _Parameter:
        """Compile a declared parameter."""
        place = place_of(declared.annotation)
        adapter = TypeAdapter[Any](declared.annotation)
        if place is None:
            return cls(declared.name, "body", "", adapter, declared.default)
        return cls(declared.name, place.part, place.name or declared.name, adapter, declared.default)

    def sent(self, request: Incoming, body: Mapping[str, Any]) -> object:
        """Return what the request has in this place; a query parameter sent twice is a list, and refused."""
        match self.part:
            case "body":
                return body
            case "query":
                values = request.query.get(self.key, [_ABSENT])
                return values[0] if len(values) == 1 else values
            case "header":
                return request.headers.get(self.key, _ABSENT)
            case "path":
                return request.path_parameters[self.key]

    @property
    def location(self) -> tuple[str, ...]:
        """The beginning of the location of its errors."""
        return (self.part, self.key) if self.key else (self.part,)


@cache
def _parameters_of(operation: Operation) -> tuple[_Parameter, ...]:
    return tuple(map(_Parameter.of, operation.signature.parameters.values()))


def arguments(operation: Operation, request: Incoming, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the handler's arguments. Raises InvalidInput, or RouteNotFound for an id no route takes."""
    if any(_IN_NO_ADDRESS.search(value) for value in request.path_parameters.values()):
        raise RouteNotFound(operation.path)
    read: dict[str, Any] = {}
    errors: list[Mapping[str, Any]] = []
    for parameter in _parameters_of(operation):
        sent = parameter.sent(request, body)
        if sent is not _ABSENT:
            try:
                read[parameter.name] = parameter.adapter.validate_python(sent)
            except ValidationError as invalid:
                errors += _located(parameter, invalid)
        elif parameter.default is not _ABSENT:
            read[parameter.name] = parameter.default
        else:
            errors.append({"type": "missing", "loc": parameter.location})
    if errors:
        raise InvalidInput(faults_of(errors, body))
    return read


def _located(parameter: _Parameter, invalid: ValidationError) -> Iterator[Mapping[str, Any]]:
    found = invalid.errors(include_url=False, include_input=False)
    return ({**error, "loc": (*parameter.location, *error["loc"])} for error in found)
