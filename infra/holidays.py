"""Write chalicelib/adapters/holidays.json from the `chinesecalendar` package: `python -m infra.holidays`.

Promise: the years the library knows are taken from it, and a year added by hand stays as it is.
Downside: the library appears days or weeks after the State Council's notice; see `adapters/calendar.py`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypeAlias

from chinese_calendar.constants import holidays, workdays

from chalicelib.adapters.calendar import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

Table: TypeAlias = dict[str, dict[str, list[str]]]

FIRST_YEAR: Final = 2020
"""The year the model began; the hub computes no deadline before it."""


def known_to_library() -> Table:
    """Return the years the library knows, from FIRST_YEAR on."""
    years = range(FIRST_YEAR, max(day.year for day in holidays) + 1)
    return {
        str(year): {"days_off": _in(year, holidays), "make_up_days": _in(year, workdays)} for year in years
    }


def merged(kept: Table) -> Table:
    """Return the table as it should be: the library's years replace those kept by hand."""
    return dict(sorted({**kept, **known_to_library()}.items()))


def rendered(table: Table) -> str:
    """Return the file's text, one line a list, so that a reviewer sees a year at a glance."""
    years = (
        f'  "{year}": {{\n'
        f'    "days_off": {json.dumps(lists["days_off"])},\n'
        f'    "make_up_days": {json.dumps(lists["make_up_days"])}\n'
        "  }"
        for year, lists in table.items()
    )
    return "{\n" + ",\n".join(years) + "\n}\n"


def current() -> Table:
    """Return the table as it is in the tree; empty if there is none yet."""
    table: Table = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    return table


def main(path: Path = TABLE) -> None:
    """Write the table."""
    path.write_text(rendered(merged(current())), encoding="utf-8")


def _in(year: int, days: Iterable[date]) -> list[str]:
    return sorted(day.isoformat() for day in days if day.year == year)


if __name__ == "__main__":
    main()
