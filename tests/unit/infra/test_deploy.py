"""What a deployment tells the AWS CLI."""

from __future__ import annotations

import json
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from infra import deploy

if TYPE_CHECKING:
    from pathlib import Path

_RECORDER = """#!{python}
import json, pathlib, sys
calls = pathlib.Path({calls!r})
calls.write_text(calls.read_text() + json.dumps(sys.argv[1:]) + "\\n")
raise SystemExit({code} if "deploy" in sys.argv else 0)
"""


def _aws(folder: Path, monkeypatch: pytest.MonkeyPatch, exit_code: int = 0) -> Path:
    """Put a program named aws on PATH that notes how it was called."""
    calls = folder / "calls"
    calls.write_text("")
    program = folder / "aws"
    program.write_text(_RECORDER.format(python=sys.executable, calls=str(calls), code=exit_code))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))
    return calls


def _give(file: Path, **parameters: str) -> None:
    entries = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    file.write_text(json.dumps(entries), encoding="utf-8")


def _deploy(folder: Path) -> int:
    parameters = folder / "prod.json"
    if not parameters.exists():
        _give(parameters, AlarmEndpoint="duty@centre.test")
    out = ["--out", str(folder)]
    return deploy.main(["--stage", "prod", *out, "--bucket", "artefacts", "--parameters", str(parameters)])


@pytest.fixture(autouse=True)
def packaged(tmp_path: Path) -> None:
    """Make a package with one function, as `make package` leaves it."""
    function = {"Type": "AWS::Serverless::Function", "Properties": {}}
    template = json.dumps({"Resources": {"Relay": function}})
    (tmp_path / "template.json").write_text(template, encoding="utf-8")
    (tmp_path / "deployment.zip").write_bytes(b"code")


def test_it_uploads_then_deploys_with_the_operators_parameters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two calls: the zip into the bucket, then the stack, by its name, with the parameters file."""
    calls = _aws(tmp_path, monkeypatch)
    assert _deploy(tmp_path) == 0
    upload, apply = (json.loads(line) for line in calls.read_text().splitlines())
    assert upload[:3] == ["cloudformation", "package", "--template-file"]
    released = json.loads((tmp_path / "released.json").read_text(encoding="utf-8"))
    assert upload[3] == str(tmp_path / "released.json")
    assert released["Resources"]["Relay"]["Properties"]["Description"].startswith("jiefen-hub release ")
    assert apply[apply.index("--stack-name") + 1] == "jiefen-hub-prod"
    assert apply[apply.index("--parameter-overrides") + 1] == f"file://{tmp_path}/prod.json"
    assert apply[apply.index("--template-file") + 1] == upload[upload.index("--output-template-file") + 1]


def test_code_template_and_parameters_make_a_release(tmp_path: Path) -> None:
    """The same of all three is the same release; a change of any one is another."""
    given = {"Courts": "{}", "AlarmEndpoint": "duty@centre.test"}
    names = [
        deploy.name_release(tmp_path, given),
        deploy.name_release(tmp_path, dict(reversed(given.items()))),
    ]
    assert names[0] == names[1]
    names.append(deploy.name_release(tmp_path, {**given, "Courts": '{"c": {}}'}))
    (tmp_path / "deployment.zip").write_bytes(b"other code")
    names.append(deploy.name_release(tmp_path, given))
    (tmp_path / "template.json").write_text('{"Resources": {}}', encoding="utf-8")
    names.append(deploy.name_release(tmp_path, given))
    assert len(set(names)) == 4


def test_without_a_package_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is uploaded."""
    calls = _aws(tmp_path, monkeypatch)
    (tmp_path / "deployment.zip").unlink()
    assert _deploy(tmp_path) == 1
    assert "make package" in capsys.readouterr().err
    assert calls.read_text() == ""


def test_a_failed_call_ends_the_deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code of the AWS CLI is the command's."""
    _aws(tmp_path, monkeypatch, exit_code=7)
    assert _deploy(tmp_path) == 7


def test_without_the_aws_cli_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing program is named, not a traceback."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _deploy(tmp_path) == 1
    assert "AWS CLI" in capsys.readouterr().err


@pytest.mark.parametrize("given", [{}, {"AlarmEndpoint": ""}])
def test_production_without_an_address_for_its_alarms_is_refused_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: dict[str, str],
) -> None:
    """Nothing is uploaded; a development stage may stay silent."""
    calls = _aws(tmp_path, monkeypatch)
    _give(tmp_path / "prod.json", **given)
    assert _deploy(tmp_path) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "AlarmEndpoint" in line
    assert calls.read_text() == ""
    deploy.check("dev", tmp_path / "prod.json")


@pytest.mark.parametrize("text", ["", "{}]", '{"AlarmEndpoint": "x"}', '["AlarmEndpoint=x"]'])
def test_parameters_in_another_form_are_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    _aws(tmp_path, monkeypatch)
    (tmp_path / "prod.json").write_text(text, encoding="utf-8")
    assert _deploy(tmp_path) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "ParameterKey" in line
