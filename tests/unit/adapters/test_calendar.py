"""The packaged calendar: one lazy read, the official days, and what an unpublished year looks like."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from chinese_calendar import is_workday

from chalicelib.adapters.calendar import STATUTORY, TABLE, calendar_of, load_calendar
from chalicelib.domain.calendar import FIXED_HOLIDAYS, WorkingCalendar
from infra.holidays import FIRST_YEAR, current, known_to_library, main, merged, moved, statutory_text

if TYPE_CHECKING:
    from pathlib import Path

_DAY = timedelta(days=1)


def test_the_table_is_read_once() -> None:
    """Two callers get the same calendar."""
    assert load_calendar() is load_calendar()


@pytest.mark.parametrize("year", sorted(known_to_library()))
def test_every_day_agrees_with_the_published_holidays(year: str) -> None:
    """The packaged table and the library say the same of every day of a year they both know."""
    calendar = load_calendar()
    day, end = date(int(year), 1, 1), date(int(year) + 1, 1, 1)
    while day < end:
        assert calendar.knows(day)
        assert calendar.is_working_day(day) is is_workday(day), day
        day += _DAY


def test_a_year_beyond_the_table_is_provisional() -> None:
    """Nothing is claimed to be known of a year that the State Council has not published."""
    beyond = date(max(int(year) for year in current()) + 1, 6, 1)
    assert not load_calendar().knows(beyond)


def test_a_year_is_added_by_data() -> None:
    """A year written into the table by hand counts at once, and a later generation keeps it."""
    by_hand = {"2099": {"days_off": ["2099-06-22"], "make_up_days": ["2099-06-20"]}}
    calendar = calendar_of(by_hand)
    assert calendar.knows(date(2099, 6, 22))
    assert not calendar.is_working_day(date(2099, 6, 22))  # a Monday
    assert calendar.is_working_day(date(2099, 6, 20))  # a Saturday
    assert merged(by_hand)["2099"] == by_hand["2099"]


def test_a_hand_written_year_gives_way_to_the_published_one() -> None:
    """Once the library knows a year, its dates replace what was written by hand."""
    guess: dict[str, dict[str, list[str]]] = {str(FIRST_YEAR): {"days_off": [], "make_up_days": []}}
    assert merged(guess)[str(FIRST_YEAR)] == known_to_library()[str(FIRST_YEAR)]


def test_the_table_of_the_tree_is_what_the_generator_writes(tmp_path: Path) -> None:
    """The packaged file is current: `python -m infra.holidays` would change nothing."""
    assert main(path=tmp_path / "holidays.json") == []
    assert TABLE.read_text(encoding="utf-8") == (tmp_path / "holidays.json").read_text(encoding="utf-8")


def test_the_library_knows_the_years_that_are_published() -> None:
    """From the first of the hub to the last that it is sure of: the notice for 2026 is of November 2025."""
    assert min(known_to_library()) == "2020"
    assert max(known_to_library()) >= "2026"


def test_the_statutory_holidays_are_what_the_generator_writes(tmp_path: Path) -> None:
    """Of every year to 2100: the package's moon and sun, and the law's thirteen days."""
    path = tmp_path / "statutory.json"
    main(path=tmp_path / "holidays.json", statutory=path)
    assert STATUTORY.read_text(encoding="utf-8") == path.read_text(encoding="utf-8") == statutory_text()


def test_published_years_contain_the_statutory_holidays() -> None:
    """Since the law of 2024 the State Council's tables of each year name all of them."""
    calendar = load_calendar()
    law = [day for day in calendar.statutory if day.year in calendar.years and day.year > 2024]
    assert len(law) >= 13
    assert not [day for day in law if calendar.is_working_day(day)]


