"""How a value is written as JSON and read back: one rule for each type, found by its type annotation.

| type | stored as |
|---|---|
| text, whole number, truth value | itself |
| `Money` | its fen |
| `Decimal` | text, with its digits |
| `date`, `datetime` | ISO 8601; an instant keeps its offset |
| enumeration | its code |
| `LegalBasis` | its name |
| tuple, frozenset | list; a set's in order |
| mapping | object |
| dataclass | object by field names, or a list in the fields' order if the class says `stored_as_row` |
| union of dataclasses | the same, with the `kind` that each class declares |

A field's key is its name, or the name in `field(metadata={"stored": name})`; with None it is not stored.
An empty value that is its field's default is left out. A missing key gets the field's default, so old records
stay readable. An unknown key, of a later release, is not read; but a class that has a field `as_stored` keeps
there what it was read from, and what is unknown in it is written again, at any depth, in each object that is
still the same: the fields that it can't be without have not changed. A type's rule is made when it is first
used. Downside: renaming a field renames its key, which only the golden items (`tests/golden/`) notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import zip_longest
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, Union, get_args, get_origin, get_type_hints

from chalicelib.domain.loan.legal import BY_NAME, LegalBasis
from chalicelib.domain.money import Money


class Unreadable(ValueError):
    """The stored data is not a value of its type; the message begins with the path to it."""


def _drop(_stored: Any, written: Any) -> Any:
    return written


class Form(NamedTuple):
    """How values of a type are written as JSON, and read from it.

    `keep` adds to what is written what the JSON that was read has and the type does not know.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    keep: Callable[[Any, Any], Any] = _drop


class _Part(NamedTuple):
    """A field of a dataclass: its name, the key it is stored under, and its form."""

    name: str
    key: str
    form: Form
    left_out: object
    required: bool
    default: Any


_ALWAYS_WRITTEN: Final = object()
_AS_STORED: Final = "as_stored"
_WRONG: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@cache
def form_of(annotation: Any) -> Form:
    """Compile the form of a type; raises TypeError if no rule covers it."""
    origin = get_origin(annotation)
    if annotation in _LEAVES:
        return _LEAVES[annotation]
    if origin in {Union, UnionType}:
        return _union(annotation)
    if origin in {tuple, frozenset}:
        return _many(annotation)
    return _mapping(annotation) if origin is Mapping else _class(annotation)


def _class(kind: Any) -> Form:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Form(lambda code: code.value, kind)
    if not is_dataclass(kind):
        raise TypeError(f"no rule says how {kind} is stored")
    return _row(kind) if getattr(kind, "stored_as_row", False) else _object(kind)


def to_json(annotation: Any, value: Any) -> Any:
    """Return a value as JSON data; raises TypeError if no rule covers its type."""
    return form_of(annotation).write(value)


def from_json(annotation: Any, stored: Any, place: str) -> Any:
    """Read a value; raises Unreadable, whose path begins with `place`."""
    return _at(place, form_of(annotation), stored)


def _same(value: Any) -> Any:
    return value


def _exactly(kind: type) -> Form:
    def checked(stored: Any) -> Any:
        if type(stored) is not kind:
            raise TypeError(f"{stored!r} is not of type {kind.__name__}")
        return stored

    return Form(_same, checked)


def write_instant(value: datetime, timespec: str = "auto") -> str:
    """Return it in ISO 8601; raises ValueError for a time without an offset."""
    if value.tzinfo is None:
        raise ValueError("an instant needs its offset from UTC")
    return value.isoformat(timespec=timespec)


_LEAVES: Final[Mapping[Any, Form]] = {
    Any: Form(_same, _same),
    str: _exactly(str),
    int: _exactly(int),
    bool: _exactly(bool),
    Money: Form(lambda money: money.fen, lambda stored: Money(_LEAVES[int].read(stored))),
    Decimal: Form(str, lambda stored: Decimal(_LEAVES[str].read(stored))),
    date: Form(date.isoformat, date.fromisoformat),
    datetime: Form(write_instant, datetime.fromisoformat),
    LegalBasis: Form(lambda basis: basis.name, BY_NAME.__getitem__),
}


def _many(annotation: Any) -> Form:
    container, item = get_origin(annotation), form_of(get_args(annotation)[0])

    def write(values: Iterable[Any]) -> list[Any]:
        written = [item.write(value) for value in values]
        return sorted(written) if container is frozenset else written

    def read(stored: list[Any]) -> Any:
        return container(_at(index, item, each) for index, each in enumerate(stored))

    def keep(stored: list[Any], written: list[Any]) -> list[Any]:
        return [item.keep(*pair) for pair in zip_longest((stored or ())[: len(written)], written)]

    return Form(write, read, keep)


