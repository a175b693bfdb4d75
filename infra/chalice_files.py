"""Writes `.chalice/` from the tables of functions and consumers; `make chalice`. A test finds stale files.

They stay in the repository because Chalice reads them and a change of a permission has to show in review.
"""

from __future__ import annotations

import json
from typing import Final

from infra.template.chalice_config import ROOT, config, functions

FOLDER: Final = ROOT / ".chalice"


def rendered() -> dict[str, str]:
    """Return each file's text by its name."""
    contents = {"config.json": config()} | {
        f"policy-{name}.json": function.policy for name, function in functions().items()
    }
    return {name: json.dumps(content, indent=2) + "\n" for name, content in contents.items()}


def main() -> None:
    """Write the files, and remove those of functions that are gone."""
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for name, text in rendered().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
