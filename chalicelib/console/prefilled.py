"""Forms that begin with what is stored, and forms whose lists grow by a button."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.console.acting import form_for
from chalicelib.console.forms import typed_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalicelib.console.forms import Form
    from chalicelib.console.visits import Visit

_MOST_LINES = 100


def prefilled(visit: Visit, stored: Mapping[str, Any] | None, without: Sequence[str] = ()) -> Form:
    """Make a form of what is stored, with its version; without it, of what was typed."""
    if stored is None:
        typed = typed_of(visit.asked.form)
        version = visit.asked.typed("version")
        form = form_for(visit, typed=typed, version=int(version) if version.isdecimal() else 0)
        return replace(form, key=visit.asked.typed("key") or form.key)
    typed = {name: values for name, values in _flat(stored) if name not in without}
    return form_for(visit, typed=typed, version=stored.get("version", 0))


def lines(form: Form, name: str, more: str = "", least: int = 0) -> range:
    """Return the numbers of a list's entries: those of the form, and one more if it is asked for."""
    found = [re.match(rf"{re.escape(name)}\.([0-9]{{1,3}})\.", each) for each in form.typed]
    shown = max([least, *(int(each[1]) + 1 for each in found if each)])
    return range(min(shown + (more == name), _MOST_LINES))


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of a form that says what a body says; a list of texts is one field."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _flat(inside, f"{name}.{key}".lstrip("."))
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for number, inside in enumerate(value):
            yield from _flat(inside, f"{name}.{number}")
    elif isinstance(value, list):
        yield name, [str(each) for each in value]
    elif value is not None:
        yield name, [str(value).lower() if isinstance(value, bool) else str(value)]
