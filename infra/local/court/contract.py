"""Checks messages against the published contract, docs/one-network.openapi.yaml.

Promise: the simulator accepts exactly what the document describes, so the two can't drift apart. A fault
names the place and the keyword that failed, never the value.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from collections.abc import Mapping

PUBLISHED = Path(__file__).parents[3] / "docs" / "one-network.openapi.yaml"
_URI = "urn:one-network"
_CALLBACKS = {
    "filing.reviewed": "FilingReviewed",
    "filing.docketed": "FilingDocketed",
    "filing.refused": "FilingRefused",
    "confirmation.ruled": "ConfirmationRuled",
}


class Fault(NamedTuple):
    """Where (JSON pointer) a message breaks the contract, and which keyword failed."""

    pointer: str
    code: str


class Contract:
    """The schemas of one version of the contract."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """`document` is the parsed OpenAPI document."""
        self.version: str = document["info"]["version"]
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        registry: Registry[Any] = Registry().with_resource(_URI, resource)
        self._validators = {
            name: OAS31Validator(
                {"$ref": f"{_URI}#/components/schemas/{name}"},
                registry=registry,
                format_checker=oas31_format_checker,
            )
            for name in document["components"]["schemas"]
        }

    def faults(self, schema: str, value: object) -> list[Fault]:
        """Return every way in which `value` breaks the named schema, in a stable order."""
        return sorted(
            Fault("".join(f"/{part}" for part in error.absolute_path), _code(str(error.validator)))
            for error in self._validators[schema].iter_errors(value)
        )

    def callback_faults(self, callback: Mapping[str, Any]) -> list[Fault]:
        """Check a callback against the schema of its own type, which says more than `oneOf` can."""
        schema = _CALLBACKS.get(str(callback.get("type")))
        return self.faults(schema, callback) if schema else [Fault("/type", "enum")]


def _code(keyword: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in keyword)


@lru_cache
def published() -> Contract:
    """Load the contract of this repository."""
    return Contract(yaml.safe_load(PUBLISHED.read_text(encoding="utf-8")))
