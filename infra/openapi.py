"""Writes docs/openapi.json and the API's index of routes from its own definitions; `make openapi`.

A test finds stale files. The index lies in the package, because the API reads it when it starts.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from chalicelib.api.routes import INDEX, document, index

WRITTEN: Final = Path(__file__).parents[1] / "docs" / "openapi.json"


def rendered() -> str:
    """Return the document as it is written to the file."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def rendered_index() -> str:
    """Return the index of routes as it is written to the file, a route a line."""
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in index())
    return f"[\n{lines}\n]\n"


def main() -> None:
    """Write the files."""
    INDEX.write_text(rendered_index(), encoding="utf-8")
    WRITTEN.write_text(rendered(), encoding="utf-8")


if __name__ == "__main__":
    main()
