"""Draws an element table as XLSX: a line of the case, a line for each party, and a sheet to read and print.

Promise: no cell holds a formula, and a text that begins with = stays a text when somebody edits it
(`quotePrefix`). Amounts are numbers with two decimals. The same table gives the same bytes.
Downside: the parts are written here as text, because no library that the hub has writes this format; what is
written is the least that ECMA-376 asks for.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.zipping import zipped
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from chalicelib.adapters.documents.element_table import Table
    from chalicelib.adapters.documents.templates.elements import Cell

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PRINTED: Final = (
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
    "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate((48, 64, 22, 30), start=1)
    ),
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>',
)
"""How the sheet to read is set up: as wide as a page."""
_SHEETS: Final = ("要素表", "当事人", "说明")
_TEXT, _AMOUNT = 1, 2
_STYLES: Final = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/>'
    '<xf numFmtId="49" quotePrefix="1" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="4" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_ANSWERS: Final = {True: "是", False: "否"}
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_LIKE_AN_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def draw(table: Table) -> bytes:
    """Return the XLSX."""
    to_read: list[list[Cell]] = [["表式", table.template_id], ["要素", "内容", "栏目", "代码"]]
    to_read += [[each.name, each.value, each.part, each.code] for each in table.columns]
    sheets: tuple[Iterable[Sequence[Cell]], ...] = (
        ([each.name for each in table.columns], [each.value for each in table.columns]),
        _parties(table),
        to_read,
    )
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *(("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)),
                ("styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": _STYLES,
        **{
            f"xl/worksheets/sheet{number}.xml": _sheet(rows, printed=number == len(sheets))
            for number, rows in enumerate(sheets, start=1)
        },
    }
    return zipped({name: text.encode() for name, text in parts.items()})


def _parties(table: Table) -> list[list[Cell]]:
    """Return a line for each party; persons and organisations have columns of their own and in common."""
    names: dict[str, list[str]] = {}
    for party in table.parties:
        for each in party:
            known = names.setdefault(each.code, [])
            known += [each.name] if each.name not in known else []
    held: list[dict[str, Cell]] = [{each.code: each.value for each in party} for party in table.parties]
    return [
        ["/".join(known) for known in names.values()],
        *([row.get(code) for code in names] for row in held),
    ]


def _sheet(rows: Iterable[Sequence[Cell]], *, printed: bool) -> str:
    # Who prints the line of the case needs a page for each few columns; on one page nobody could read them.
    fitted, columns, page = (
        _PRINTED if printed else ("", '<col min="1" max="200" width="24" customWidth="1"/>', "")
    )
    lines = (
        f'<row r="{at}">{"".join(_cell(value) for value in values)}</row>'
        for at, values in enumerate(rows, start=1)
    )
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}">{fitted}<sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{columns}</cols><sheetData>{''.join(lines)}</sheetData>{page}</worksheet>"
    )


def _cell(value: Cell) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, Money):
        return f'<c s="{_AMOUNT}"><v>{value}</v></c>'
    if isinstance(value, int) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    return f'<c s="{_TEXT}" t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'


def _text(value: str | bool | date) -> str:
    said = _ANSWERS[value] if isinstance(value, bool) else str(value)
    # A text that looks like an escape for a character (_x0041_) is one, unless its first sign is escaped.
    return escape(_LIKE_AN_ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("", said)), quote=False)


def _workbook() -> str:
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(_SHEETS, start=1)
    )
    return (
        f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>{sheets}</sheets></workbook>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _content_types(sheets: int) -> str:
    kinds = [("workbook", "sheet.main"), ("styles", "styles")]
    kinds += [(f"worksheets/sheet{number}", "worksheet") for number in range(1, sheets + 1)]
    listed = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>' for name, kind in kinds
    )
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )
