"""Every template in every format says all of its outline, within the page, every time in the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import docx
import pytest
from docx.oxml.ns import qn

from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents import pdf
from chalicelib.adapters.documents.composing import compose
from chalicelib.adapters.documents.docx import draw as draw_docx
from chalicelib.adapters.documents.outline import Field, Form, Grid, Notice, Outline, Section, Signatures
from chalicelib.adapters.documents.registry import TEMPLATES
from chalicelib.adapters.documents.rendering import render
from tests.unit.documents.cases import CASES
from tests.unit.documents.people import HARSH
from tests.unit.documents.reading import (
    alone,
    boxes,
    broken,
    docx_foot,
    docx_text,
    lines,
    lines_of,
    pages,
    pdf_text,
    squeezed,
)
from tests.unit.documents.samples import SAMPLES
from tests.unit.documents.wrapped import (
    CASE_NUMBER,
    NUMBERS,
    kept_with_its_sums,
    numbers_at_line_ends,
    plan_of,
    signed_by,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.adapters.documents.rendering import Format, RenderedDocument

_MARGIN: Final = 68.0
"""In points: 24 mm, the least margin."""
_FOOT: Final = 68.0
"""Below it is the foot: the lower margin."""
_ADDED_TO_A_SIGNATURE: Final = "：（签名或盖章）"

each_template = pytest.mark.parametrize("template_id", sorted(TEMPLATES))
each_format = pytest.mark.parametrize("wanted", ["pdf", "docx"])


def _outline(template_id: str) -> Outline:
    template = TEMPLATES[template_id]
    return template.lay_out(SAMPLES[template.view])


def _render(template_id: str, wanted: Format) -> RenderedDocument:
    return render(SAMPLES[TEMPLATES[template_id].view], wanted, template_id)


_rendered = lru_cache(_render)  # most tests only read


def _body(outline: Outline) -> Iterator[str]:
    return (squeezed(text) for block in outline.blocks for text in outlines.texts_of(block))


def _characters(outline: Outline) -> Counter[str]:
    counted = Counter("".join(_body(outline)))
    for block in outline.blocks:
        if isinstance(block, Signatures):
            counted += Counter(_ADDED_TO_A_SIGNATURE * len(block.entries))
    return counted


@each_template
def test_pdf_shows_every_text(template_id: str) -> None:
    """Each text of the outline can be read from the PDF, character for character."""
    outline = _outline(template_id)
    shown = pdf_text(_rendered(template_id, "pdf").content, outline.foot)
    missing = [text for text in _body(outline) if text not in shown]
    # A cell torn by a page is whole again when its parts are counted.
    assert not [text for text in missing if Counter(text) - Counter(shown)]
    assert len(missing) <= 3


@each_template
def test_pdf_shows_nothing_else(template_id: str) -> None:
    """What the PDF shows beyond the outline is only grid headings repeated on a new page."""
    outline = _outline(template_id)
    shown = Counter(pdf_text(_rendered(template_id, "pdf").content, outline.foot))
    assert not _characters(outline) - shown
    headings = Counter(
        squeezed(
            "".join(
                column.title
                for block in outline.blocks
                if isinstance(block, Grid)
                for column in block.columns
            )
        )
    )
    assert set(shown - _characters(outline)) <= set(headings)


@pytest.mark.parametrize("rows", [0, 1, 2, *range(36, 48)])
def test_sums_stand_with_the_last_rows(rows: int) -> None:
    """Wherever the page ends, so that nobody sees sums of nothing."""
    drawn = pdf.draw(plan_of(rows), 1)
    assert kept_with_its_sums(rows, [lines_of(page) for page in pages(drawn)])


@each_template
def test_docx_shows_exactly_the_outline(template_id: str) -> None:
    """The DOCX opens, and its body is the outline's text in the outline's order."""
    outline = _outline(template_id)
    content = _rendered(template_id, "docx").content
    shown = docx_text(content)
    assert Counter(shown) == _characters(outline)
    place = 0
    for text in _body(outline):
        place = shown.index(text, place) + len(text)
    assert docx_foot(content) == squeezed(f"{outline.foot}第1页共1页")
    assert docx.Document(io.BytesIO(content)).core_properties.title == outline.title


@each_template
def test_nothing_leaves_the_margins(template_id: str) -> None:
    """Every character of every page stands inside the margins of the page, foot included."""
    for page in pages(_rendered(template_id, "pdf").content):
        width, height = page.get_size()
        for character, (left, bottom, right, top) in boxes(page):
            inside = left >= _MARGIN and right <= width - _MARGIN and bottom >= 30 and top <= height - _MARGIN
            assert inside, f"{character!r} at {left:.0f}, {bottom:.0f}, {right:.0f}, {top:.0f}"


@each_template
def test_no_paper_breaks_a_number(template_id: str) -> None:
    """Of an account, a contract, a person, an amount: whoever copies it by hand must not lose a part."""
    said = "\n".join(outlines.texts(_outline(template_id)))
    assert broken(said, lines(_rendered(template_id, "pdf").content)) == {}


@pytest.mark.parametrize("number", [*NUMBERS, CASE_NUMBER])
def test_a_number_at_the_end_of_a_line_moves_to_the_next(number: str) -> None:
    """In a paragraph, a form and a grid, wherever the line ends."""
    outline = numbers_at_line_ends((number,))
    said = "\n".join(outlines.texts(outline))
    assert said.count(number) == 78
    assert broken(said, lines(pdf.draw(outline, 1))) == {}


def test_a_number_wider_than_the_line_is_broken_and_not_cut_off() -> None:
    """All of it can be read."""
    long = "NDJC-2024-" * 12
    outline = Outline(
        title="表",
        made_on=date(2026, 1, 2),
        foot="页脚",
        blocks=(Form(rows=(Field(label="号", value=long),)),),
    )
    drawn = pdf.draw(outline, 1)
    assert pdf_text(drawn, "页脚").count(long) == 1
    assert all(right <= 595 - _MARGIN for page in pages(drawn) for _, (_, _, right, _) in boxes(page))


@pytest.mark.parametrize("signatories", [1, 2, 5, 9, 13])
def test_no_signature_stands_alone_on_a_page(signatories: int) -> None:
    """Wherever the text ends; beside it stand at least one more, or the text."""
    for text_lines in range(18, 42):
        drawn = pdf.draw(signed_by(signatories, text_lines), 1)
        assert alone(lines_of(page) for page in pages(drawn)) == []


@pytest.mark.parametrize("name", ["complaint-on-a-card", "complaint-on-a-loan", "confirmation"])
def test_no_page_but_the_last_ends_half_empty(name: str) -> None:
    """A long row goes on over the page: what is drawn reaches the last fifth of each page above its foot."""
    drawn = render(compose(*CASES[name]), "pdf").content
    lowest = [min(bottom for _, (_, bottom, _, _) in boxes(page) if bottom > _FOOT) for page in pages(drawn)]
    assert [round(bottom) for bottom in lowest[:-1] if bottom > _FOOT + 150] == []


def test_a_long_row_may_break_in_a_docx_too() -> None:
    """A short one may not, nor the heading of a part."""
    asked = (
        Section(text="部分"),
        Field(label="短", value="一行"),
        Field(label="长", value="\n".join("一二三四五")),
    )
    outline = Outline(title="表", made_on=date(2026, 1, 2), foot="页脚", blocks=(Form(rows=asked),))
    (table,) = docx.Document(io.BytesIO(draw_docx(outline))).tables
    whole = [row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows]  # noqa: SLF001 - has no reader
    assert whole == [True, True, False]


@pytest.mark.parametrize("name", ["agreement-with-interest", "agreement-without-interest"])
def test_the_first_column_of_a_plan_holds_its_words(name: str) -> None:
    """期次 and 合计 stand in one line, as do the days."""
    drawn = render(compose(*CASES[name]), "pdf").content
    shown = lines(drawn)
    assert "期" not in shown.splitlines()
    assert "合" not in shown.splitlines()
    assert shown.count("期次") == len(
        [page for page in pages(drawn) if "付款日期" in "".join(lines_of(page))]
    )
    assert "合计" in shown
    assert "2025年12月20日" in shown


@each_template
@each_format
def test_same_view_same_bytes(template_id: str, wanted: Format) -> None:
    """Rendering twice gives the same bytes and so the same SHA-256."""
    first, second = _render(template_id, wanted), _render(template_id, wanted)
    assert first.content == second.content
    assert first.content == second.content
    assert first.template_id == template_id


@each_template
@each_format
def test_markup_in_a_text_stays_text(template_id: str, wanted: Format) -> None:
    """Jinja, typst and XML in a party's data come out as they went in, wherever the template shows them."""
    outline = _outline(template_id)
    content = _rendered(template_id, wanted).content
    shown = pdf_text(content, outline.foot) if wanted == "pdf" else docx_text(content)
    held = sum(text.count(squeezed(HARSH)) for text in _body(outline))
    assert shown.count(squeezed(HARSH)) == held
    assert held or template_id.startswith("calculation/")


@each_template
def test_docx_is_dated_by_the_document(template_id: str) -> None:
    """No date of the package is the clock's: entries are of 1980, properties of the document's day."""
    view = SAMPLES[TEMPLATES[template_id].view]
    with zipfile.ZipFile(io.BytesIO(_rendered(template_id, "docx").content)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert f"{view.made_on}T00:00:00Z" in package.read("docProps/core.xml").decode()


def test_every_block_is_tried() -> None:
    """The samples use every kind of block, so no way of drawing goes untested."""
    used = {type(block) for template_id in TEMPLATES for block in _outline(template_id).blocks}
    assert used >= {Form, Grid, Notice, Signatures, outlines.Title, outlines.Heading, outlines.Paragraph}
    assert {template.view for template in TEMPLATES.values()} == set(SAMPLES)
