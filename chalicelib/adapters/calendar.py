"""The working calendar of China, read from the packaged table `holidays.json`.

Promise: the table alone decides in production, so a year is added by data and not by a release of a
library. Downside: somebody has to add it; until then that year's deadlines are provisional
(`WorkingCalendar.knows` is False) and know only weekends and the holidays fixed by date.

How a year is added, when the State Council has published it (each November, for the next year):
either upgrade the development dependency `chinesecalendar` and run `python -m infra.holidays`, or, if
it does not know the year yet, write the year's dates into `holidays.json` by hand, in the form of the
other years. The command keeps a year that the library does not know, and replaces it once the library does.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib.domain.calendar import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TABLE: Final = Path(__file__).with_name("holidays.json")


@cache
def load_calendar() -> WorkingCalendar:
    """Return the packaged calendar; the table is read on the first call and kept."""
    return calendar_of(json.loads(TABLE.read_text(encoding="utf-8")))


def calendar_of(table: Mapping[str, Mapping[str, list[str]]]) -> WorkingCalendar:
    """Make a calendar of a table {year: {"days_off": [...], "make_up_days": [...]}} of ISO dates.

    Raises ValueError for a text that is not a date, and KeyError for a year without one of the two lists.
    """
    return WorkingCalendar(
        days_off=_dates(entry["days_off"] for entry in table.values()),
        make_up_days=_dates(entry["make_up_days"] for entry in table.values()),
        years=frozenset(int(year) for year in table),
    )


def _dates(lists: Iterable[list[str]]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for days in lists for day in days)
