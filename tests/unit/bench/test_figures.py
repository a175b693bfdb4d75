"""Figures and the arithmetic of medians."""

from __future__ import annotations

import statistics

import pytest

from infra.bench.figures import Figure, Section, broken, median_ratio, percentile


def figure(value: float, budget: float | None) -> Figure:
    """Return a figure of no importance."""
    return Figure(section=Section.CASES, name="a price", value=value, unit="USD", budget=budget)


def test_a_budget_may_be_reached_and_not_passed() -> None:
    """What has no budget is neither kept nor broken."""
    assert figure(1.0, 1.0).kept is True
    assert figure(1.000001, 1.0).kept is False
    assert figure(9.0, None).kept is None


def test_broken_names_what_passed_its_budget_and_nothing_else() -> None:
    """A figure without a budget never breaks the build."""
    bad = figure(2.0, 1.0)
    assert broken([figure(1.0, 1.0), bad, figure(5.0, None)]) == [bad]


def test_json_says_what_the_table_says() -> None:
    """The verdict is part of it."""
    assert figure(2.0, 1.0).as_json() == {
        "section": "cases",
        "name": "a price",
        "value": 2.0,
        "unit": "USD",
        "budget": 1.0,
        "kept": False,
        "note": "",
    }


def test_the_median_of_ratios_forgives_a_slow_spell() -> None:
    """One pair hit in the middle does not move it; a slow machine moves both halves of a pair."""
    assert median_ratio([(2.0, 1.0), (20.0, 10.0), (9.0, 1.0)]) == 2.0
    assert median_ratio([(1.0, 1.0), (2.0, 1.0)]) == 1.5
    with pytest.raises(statistics.StatisticsError):
        median_ratio([])


def test_a_percentile_is_one_of_the_values() -> None:
    """The smallest that the share does not exceed."""
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 0.95) == 95.0
    assert percentile(values, 1.0) == 100.0
    assert percentile([3.0], 0.5) == 3.0
    assert percentile([2.0, 1.0], 0.5) == 1.0
