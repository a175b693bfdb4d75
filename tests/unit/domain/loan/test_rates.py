"""Which rate applies on which day, and where it comes from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.errors import DatesOutOfOrder, InvalidSchedule, LprUnknown, RateOutOfBounds
from chalicelib.domain.loan.limits import PBC_2003_251
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.lpr import LprPublication, LprQuote, LprTable, Tenor
from chalicelib.domain.loan.rates import FixedRate, LprRate, Per, Rate, RateTerm, Reset, rate_steps
from tests.unit.domain.loan.support import day, g1, refuses, rows


def _published(on: str, one_year: str, five_years: str) -> LprPublication:
    return LprPublication(on=day(on), one_year=Decimal(one_year), five_years=Decimal(five_years))


TABLE = LprTable(
    (
        _published("2021-02-20", "3.85", "4.65"),
        _published("2021-03-22", "3.84", "4.64"),
        _published("2021-12-20", "3.80", "4.65"),
        _published("2022-02-21", "3.70", "4.60"),
        _published("2022-03-21", "3.60", "4.50"),
        _published("2022-12-20", "3.65", "4.30"),
        _published("2023-02-20", "3.65", "4.30"),
    )
)


def _lpr(**changes: Any) -> LprRate:
    terms: dict[str, Any] = {
        "starts": day("2021-03-22"),
        "priced_on": day("2021-03-01"),
        "tenor": Tenor.ONE_YEAR,
        "spread_bp": 340,
        "reset": Reset.NEVER,
        "lookback_days": 0,
    }
    return LprRate(**terms | changes)


def _steps(until: str, *terms: RateTerm) -> list[tuple[str, str]]:
    steps = rate_steps(terms, TABLE, PBC_2003_251, day(until))
    return [(step.starts.isoformat(), str(step.rate.percent)) for step in steps]


@pytest.mark.parametrize(
    ("on", "published"),
    [
        ("2021-02-20", "2021-02-20"),
        ("2021-03-21", "2021-02-20"),
        ("2021-03-22", "2021-03-22"),
        ("2021-05-06", "2021-03-22"),
    ],
)
def test_a_quote_is_in_force_until_the_next(on: str, published: str) -> None:
    assert TABLE.quote(Tenor.ONE_YEAR, day(on)).published == day(published)


@pytest.mark.parametrize("on", ["2021-02-19", "2021-05-07", "2099-01-01"])
def test_a_day_without_a_quote_is_refused(on: str) -> None:
    """Before the table starts, and once its last quote must have been replaced."""
    with refuses(LprUnknown, "lpr_table"):
        TABLE.quote(Tenor.ONE_YEAR, day(on))


def test_the_tenor_chooses_the_column() -> None:
    quote = TABLE.quote(Tenor.FIVE_YEARS, day("2021-03-01"))
    assert quote == LprQuote(published=day("2021-02-20"), tenor=Tenor.FIVE_YEARS, percent=Decimal("4.65"))
    assert TABLE.quote(Tenor.ONE_YEAR, day("2021-03-01")).percent == Decimal("3.85")


def test_a_table_must_ascend() -> None:
    with refuses(DatesOutOfOrder, "lpr_table"):
        LprTable(tuple(reversed(TABLE.publications)))


@pytest.mark.parametrize(("one_year", "five_years"), [("NaN", "4.65"), ("3.85", "465"), ("-1", "4.65")])
def test_a_quote_must_be_a_percentage(one_year: str, five_years: str) -> None:
    with refuses(RateOutOfBounds, "lpr_table"):
        _published("2021-02-20", one_year, five_years)


def test_a_quote_may_be_any_percentage() -> None:
    """From nothing to a hundred; a contract's own limits apply to what comes of it."""
    assert _published("2021-02-20", "0", "100").five_years == Decimal(100)
    with refuses(RateOutOfBounds, "lpr_table"):
        _published("2021-02-20", "0", "100.01")


def test_a_rate_priced_once_stays() -> None:
    """LPR of the pricing day plus the spread, whatever is published later."""
    assert _steps("2023-03-22", _lpr()) == [("2021-03-22", "7.25")]


def test_a_reset_on_new_years_day() -> None:
    """Priced anew each 1 January, not on the first day itself."""
    assert _steps("2023-01-01", _lpr(reset=Reset.NEW_YEAR)) == [
        ("2021-03-22", "7.25"),
        ("2022-01-01", "7.20"),
        ("2023-01-01", "7.05"),
    ]
    assert _steps("2022-12-31", _lpr(reset=Reset.NEW_YEAR))[-1] == ("2022-01-01", "7.20")


