"""Draws an outline as PDF/A-2u with typst.

Promise: archival PDF with the typeface embedded and every character readable as text; typst refuses text
without a glyph; the same outline gives the same bytes, dated with the document's own day.
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


def draw(outline: Outline, layout: int) -> bytes:
    """Return the PDF. Raises LayoutFailed, TypefaceMissing."""
    file = _LAYOUTS / f"{layout}.typ"
    compiler = typst.Compiler(file, root=_LAYOUTS, font_paths=_fonts(), ignore_system_fonts=True)
    inputs = {"outline": json.dumps(outlines.as_data(outline)), "family": typeface.FAMILY}
    # Whole seconds, because typst takes no fraction.
    made_at = datetime.combine(outline.made_on, time(), tzinfo=CHINA)
    try:
        drawn = compiler.compile(
            format="pdf", sys_inputs=inputs, timestamp=int(made_at.timestamp()), pdf_standards="a-2u"
        )
    except typst.TypstError as failed:
        # Only the message: a diagnostic would quote the document.
        raise LayoutFailed(f"layout {layout}: {failed.message}") from None
    return cast("bytes", drawn)  # typst returns bytes: a PDF is one file, and no file name was given


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    typeface.check_made()
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(typeface.FOLDER)]
    )
