"""All routes, by audience, from which everything else is made, the OpenAPI document included.

Promise: a route's module is loaded when the route is first used, so a new container that serves a filing does
not make the models of sixty other routes (a fifth of its first answer). Until then `routes.json` says which
routes there are; `make openapi` writes it from the modules, and a test finds a stale one.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.api.operations import Access
from chalicelib.consumers import load
from chalicelib.registry import Route, capabilities

if TYPE_CHECKING:
    from chalicelib.api.operations import Operation

INDEX: Final = Path(__file__).with_name("routes.json")
_AUDIENCES: Final = (
    "filings",
    "cases",
    "acts",
    "hearing",
    "debts",
    "settlement",
    "performance",
    "documents",
    "court",
    "policies",
    "service",
)


def declared() -> tuple[Route, ...]:
    """Return every route: the core's from the index, then the capabilities'; loads none of them."""
    core = (Route(**entry) for entry in json.loads(INDEX.read_text(encoding="utf-8")))
    return (*core, *_of_capabilities())


def index() -> list[dict[str, Any]]:
    """Return what the index should hold; loads every route of the core."""
    return [
        {
            "method": operation.method,
            "path": operation.path,
            "handler": f"{operation.handler.__module__}:{operation.handler.__name__}",
            "token": operation.access is Access.TOKEN,
        }
        for operation in _core_operations()
    ]


@cache
def operation_of(route: Route) -> Operation:
    """Load a declared route's operation."""
    module, _, name = route.handler.partition(":")
    (found,) = [each for each in load(f"{module}:operations").all if each.handler.__name__ == name]
    operation: Operation = found
    return operation


def operations() -> tuple[Operation, ...]:
    """Return every route's operation; loads them all."""
    return (*_core_operations(), *map(operation_of, _of_capabilities()))


def _core_operations() -> tuple[Operation, ...]:
    return tuple(
        operation
        for audience in _AUDIENCES
        for operation in load(f"chalicelib.api.{audience}:operations").all
    )


def _of_capabilities() -> tuple[Route, ...]:
    return tuple(route for each in capabilities() for route in each.routes)


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document of every route; made once per process, at its first use."""
    from chalicelib.api.openapi import document_of  # noqa: PLC0415 - few requests ask for it

    return document_of(operations())
