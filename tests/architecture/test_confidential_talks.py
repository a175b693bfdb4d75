"""What is said in the talks and to the judge has no way into a dossier (TY22)."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import chalicelib
from chalicelib.registry import capabilities

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(chalicelib.__file__).parent
FOR_A_COURT = {"DefencesForCourt", "CourtEvidence"}
"""The ports by which the core asks a capability for documents of a dossier."""


def imported(module: Path) -> Iterator[str]:
    """Yield what a module imports, as it is written."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


@pytest.mark.parametrize("name", ["talks", "guidance"])
def test_the_capability_knows_no_type_of_a_dossier(name: str) -> None:
    """Neither a document of one nor a port that is asked for one."""
    modules = sorted((ROOT / "capabilities" / name).glob("*.py"))
    found = {each for module in modules for each in imported(module)}
    assert len(modules) > 4
    assert not {each for each in found if ".dossier" in each or each.rpartition(".")[2] in FOR_A_COURT}
    (declared,) = (each for each in capabilities() if each.name == name)
    assert not {port.rpartition(":")[2] for port in declared.parts} & FOR_A_COURT


def test_the_same_search_finds_who_does_give_documents() -> None:
    """Statements of defence go to a court, if their party asks."""
    found = {
        each for module in (ROOT / "capabilities" / "defences").glob("*.py") for each in imported(module)
    }
    assert "chalicelib.domain.dossier.json_document" in found
    assert "chalicelib.use_cases.capability_ports.DefencesForCourt" in found
