"""Writes docs/openapi.json from the API's own definitions; `make openapi`. A test finds a stale file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from chalicelib.api.routes import document

WRITTEN: Final = Path(__file__).parents[1] / "docs" / "openapi.json"


def rendered() -> str:
    """Return the document as it is written to the file."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the file."""
    WRITTEN.write_text(rendered(), encoding="utf-8")


if __name__ == "__main__":
    main()
