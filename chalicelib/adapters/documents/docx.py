"""Draws an outline as DOCX with python-docx: the copy a clerk can edit.

Promise: the same text as the PDF, the typeface embedded (the glyphs used), no macro and no field but the page
numbers; text is never read as markup. The same outline gives the same bytes.
Line heights and spaces are those of the PDF's layout, and the same blocks stay together, so that pages break
in about the same places.
Downside: the reader's program decides where exactly, and may break a number with a hyphen, or a case's number
in running text, where no paper has one; only the PDF is signed.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt

from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents import packaging
from chalicelib.adapters.documents.outline import Form, Grid, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from docx.document import Document
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

    from chalicelib.adapters.documents.outline import Align, Block, Outline

_WIDTH_MM: Final = 160
_LINE: Final = Pt(18.4)


@dataclass(frozen=True, slots=True)
class _Cells:
    """How a table's cells are drawn, in points: the type, the height of a line, the room around the text."""

    size: float
    line: float
    above: float
    beside: float


# As layouts/1.typ draws them: a line there is the height of a capital, 0.73 em, and the leading.
_OF_A_FORM: Final = _Cells(size=10.5, line=15.0, above=2.05, beside=6)
_OF_A_GRID: Final = _Cells(size=9.5, line=12.7, above=1.35, beside=4)
_OF_A_NOTICE: Final = _Cells(size=9, line=13.8, above=4.4, beside=8)
_KEPT_ROWS: Final = 2
"""The last rows that stay with the sums below them: `kept` in the layout."""
_FEW: Final = 6
"""As many signatures stay on one page."""
_MOST_LINES, _MOST_CHARACTERS = 4, 160  # of an answer that is not torn by a page: `long` in the layout
_ALIGN: Final[Mapping[Align, WD_ALIGN_PARAGRAPH]] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def draw(outline: Outline) -> bytes:
    """Return the DOCX. Raises TypefaceMissing."""
    document = docx.Document()
    _set_up(document, outline)
    for place, block in enumerate(outline.blocks):
        drawn = len(document.paragraphs)
        _DRAW[type(block)](document, block)
        if _closes(outline.blocks[place : place + 3]):
            for paragraph in document.paragraphs[drawn:]:
                paragraph.paragraph_format.keep_with_next = True
    characters = _characters(document)
    _write_in(document, packaging.family_of(characters))
    raw = BytesIO()
    document.save(raw)
    return packaging.finished(raw.getvalue(), characters)


def _closes(blocks: Sequence[Block]) -> bool:
    """Tell whether the first of these is one of the two paragraphs that stay with the signatures."""
    first, *after = blocks
    return isinstance(first, outlines.Paragraph) and any(isinstance(b, outlines.Signatures) for b in after)


def _set_up(document: Document, outline: Outline) -> None:
    properties, section = document.core_properties, document.sections[0]
    made_at = datetime.combine(outline.made_on, time(), tzinfo=UTC)
    properties.title, properties.author, properties.comments = outline.title, "", ""
    properties.created = properties.modified = made_at
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = Mm(25)
    section.bottom_margin = Mm(24)
    normal = document.styles["Normal"]
    normal.font.size = Pt(12)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = _LINE
    _number_pages(section.footer.paragraphs[0], outline.foot)


def _write_in(document: Document, family: str) -> None:
    """Let all text be in this typeface; no run names one of its own."""
    normal = document.styles["Normal"]
    normal.font.name = family
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), family)


def _characters(document: Document) -> frozenset[str]:
    # Read from the drawn text, as the layout adds words of its own; the digits are for the page numbers.
    drawn = (document.element.body, document.sections[0].footer.paragraphs[0]._element)  # noqa: SLF001 - no public way to all text
    return frozenset("0123456789").union(*(text for part in drawn for text in part.itertext()))


def _number_pages(paragraph: Paragraph, foot: str) -> None:
    paragraph.add_run(f"{foot}　第").font.size = Pt(9)
    _field(paragraph, "PAGE")
    paragraph.add_run("页　共").font.size = Pt(9)
    _field(paragraph, "NUMPAGES")
    paragraph.add_run("页").font.size = Pt(9)


