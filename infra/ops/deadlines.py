"""Moves the stored deadlines of all open cases, once the table of a year is released.

Promise: what moves is computed from two calendars, the hub's and the one before, so the command may be cut
off and begun again. Downside: every open case of a court is read once.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.calendar import STATUTORY, calendar_of
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.move_deadlines import move_deadlines
from infra.ops.target import WrongInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.use_cases.move_deadlines import MovedPage
    from chalicelib.use_cases.ports import Hub

_AT_ONCE: Final = 100


def without(calendar: WorkingCalendar, year: int) -> WorkingCalendar:
    """Return the calendar as it was before a year's table came; raises WrongInput if it is not there yet."""
    if year not in calendar.years:
        raise WrongInput(f"the table of {year} is not there yet: python -m infra.holidays, then release")
    return replace(
        calendar,
        days_off=frozenset(day for day in calendar.days_off if day.year != year),
        make_up_days=frozenset(day for day in calendar.make_up_days if day.year != year),
        years=calendar.years - {year},
    )


def read(file: Path) -> WorkingCalendar:
    """Return the calendar of an earlier holidays.json; raises WrongInput."""
    statutory = json.loads(STATUTORY.read_text(encoding="utf-8"))
    try:
        return calendar_of(json.loads(file.read_text(encoding="utf-8")), statutory)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongInput(f"{file.name} is no table of holidays, such as holidays.json") from error


def pages(hub: Hub, court_id: str, before: WorkingCalendar, *, dry_run: bool) -> Iterator[MovedPage]:
    """Yield what became of a court's open cases, page by page."""
    for stage in Stage:
        after: str | None = None
        while not stage.terminal:
            found = move_deadlines(hub, court_id, stage, before, after=after, limit=_AT_ONCE, dry_run=dry_run)
            yield found
            if found.after is None:
                break
            after = found.after
