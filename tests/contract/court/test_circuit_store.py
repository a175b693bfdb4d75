"""Every circuit store keeps what it was given, and lets only one of two writers win."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from chalicelib.adapters.court.circuit import Circuit, CircuitStore, Status
from chalicelib.adapters.dynamo.circuit import DynamoCircuitStore
from tests.contract.court.circuits import InMemoryCircuits
from tests.support.aws import dynamodb, unique

UNTIL = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture(params=["memory", "moto", "dynamodb_local"])
def store(request: pytest.FixtureRequest) -> CircuitStore:
    """Give each implementation in turn, empty."""
    if request.param == "memory":
        return InMemoryCircuits()
    endpoint = request.getfixturevalue(
        "aws_endpoint" if request.param == "moto" else "dynamodb_local_endpoint"
    )
    client = dynamodb(endpoint)
    table = unique("circuits")
    client.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("PK", "SK")],
        BillingMode="PAY_PER_REQUEST",
    )
    return DynamoCircuitStore(client, table)


def test_a_court_that_was_never_stored_is_closed_at_version_0(store: CircuitStore) -> None:
    assert store.get("a") == Circuit(status=Status.CLOSED, openings=0, until=None, version=0)


@pytest.mark.parametrize(
    "circuit",
    [
        Circuit(status=Status.OPEN, openings=3, until=UNTIL, version=1),
        Circuit(status=Status.HALF_OPEN, openings=1, until=UNTIL, version=1),
        Circuit(version=1),
    ],
)
def test_what_is_stored_comes_back(store: CircuitStore, circuit: Circuit) -> None:
    assert store.put("a", circuit)
    assert store.get("a") == circuit


def test_courts_do_not_share_a_circuit(store: CircuitStore) -> None:
    assert store.put("a", Circuit(status=Status.OPEN, openings=1, until=UNTIL, version=1))
    assert store.get("b") == Circuit()


@pytest.mark.parametrize("version", [1, 2, 4, 5])
def test_only_the_next_version_is_stored(store: CircuitStore, version: int) -> None:
    for earlier in (1, 2):
        assert store.put("a", Circuit(version=earlier))
    before = store.get("a")
    assert not store.put("a", Circuit(status=Status.OPEN, openings=1, until=UNTIL, version=version))
    assert store.get("a") == before


def test_a_later_version_is_not_stored_where_there_is_none(store: CircuitStore) -> None:
    assert not store.put("a", Circuit(version=2))
    assert store.get("a") == Circuit()


def test_of_many_writers_at_once_one_wins(store: CircuitStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda _: store.put("a", Circuit(version=1)), range(8)))
    assert won.count(True) == 1
