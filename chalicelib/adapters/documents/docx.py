"""Draws an outline as DOCX with python-docx: the copy a clerk can edit.

Promise: the same text as the PDF, the typeface embedded (the glyphs used), no macro and no field but the page
numbers; text is never read as markup. The same outline gives the same bytes.
Downside: the reader's program decides where pages break; only the PDF is signed.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt

from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents import packaging
from chalicelib.adapters.documents.outline import Field, Form, Grid, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from docx.document import Document
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

    from chalicelib.adapters.documents.outline import Align, Block, Outline

_WIDTH_MM: Final = 160
_ALIGN: Final[Mapping[Align, WD_ALIGN_PARAGRAPH]] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def draw(outline: Outline) -> bytes:
    """Return the DOCX. Raises TypefaceMissing."""
    document = docx.Document()
    _set_up(document, outline)
    for block in outline.blocks:
        _DRAW[type(block)](document, block)
    characters = _characters(document)
    _write_in(document, packaging.family_of(characters))
    raw = BytesIO()
    document.save(raw)
    return packaging.finished(raw.getvalue(), characters)


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
    normal.paragraph_format.space_after = Pt(4)
    normal.paragraph_format.line_spacing = 1.25
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
            run = paragraph.add_run(text)
            run.bold, run.font.size = bold, Pt(size)


def _heading(document: Document, block: outlines.Heading) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.add_run(block.text).bold = True


def _paragraph(document: Document, block: outlines.Paragraph) -> None:
    for line in block.text.split("\n"):
        paragraph = document.add_paragraph()
        paragraph.alignment = _ALIGN[block.align]
        if block.indent:
            paragraph.paragraph_format.first_line_indent = Pt(24)
        paragraph.add_run(line).bold = block.strong


def _notice(document: Document, block: outlines.Notice) -> None:
    table = _table(document, [_WIDTH_MM])
    _fill(_row(table).cells[0], "\n".join(block.lines), size=9)
    document.add_paragraph()


def _form(document: Document, block: Form) -> None:
    table = _table(document, [_WIDTH_MM * 0.3, _WIDTH_MM * 0.7])
    for row in block.rows:
        label, value = _row(table).cells
        if isinstance(row, Section):
            merged = label.merge(value)
            _fill(merged, row.text, align="center", bold=True)
            merged.paragraphs[0].paragraph_format.keep_with_next = True
        else:
            _answer(row, label, value)


def _answer(row: Field, label: _Cell, value: _Cell) -> None:
    _fill(label, row.label)
    _fill(value, row.value)


def _grid(document: Document, block: Grid) -> None:
    shares = sum(column.share for column in block.columns)
    table = _table(document, [_WIDTH_MM * column.share / shares for column in block.columns])
    heading = _row(table)
    heading._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - no call repeats a row
    for cell, column in zip(heading.cells, block.columns, strict=True):
        _fill(cell, column.title, size=9.5, align="center", bold=True)
    for texts in block.rows:
        _grid_row(table, block, texts, bold=False)
    if block.closing:
        _grid_row(table, block, block.closing, bold=True)


def _grid_row(table: Table, block: Grid, texts: Sequence[str], *, bold: bool) -> None:
    cells = _row(table).cells
    for cell, column, text in zip(cells, block.columns, texts, strict=True):
        _fill(cell, text, size=9.5, align=column.align, bold=bold)


def _signatures(document: Document, block: outlines.Signatures) -> None:
    for entry in block.entries:
        signed = document.add_paragraph(f"{entry.role}：{entry.name}　　（签名或盖章）")
        signed.paragraph_format.space_before = Pt(18)
        signed.paragraph_format.keep_with_next = True
        document.add_paragraph(entry.day).alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _table(document: Document, widths_mm: Sequence[float]) -> Table:
    table: Table = document.add_table(rows=0, cols=len(widths_mm), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    return table


def _row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call] # python-docx gives it no types
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - no call keeps a row whole
    return row


def _fill(cell: _Cell, text: str, *, size: float = 10.5, align: Align = "left", bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = _ALIGN[align]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)


_DRAW: Final[Mapping[type[Block], Callable[[Document, Any], None]]] = {
    outlines.Title: _title,
    outlines.Heading: _heading,
    outlines.Paragraph: _paragraph,
    outlines.Notice: _notice,
    Form: _form,
    Grid: _grid,
    outlines.Signatures: _signatures,
}
