"""What the court's contract tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import urllib3

from chalicelib.adapters import signatures
from chalicelib.adapters.court.one_network import CourtEndpoint, OneNetworkCourt
from tests.contract.court.messages import COURT, utc
from tests.contract.court.scripted import ScriptedCourt, scripted_court
from tests.support.aws import aws_endpoint, dynamodb_local_endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["aws_endpoint", "dynamodb_local_endpoint"]


@pytest.fixture(scope="session")
def hub_keys() -> list[str]:
    """Make the hub's keys: shared, private, and public to verify the private one's signatures."""
    return [signatures.new_shared_key(), *signatures.new_key_pair()]


@pytest.fixture
def court() -> Iterator[ScriptedCourt]:
    """Give a court that receipts everything, until told otherwise."""
    with scripted_court() as scripted:
        scripted.receipt()
        yield scripted


@pytest.fixture
def adapter_to(hub_keys: list[str]) -> Iterator[Callable[..., OneNetworkCourt]]:
    """Make adapters whose connections end with the test."""
    http = urllib3.PoolManager(retries=False)
    shared, private = (key for key in hub_keys if not key.startswith(signatures.PUBLIC_PREFIX))

    def make(url: str, seconds: float = 5.0) -> OneNetworkCourt:
        return OneNetworkCourt(
            {COURT: CourtEndpoint(url, seconds)}, lambda _: [shared, private], utc, http=http
        )

    yield make
    http.clear()


@pytest.fixture
def adapter(court: ScriptedCourt, adapter_to: Callable[..., OneNetworkCourt]) -> OneNetworkCourt:
    """Give an adapter to that court."""
    return adapter_to(court.url)
