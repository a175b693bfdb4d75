"""Cold starts: that every function is measured and each child tells two times."""

from __future__ import annotations

import pytest

from infra.bench.imports import (
    API_BUDGET,
    EVENT_BUDGET,
    SHIPPED_BUDGET,
    USES,
    Start,
    beside,
    figures_for,
    first_page,
    measure_once,
    page_once,
)
from infra.bench.shipped import INSTALLED, Build
from infra.template.chalice_config import ROOT, functions


def test_every_function_is_measured() -> None:
    """A function added to the configuration needs its line here."""
    assert set(USES) == set(functions())


@pytest.fixture(scope="module")
def build() -> Build:
    """Give each function this tree and what is installed, as they are."""
    return Build(ROOT, dict.fromkeys(functions(), (str(ROOT), str(INSTALLED))), USES)


@pytest.mark.parametrize("function", ["relay", "api_handler"])
def test_a_function_tells_when_it_is_imported_and_when_it_is_ready(build: Build, function: str) -> None:
    """What it uses takes time of its own, the API's first request too; the numbers are no test's business."""
    start = measure_once(build, function)
    assert 0 < start.imported < start.ready


def test_the_ratio_is_the_median_of_neighbours() -> None:
    """The API has a budget of its own."""
    pairs = [
        (Start(2.0, 3.0), Start(1.0, 1.0)),
        (Start(3.0, 5.0), Start(1.0, 1.0)),
        (Start(9.0, 9.0), Start(9.0, 9.0)),
    ]
    imported, ready = figures_for("relay", pairs)
    assert (imported.value, imported.budget) == (2.0, EVENT_BUDGET)
    assert (ready.value, ready.budget) == (3.0, EVENT_BUDGET)
    assert [figure.budget for figure in figures_for("api_handler", pairs)] == [API_BUDGET, None]


@pytest.mark.parametrize(
    ("function", "held", "budget"),
    [("api_handler", True, SHIPPED_BUDGET), ("api_handler", False, None), ("relay", True, None)],
)
def test_the_build_before_stands_beside_it(function: str, held: bool, budget: float | None) -> None:
    """Its budget is that of the API beside the reference; beside any other build the ratio is shown only."""
    figure = beside(function, [(Start(1.0, 2.0), Start(3.0, 8.0))], held=held)
    assert (figure.value, figure.budget) == (0.25, budget)


def test_the_consoles_first_page_stands_beside_the_apis_first_answer(build: Build) -> None:
    """A page is served from nothing: it renders without a session and without AWS."""
    page = page_once(build)
    assert 0 < page.imported < page.ready
    figure = first_page([(Start(1.0, 6.0), Start(1.0, 5.0))])
    assert (figure.value, figure.budget) == (1.2, 1.25)
