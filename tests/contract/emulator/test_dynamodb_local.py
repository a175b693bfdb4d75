"""DynamoDB Local keeps its data, and says what it lacks."""

import os
import sys
from pathlib import Path

import pytest

from infra.local import dynamodb_local, fetched
from infra.local.processes import Supervisor, free_port
from tests.contract.emulator.tables import create_table, item, key
from tests.support.aws import JAVA_OPTIONS, dynamodb

ROOT = Path(__file__).parents[3]


def test_data_survive_a_restart(tmp_path: Path, dynamodb_local_endpoint: str) -> None:
    """What was written before the end is there after the next start, from the command line as documented."""
    del dynamodb_local_endpoint  # its fixture skips where Java or Maven is missing
    found = []
    for start in range(2):
        port = free_port()
        command = [sys.executable, "-m", "infra.local.dynamodb_local", "--port", str(port)]
        url = f"http://127.0.0.1:{port}"
        with Supervisor(tmp_path) as supervisor:
            supervisor.start(
                "dynamodb",
                [*command, "--db-path", str(tmp_path / "data")],
                env={"PYTHONPATH": str(ROOT), "JAVA_TOOL_OPTIONS": " ".join(JAVA_OPTIONS)},
                ready_url=url,
            )
            client = dynamodb(url)
            if start == 0:
                create_table(client, "cases")
                client.put_item(TableName="cases", Item=item("c-1"))
            found.append(client.get_item(TableName="cases", Key=key("c-1")).get("Item"))
    assert found == [item("c-1"), item("c-1")]


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Java nothing is tried."""
    monkeypatch.setenv("PATH", "")
    assert fetched.java_missing() == "java is not installed"
    with pytest.raises(SystemExit, match="java is not installed"):
        dynamodb_local.main(["--port", "1"])


@pytest.mark.parametrize(
    ("said", "missing"), [('openjdk version "17.0.15"', None), ('java version "1.8.0"', "found 1")]
)
def test_an_old_java_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, missing: str | None
) -> None:
    """The version is read from what `java -version` says."""
    _program(tmp_path / "java", f"echo '{said}' >&2")
    _program(tmp_path / "mvn", "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    reason = fetched.java_missing()
    assert reason is None if missing is None else reason is not None and missing in reason


def test_a_failed_fetch_says_why_and_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Maven's last words are in the error; the next try begins anew."""
    _program(tmp_path / "mvn", "echo 'no route to host'; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(fetched.FetchFailedError, match="no route to host"):
        dynamodb_local.fetch(tmp_path / "jars")
    _program(tmp_path / "mvn", 'for a; do case "$a" in -DoutputDirectory=*) mkdir -p "${a#*=}";; esac; done')
    assert dynamodb_local.fetch(tmp_path / "jars").is_dir()


def _program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o700)
