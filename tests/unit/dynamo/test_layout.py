"""What a record's layout asks of a reader is tied to its schema number: a build before meets no surprise."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

import pytest
from pynamodb.attributes import ListAttribute, MapAttribute

from chalicelib.adapters.dynamo.attributes import Text
from chalicelib.adapters.dynamo.records import CaseRecord, Record
from chalicelib.domain.case import Case
from chalicelib.domain.codes import OpenCode
from chalicelib.registry import capabilities
from tests.support.stored import STORES, kinds_of_records

if TYPE_CHECKING:
    from collections.abc import Iterator

PINNED: Final = Path(__file__).parents[2] / "golden" / "layouts.json"
KINDS: Final = kinds_of_records()
NEVER_STORED: Final = {"Role = data_protection"}
"""Who only reads, so that no record has it and a build before meets it nowhere."""


def asked_of_a_reader(kind: Any) -> set[str]:
    """Return what must be there, of which type, and each code of a closed enumeration."""
    asked = set[str]()
    for attribute in kind.get_attributes().values():
        if not attribute.null and attribute.default is None:
            asked.add(f"{attribute.attr_name}: {type(attribute).__name__}")
        asked |= set(_within(attribute))
    return asked | set(_of_type(Case, set()) if kind is CaseRecord else ())


def _within(attribute: Any) -> Iterator[str]:
    if isinstance(attribute, Text):
        yield from _of_type(attribute.annotation, set())
    elif isinstance(attribute, ListAttribute) and attribute.element_type:
        yield from asked_of_a_reader(attribute.element_type)
    elif isinstance(attribute, MapAttribute):
        yield from asked_of_a_reader(attribute)


def _of_type(annotation: Any, met: set[Any]) -> Iterator[str]:
    if annotation in met:
        return
    met.add(annotation)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        if not issubclass(annotation, OpenCode):
            yield from {f"{annotation.__name__} = {code.value}" for code in annotation} - NEVER_STORED
    elif is_dataclass(annotation):
        yield from _of_class(annotation, met)
    else:
        for part in get_args(annotation):
            yield from _of_type(part, met)


def _of_class(kind: Any, met: set[Any]) -> Iterator[str]:
    hints = get_type_hints(kind)
    for field in fields(kind):
        key = field.metadata.get("stored", field.name)
        if not field.init or key is None:
            continue
        if field.default is MISSING and field.default_factory is MISSING:
            yield f"{kind.__name__}.{key}"
        yield from _of_type(hints[field.name], met)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_layout_belongs_to_its_schema_number(kind: type[Record]) -> None:
    """A code or a field more that a build before could not read needs a higher `schema` of the record."""
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))[kind.__name__]
    number = str(kind.schema.default)
    assert number == max(pinned, key=int), "an old layout stays pinned; the newest is the one that is written"
    assert sorted(asked_of_a_reader(kind)) == pinned[number]


def test_every_kind_of_record_is_pinned() -> None:
    """Those of capabilities too."""
    assert {kind.__name__ for kind in KINDS} == json.loads(PINNED.read_text(encoding="utf-8")).keys()
    stored = {name for each in capabilities() for name in each.parts.values()}
    assert {name.partition(":")[0] for name in stored} <= set(STORES)
