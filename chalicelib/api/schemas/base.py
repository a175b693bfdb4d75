"""What all request and answer models have in common, and how an answer writes amounts, days and instants.

Promise: a request model takes the documented fields and no others, and never repeats an input in an error.
An answer reads each field from the attribute of the same name (`Answer.of`); every kind of value is written
in one place, here. Models are compiled when the first request needs them, so importing them is cheap.
Downside: a mistake in a model shows at its first use; the test that writes the OpenAPI document uses all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from chalicelib.api.schemas.fields import AMOUNT_SCHEMA, DATE_SCHEMA, INSTANT_SCHEMA
from chalicelib.domain.loan.capitals import in_capitals
from chalicelib.domain.money import Money

T = TypeVar("T")


class Request(BaseModel):
    """The body of a request, or a part of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, hide_input_in_errors=True)

    def make(self, kind: type[T], /, *without: str, **beside: object) -> T:
        """Make a domain value from the fields by name, leaving out `without` and adding `beside`."""
        values = vars(self) | beside
        for name in without:
            del values[name]
        return kind(**values)


class Answer(BaseModel):
    """The body of an answer, or a part of it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        from_attributes=True,
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,
        validate_by_name=True,
    )

    @classmethod
    def of(cls, source: object, **beside: object) -> Self:
        """Read each field from the attribute of its name or from `beside`; nested models do the same.

        Raises pydantic's ValidationError for a field that neither has, which is a bug in the hub.
        """
        if not beside:
            return cls.model_validate(source)
        read = {name: get(source) for name, get in _getters(cls).items() if name not in beside}
        return cls.model_validate(read | beside)


@cache
def _getters(model: type[Answer]) -> Mapping[str, Callable[[object], object]]:
    return {
        name: attrgetter(_path(name, field.validation_alias)) for name, field in model.model_fields.items()
    }


def _path(name: str, alias: object) -> str:
    return ".".join(map(str, alias.path)) if isinstance(alias, AliasPath) else name


@dataclass(frozen=True)
class Written:
    """How a value of the domain is written; used inside `Annotated`. Text is taken to be written already."""

    kind: type
    writer: Callable[[Any], str]

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept a value of `kind` and write it, or accept text as it is."""
        value = core_schema.is_instance_schema(self.kind)
        written = core_schema.no_info_plain_validator_function(self.writer)
        return core_schema.union_schema(
            [core_schema.chain_schema([value, written]), core_schema.str_schema(strict=True)],
            mode="left_to_right",
            serialization=core_schema.simple_ser_schema("str"),
        )


def within(*path: str, **more: Any) -> Any:
    """Read a field from a nested attribute or one of another name; `more` goes to `Field`."""
    return Field(validation_alias=AliasPath(*path), **more)


def percent_text(percent: Decimal) -> str:
    """Write a percentage in full: without an exponent, and without zeros at its end."""
    written = format(percent, "f")
    return written.rstrip("0").rstrip(_POINT) if _POINT in written else written


_POINT: Final = "."

AmountText = Annotated[str, Written(Money, str), WithJsonSchema(AMOUNT_SCHEMA)]
DifferenceText = Annotated[
    str,
    Written(Money, str),
    WithJsonSchema({"type": "string", "pattern": "^-?[0-9]+[.][0-9]{2}$", "examples": ["-0.01"]}),
]
CapitalsText = Annotated[str, Written(Money, in_capitals), WithJsonSchema({"type": "string"})]
PercentText = Annotated[
    str,
    Written(Decimal, percent_text),
    WithJsonSchema({"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$", "examples": ["10.875"]}),
]
DayText = Annotated[str, Written(date, date.isoformat), WithJsonSchema(DATE_SCHEMA)]
InstantText = Annotated[str, Written(datetime, datetime.isoformat), WithJsonSchema(INSTANT_SCHEMA)]
"""An instant of case time in UTC, as the chain of events hashes it."""
FreeObject = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]
InOrder: Final = BeforeValidator(sorted)
"""Turns a set of the domain into a sorted list."""
