"""Draws an outline as PDF/A-2u with typst.

Promise: archival PDF with the typeface embedded and every character readable as text; typst refuses text
without a glyph; a warning of typst's, of an unknown family for instance, is an error; the same outline gives
the same bytes, dated with the document's own day. Tags that readers for the blind follow are there, but in
very long tables.
Downside: bytes may change with another version of typst, so a document is stored and never drawn again.
"""

from __future__ import annotations

import json
from datetime import datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import typst

from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents import typeface
from chalicelib.adapters.documents.errors import LayoutFailed
from chalicelib.domain.calendar import CHINA

if TYPE_CHECKING:
    from chalicelib.adapters.documents.outline import Outline

_LAYOUTS: Final = Path(__file__).with_name("layouts")
_MOST_TAGGED_ROWS: Final = 500
"""Tags are written uncompressed, 1.2 KB a row. A calculation of 3,400 segments has 4.9 MB with them, which is
more than Lambda may answer, and a tenth without."""


def draw(outline: Outline, layout: int, family: str = typeface.FAMILY) -> bytes:
    """Return the PDF. Raises LayoutFailed, TypefaceMissing."""
    file = _LAYOUTS / f"{layout}.typ"
    compiler = typst.Compiler(file, root=_LAYOUTS, font_paths=_fonts(), ignore_system_fonts=True)
    families = f"{family},{typeface.RARE_FAMILY}" if typeface.RARE_FILE.exists() else family
    inputs = {"outline": json.dumps(outlines.as_data(outline)), "family": families}
    # Whole seconds, because typst takes no fraction.
    made_at = datetime.combine(outline.made_on, time(), tzinfo=CHINA)
    try:
        drawn, warnings = compiler.compile_with_warnings(
            format="pdf",
            sys_inputs=inputs,
            timestamp=int(made_at.timestamp()),
            pdf_standards="a-2u",
            pdf_tags=outlines.rows_of_tables(outline) <= _MOST_TAGGED_ROWS,
        )
    except typst.TypstError as failed:
        # Only the message: a diagnostic would quote the document.
        raise LayoutFailed(f"layout {layout}: {failed.message}") from None
    if warnings:
        raise LayoutFailed(f"layout {layout}: {warnings[0].message}")
    return cast("bytes", drawn)  # typst returns bytes: a PDF is one file, and no file name was given


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    typeface.check_made()
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(typeface.FOLDER)]
    )
