"""A DOCX shows what it says in LibreOffice, judged by ink: the text layer is whole in any case."""

from __future__ import annotations

import io
import shutil
import subprocess
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import docx
import pypdfium2  # type: ignore[import-untyped] # ships no type information
import pytest

from chalicelib.adapters.documents import docx as drawing
from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents.papers import PaperRenderer
from tests.support.engines import needs
from tests.unit.documents.cases import CASES
from tests.unit.documents.reading import alone, broken, lines, lines_of, pages, squeezed
from tests.unit.documents.wrapped import NUMBERS, kept_with_its_sums, numbers_at_line_ends, plan_of, signed_by

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("_typeface")

_SCALE: Final = 3
"""Pixels a point: a full stop has some."""
_WHITE: Final = 250
_A_FEW_LINES: Final = 120
"""In characters of text."""
TYPED: Final = "另行约定：驿站鑫淼堃壹贰叁"
"""What a clerk types into a paper: characters that it did not have before are among them."""


@pytest.fixture(scope="module")
def soffice() -> str:
    found = shutil.which("soffice")
    needs("LibreOffice", None if found else "soffice is not installed (Debian: libreoffice-writer-nogui)")
    return str(found)


def converted(soffice: str, folder: Path) -> dict[str, bytes]:
    """Let one process draw every DOCX of a folder as PDF, as a clerk opens one after the other."""
    drafts = sorted(map(str, folder.glob("*.docx")))
    subprocess.run(  # noqa: S603 - a fixed program
        [
            soffice,
            f"-env:UserInstallation=file://{folder}/profile",
            *("--headless", "--convert-to", "pdf", "--outdir", str(folder)),
            *drafts,
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    drawn = {path.stem: path.read_bytes() for path in folder.glob("*.pdf")}
    assert len(drawn) == len(drafts)
    return drawn


@pytest.fixture(scope="module")
def drawn(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All papers as LibreOffice draws them; one was written in."""
    folder = tmp_path_factory.mktemp("papers")
    papers = PaperRenderer(lambda: None)
    for name, (kind, known) in CASES.items():
        (folder / f"{name}.docx").write_bytes(papers.make(kind, known, "docx").content)
    written_in = docx.Document(str(folder / "agreement-on-a-card.docx"))
    written_in.paragraphs[-1].insert_paragraph_before(TYPED)
    written_in.save(str(folder / "written_in.docx"))
    return converted(soffice, folder)


def test_every_character_of_every_docx_has_ink(drawn: dict[str, bytes]) -> None:
    """Also what a clerk typed."""
    blank = {name: "".join(sorted(set(without_ink(pdf)))) for name, pdf in drawn.items()}
    assert blank == dict.fromkeys(drawn, "")
    assert set(TYPED) <= set(text_of(drawn["written_in"]))


def test_a_docx_has_as_many_pages_as_its_pdf(drawn: dict[str, bytes]) -> None:
    """And no page of it begins more than a few lines away from the PDF's."""
    papers = PaperRenderer(lambda: None)
    for name, (kind, known) in CASES.items():
        of_pdf, of_docx = (
            [len(squeezed("".join(lines_of(page)))) for page in pages(pdf)]
            for pdf in (papers.make(kind, known, "pdf").content, drawn[name])
        )
        assert len(of_docx) == len(of_pdf), name
        begins = zip(accumulate(of_pdf), accumulate(of_docx), strict=True)
        assert max(abs(one - other) for one, other in begins) < _A_FEW_LINES, name


def test_numbers_and_signatures_stay_together(soffice: str, tmp_path: Path) -> None:
    """A number at the end of a line moves to the next, and no signature stands alone on a page.

    A number with a hyphen before a letter, and a case's number among Chinese characters, may break.
    """
    outline = numbers_at_line_ends(tuple(number for number in NUMBERS if "-" not in number))
    (tmp_path / "numbers.docx").write_bytes(drawing.draw(outline))
    for signatories in (1, 2, 5, 9):
        for text_lines in range(18, 42, 2):
            signed = drawing.draw(signed_by(signatories, text_lines))
            (tmp_path / f"signed-{signatories}-{text_lines}.docx").write_bytes(signed)
    shown = converted(soffice, tmp_path)
    assert broken("\n".join(outlines.texts(outline)), lines(shown.pop("numbers"))) == {}
    left_alone = {name: alone(lines_of(page) for page in pages(pdf)) for name, pdf in shown.items()}
    assert left_alone == {name: [] for name in shown}


def test_sums_stand_with_the_last_rows(soffice: str, tmp_path: Path) -> None:
    """Of a table as long as a page, or a little shorter or longer."""
    counts = range(36, 48)
    for rows in counts:
        (tmp_path / f"{rows}.docx").write_bytes(drawing.draw(plan_of(rows)))
    shown = converted(soffice, tmp_path)
    assert [
        rows
        for rows in counts
        if not kept_with_its_sums(rows, [lines_of(page) for page in pages(shown[str(rows)])])
    ] == []


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
