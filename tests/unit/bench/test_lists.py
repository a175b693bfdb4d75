"""The benchmark of the lists: what it finds in the real hub, and that its budgets can break."""

from __future__ import annotations

from typing import Any

import pytest

from infra.bench import lists
from infra.bench.figures import broken


def read(pages: int = 4, units: float = 7.0) -> dict[str, Any]:
    """Return what a child found of a list that was read to its end."""
    return {"pages": pages, "rows": 200, "requests": 8, "records": 403, "units": units}


def child(units: float = 7.0, pages: int = 4, milliseconds: float = 10.0) -> dict[str, Any]:
    """Return what a child answers."""
    page = {"requests": 6, "records": 60, "units": units, "milliseconds": milliseconds}
    found = {lists.COURT: page, "a judge's own list": read(pages)}
    return {"10000": found, "100000": found}


def test_a_page_that_reads_too_much_and_a_list_of_too_many_pages_break_their_budgets() -> None:
    """Eight units for the page; as many pages as fifty rows each fill, at either size of the table."""
    assert broken(lists.figures_of([(child(), None)], held=False)) == []
    bad = broken(lists.figures_of([(child(units=22.0, pages=127), None)], held=False))
    assert [(figure.value, figure.budget) for figure in bad] == [(22, 8), (127, 4)] * 2


@pytest.mark.parametrize(
    ("milliseconds", "held", "kept"), [(20.0, True, True), (21.0, True, False), (21.0, False, None)]
)
def test_the_page_takes_a_third_of_the_references_cpu(
    milliseconds: float, held: bool, kept: bool | None
) -> None:
    """Any other revision stands beside it without a budget."""
    pairs = [(child(milliseconds=milliseconds), child(milliseconds=60.0))]
    figure = lists.figures_of(pairs, held=held)[-1]
    assert figure.value == pytest.approx(milliseconds / 60)
    assert figure.kept is kept


def test_the_hubs_lists_cost_the_same_in_a_table_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real hub on the stand-in, in a child: each budget is kept, and nothing grows."""
    monkeypatch.setattr(lists, "_TURNS", 1)
    figures = lists.measure(lambda _: None, None)
    assert broken(figures) == []
    by_size = [
        [(f.name.partition(",")[0], f.value) for f in figures if size in f.name] for size in ("10,", "100,")
    ]
    assert by_size[0] == by_size[1]
    assert len(by_size[0]) == 4
