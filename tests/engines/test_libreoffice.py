"""A DOCX shows what it says in LibreOffice, judged by ink: the text layer is whole in any case."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, Final

import docx
import pypdfium2  # type: ignore[import-untyped] # ships no type information
import pytest

from chalicelib.adapters.documents.papers import PaperRenderer
from tests.support.engines import needs
from tests.unit.documents.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("_typeface")

_SCALE: Final = 3
"""Pixels a point: a full stop has some."""
_WHITE: Final = 250
TYPED: Final = "另行约定：驿站鑫淼堃壹贰叁"
"""What a clerk types into a paper: characters that it did not have before are among them."""


@pytest.fixture(scope="module")
def soffice() -> str:
    found = shutil.which("soffice")
    needs("LibreOffice", None if found else "soffice is not installed (Debian: libreoffice-writer-nogui)")
    return str(found)


def test_every_character_of_every_docx_has_ink(soffice: str, tmp_path: Path) -> None:
    """All papers opened by one process, as a clerk opens them one after the other; one was written in."""
    papers = PaperRenderer(lambda: None)
    for name, (kind, known) in CASES.items():
        (tmp_path / f"{name}.docx").write_bytes(papers.make(kind, known, "docx").content)
    written_in = docx.Document(str(tmp_path / "agreement-on-a-card.docx"))
    written_in.paragraphs[-1].insert_paragraph_before(TYPED)
    written_in.save(str(tmp_path / "written_in.docx"))
    drafts = sorted(map(str, tmp_path.glob("*.docx")))
    subprocess.run(  # noqa: S603 - a fixed program
        [
            soffice,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            *("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)),
            *drafts,
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    drawn = {path.stem: path.read_bytes() for path in tmp_path.glob("*.pdf")}
    assert len(drawn) == len(drafts)
    blank = {name: "".join(sorted(set(without_ink(pdf)))) for name, pdf in drawn.items()}
    assert blank == dict.fromkeys(drawn, "")
    assert set(TYPED) <= set(text_of(drawn["written_in"]))


def text_of(pdf: bytes) -> str:
    """Return all text of a PDF, which is out of order where the typeface changes within a line."""
    pages = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "".join(page.get_textpage().get_text_bounded() for page in pages)


def without_ink(pdf: bytes) -> Iterator[str]:
    """Yield the characters of a PDF's text that left nothing on the page where they stand."""
    for page in pypdfium2.PdfDocument(io.BytesIO(pdf)):
        picture = page.render(scale=_SCALE, grayscale=True).to_pil()
        text = page.get_textpage()
        characters = text.get_text_range()
        for index in range(text.count_chars()):
            character = text.get_text_range(index, 1)
            if character.strip() and not _has_ink(picture, text.get_charbox(index, loose=True), page):
                yield character
        assert characters.strip(), "a page has text"


def _has_ink(picture: Any, box: tuple[float, float, float, float], page: Any) -> bool:
    left, bottom, right, top = (edge * _SCALE for edge in box)
    height = page.get_height() * _SCALE
    cut = picture.crop((int(left), int(height - top), int(right) + 1, int(height - bottom) + 1))
    return bool(cut.getextrema()[0] < _WHITE)
