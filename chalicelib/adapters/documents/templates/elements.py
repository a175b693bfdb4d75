"""The elements (要素) of a form: each is declared once, and both the form and the element table read it.

Promise: an element is a path into the view, a label and a way of writing it; the table has a column for each
element that a row of the form shows, under the path as its code. A form has no row beside them.
Downside: where a row of a form is a sentence, its words stand beside the elements (`text`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from chalicelib.adapters.documents.outline import Field
from chalicelib.adapters.documents.views.common import BLANK, Blank
from chalicelib.adapters.documents.wording import asked, choice, day, in_full, stated
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Cell: TypeAlias = str | bool | int | Money | date | None
"""What a table holds; None is not known."""


@dataclass(frozen=True, slots=True)
class Element:
    """One fact that a form asks for: its place in the view, its label in the row, how it is written."""

    path: str
    label: str = ""
    write: Callable[[Any], str] | None = None

    def of(self, view: object) -> Any:
        """Return the fact."""
        return attrgetter(self.path)(view)

    def written(self, view: object) -> str:
        """Return the fact as the form shows it; nothing where it is not known."""
        return (self.write or _written)(self.of(view))

    def cell(self, view: object) -> Cell:
        """Return the fact as a table holds it: False for a no."""
        value = self.of(view)
        return False if value is None and self.write is stated else _cell(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A numbered row of a form. Without `text` its elements stand below each other, each behind its label.

    If the first element is a question of yes or no, the others are shown only below a yes.
    """

    label: str
    elements: tuple[Element, ...]
    text: Callable[[Any], str] | None = None

    def field(self, view: object) -> Field:
        """Return the row with its answer."""
        return Field(label=self.label, value=self.text(view) if self.text else self._listed(view))

    def _listed(self, view: object) -> str:
        first, *others = self.elements
        if first.label:
            return asked(*((each.label, each.written(view)) for each in self.elements))
        if not others or first.of(view) in {False, BLANK}:
            return first.written(view)
        return "\n".join((first.written(view), asked(*((each.label, each.written(view)) for each in others))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a form under its heading."""

    title: str
    rows: tuple[Row, ...]
    numbered: bool = True

    def fields(self, view: object) -> list[Field]:
        """Return the rows with their answers, numbered within the part."""
        rows = [row.field(view) for row in self.rows]
        if not self.numbered:
            return rows
        return [Field(label=f"{at}.{row.label}", value=row.value) for at, row in enumerate(rows, start=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its code, which stays, the part of the form, its name, and what it holds."""

    code: str
    part: str
    name: str
    value: Cell


def columns(parts: Iterable[Part], view: object) -> tuple[Column, ...]:
    """Return a column for each element of the parts, in the order of the form; each element once."""
    found: dict[str, Column] = {}
    for part, row, element in _all(parts):
        name = f"{row.label}：{element.label}" if element.label else row.label
        held = Column(code=element.path, part=part.title, name=name, value=element.cell(view))
        found.setdefault(element.path, held)
    return tuple(found.values())


def _all(parts: Iterable[Part]) -> Iterator[tuple[Part, Row, Element]]:
    return ((part, row, element) for part in parts for row in part.rows for element in row.elements)


def _cell(value: object) -> Cell:
    if isinstance(value, tuple):
        return "\n".join(value)
    if value is None or isinstance(value, Blank):
        return None
    return value if isinstance(value, (int, Money, date)) else str(value)


_WRITERS: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...]] = (
    ((bool, Blank), choice),
    (Money, in_full),
    (date, day),
)


def _written(value: object) -> str:
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return str(value or "")
