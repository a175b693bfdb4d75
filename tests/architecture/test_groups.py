"""Tests that share what is slow to start run in one worker."""

import pytest


def test_each_group_shows_in_the_ids_that_xdist_shares_out_by(request: pytest.FixtureRequest) -> None:
    """A pytest that keeps the groups out of the ids, or a mark that xdist sees too late, splits them."""
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("not shared out by groups")
    groups = {item.nodeid: list(item.iter_markers("xdist_group")) for item in request.session.items}
    assert request.node.nodeid.endswith("@groups-are-kept")
    assert [nodeid for nodeid, marks in groups.items() if marks and "@" not in nodeid] == []


pytestmark = pytest.mark.xdist_group("groups-are-kept")
