"""Legal ceilings by the day, and what late performance of a ruling costs."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from chalicelib.domain.loan import ceilings
from chalicelib.domain.loan.ceilings import CEILINGS, in_force, today
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.errors import DatesOutOfOrder
from chalicelib.domain.loan.late_performance import late_performance
from tests.unit.domain.loan.support import day, refuses, yuan


@pytest.mark.parametrize(
    ("name", "on", "low", "high", "source"),
    [
        ("annual", "2026-01-01", "0", "36", "[policy]"),
        ("overdue_markup", "2004-01-01", "30", "50", "银发〔2003〕251号"),
        ("misuse_markup", "2026-01-01", "50", "100", "银发〔2003〕251号"),
        ("total_burden", "2017-08-04", "0", "24", "法发〔2017〕22号 art. 2"),
        ("card_daily", "2016-12-31", "0.05", "0.05", "银发〔1999〕17号"),
        ("card_daily", "2017-01-01", "0.035", "0.05", "银发〔2016〕111号"),
        ("card_daily", "2020-12-31", "0.035", "0.05", "银发〔2016〕111号"),
        ("card_daily", "2021-01-01", "0", "0.05", "银发〔2020〕327号; the ceiling [policy]"),
        ("card_breach_fee", "2016-12-31", "5", "5", "银发〔1999〕17号（滞纳金）"),
        ("card_breach_fee", "2017-01-01", "0", "5", "银发〔2016〕111号; the ceiling [policy]"),
        ("late_performance", "2014-08-01", "0.0175", "0.0175", "法释〔2014〕8号 art. 1"),
    ],
)
def test_a_ceiling_is_that_of_its_day(name: str, on: str, low: str, high: str, source: str) -> None:
    """Both ends of a rule's time belong to it."""
    row = in_force(name, day(on))
    assert (row.low, row.high, row.source) == (Decimal(low), Decimal(high), source)


@pytest.mark.parametrize(
    ("name", "on"),
    [("late_performance", "2014-07-31"), ("total_burden", "2017-08-03"), ("unknown", "2026-01-01")],
)
def test_a_day_without_a_rule_is_refused(name: str, on: str) -> None:
    with pytest.raises(LookupError, match=name):
        in_force(name, day(on))


def test_no_two_rules_of_a_name_hold_on_one_day() -> None:
    """Each but the last has ended the day before the next one began."""
    for name in {row.name for row in CEILINGS}:
        rows = [row for row in CEILINGS if row.name == name]
        assert today(name) is rows[-1]
        for earlier, later in pairwise(rows):
            assert earlier.until is not None
            assert (later.since - earlier.until).days == 1
    assert {value for key, value in vars(ceilings).items() if isinstance(value, str) and key.isupper()} == {
        row.name for row in CEILINGS
    }


def test_late_performance_costs_175_millionths_a_day() -> None:
    """101,000 awarded without interest, 30 days late: 530.25; the interest awarded is no base."""
    owed = Amounts(
        principal=yuan("100000"),
        costs=yuan("700"),
        fees=yuan("200"),
        breach_fee=yuan("100"),
        interest=yuan("5000"),
        compound_interest=yuan("50"),
        penalty_interest=yuan("500"),
    )
    found = late_performance(owed, day("2026-03-31"), day("2026-04-30"))
    assert (str(found.base), found.days, found.daily_percent) == ("101000.00", 30, Decimal("0.0175"))
    assert str(found.amount) == "530.25"


def test_the_last_day_to_perform_costs_nothing() -> None:
    """The first day that costs is the one after it; an earlier day is refused."""
    owed = Amounts(principal=yuan("10000"))
    costs = [late_performance(owed, day("2026-03-31"), day(on)).amount for on in ("2026-03-31", "2026-04-01")]
    assert list(map(str, costs)) == ["0.00", "1.75"]
    with refuses(DatesOutOfOrder, "on"):
        late_performance(owed, day("2026-03-31"), day("2026-03-30"))
