"""All routes, by audience: the one list that everything else is made from, the OpenAPI document included.

Promise: of a capability's route only the declaration is loaded until the route is first used.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.api import (
    acts,
    cases,
    court,
    debts,
    documents,
    filings,
    performance,
    policies,
    service,
    settlement,
)
from chalicelib.api.operations import Answered, Call, Reply
from chalicelib.consumers import load
from chalicelib.registry import capabilities

if TYPE_CHECKING:
    from chalicelib.api.operations import Operation
    from chalicelib.registry import Route

_AUDIENCES = (filings, cases, acts, debts, settlement, performance, documents, court, policies, service)


def core_operations() -> tuple[Operation, ...]:
    """Return the routes of the case itself."""
    return tuple(operation for audience in _AUDIENCES for operation in audience.operations.all)


def capability_routes() -> tuple[Route, ...]:
    """Return the capabilities' declarations of their routes."""
    return tuple(route for each in capabilities() for route in each.routes)


@cache
def operation_of(route: Route) -> Operation:
    """Load a declared route's operation."""
    module, _, name = route.handler.partition(":")
    (found,) = [each for each in load(f"{module}:operations").all if each.handler.__name__ == name]
    operation: Operation = found
    return operation


def operations() -> tuple[Operation, ...]:
    """Return every route; those of capabilities are loaded by this."""
    return (*core_operations(), *map(operation_of, capability_routes()))


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document of every route; made once per process, at its first use."""
    from chalicelib.api.openapi import document_of  # noqa: PLC0415 - few requests ask for it

    return document_of(operations())


# It stands here because it answers with the whole list of routes.
@service.operations.get("/v1/openapi.json", "接口文档", Answered(model=None))
def show_openapi(call: Call) -> Reply:
    """Fetch this document."""
    del call
    return Reply(document())
