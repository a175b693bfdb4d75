"""The command itself."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from infra.bench.__main__ import conclude, main
from infra.bench.children import BenchError
from infra.bench.figures import Figure, Section
from infra.bench.player import claims, script_named
from infra.local.demo.scripts import SCRIPTS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring back what the command forgets."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "HUB_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "https://somewhere.invalid")


def test_one_section_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Figures are shown and written, whatever they are; a real account is out of reach afterwards."""
    out = tmp_path / "bench.json"
    code = main(["--only", "filing", "--out", str(out)])
    found = json.loads(out.read_text(encoding="utf-8"))
    assert {figure["section"] for figure in found["figures"]} == {"filing"}
    assert code == any(figure["kept"] is False for figure in found["figures"])
    assert "own CPU of a filing" in capsys.readouterr().out
    assert "AWS_ENDPOINT_URL_DYNAMODB" not in os.environ


@pytest.mark.parametrize(("value", "code"), [(1.0, 0), (1.1, 1)])
def test_a_broken_budget_is_named_and_fails_the_command(tmp_path: Path, value: float, code: int) -> None:
    """What is kept does not."""
    figure = Figure(section=Section.CASES, name="docketed", value=value, unit="USD", budget=1.0)
    console = Console(file=io.StringIO(), width=120)
    assert conclude(console, [figure], [], tmp_path / "bench.json") == code
    assert isinstance(console.file, io.StringIO)
    assert ("BROKEN docketed: 1.10, budget 1.0" in console.file.getvalue()) == bool(code)


@pytest.mark.parametrize("runs", ["0", "-1", "many"])
def test_nothing_can_be_measured_less_than_once(runs: str) -> None:
    """Refused before anything starts."""
    with pytest.raises(SystemExit) as left:
        main(["--runs", runs])
    assert left.value.code == 2


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """And the exit codes."""
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    assert "python -m infra.bench --only imports" in capsys.readouterr().out


def test_an_unknown_section_is_refused() -> None:
    """With argparse's own words."""
    with pytest.raises(SystemExit) as left:
        main(["--only", "everything"])
    assert left.value.code == 2


def test_scripts_are_the_demos() -> None:
    """By name; an unknown one is named."""
    assert script_named(SCRIPTS[0].name) is SCRIPTS[0]
    with pytest.raises(BenchError, match="nothing"):
        script_named("nothing")


def test_each_role_acts_with_the_claims_it_needs() -> None:
    """A borrower is bound to its case and party."""
    assert claims("borrower", "C-1", "r1")["case_ids"] == ["C-1:r1"]
    assert claims("mediator", "C-1", None)["mediator_id"] == "m-001"
    assert "mediator_id" not in claims("centre", "C-1", None)
    assert claims("institution", "C-1", None)["institution_id"] == "bank-rcb"


def test_what_is_no_tree_of_the_hub_is_not_measured_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--only", "relay", "--before", str(tmp_path)]) == 2
    assert "holds no app.py" in "".join(capsys.readouterr().out.split("\n"))
