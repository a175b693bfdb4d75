"""Commands find their hub by the stack's name or by what `make run` wrote, or say what is missing."""

from __future__ import annotations

import io
import json
import os
import zipfile
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from typer.testing import CliRunner

from infra.local.run import write_for_operators
from infra.ops.__main__ import app
from infra.ops.target import LOCAL
from infra.template.chalice_config import functions
from tests.support.aws import REGION, unique

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In an empty folder, with an environment that a command may add to."""
    before = dict(os.environ)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    yield
    os.environ.clear()
    os.environ.update(before)


def run(*arguments: str) -> Result:
    result: Any = CliRunner().invoke(app, list(arguments))
    return result


def said(result: Result) -> str:
    """Return the one line of a refusal."""
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    return line


@pytest.fixture
def deployed(aws_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Functions of a stack, each told of a part of the settings, as deployed."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_endpoint)
    stack = unique("jiefen-hub-t")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = boto3.client("iam").create_role(RoleName=stack, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "")
    for number, name in enumerate(functions()):
        told = {"HUB_STAGE": "t"} | ({"HUB_TABLE": stack} if number else {})
        boto3.client("lambda").create_function(
            FunctionName=f"{stack}-{'api' if name == 'api_handler' else name}",
            Role=role,
            Runtime="python3.13",
            Handler="app.app",
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": told},
        )
    boto3.client("dynamodb").create_table(
        TableName=stack,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")],
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
    )
    return stack


def test_a_stack_is_found_by_its_name(deployed: str) -> None:
    """Its table is read: it holds no such case."""
    assert said(run("export-chain", "C-1", "--stack", deployed)).startswith("no case C-1")


def test_an_unknown_stack_is_named_in_one_line(aws_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_endpoint)
    line = said(run("follow", "C-1", "--stack", "jiefen-hub-nowhere"))
    assert "no stack jiefen-hub-nowhere in cn-north-1" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ("follow", "C-1"),
        ("export-chain", "C-1"),
        ("reemit", "C-1", "--dry-run"),
        ("sweep", "--dry-run"),
        ("redrive", "court", "--dry-run"),
    ],
)
def test_without_a_hub_each_command_says_how_to_name_one(arguments: tuple[str, ...]) -> None:
    assert "--stack jiefen-hub-prod" in said(run(*arguments))


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("redrive",), "Missing argument"),
        (("redrive", "court", "--limit", "many"), "--limit"),
        (("verify-chain", "nowhere.json"), "nowhere.json"),
        (("sweeep",), "sweeep"),
        (("--stak", "x", "sweep"), "--stak"),
    ],
)
def test_wrong_input_is_one_line(arguments: tuple[str, ...], remedy: str) -> None:
    line = said(run(*arguments))
    assert remedy in line
    assert "--help" in line


def test_what_make_run_wrote_leads_to_its_hub(deployed: str) -> None:
    """Lines, quotes and spaces in a value come back as they were; the region and the endpoint, too."""
    text = "two\nlines, \"quotes\" and 'others'"
    told = {"HUB_STAGE": "t", "HUB_TABLE": deployed, "HUB_SIGNING_CERTIFICATES": text, "AWS_REGION": REGION}
    write_for_operators(told)
    assert said(run("export-chain", "C-1")).startswith("no case C-1")
    assert os.environ["HUB_SIGNING_CERTIFICATES"] == text


def test_no_credentials_of_an_account_are_written_down() -> None:
    write_for_operators({"AWS_SECRET_ACCESS_KEY": "of-an-account", "AWS_ACCESS_KEY_ID": "local"})
    assert "of-an-account" not in LOCAL.read_text()
    assert "AWS_ACCESS_KEY_ID=local" in LOCAL.read_text()


def test_a_damaged_file_is_one_line() -> None:
    LOCAL.parent.mkdir()
    LOCAL.write_text("HUB_TABLE='never closed")
    assert "can't be read" in said(run("sweep"))


def test_settings_that_do_not_fit_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_TABLE", "t")
    monkeypatch.delenv("HUB_STAGE", raising=False)
    assert "HUB_STAGE is not set" in said(run("sweep"))


def test_an_aws_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "HUB_STAGE": "t",
        "HUB_TABLE": "t",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    assert "make run" in said(run("redrive", "court"))
