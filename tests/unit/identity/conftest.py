"""Fixtures of the identity tests."""

from __future__ import annotations

import pytest

from tests.unit.identity.support import World


@pytest.fixture(scope="module")
def world() -> World:
    """Return a world whose clock stands still and whose keys never change: share it freely."""
    return World()


@pytest.fixture
def fresh_world() -> World:
    """Return a world of one's own, to move its clock and rotate its keys."""
    return World()
