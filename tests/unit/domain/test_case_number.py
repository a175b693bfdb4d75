"""Case numbers: written as the court says, found as people type them."""

from __future__ import annotations

import pytest

from chalicelib.domain.case_number import DEFAULT_FORM, check_form, compared, written


def test_a_number_is_written_as_the_court_says() -> None:
    assert written("蕉调〔{year}〕{number}号", 2026, 123) == "蕉调〔2026〕123号"
    assert written("{number:05}/{year}", 2026, 7) == "00007/2026"
    assert written(DEFAULT_FORM, 2026, 1) == "调〔2026〕1号"


@pytest.mark.parametrize(
    "typed",
    [
        "蕉调〔2026〕123号",
        "蕉调（2026）123号",
        "蕉调(2026)123号",
        "蕉调[2026]第123号",
        "蕉调【2026】０１２３号",
        " 蕉调 2026 123 ",
        "蕉调2026-123",
    ],
)
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert compared(typed) == "蕉调-2026-123"


@pytest.mark.parametrize(
    "other", ["蕉调〔2026〕124号", "蕉调〔2027〕123号", "福调〔2026〕123号", "蕉调〔20261〕23号"]
)
def test_another_number_is_another_one(other: str) -> None:
    assert compared(other) != compared("蕉调〔2026〕123号")


@pytest.mark.parametrize("nothing", ["", "〔〕", "第号", " _ "])
def test_what_says_nothing_is_nothing(nothing: str) -> None:
    assert compared(nothing) == ""


def test_a_number_of_zeros_is_zero() -> None:
    assert compared("A〔2026〕000号") == "A-2026-0"


@pytest.mark.parametrize(
    "form",
    ["蕉调{number}号", "蕉调〔{year}〕", "{year}{number}{court}", "{year}{number", "{}{year}{number}"],
)
def test_a_form_holds_year_and_number_and_nothing_else(form: str) -> None:
    with pytest.raises(ValueError, match=r"year|expected"):
        check_form(form)
