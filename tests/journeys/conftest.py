"""One running stack for all journeys of a worker; its clock moves when a story waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import urllib3

from infra.local.demo.client import HubClient, Issuer
from infra.local.passing import Passing
from infra.local.stack import Stack, running
from tests.support.travel import Traveller

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run the hub, a court and a token issuer on loopback; their clock stands until somebody waits."""
    logs = tmp_path_factory.mktemp("logs")
    knobs = {"pace_seconds": 0.1}
    with running(virtual=True, court_knobs=knobs, logs=logs) as started:
        yield started


@pytest.fixture
def traveller(stack: Stack) -> Iterator[Traveller]:
    """Somebody who plays each role over HTTP."""
    with urllib3.PoolManager(maxsize=4) as http:
        hub = HubClient(stack.hub_url, Issuer(stack.issuer_url, http), http)
        yield Traveller(stack, hub, http, Passing.of(stack, http))
