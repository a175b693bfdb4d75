"""A filing, served in this process by the stand-in that the benchmark uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from chalicelib import bootstrap
from infra.bench.children import AWS, HUB
from infra.bench.filing import figures_for, measured

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process be a hub that talks to nobody, and forget it afterwards."""
    for name, value in {**AWS, **HUB}.items():
        monkeypatch.setenv(name, value)
    session = boto3.DEFAULT_SESSION
    bootstrap.hub.cache_clear()
    yield
    bootstrap.hub.cache_clear()
    boto3.DEFAULT_SESSION = session


@pytest.mark.usefixtures("hub")
def test_a_filing_is_one_transaction_and_at_most_two_calls_to_the_table() -> None:
    """From the gateway's event to its answer; what is enrolled is read together with the data key."""
    found = measured(runs=2)
    assert found["calls"] == {
        "new container": {"BatchGetItem": 1, "Decrypt": 1, "TransactWriteItems": 1},
        "warm": {"TransactWriteItems": 1},
    }
    assert [0 < own < whole for own, whole in zip(found["own"], found["whole"], strict=True)] == [True, True]


def test_figures_are_the_median_and_the_calls() -> None:
    """In milliseconds; the key service is no call to the table."""
    figures = figures_for(
        {
            "own": [0.001, 0.002, 0.009],
            "whole": [0.002, 0.003, 0.010],
            "calls": {
                "new container": {"BatchGetItem": 1, "Decrypt": 1, "TransactWriteItems": 1},
                "warm": {"TransactWriteItems": 1},
            },
        }
    )
    assert [(figure.value, figure.budget) for figure in figures] == [
        (2.0, 5.0),
        (3.0, None),
        (2, 2),
        (1, 2),
        (1, 1),
    ]
    assert "95 % below 9.0 ms" in figures[0].note
