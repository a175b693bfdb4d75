"""The packaged calendar: one lazy read, the official days, and what an unpublished year looks like."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from chinese_calendar import is_workday

from chalicelib.adapters.calendar import STATUTORY, TABLE, calendar_of, load_calendar
from infra.holidays import FIRST_YEAR, current, known_to_library, main, merged, statutory_text

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


def test_the_statutory_holidays_are_what_the_generator_writes() -> None:
    """Of every year to 2100: the package's moon and sun, and the law's thirteen days."""
    assert STATUTORY.read_text(encoding="utf-8") == statutory_text()


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


@pytest.mark.parametrize("table", [{"2024": {"days_off": ["2024-02-30"], "make_up_days": []}}])
def test_a_date_that_does_not_exist_is_refused(table: dict[str, dict[str, list[str]]]) -> None:
    """A slip in a hand-written year is found when the table is loaded, not when a deadline is wrong."""
    with pytest.raises(ValueError, match="day"):
        calendar_of(table)
