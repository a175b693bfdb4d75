"""A page's own CPU is told as the multiple of a filing's."""

from __future__ import annotations

from infra.bench.pages import figure_of


def test_the_ratio_is_of_the_medians() -> None:
    """One slow page or filing moves nothing."""
    figure = figure_of([0.004, 0.004, 0.9], [0.002, 0.001, 0.002], [3000, 3100])
    assert (figure.value, figure.budget, figure.kept) == (2.0, 8.0, True)
    assert figure.note == "4.0 ms; 3100 bytes on the way"
