"""The command itself."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from infra.bench.__main__ import main
from infra.bench.children import BenchError
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
