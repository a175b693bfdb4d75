"""The first POST and a warm one, beside others."""

from __future__ import annotations

import pytest

from infra.bench.children import HUB, BenchError, ask
from infra.bench.imports import USES
from infra.bench.posts import Served, Subject, figures_for, serve, subjects
from infra.bench.shipped import INSTALLED, Build
from infra.template.chalice_config import ROOT

PATHS = (str(ROOT), str(INSTALLED))


def _subject(name: str, *, held: bool = True) -> Subject:
    return Subject(name, PATHS, "app:app", (), held=held)


def test_the_hub_serves_filings_with_the_wire_cut() -> None:
    """Its own CPU time is less than with botocore's part, and both are less than the start."""
    asked = ask("infra.bench.filing", {"events": 4}, HUB)
    served = serve(Subject("hub", PATHS, "app:app", asked["events"], {"_HANDLER": "app.app"}, asked["items"]))
    assert 0 < served.own < served.whole < served.ready


def test_a_refused_request_is_no_figure() -> None:
    """The error names who refused it."""
    events = ask("infra.bench.filing", {"events": 1}, HUB)["events"]
    spoiled = [{**events[0], "body": "{}"}]
    with pytest.raises(BenchError, match=r"(?s)hub ended with 1.*answered 422"):
        serve(Subject("hub", PATHS, "app:app", spoiled, {"_HANDLER": "app.app"}))


@pytest.mark.parametrize(
    ("name", "held", "budgets"),
    [
        ("before", True, [0.72, 0.64, None]),
        ("before", False, [None, None, None]),
        ("cookbook", True, [0.65, 0.9, None]),
        ("FastAPI and Mangum", True, [None, None, None]),
    ],
)
def test_figures_are_the_hubs_over_the_others(name: str, held: bool, budgets: list[float | None]) -> None:
    """Budgets are held beside the reference and the cookbook; other peers are shown."""
    pairs = [(Served(1.0, 2.0, 3.0), Served(4.0, 4.0, 4.0))]
    figures = figures_for(_subject(name, held=held), pairs)
    assert [figure.value for figure in figures] == [0.25, 0.5, 0.75]
    assert [figure.budget for figure in figures] == budgets


def test_what_is_left_out_is_said_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cookbook where nobody says where it is, and the peers where there is no index of packages."""
    monkeypatch.setattr("infra.bench.posts._libraries_installed", lambda: False)
    said: list[str] = []
    hub, others = subjects(Build(ROOT, {"api_handler": PATHS}, USES), None, None, said.append)
    assert (hub.name, others) == ("hub", [])
    assert [line.partition(",")[0].partition(";")[0] for line in said] == [
        "left out: the peers",
        "left out: the handler cookbook",
    ]