def _mapping(annotation: Any) -> Form:
    key, value = map(form_of, get_args(annotation))

    def write(values: Mapping[Any, Any]) -> dict[Any, Any]:
        return {key.write(name): value.write(each) for name, each in values.items()}

    as_it_is = key.write is value.write is _same

    def read(stored: Mapping[Any, Any]) -> dict[Any, Any]:
        return {key.read(name): _at(name, value, each) for name, each in stored.items()}

    def keep(stored: Mapping[str, Any] | None, written: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value.keep((stored or {}).get(name), each) for name, each in written.items()}

    # JSON data is copied at once, instead of name by name: a case's is written with each act.
    return Form(dict if as_it_is else write, read, keep)


def _union(annotation: Any) -> Form:
    members = [member for member in get_args(annotation) if member is not NoneType]
    some = form_of(members[0]) if len(members) == 1 else _one_of(members)
    if len(members) == len(get_args(annotation)):
        return some
    return Form(
        lambda value: None if value is None else some.write(value),
        lambda stored: None if stored is None else some.read(stored),
        lambda stored, written: None if written is None else some.keep(stored, written),
    )


def _one_of(members: list[Any]) -> Form:
    forms = {member.kind: form_of(member) for member in members}

    def write(value: Any) -> dict[str, Any]:
        return {"kind": value.kind, **forms[value.kind].write(value)}

    def keep(stored: Any, written: dict[str, Any]) -> dict[str, Any]:
        same = stored and stored["kind"] == written["kind"]
        kept: dict[str, Any] = forms[written["kind"]].keep(stored, written) if same else written
        return kept

    return Form(write, lambda stored: forms[stored["kind"]].read(stored), keep)


def _object(kind: Any) -> Form:
    parts = _parts(kind)
    merged, keep = _keeping(parts)
    whole = _AS_STORED in {field.name for field in fields(kind)}

    def write(value: Any) -> dict[str, Any]:
        written = {
            part.key: part.form.write(entry)
            for part in parts
            if (entry := getattr(value, part.name)) != part.left_out
        }
        return merged(value.as_stored, written) if whole and value.as_stored else written

    def read(stored: Mapping[str, Any]) -> Any:
        values = {}
        for part in parts:
            if part.key in stored:
                values[part.name] = _at(part.key, part.form, stored[part.key])
            elif part.required:
                values[part.name] = _at(part.key, part.form, None)
        if whole:
            values[_AS_STORED] = stored
        return kind(**values)

    return Form(write, read, keep)


def _keeping(
    parts: Sequence[_Part],
) -> tuple[Callable[[Any, Any], dict[str, Any]], Callable[[Any, Any], Any]]:
    """Return what adds an object's unknown keys, and what does so only if it is the same object."""
    forms = {part.key: part.form for part in parts}

    def merged(stored: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
        unknown = {key: stored[key] for key in stored.keys() - forms.keys()}
        known = {key: forms[key].keep(stored.get(key), written[key]) for key in written.keys() & forms.keys()}
        return {**unknown, **written, **known}

    def keep(stored: Mapping[str, Any] | None, written: dict[str, Any]) -> dict[str, Any]:
        kept = merged(stored or {}, written)
        same = stored and all(kept.get(part.key) == stored.get(part.key) for part in parts if part.required)
        return kept if same else written

    return merged, keep


def _row(kind: Any) -> Form:
    parts = _parts(kind)

    def write(value: Any) -> list[Any]:
        return [part.form.write(getattr(value, part.name)) for part in parts]

    def read(stored: list[Any]) -> Any:
        # An earlier release's row may be shorter, a later release's longer.
        return kind(**{part.name: _at(part.key, part.form, each) for part, each in zip(parts, stored)})  # noqa: B905

    # What an earlier release's shorter row lacks has its default.
    usual = [None if part.required else part.form.write(part.default) for part in parts]

    def keep(stored: list[Any] | None, written: list[Any]) -> list[Any]:
        whole = [*stored, *usual[len(stored) :]] if stored else []
        return stored if stored and whole[: len(written)] == written else written

    return Form(write, read, keep)


def _parts(kind: Any) -> list[_Part]:
    hints = get_type_hints(kind)
    stored = [field for field in fields(kind) if field.init and field.metadata.get("stored", "") is not None]
    return [_part(field, form_of(hints[field.name])) for field in stored]


def _part(field: Field[Any], form: Form) -> _Part:
    required = field.default is MISSING and field.default_factory is MISSING
    default = None if required else field.default
    left_out = default if default is None or default in ((), frozenset()) else _ALWAYS_WRITTEN
    return _Part(field.name, field.metadata.get("stored", field.name), form, left_out, required, default)


def _at(place: str | int, form: Form, stored: Any) -> Any:
    """Read the value at a place within stored data; raises Unreadable with the path."""
    try:
        return form.read(stored)
    except Unreadable as error:
        raise Unreadable(f"{place}.{error}") from error.__cause__
    except _WRONG as error:
        raise Unreadable(f"{place}: {error!r}") from error
