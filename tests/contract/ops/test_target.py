"""Commands find their hub by the stack's name or by what `make run` wrote, or say what is missing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from infra.local.run import write_for_operators
from infra.ops.__main__ import app
from infra.ops.target import LOCAL
from tests.support.aws import REGION

if TYPE_CHECKING:
    from tests.contract.ops.conftest import Deployed


def run(*arguments: str) -> Any:
    """Run a command."""
    return CliRunner().invoke(app, list(arguments))


def said(result: Any) -> str:
    """Return the one line of a refusal."""
    assert (result.exit_code, result.stdout) == (2, "")
    line: str
    (line,) = result.stderr.splitlines()
    return line


def test_a_stack_is_found_by_its_name(deployed: Deployed) -> None:
    """Its table is read: it holds no such case."""
    assert said(run("export-chain", "C-1", "--stack", deployed.name)).startswith("no case C-1")


@pytest.mark.usefixtures("emulated")
def test_an_unknown_stack_is_named_in_one_line() -> None:
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


def test_what_make_run_wrote_leads_to_its_hub(deployed: Deployed) -> None:
    """Lines, quotes and spaces in a value come back as they were; the region and the endpoint, too."""
    text = "two\nlines, \"quotes\" and 'others'"
    told = {
        "HUB_STAGE": "t",
        "HUB_TABLE": deployed.name,
        "HUB_SIGNING_CERTIFICATES": text,
        "AWS_REGION": REGION,
    }
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
