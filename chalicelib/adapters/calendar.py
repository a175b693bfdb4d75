"""The working calendar of China, read from two packaged tables.

`holidays.json` has the years that the State Council has published, `statutory.json` the statutory holidays
of every year to 2100 (除夕 to 初三, 清明, 端午, 中秋 and those fixed by date), by the package lunar_python.
Promise: the tables alone decide in production, so a year is added by data and not by a release of a
library. Downside: somebody has to add it; until then that year's deadlines are provisional
(`WorkingCalendar.knows` is False) and know only weekends and the statutory holidays.

How a year is added, when the State Council has published it (each November, for the next year): upgrade the
development dependency `chinesecalendar` and run `python -m infra.holidays`, or, if it does not know the year
yet, `python -m infra.holidays 2027 --off 2027-02-05/2027-02-11 --work 2027-01-30`. Either says which last
days of deadlines move. A year added by hand is kept until the library knows it, and replaced then.
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
STATUTORY: Final = Path(__file__).with_name("statutory.json")


@cache
def load_calendar() -> WorkingCalendar:
    """Return the packaged calendar; the tables are read on the first call and kept."""
    statutory = json.loads(STATUTORY.read_text(encoding="utf-8"))
    return calendar_of(json.loads(TABLE.read_text(encoding="utf-8")), statutory)


def calendar_of(
    table: Mapping[str, Mapping[str, list[str]]], statutory: Mapping[str, list[str]] | None = None
) -> WorkingCalendar:
    """Make a calendar of a table {year: {"days_off": [...], "make_up_days": [...]}} of ISO dates.

    `statutory` is {year: [...]}. Raises ValueError for a text that is not a date, and KeyError for a year
    without one of the two lists.
    """
    return WorkingCalendar(
        days_off=_dates(entry["days_off"] for entry in table.values()),
        make_up_days=_dates(entry["make_up_days"] for entry in table.values()),
        years=frozenset(int(year) for year in table),
        statutory=_dates((statutory or {}).values()),
    )


def _dates(lists: Iterable[list[str]]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for days in lists for day in days)
