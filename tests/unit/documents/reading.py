"""Reads documents back: the text of a page, where it stands, the glyphs and the fonts."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import docx
import pypdfium2  # type: ignore[import-untyped] # ships no type information
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pypdfium2 import PdfPage

_NUMBER = re.compile(
    r"（\d{4}）[^\W\d]+\d+号|(?<![0-9A-Za-z,.-])[0-9A-Z][0-9A-Za-z,.-]{7,30}(?![0-9A-Za-z,.-])"
)
_BESIDE_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")
_TO_SIGN = "（签名或盖章）"
_OF_A_SIGNATURE = re.compile(r"：|年月日|第\d+页|^$")
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


def lines(pdf: bytes) -> str:
    """Return the text of all pages, each line of a page on a line of its own.

    The spaces that a layout leaves between Chinese and other characters are left out.
    """
    return "\n".join(line for page in pages(pdf) for line in lines_of(page))


def lines_of(page: PdfPage) -> list[str]:
    """Return the lines of a page."""
    return _BESIDE_CHINESE.sub("", page.get_textpage().get_text_range()).splitlines()


def alone(of_pages: Iterable[list[str]]) -> list[int]:
    """Return the pages, from 0, on which one signature stands without another and without any text."""
    found = []
    for number, said in enumerate(of_pages):
        signed = sum(_TO_SIGN in line for line in said)
        # Beside the foot and the lines of signatures: the role and the name, and the day.
        text = [line for line in said if not (_TO_SIGN in line or _OF_A_SIGNATURE.search(squeezed(line)))]
        if signed == 1 and not text:
            found.append(number)
    return found


def broken(said: str, shown: str) -> dict[str, int]:
    """Return the numbers of a paper that are not found whole in its lines as often as the paper says them."""
    numbers = Counter(_NUMBER.findall(said))
    found = Counter(_NUMBER.findall(shown))
    return dict(numbers - found)


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
