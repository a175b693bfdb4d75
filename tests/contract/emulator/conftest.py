"""Both engines a promise of DynamoDB is tested on: the fixed moto, and DynamoDB Local as the reference."""

import pytest

from tests.support.aws import unique


@pytest.fixture(params=["moto", "dynamodb_local"])
def engine(request: pytest.FixtureRequest) -> str:
    """URL of the engine under test."""
    names = {"moto": "aws_endpoint", "dynamodb_local": "dynamodb_local_endpoint"}
    url: str = request.getfixturevalue(names[request.param])
    return url


@pytest.fixture
def name() -> str:
    """Make a name of its own for what a test creates."""
    return unique("emulator")
