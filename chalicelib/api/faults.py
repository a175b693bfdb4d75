"""From a validator's errors to published faults: JSON pointer, stable code, and the numbers of its wording.

Promise: every error becomes a fault where the caller finds it; no value is kept, and an unknown field's
name only if it looks like a name. Downside: an error type that this table does not know is reported as
`invalid`, without a hint.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from chalicelib.api.refusals import FIELD_NAME, RequestFault
from chalicelib.api.schemas.fields import OWN_CODE
from chalicelib.api.wording import INVALID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalicelib.api.refusals import Part

_CODES: Final = {
    "missing": "missing",
    "union_tag_not_found": "missing",
    "extra_forbidden": "unknown_field",
    "string_type": "string_expected",
    "bool_type": "boolean_expected",
    "model_type": "object_expected",
    "model_attributes_type": "object_expected",
    "dict_type": "object_expected",
    "list_type": "list_expected",
    "too_short": "too_few",
    "too_long": "too_many",
    "enum": "not_an_option",
    "literal_error": "not_an_option",
    "union_tag_invalid": "not_an_option",
}
_LIMITS: Final = {
    "min_length": "min",
    "max_length": "max",
    "expected": "options",
    "expected_tags": "options",
}


def faults_of(errors: Iterable[Mapping[str, Any]], body: Mapping[str, Any]) -> list[RequestFault]:
    """Translate a validator's errors; `body` is walked to tell fields from the names of alternatives."""
    return [_fault(error, body) for error in errors]


def unknown_parameters(names: Iterable[str]) -> list[RequestFault]:
    """Return a fault for each query parameter that does not exist."""
    return [RequestFault(pointer([name]), "unknown_parameter", part="query") for name in names]


def pointer(steps: Iterable[str | int]) -> str:
    """Write a JSON pointer (RFC 6901) up to the first step that does not look like a name or an index."""
    written = ""
    for step in steps:
        if isinstance(step, str) and re.fullmatch(FIELD_NAME, step) is None:
            break
        written += f"/{step}"
    return written


def _fault(error: Mapping[str, Any], body: Mapping[str, Any]) -> RequestFault:
    kind, context = str(error["type"]), error.get("ctx") or {}
    part, *steps = error["loc"]
    where = _fields(steps, body) if part == "body" else list(steps)
    if kind.startswith("union_tag"):
        where.append(str(context["discriminator"]).strip("'"))
    return RequestFault(pointer(where), _code(kind), part=_part(part), values=_values(kind, context))


def _code(kind: str) -> str:
    return kind.removeprefix(OWN_CODE) if kind.startswith(OWN_CODE) else _CODES.get(kind, INVALID)


def _values(kind: str, context: Mapping[str, Any]) -> dict[str, object]:
    if kind.startswith(OWN_CODE):
        return dict(context)
    return {_LIMITS[name]: _plain(value) for name, value in context.items() if name in _LIMITS}


def _plain(value: object) -> object:
    return value.replace("'", "").replace(" or ", ", ") if isinstance(value, str) else value


def _part(part: object) -> Part:
    match part:
        case "query" | "path" | "header":
            return part
        case _:
            return "body"


def _fields(steps: Sequence[str | int], body: object) -> list[str | int]:
    # A validator also names the alternative it tried ("appoint", "person"): that is no field of the body.
    found: list[str | int] = []
    here = body
    for index, step in enumerate(steps):
        inside = _step(here, step)
        if inside is not _NOTHING:
            here = inside
            found.append(step)
        elif index == len(steps) - 1:
            found.append(step)
    return found


_NOTHING: Final = object()


def _step(here: object, step: str | int) -> object:
    inside: Mapping[object, object] = {}
    if isinstance(here, dict):
        inside = here
    elif isinstance(here, list):
        inside = dict(enumerate(here))
    return inside.get(step, _NOTHING)
