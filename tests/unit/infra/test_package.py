"""What packaging keeps out, and what it makes of a failure."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from infra import package, state_machine

if TYPE_CHECKING:
    from pathlib import Path


def test_the_zip_holds_the_app_and_none_of_this_machines_bytecode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """app.py and chalicelib are in; .pyc files of another path, infra and tests are not."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    template = package.generate("dev", tmp_path, with_dependencies=False)
    with zipfile.ZipFile(template.with_name(package.PACKAGE)) as opened:
        names = opened.namelist()
    assert {"app.py", "chalicelib/workflow/mediation.asl.json"} <= set(names)
    assert not any(name.endswith(".pyc") or name.startswith(("infra/", "tests/")) for name in names)


def test_packaging_sees_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the caller's AWS settings or of a hub's reaches the tools."""
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    monkeypatch.setenv("HUB_TABLE", "a-table")
    environment = package.environment()
    assert not {"AWS_PROFILE", "HUB_TABLE"} & environment.keys()
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"


def test_a_fault_in_the_template_is_reported_in_the_linters_words(tmp_path: Path) -> None:
    """A template that CloudFormation would refuse does not pass."""
    broken = tmp_path / "template.json"
    broken.write_text(
        json.dumps({"Resources": {"Pool": {"Type": "AWS::Cognito::UserPool"}}}), encoding="utf-8"
    )
    with pytest.raises(package.PackagingFailed, match="cn-north-1"):
        package.lint(broken)


def test_a_stage_is_packaged_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Template and zip lie side by side; the report says what was checked and what was not."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "false")
    out = tmp_path / "dev"
    assert package.main(["--stage", "dev", "--out", str(out), "--without-dependencies"]) == 0
    assert {package.TEMPLATE, package.PACKAGE} <= {path.name for path in out.iterdir()}
    report = capsys.readouterr().out
    assert "for python3." in report
    assert "cfn-lint clean for cn-north-1" in report
    assert "ASL check left out" in report


def test_a_failed_check_fails_packaging(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 1 and the tool's words are on standard error."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "true")
    arguments = ["--stage", "dev", "--out", str(tmp_path / "dev"), "--without-dependencies"]
    assert package.main(arguments) == 1
    assert "CI must have Node" in capsys.readouterr().err


def _packaged(folder: Path, name: str, file: str, content: bytes = b"") -> Path:
    """Write a template of one function, the zip of all functions, and one file into the named zip."""
    function = {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "python3.13"}}
    template = folder / package.TEMPLATE
    template.write_text(json.dumps({"Resources": {"Relay": function}}), encoding="utf-8")
    for each in (package.PACKAGE, name):
        with zipfile.ZipFile(folder / each, "w") as opened:
            opened.writestr(*((file, content) if each == name else ("app.py", b"")))
    return template


@pytest.mark.parametrize("name", ["deployment.zip", "drawing.zip"])
def test_a_zip_that_cannot_run_on_lambda_fails_packaging(tmp_path: Path, name: str) -> None:
    """A library of unknown origin is reported by name, also in the layer."""
    template = _packaged(tmp_path, name, "stray.so")
    with pytest.raises(package.PackagingFailed, match=r"stray\.so"):
        package.check(template)


def test_each_zip_is_reported_with_its_size(tmp_path: Path) -> None:
    """In millions of bytes."""
    template = _packaged(tmp_path, "drawing.zip", "python/typeface", b" " * 1_200_000)
    functions, layer = package.check(template)
    assert functions.startswith(f"{tmp_path}/deployment.zip: 0.0 MB, 0.0 MB unzipped, for python3.13")
    assert layer.startswith(f"{tmp_path}/drawing.zip: 1.2 MB, 1.2 MB unzipped")


def test_a_zip_of_all_functions_above_19_mb_fails_packaging(tmp_path: Path) -> None:
    """Every cold start waits for it; the layer's size only holds up those that draw."""
    with pytest.raises(package.PackagingFailed, match=r"19\.1 MB, its budget is 19 MB"):
        package.check(_packaged(tmp_path, "deployment.zip", "large", b" " * 19_100_000))
    (tmp_path / "deployment.zip").unlink()
    assert package.check(_packaged(tmp_path, "drawing.zip", "large", b" " * 19_100_000))


def test_ci_may_not_leave_the_state_machine_unchecked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Node the check is left out and says so, but never where CI=true."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "false")
    assert "left out" in state_machine.validate(tmp_path)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(state_machine.StateMachineRefused, match="CI must have Node"):
        state_machine.validate(tmp_path)
