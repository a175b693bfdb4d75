"""Write the calendar's tables: `python -m infra.holidays [YEAR --off FIRST/LAST --work DAY]`.

`chalicelib/adapters/holidays.json` has the years that the State Council has published: those that the
package `chinesecalendar` knows, and those added by hand with the options (each may be repeated).
`statutory.json` has the statutory holidays of every year, computed with the package `lunar_python` (MIT).
Promise: a year added by hand stays as it is until the library knows it, and the command says which last days
of deadlines move by what it writes. Downside: the library appears days or weeks after the State Council's
notice. Deadlines that are stored, shown as provisional, are moved by `python -m infra.ops move-deadlines`.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from chinese_calendar.constants import holidays, workdays
from lunar_python import Lunar

from chalicelib.adapters.calendar import STATUTORY, TABLE, calendar_of
from chalicelib.domain.calendar import FIXED_HOLIDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from chalicelib.domain.calendar import WorkingCalendar

Table: TypeAlias = dict[str, dict[str, list[str]]]

FIRST_YEAR: Final = 2020
"""The year the model began; the hub computes no deadline before it."""
LAST_YEAR: Final = 2100
"""The last year whose statutory holidays are written."""
_ONE_DAY: Final = timedelta(days=1)
# Month and day of the moon's calendar: 初一 to 初三, 端午, 中秋. 除夕 is the day before 初一.
_LUNAR: Final = ((1, 1), (1, 2), (1, 3), (5, 5), (8, 15))


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
    """Return the table as it is in the tree."""
    table: Table = json.loads(TABLE.read_bytes())
    return table


def statutory_days(year: int) -> list[date]:
    """Return the thirteen statutory holidays of a year (全国年节及纪念日放假办法, 2024, art. 2), in order."""
    moon = [Lunar.fromYmd(year, month, day) for month, day in _LUNAR]
    days = {date.fromisoformat(each.getSolar().toYmd()) for each in moon}
    days |= {min(days) - _ONE_DAY, date.fromisoformat(moon[0].getJieQiTable()["清明"].toYmd())}
    return sorted(days | {date(year, month, day) for month, day in FIXED_HOLIDAYS})


def statutory_text() -> str:
    """Return the text of the table of statutory holidays, one line a year."""
    years = (
        f'  "{year}": {json.dumps([day.isoformat() for day in statutory_days(year)])}'
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
    )
    return "{\n" + ",\n".join(years) + "\n}\n"


def moved(before: WorkingCalendar, after: WorkingCalendar) -> Iterator[tuple[date, date, date]]:
    """Yield each day on which a deadline may end that rolls to another day: the day, then, now."""
    day = date(min(after.years) - 1, 12, 25)  # a deadline at the year's end rolls into the next one
    while day.year <= max(after.years):
        then, now = before.roll(day), after.roll(day)
        if then != now:
            yield day, then, now
        day += _ONE_DAY


def main(
    arguments: Sequence[str] = (), path: Path = TABLE, statutory: Path | None = None
) -> list[tuple[date, date, date]]:
    """Write the tables; return and print which last days of deadlines move."""
    asked = _parser().parse_args(arguments)
    kept = current()
    if asked.year is not None:
        days_off = sorted({day.isoformat() for span in asked.off for day in span})
        make_up = sorted({day.isoformat() for span in asked.work for day in span})
        kept[str(asked.year)] = {"days_off": days_off, "make_up_days": make_up}
    law = json.loads(STATUTORY.read_bytes())
    table = merged(kept)
    before, after = calendar_of(current(), law), calendar_of(table)
    path.write_bytes(rendered(table).encode())
    if statutory is not None:
        statutory.write_bytes(statutory_text().encode())
    found = list(moved(before, after))
    for day, then, now in found:
        sys.stdout.write(f"a deadline that ends on {day} moves from {then} to {now}\n")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("year", type=int, nargs="?", help="the year to add by hand")
    parser.add_argument("--off", type=_span, action="append", default=[], help="days off: FIRST/LAST or DAY")
    parser.add_argument("--work", type=_span, action="append", default=[], help="make-up working days")
    return parser


def _span(text: str) -> list[date]:
    first, _, last = text.partition("/")
    start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def _in(year: int, days: Iterable[date]) -> list[str]:
    return sorted(day.isoformat() for day in days if day.year == year)


if __name__ == "__main__":
    main(sys.argv[1:], statutory=STATUTORY)
