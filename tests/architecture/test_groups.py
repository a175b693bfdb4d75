"""Tests that share what is slow to start run in one worker."""

import pytest


def test_a_group_shows_in_the_id_that_xdist_shares_out_by(request: pytest.FixtureRequest) -> None:
    """pytest-xdist shares out by ids; a pytest that keeps the group out of them splits it."""
    item = request.node
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("not shared out by groups")
    assert item.nodeid.endswith("@groups-are-kept")


pytestmark = pytest.mark.xdist_group("groups-are-kept")
