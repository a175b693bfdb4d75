"""An outline in which numbers of every kind meet the end of a line, in paragraphs, forms and grids."""

from __future__ import annotations

from datetime import date
from typing import Final

from chalicelib.adapters.documents.outline import (
    Block,
    Column,
    Field,
    Form,
    Grid,
    Outline,
    Paragraph,
    Signature,
    Signatures,
)

ACCOUNT: Final = "6217000000000000004"
NUMBERS: Final = (ACCOUNT, "91350100M000100Y43", "35090219900307001X", "SK-20250710-A-0007", "1,234,567.89")
CASE_NUMBER: Final = "（2026）蕉调123号"


def numbers_at_line_ends(numbers: tuple[str, ...] = NUMBERS) -> Outline:
    """Return an outline that says every number behind so many characters that it does not fit in the line."""
    blocks: list[Block] = []
    for number in numbers:
        blocks += [Paragraph(text=f"{'文' * count}{number}止") for count in range(20, 40)]
        rows = tuple(
            Field(label=f"号{'码' * (count % 9)}", value=f"{'文' * count}{number}") for count in range(40)
        )
        blocks.append(Form(rows=rows))
        columns = (Column(title="凭证", share=1), Column(title="凭证", share=1))
        blocks.append(
            Grid(columns=columns, rows=tuple((f"{'文' * count}{number}", "") for count in range(12, 30)))
        )
    return Outline(title="表", made_on=date(2026, 1, 2), foot="页脚", blocks=tuple(blocks))


def signed_by(signatories: int, lines: int) -> Outline:
    """Return an outline of so many lines, each a paragraph, and so many signatures below."""
    entries = tuple(Signature(role="签署人", name=f"第{n}人", day="年月日") for n in range(signatories))
    paragraphs = (Paragraph(text="正文") for _ in range(lines))
    return Outline(
        title="表",
        made_on=date(2026, 1, 2),
        foot="页脚",
        blocks=(*paragraphs, Signatures(entries=entries)),
    )


SUMS: Final = ("合计", "壹万元整")
ROW: Final = "第{}期"


def plan_of(rows: int) -> Outline:
    """Return an outline of a table with so many rows and their sums below."""
    columns = (Column(title="期次", share=1), Column(title="金额", share=2))
    of_plan = tuple((ROW.format(number), "壹佰元整") for number in range(1, rows + 1))
    return Outline(
        title="表",
        made_on=date(2026, 1, 2),
        foot="页脚",
        blocks=(Grid(columns=columns, rows=of_plan, closing=SUMS), Paragraph(text="正文")),
    )


def kept_with_its_sums(rows: int, of_pages: list[list[str]]) -> bool:
    """Tell whether the last two rows of `plan_of` stand on the page of the sums."""
    last = [ROW.format(number) for number in range(max(1, rows - 1), rows + 1)]
    return any(all(cell in "".join(page) for cell in (*last, SUMS[0])) for page in of_pages)