def _field(paragraph: Paragraph, code: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(9)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    text = OxmlElement("w:t")
    text.text = "1"
    shown = OxmlElement("w:r")
    shown.append(deepcopy(run._element.rPr))  # noqa: SLF001 - a field's own run does not inherit the size
    shown.append(text)
    field.append(shown)
    run._element.addnext(field)  # noqa: SLF001 - python-docx has no call for fields


def _title(document: Document, block: outlines.Title) -> None:
    for text, size, bold in ((block.text, 18, True), (block.below, 13, False)):
        if text:
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.line_spacing = Pt(26)
            run = paragraph.add_run(text)
            run.bold, run.font.size = bold, Pt(size)


def _heading(document: Document, block: outlines.Heading) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(4)
    paragraph.add_run(block.text).bold = True


def _paragraph(document: Document, block: outlines.Paragraph) -> None:
    for line in block.text.split("\n"):
        paragraph = document.add_paragraph()
        paragraph.alignment = _ALIGN[block.align]
        if block.indent:
            paragraph.paragraph_format.first_line_indent = Pt(24)
        paragraph.add_run(line).bold = block.strong


def _notice(document: Document, block: outlines.Notice) -> None:
    table = _table(document, [_WIDTH_MM], _OF_A_NOTICE)
    _fill(_row(table).cells[0], "\n".join(block.lines), _OF_A_NOTICE)
    document.add_paragraph().paragraph_format.line_spacing = Pt(10)


def _form(document: Document, block: Form) -> None:
    table = _table(document, [_WIDTH_MM * 0.3, _WIDTH_MM * 0.7], _OF_A_FORM)
    for row in block.rows:
        label, value = _row(table, whole=isinstance(row, Section) or not _is_long(row.value)).cells
        if isinstance(row, Section):
            merged = label.merge(value)
            _fill(merged, row.text, _OF_A_FORM, align="center", bold=True)
            merged.paragraphs[0].paragraph_format.keep_with_next = True
        else:
            _fill(label, row.label, _OF_A_FORM)
            _fill(value, row.value, _OF_A_FORM)


def _is_long(answer: str) -> bool:
    """Whether an answer goes on over the page, as in the PDF's layout."""
    return len(answer.split("\n")) > _MOST_LINES or len(answer) > _MOST_CHARACTERS


def _grid(document: Document, block: Grid) -> None:
    shares = sum(column.share for column in block.columns)
    table = _table(document, [_WIDTH_MM * column.share / shares for column in block.columns], _OF_A_GRID)
    heading = _row(table)
    heading._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - no call repeats a row
    for cell, column in zip(heading.cells, block.columns, strict=True):
        _fill(cell, column.title, _OF_A_GRID, align="center", bold=True)
    if block.rows:
        # python-docx takes seconds for a thousand rows, so that one is made and the others are copies.
        pattern = _grid_row(table, block, [""] * len(block.columns), bold=False)
        for texts in block.rows:
            copy = deepcopy(pattern)
            for run, text in zip(copy.iter(qn("w:r")), texts, strict=True):
                run.text = text
            pattern.addprevious(copy)
        pattern.getparent().remove(pattern)
    if block.closing:
        for row in table.rows[-min(_KEPT_ROWS, len(block.rows)) :] if block.rows else ():
            _keep_with_next(row)
        _grid_row(table, block, block.closing, bold=True)


def _keep_with_next(row: _Row) -> None:
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _grid_row(table: Table, block: Grid, texts: Sequence[str], *, bold: bool) -> Any:
    """Add a row, and return its element."""
    row = _row(table)
    for cell, column, text in zip(row.cells, block.columns, texts, strict=True):
        _fill(cell, text, _OF_A_GRID, align=column.align, bold=bold)
    return row._tr  # noqa: SLF001 - no public way to a row's element


def _signatures(document: Document, block: outlines.Signatures) -> None:
    # A signature stands with others or with text: a few stay together, of many the last two.
    for left, entry in zip(reversed(range(len(block.entries))), block.entries, strict=True):
        signed = document.add_paragraph(f"{entry.role}：{entry.name}　　（签名或盖章）")
        signed.paragraph_format.space_before = Pt(8.4)
        signed.paragraph_format.keep_with_next = True
        day = document.add_paragraph(entry.day)
        day.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        day.paragraph_format.keep_with_next = left > 0 and (len(block.entries) <= _FEW or left == 1)


def _table(document: Document, widths_mm: Sequence[float], cells: _Cells) -> Table:
    table: Table = document.add_table(rows=0, cols=len(widths_mm), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    sides = (("top", cells.above), ("left", cells.beside), ("bottom", cells.above), ("right", cells.beside))
    for side, points in sides:
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(points * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001 - no call for the room in cells
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    return table


def _row(table: Table, *, whole: bool = True) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call] # python-docx gives it no types
    if whole:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - no call keeps a row whole
    return row


def _fill(cell: _Cell, text: str, cells: _Cells, *, align: Align = "left", bold: bool = False) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = _ALIGN[align]
    paragraph.paragraph_format.line_spacing = Pt(cells.line)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(cells.size)


_DRAW: Final[Mapping[type[Block], Callable[[Document, Any], None]]] = {
    outlines.Title: _title,
    outlines.Heading: _heading,
    outlines.Paragraph: _paragraph,
    outlines.Notice: _notice,
    Form: _form,
    Grid: _grid,
    outlines.Signatures: _signatures,
}
