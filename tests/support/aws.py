"""AWS for tests: moto with our fixes, and Amazon's DynamoDB Local where Java and Maven are present.

A conftest registers the fixtures with `pytest_plugins = ["tests.support.aws"]`. Each pytest-xdist worker
has a moto process of its own, shared by all its tests, and one of them has DynamoDB Local; tests keep apart
by the names of what they create (`unique`). Downside: what a test leaves behind stays until the session ends.
"""

import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import boto3
import pytest
from botocore.config import Config

from infra.local import dynamodb_local, fetched
from infra.local.processes import Supervisor, free_port
from tests.support.engines import needs

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

REGION = "cn-north-1"
"""A region of another partition than `aws`, so that a hard-coded partition fails."""

PLAIN = os.environ.get("HUB_EMULATOR") == "plain"
"""Whether to test moto as released, to see which fixes it still needs."""

# Java's quick compiler: in a session this short the better one costs more than it saves.
JAVA_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")

# No retries: a test sees each failure.
_CONFIG = Config(retries={"total_max_attempts": 1}, max_pool_connections=50)
_counter = itertools.count()
T = TypeVar("T")


@pytest.hookimpl(tryfirst=True)  # before xdist, which shares out by the groups that it finds then
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give one worker all tests on DynamoDB Local, and one all on the atlas: both take long to begin."""
    for item in items:
        if hasattr(getattr(item, "module", None), "atlas"):
            item.add_marker(pytest.mark.xdist_group("atlas"))
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if "dynamodb_local" in parameters or "dynamodb_local_endpoint" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("dynamodb-local"))


@pytest.fixture(scope="session")
def aws_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a moto process with our fixes, for every AWS service."""
    port = free_port()
    command = [sys.executable, "-m", "infra.local.moto_server", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    with Supervisor(tmp_path_factory.mktemp("moto")) as supervisor:
        supervisor.start(
            "moto",
            [*command, "--plain"] if PLAIN else command,
            env={"PYTHONPATH": str(Path(__file__).parents[2])},
            ready_url=f"{url}/moto-api/",
        )
        yield url


@pytest.fixture(scope="session")
def dynamodb_local_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a DynamoDB Local of this session."""
    needs("DynamoDB Local", fetched.java_missing())
    java, *arguments = dynamodb_local.server_command(dynamodb_local.fetch(), port := free_port(), None)
    command = [java, *JAVA_OPTIONS, *arguments]
    url = f"http://127.0.0.1:{port}"
    with Supervisor(tmp_path_factory.mktemp("dynamodb-local")) as supervisor:
        # It answers an unsigned request with a 400, which is ready enough.
        supervisor.start("dynamodb-local", command, env={"DDB_LOCAL_TELEMETRY": "0"}, ready_url=url)
        yield url


@cache
def dynamodb(endpoint: str) -> "DynamoDBClient":
    """Client of DynamoDB; like the others one for all tests, since making one costs more than most tests."""
    return _session().client("dynamodb", endpoint_url=endpoint, config=_CONFIG)


@cache
def streams(endpoint: str) -> "DynamoDBStreamsClient":
    """Client of DynamoDB Streams."""
    return _session().client("dynamodbstreams", endpoint_url=endpoint, config=_CONFIG)


@cache
def sqs(endpoint: str) -> "SQSClient":
    """Client of SQS."""
    return _session().client("sqs", endpoint_url=endpoint, config=_CONFIG)


@cache
def step_functions(endpoint: str) -> "SFNClient":
    """Client of Step Functions."""
    return _session().client("stepfunctions", endpoint_url=endpoint, config=_CONFIG)


def _session() -> boto3.session.Session:
    return boto3.session.Session("test", "test", region_name=REGION)


def unique(prefix: str) -> str:
    """Make a name that no other test of this run uses."""
    return f"{prefix}-{os.getpid()}-{next(_counter)}"


def eventually(probe: Callable[[], T], *, seconds: float = 10.0) -> T:
    """Return the first truthy answer of `probe`; fails the test when there is none in time."""
    give_up_at = time.monotonic() + seconds
    while not (answer := probe()):
        if time.monotonic() > give_up_at:
            pytest.fail(f"still {answer!r} after {seconds} s")
        time.sleep(0.02)
    return answer
