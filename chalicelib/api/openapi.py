"""The OpenAPI 3.1 document, made from the same definitions that route and validate.

Promise: each operation lists every status it can answer, its own and the gateway's, with the codes behind it,
the roles that may call it (from the domain's permissions) and the headers it reads and sends.
Downside: Powertools writes what it knows (parameters, bodies, models); the rest is added to its result here.
It is loaded with the first request for the document, and serves none.
"""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Annotated, Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn, HTTPBearer, License, Tag
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from chalicelib.api.openapi_parts import (
    BEARER_SCHEME,
    DESCRIPTION,
    PARAMETERS,
    RESPONSE_HEADERS,
    SIGNATURE_SCHEME,
    TAGS,
    TITLE,
    VERSION,
)
from chalicelib.api.operations import Access, place_of
from chalicelib.api.outcomes import statuses_of
from chalicelib.api.problem_table import PROBLEMS
from chalicelib.api.schemas.problems import ProblemOut
from chalicelib.domain.roles import Role
from chalicelib.registry import capabilities

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.api.operations import Operation

_SCHEMAS: Final = "#/components/schemas/"
_SECURITY: Final = {
    Access.TOKEN: [{"bearer": list[str]()}],
    Access.SIGNATURE: [{"courtSignature": list[str]()}],
    Access.OPEN: None,
}
_NOT_OURS: Final = ("HTTPValidationError", "ValidationError", "ResponseValidationError")


def document_of(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the document of these routes."""
    written: dict[str, Any] = json.loads(
        _resolver(operations).get_openapi_json_schema(
            title=TITLE,
            version=VERSION,
            description=DESCRIPTION,
            license_info=License(name="Apache-2.0", identifier="Apache-2.0"),
            tags=[Tag(name=name, description=text) for name, text in _tags().items()],
            security_schemes={
                "bearer": HTTPBearer(bearerFormat="JWT", description=BEARER_SCHEME),
                "courtSignature": APIKey.model_validate(
                    {"in": APIKeyIn.header, "name": "webhook-signature", "description": SIGNATURE_SCHEME}
                ),
            },
        )
    )
    components = written["components"]
    components["parameters"] = PARAMETERS
    components["headers"] = RESPONSE_HEADERS
    components["schemas"] = _schemas(components["schemas"])
    refusals: dict[str, Any] = {}
    components["responses"] = refusals
    for operation in operations:
        _complete(written["paths"][operation.path][operation.method.lower()], operation, refusals)
    written["paths"] = dict(sorted(written["paths"].items()))
    return written


def _resolver(operations: Iterable[Operation]) -> APIGatewayRestResolver:
    resolver = APIGatewayRestResolver(enable_validation=True)
    for operation in operations:
        answered = operation.answered
        content: Any = {"model": answered.model} if answered.model else {"schema": {}}
        resolver.route(
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
        )(_Documented(operation))
    return resolver


class _Documented:
    """Takes a handler's place in the resolver, with its signature; it is never called."""

    def __init__(self, operation: Operation) -> None:
        parameters = operation.signature.parameters.values()
        self.__name__ = operation.name
        self.__signature__ = inspect.Signature([_placed(parameter) for parameter in parameters])

    def __call__(self) -> None:
        """Do nothing."""


def _placed(parameter: inspect.Parameter) -> inspect.Parameter:
    place = place_of(parameter.annotation)
    if place is None:
        return parameter
    kind = {"path": Path, "query": Query, "header": Header}[place.part]
    mark = kind(alias=place.name, description=place.description)
    return parameter.replace(annotation=Annotated[parameter.annotation, mark])


def _tags() -> dict[str, str]:
    return {**TAGS, **{each.name: f"{each.en} · {each.zh}" for each in capabilities()}}


def _schemas(written: dict[str, Any]) -> dict[str, Any]:
    problem = ProblemOut.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    ours = {name: schema for name, schema in written.items() if name not in _NOT_OURS}
    ours |= problem.pop("$defs")
    ours["ProblemOut"] = problem
    for schema in problem["properties"].values():
        _drop_null(schema)
    return dict(sorted(ours.items()))


def _complete(written: dict[str, Any], operation: Operation, refusals: dict[str, Any]) -> None:
    written["description"] = "\n\n".join(filter(None, (operation.description, _who(operation))))
    parameters = written.setdefault("parameters", [])
    for parameter in parameters:
        _drop_null(parameter["schema"])
        if parameter["in"] == "header":
            parameter["name"] = parameter["name"].title()
    parameters += [{"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS]
    for content in written.get("requestBody", {}).get("content", {}).values():
        _drop_null(content["schema"])
    written["responses"] = {
        str(status): {
            **written["responses"][str(status)],
            "description": operation.summary.both,
            "headers": _headers(operation.answered.headers_of(status)),
        }
        for status in operation.answered.statuses
    }
    for status, codes in statuses_of(operation).items():
        name = "Or".join("".join(word.capitalize() for word in code.split("_")) for code in codes)
        refusals[name] = _refusal(codes)
        written["responses"][str(status)] = {"$ref": f"#/components/responses/{name}"}


def _who(operation: Operation) -> str:
    match operation.access:
        case Access.OPEN:
            return "Open to everybody. 无需认证。"
        case Access.SIGNATURE:
            return "Called by courts, proven by their signature. 由法院以签名调用。"
        case Access.TOKEN:
            permitted = {role for action in operation.actions for role in action.roles}
            roles = [f"`{role}`" for role in Role if role in permitted and role is not Role.SYSTEM]
            return f"Roles · 角色: {', '.join(roles) or 'any'}."


def _refusal(codes: Sequence[str]) -> dict[str, Any]:
    names = sorted({name for code in codes for name in PROBLEMS[code].headers})
    return {
        "description": "; ".join(f"`{code}`: {PROBLEMS[code].title.both}" for code in codes),
        "headers": _headers(names),
        "content": {"application/problem+json": {"schema": {"$ref": f"{_SCHEMAS}ProblemOut"}}},
    }


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, "X-Request-Id")}


def _drop_null(schema: dict[str, Any]) -> None:
    # The models use null for "left out"; a query can't contain it, and no refusal does.
    alternatives = schema.pop("anyOf", None)
    if alternatives is None:
        return
    (only,) = [entry for entry in alternatives if entry != {"type": "null"}]
    schema.pop("default", None)
    schema.update(only)
