"""Reads documents back: the text of a page, where it stands, the glyphs and the fonts."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import docx
import pypdfium2  # type: ignore[import-untyped] # ships no type information
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfPage

_SPACE = re.compile(r"\s+")
_FOOT = re.compile(r"第\d+页共\d+页")


def squeezed(text: str) -> str:
    """Leave out white space: where lines break is the layout's business."""
    return _SPACE.sub("", text)


def pages(pdf: bytes) -> Iterator[PdfPage]:
    """Yield the pages, closing the file after the last."""
    with pypdfium2.PdfDocument(pdf) as opened:
        yield from opened


def pdf_text(pdf: bytes, foot: str) -> str:
    """Return the text of all pages without white space and without the line at their foot."""
    text = "".join(squeezed(page.get_textpage().get_text_range()) for page in pages(pdf))
    return _FOOT.sub("", text.replace(squeezed(foot) + "第", "第"))


def boxes(page: PdfPage) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Yield each visible character with its box (left, bottom, right, top) in points."""
    text = page.get_textpage()
    for index in range(text.count_chars()):
        character = text.get_text_range(index, 1)
        if character.strip():
            yield character, text.get_charbox(index)


def docx_text(content: bytes) -> str:
    """Return the text of the body in reading order, without white space; merged cells once."""
    body = docx.Document(io.BytesIO(content)).element.body
    return squeezed("".join(_texts(body)))


def docx_foot(content: bytes) -> str:
    """Return the text of the page footer, without white space."""
    return squeezed("".join(_texts(docx.Document(io.BytesIO(content)).sections[0].footer._element)))  # noqa: SLF001 - the fields in it have no public reader


def _texts(element: Any) -> Iterator[str]:
    return (node.text or "" for node in element.iter(qn("w:t")))
