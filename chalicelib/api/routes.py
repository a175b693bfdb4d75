"""All routes, by audience: the one list that everything else is made from.

Promise: a route of a capability is known by its method and path alone until it is first asked for.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

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
    """Return what capabilities declare of their routes."""
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
