"""An outline: a document's text in blocks, before it is drawn as PDF or DOCX.

Promise: PDF and DOCX are drawn from the same outline, so they can't say different things; every block holds
plain text, which no layout reads as markup. A template is a function from its view to an outline.
Downside: a layout knows these blocks only; a paper that needs another shape needs another block in both.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

T = TypeVar("T")
Align: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The name of the document, with a line in brackets below it."""

    text: str
    below: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The heading of a section."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; its first line is indented by two characters, as in Chinese papers, if `indent`."""

    text: str
    indent: bool = True
    align: Align = "left"
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A framed note to the reader."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A row of a form as wide as the form: the heading of the rows below it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A row of a form: the question and the answer."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A table of questions and answers (要素表)."""

    rows: tuple[Section | Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a grid: its share of the width is `share` over the sum of all."""

    title: str
    share: int
    align: Align = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with a heading row, repeated on each page, and perhaps a closing row of sums."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Space for one signature: the role, the name, and the day if it is known."""

    role: str
    name: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """The signatures at the end; no page break falls inside one."""

    entries: tuple[Signature, ...]


Block: TypeAlias = Title | Heading | Paragraph | Notice | Form | Grid | Signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A document: its title and day as kept in the file's metadata, the line at the foot of each page."""

    title: str
    made_on: date
    foot: str
    blocks: tuple[Block, ...]


def texts(outline: Outline) -> Iterator[str]:
    """Yield every text of an outline, in reading order; empty ones left out."""
    yield from filter(None, (outline.title, outline.foot))
    for block in outline.blocks:
        yield from texts_of(block)


def texts_of(block: Block) -> Iterator[str]:
    """Yield every text of a block, in reading order; empty ones left out."""
    return _texts(block)


def rewritten(value: T, change: Callable[[str], str]) -> T:
    """Return an outline, or a part of one, in which every text is what `change` makes of it."""
    written: Any = value
    match value:
        case str():
            written = change(value)
        case tuple():
            written = tuple(rewritten(item, change) for item in value)
        case _ if hasattr(value, "__dataclass_fields__"):
            parts = (part.name for part in fields(written) if part.name not in _NOT_TEXT)
            written = replace(written, **{name: rewritten(getattr(value, name), change) for name in parts})
    return cast("T", written)


def rows_of_tables(outline: Outline) -> int:
    """Count the rows of an outline's grids."""
    return sum(len(block.rows) for block in outline.blocks if isinstance(block, Grid))


def as_data(outline: Outline) -> dict[str, Any]:
    """Return the outline as data that JSON can hold, each block with its kind."""
    return {
        "title": outline.title,
        "foot": outline.foot,
        "blocks": [_tagged(block) for block in outline.blocks],
    }


def _tagged(block: Block) -> dict[str, Any]:
    data = {"kind": type(block).__name__.lower(), **asdict(block)}
    if isinstance(block, Form):
        data["rows"] = [_tagged_row(row) for row in block.rows]
    return data


def _tagged_row(row: Section | Field) -> dict[str, Any]:
    return {"kind": type(row).__name__.lower(), **asdict(row)}


# Fields about the drawing, which are no text of the document.
_NOT_TEXT = frozenset({"align"})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from filter(None, (value,))
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif hasattr(value, "__dataclass_fields__"):
        for part in fields(value):
            if part.name not in _NOT_TEXT:
                yield from _texts(getattr(value, part.name))
