"""Cold starts: that every function is measured and each child tells two times."""

from __future__ import annotations

from infra.bench.imports import API_BUDGET, EVENT_BUDGET, USES, Start, figures_for, measure_once
from infra.template.chalice_config import functions


def test_every_function_is_measured() -> None:
    """A function added to the configuration needs its line here."""
    assert set(USES) == set(functions())


def test_a_function_tells_when_it_is_imported_and_when_it_is_ready() -> None:
    """What it uses takes time of its own; the numbers themselves are no test's business."""
    start = measure_once("relay")
    assert 0 < start.imported < start.ready


def test_the_api_is_ready_when_its_first_request_is_served() -> None:
    """Its validation is loaded with that."""
    start = measure_once("api_handler")
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
    assert (ready.value, ready.budget) == (3.0, None)
    assert figures_for("api_handler", pairs)[0].budget == API_BUDGET
