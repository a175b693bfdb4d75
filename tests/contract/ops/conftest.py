"""A stack on the emulator: the template's resources, and functions that are told of them as deployed."""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from chalicelib.bootstrap import LiveHub
from chalicelib.settings import Settings
from infra.local.resources import create
from infra.template import build
from infra.template.chalice_config import functions
from tests.support.aws import REGION, unique

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Deployed:
    """A stack: its name, and what its functions are told."""

    name: str
    environment: Mapping[str, str]

    @property
    def hub(self) -> LiveHub:
        """The hub that its functions have."""
        return LiveHub(Settings.from_environment(self.environment))

    def url(self, queue: str) -> str:
        """Return the URL of one of its queues."""
        url: str = boto3.client("sqs").get_queue_url(QueueName=f"{self.name}-{queue}")["QueueUrl"]
        return url


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work in an empty folder, with an environment that a command may add to."""
    before = dict(os.environ)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def emulated(aws_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every client of this test talk to the emulator."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_endpoint)


@pytest.fixture
def deployed(emulated: None) -> Deployed:  # noqa: ARG001 - its clients are the emulator's
    """Return a stack; its first function knows a part of the settings, the others all of them."""
    stage = unique("t")
    secret = json.dumps({"courts": {}})
    told = dict(create(build("dev"), stage=stage, secret=secret).environment)
    told |= {"HUB_COURTS": '{"court-jc": {"url": "https://court.test"}}'}
    stack = Deployed(f"jiefen-hub-{stage}", told)
    for number, name in enumerate(functions()):
        _function(stack.name, name, told if number else {"HUB_STAGE": stage})
    return stack


def _function(stack: str, name: str, told: Mapping[str, str]) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role: Any = boto3.client("iam").create_role(RoleName=f"{stack}-{name}", AssumeRolePolicyDocument=trust)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "")
    answer = boto3.client("lambda").create_function(
        FunctionName=f"{stack}-{'api' if name == 'api_handler' else name}",
        Role=role["Role"]["Arn"],
        Runtime="python3.13",
        Handler="app.app",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": dict(told)},
        Publish=True,
    )
    boto3.client("lambda").create_alias(FunctionName=answer["FunctionName"], Name="live", FunctionVersion="1")
