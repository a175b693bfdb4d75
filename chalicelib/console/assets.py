"""The style sheet, named by its hash, so that a browser keeps it for ever and never shows an old one."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).with_name("static")
_STYLE: Final = _FOLDER / "console.css"
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@cache
def style() -> tuple[str, bytes]:
    """Return the style sheet's name and bytes."""
    content = _STYLE.read_bytes()
    return f"console.{hashlib.sha256(content).hexdigest()[:16]}.css", content


def answered(segments: tuple[str, ...]) -> tuple[dict[str, str], bytes] | None:
    """Return the headers and bytes of an asset's address; None for any other.

    While two releases serve side by side, a page of one may ask the other for its style sheet: it gets the
    present one, which is then not kept.
    """
    if len(segments) != len(("assets", "file")) or segments[0] != "assets":
        return None
    if not (segments[1].startswith("console.") and segments[1].endswith(".css")):
        return None
    name, content = style()
    headers = {
        "Content-Type": "text/css; charset=utf-8",
        "Cache-Control": _FOR_EVER if segments[1] == name else "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return headers, content