def test_adding_a_year_says_which_deadlines_move(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The Spring Festival of 2027 from the 5th to the 11th, for which a Saturday in January is worked."""
    path = tmp_path / "holidays.json"
    asked = ["2027", "--off", "2027-02-05/2027-02-11", "--off", "2027-01-01", "--work", "2027-01-30"]
    found = main(asked, path)
    assert (date(2027, 2, 9), date(2027, 2, 9), date(2027, 2, 12)) in found
    assert (date(2027, 2, 5), date(2027, 2, 9), date(2027, 2, 12)) in found
    assert (date(2027, 1, 30), date(2027, 2, 1), date(2027, 1, 30)) in found
    told = capsys.readouterr().out
    assert "a deadline that ends on 2027-02-09 moves from 2027-02-09 to 2027-02-12" in told
    added = json.loads(path.read_text(encoding="utf-8"))["2027"]
    assert added["make_up_days"] == ["2027-01-30"]
    assert added["days_off"][1:] == [f"2027-02-{day:02}" for day in range(5, 12)]


def test_a_deadline_of_a_holiday_that_the_table_keeps_does_not_move(tmp_path: Path) -> None:
    """The days by law are off in the table of 2027 as before it: no deadline is named."""
    asked = ["2027", "--off", "2027-01-01", "--off", "2027-02-05/2027-02-08", "--off", "2027-04-05"]
    asked += ["--off", "2027-05-01/2027-05-02", "--off", "2027-06-09", "--off", "2027-09-15"]
    assert main([*asked, "--off", "2027-10-01/2027-10-03"], tmp_path / "holidays.json") == []


def test_the_days_before_a_year_roll_into_it() -> None:
    """A week from Christmas 2026 on is off, and the first Monday of 2027: each last day is named once."""
    fixed = {date(year, *day) for year in (2026, 2027) for day in FIXED_HOLIDAYS}
    week = {date(2026, 12, 25) + _DAY * number for number in range(7)}
    before = WorkingCalendar(days_off=frozenset(fixed), years=frozenset({2026}))
    after = WorkingCalendar(
        days_off=frozenset(fixed | week | {date(2027, 1, 4)}), years=frozenset({2026, 2027})
    )
    assert list(moved(before, after)) == [  # 26 and 27, 2 and 3 are weekends, the 1st is a holiday by law
        (date(2026, 12, 25), date(2026, 12, 25), date(2027, 1, 5)),
        (date(2026, 12, 26), date(2026, 12, 28), date(2027, 1, 5)),
        (date(2026, 12, 27), date(2026, 12, 28), date(2027, 1, 5)),
        (date(2026, 12, 28), date(2026, 12, 28), date(2027, 1, 5)),
        (date(2026, 12, 29), date(2026, 12, 29), date(2027, 1, 5)),
        (date(2026, 12, 30), date(2026, 12, 30), date(2027, 1, 5)),
        (date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 5)),
        (date(2027, 1, 1), date(2027, 1, 4), date(2027, 1, 5)),
        (date(2027, 1, 2), date(2027, 1, 4), date(2027, 1, 5)),
        (date(2027, 1, 3), date(2027, 1, 4), date(2027, 1, 5)),
        (date(2027, 1, 4), date(2027, 1, 4), date(2027, 1, 5)),
    ]
    # The table of 2027 alone says nothing of 1 July 2026, on which nobody knows of another day off any more.
    alone = WorkingCalendar(days_off=after.days_off, years=frozenset({2027}))
    summer = WorkingCalendar(days_off=before.days_off | {date(2026, 7, 1)}, years=before.years)
    assert list(moved(summer, alone)) == list(moved(before, after))


@pytest.mark.parametrize("table", [{"2024": {"days_off": ["2024-02-30"], "make_up_days": []}}])
def test_a_date_that_does_not_exist_is_refused(table: dict[str, dict[str, list[str]]]) -> None:
    """A slip in a hand-written year is found when the table is loaded, not when a deadline is wrong."""
    with pytest.raises(ValueError, match="day"):
        calendar_of(table)
