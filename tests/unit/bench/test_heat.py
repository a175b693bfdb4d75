"""The hottest keys, simulated from what one case wrote."""

from __future__ import annotations

import pytest

from infra.bench.figures import broken
from infra.bench.heat import _KEYS, figures_of, hottest
from infra.template.storage import INDEXES

HEAT = {
    ("", "CASE#c1"): 73,
    ("by_court", "court#2"): 16,
    ("by_court_stage", "court#filed"): 2,
    ("by_court_stage", "court#docketed"): 1,
    ("by_institution_id", "bank-1"): 8,
    ("due", "3"): 2,
    ("", "WORK#centre:court-jc#2"): 8,
    ("", "WORK#institution:bank-1#1"): 4,
    ("", "WORK#mediator:court-jc:m-1#0"): 14,
}


def test_every_index_has_its_keys() -> None:
    """One that is added without them is an error."""
    assert set(_KEYS) == {*INDEXES, "work lists"}


def test_the_hottest_keys_at_a_hundred_filings_a_second() -> None:
    """Shards share a court's 1,600 units and the due index's 200; the bank has half of 800."""
    found = hottest(HEAT)
    assert found["by_court"][1] == pytest.approx(400, rel=0.1)
    assert found["due"][1] == pytest.approx(25, rel=0.1)
    assert found["by_court_stage"] == ("court#filed", 200)
    assert found["by_institution_id"] == ("the bank", 400)
    # A centre's 800 units have four shards; 200 mediators share 1,400.
    assert found["work lists"][0].startswith("centre:court-jc#")
    assert found["work lists"][1] == pytest.approx(200, rel=0.1)


def test_a_list_that_is_written_with_every_change_breaks_the_budget() -> None:
    """As an institution's did, with some 17 units a case: 850 a second for half of the filings."""
    hot = {("by_institution_id", "bank-1"): 17}
    assert [figure.value for figure in broken(figures_of(hot))] == [850]
