"""Attribute types: how a domain value is written as a DynamoDB value, without loss and readable.

Promise: reading gives back what was written, including a time's offset, on which an event's hash
depends. Why our own: PynamoDB's numbers are floats to a type checker, and its times lose the offset.
Downside: an enum value that this release does not know can't be read (see `schema`).
"""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pynamodb.attributes import Attribute, AttributeContainer, DynamicMapAttribute
from pynamodb.constants import BINARY, NUMBER, STRING
from pynamodb.exceptions import AttributeNullError

from chalicelib.adapters.dynamo import structure
from chalicelib.consumers import load

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
# `json.dumps` would make an encoder for each value.
_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def optional(attribute: Attribute[T]) -> Attribute[T | None]:
    """Let an attribute be absent; None is never stored."""
    attribute.null = True
    return cast("Attribute[T | None]", attribute)


class Whole(Attribute[int]):
    """A whole number."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        """Write it as DynamoDB's number."""
        return str(int(value))

    def deserialize(self, value: str) -> int:
        """Read it."""
        return int(value)


class Text(Attribute[T]):
    """A value that `structure` writes as text, of a type or of a type named as `module:name`.

    What is named is imported with the first value: a function that reads no settlement and no debt saves a
    tenth of its cold start.
    """

    attr_type = STRING

    def __init__(self, kind: Any, attr_name: str | None = None) -> None:
        super().__init__(attr_name=attr_name)
        self._kind = kind

    @cached_property
    def annotation(self) -> Any:
        """The type."""
        return load(self._kind) if isinstance(self._kind, str) else self._kind

    @cached_property
    def _form(self) -> structure.Form:
        return structure.form_of(self.annotation)

    def serialize(self, value: T) -> str:
        """Write it."""
        written: str = self._form.write(value)
        return written

    def deserialize(self, value: str) -> T:
        """Read it; raises Unreadable, of a code unknown to this release too."""
        read: T = structure.from_json(self.annotation, value, self.attr_name)
        return read


class Code(Text[E]):
    """One of an enumeration's published codes."""

    def __init__(self, enumeration: type[E]) -> None:
        super().__init__(enumeration)


class Day(Text[date]):
    """A date in ISO 8601."""

    def __init__(self) -> None:
        super().__init__(date)


class Instant(Text[datetime]):
    """An instant in ISO 8601 with its offset, always with microseconds."""

    def __init__(self, attr_name: str | None = None) -> None:
        super().__init__(datetime, attr_name)

    def serialize(self, value: datetime) -> str:
        """Write it; raises ValueError for a time without an offset."""
        return structure.write_instant(value, "microseconds")


class Structured(Text[T]):
    """A value that `structure` has a rule for, as JSON text."""

    def serialize(self, value: T) -> str:
        """Write it compactly."""
        return _COMPACT.encode(self._form.write(value))

    def deserialize(self, value: str) -> T:
        """Read it; raises Unreadable."""
        return super().deserialize(json.loads(value))


class Bytes(Attribute[bytes]):
    """Bytes, as they are."""

    attr_type = BINARY


class Map(DynamicMapAttribute):
    """A map within a record; what a later release put into it stays when the record is rewritten."""

    def __init__(self, *, _user_instantiated: Any = True, **values: Any) -> None:
        super().__init__(_user_instantiated=_user_instantiated)  # type: ignore[no-untyped-call]  # PynamoDB leaves it untyped
        self.attribute_values.update(values)

    def serialize(self, values: Map, *, null_check: bool = True) -> dict[str, Any]:
        """Write it as DynamoDB's map; raises AttributeNullError."""
        del null_check
        written: dict[str, Any] = self._serialize_undeclared_attributes(
            values.attribute_values, item_of(values)
        )
        return written


def item_of(container: AttributeContainer) -> dict[str, Any]:
    """Return what a record or a map holds as DynamoDB's values; raises AttributeNullError for an absent one.

    Saves a tenth of a filing's own CPU: PynamoDB asks five questions about each attribute before it reads it.
    """
    item = {}
    for name, stored_name, letter, write, optional in _written(type(container)):
        value = container.attribute_values.get(name)
        if value is not None:
            item[stored_name] = {letter: write(value)}
        elif not optional:
            raise AttributeNullError(name)
    return item


@cache
def _written(kind: type[AttributeContainer]) -> list[tuple[str, str, str, Callable[[Any], Any], bool]]:
    """Return the attributes of a record or a map: name, stored name, DynamoDB's letter, writer, optional."""
    return [
        (name, each.attr_name, each.attr_type, each.serialize, each.null)
        for name, each in kind.get_attributes().items()
    ]