def test_a_reset_on_the_anniversary_looks_back_as_agreed() -> None:
    """On the day itself, or on an earlier day's quote."""
    assert _steps("2022-03-22", _lpr(reset=Reset.ANNIVERSARY)) == [
        ("2021-03-22", "7.25"),
        ("2022-03-22", "7.00"),
    ]
    assert _steps("2022-03-22", _lpr(reset=Reset.ANNIVERSARY, lookback_days=2))[1][1] == "7.10"
    assert _steps("2022-03-21", _lpr(reset=Reset.ANNIVERSARY)) == [("2021-03-22", "7.25")]


@pytest.mark.parametrize("reset", Reset)
def test_no_reset_is_looked_for_beyond_the_calendar(reset: Reset) -> None:
    """A loan may be assessed up to 9999-12-31, which systems write for "no end"."""
    start = day("9999-02-01")
    table = LprTable((_published("9999-01-20", "3.85", "4.65"),))
    term = _lpr(starts=start, priced_on=start, reset=reset)
    (step,) = rate_steps((term,), table, PBC_2003_251, day("9999-12-31"))
    assert step.starts == start


def test_a_step_carries_its_quote_and_spread() -> None:
    (step,) = rate_steps((_lpr(),), TABLE, PBC_2003_251, day("2021-12-31"))
    assert step.rate == Rate(
        percent=Decimal("7.25"),
        per=Per.YEAR,
        quote=LprQuote(published=day("2021-02-20"), tenor=Tenor.ONE_YEAR, percent=Decimal("3.85")),
        spread_bp=340,
    )


def test_the_next_term_ends_the_one_before() -> None:
    """No reset and no quote is looked for after the end of a term, nor for a term that is still to come."""
    fixed = FixedRate(starts=day("2022-01-01"), annual_percent=Decimal("6.00"))
    later = _lpr(starts=day("2030-01-01"), priced_on=day("2029-12-31"))
    assert _steps("2029-12-31", _lpr(reset=Reset.NEW_YEAR), fixed, later) == [
        ("2021-03-22", "7.25"),
        ("2022-01-01", "6.00"),
    ]
    with pytest.raises(LprUnknown):
        _steps("2030-01-01", fixed, later)


@pytest.mark.parametrize("spread_bp", [3216, -386])
def test_a_spread_that_leaves_the_limits_is_refused(spread_bp: int) -> None:
    """Above 36 %, or below zero."""
    with refuses(RateOutOfBounds, "rates"):
        _steps("2021-12-31", _lpr(spread_bp=spread_bp))
    assert len(_steps("2021-12-31", _lpr(spread_bp=3215))) == len(_steps("2021-12-31", _lpr(spread_bp=-385)))


def test_impossible_pricing_is_refused() -> None:
    """A rate is priced no later than it starts, and a reset looks back, not forward."""
    _lpr(priced_on=day("2021-03-22"))
    with refuses(DatesOutOfOrder, "rates.priced_on"):
        _lpr(priced_on=day("2021-03-23"))
    with refuses(InvalidSchedule, "rates.lookback_days"):
        _lpr(lookback_days=-1)


def test_a_penalty_rate_remembers_its_addition() -> None:
    rate = Rate(percent=Decimal("7.25")).marked_up(Decimal(50))
    assert (rate.percent, rate.markup_percent) == (Decimal("10.875"), Decimal(50))


def test_a_daily_rate_counts_days_and_no_year() -> None:
    """0.05 % a day on 10,000 yuan for 30 days is 150 yuan."""
    contract = g1()
    start = day("2024-01-01")
    amount = Rate(percent=Decimal("0.05"), per=Per.DAY).on(
        contract.agreed_amount, contract.day_count, start, start + timedelta(days=30)
    )
    assert str(amount) == "1500.00"


def test_a_loan_floats_through_its_resets() -> None:
    """Interest, compound and penalty interest follow the rate of each day, also after maturity."""
    contract = g1(rates=(_lpr(reset=Reset.NEW_YEAR),))
    statement = assess_loan(contract, [], day("2023-02-01"), lpr=TABLE)
    assert rows(statement, Component.INTEREST) == [
        ("2021-03-22", "2022-01-01", 285, "100000.00", Decimal("7.25"), "5739.58"),
        ("2022-01-01", "2022-03-21", 79, "100000.00", Decimal("7.20"), "1580.00"),
    ]
    assert rows(statement, Component.PENALTY_INTEREST) == [
        ("2022-03-21", "2023-01-01", 286, "100000.00", Decimal("10.80"), "8580.00"),
        ("2023-01-01", "2023-02-01", 31, "100000.00", Decimal("10.575"), "910.63"),
    ]
    assert rows(statement, Component.COMPOUND_INTEREST) == [
        ("2022-03-21", "2023-01-01", 286, "7319.58", Decimal("10.80"), "628.02"),
        ("2023-01-01", "2023-02-01", 31, "7319.58", Decimal("10.575"), "66.65"),
    ]


def test_a_loan_on_the_lpr_needs_the_table() -> None:
    with pytest.raises(LprUnknown):
        assess_loan(g1(rates=(_lpr(),)), [], day("2021-12-31"))
