"""Every module says what it promises, and nothing is mocked by patching."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRACKED = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S607 - git is git
MODULES = [ROOT / line for line in TRACKED.stdout.splitlines() if (ROOT / line).exists()]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_with_code_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if tree.body:
        assert ast.get_docstring(tree)


def test_nothing_is_mocked_by_patching() -> None:
    """A fake stands in for a port and passes its contract tests; a patched name passes anything."""
    patched = "mock" + ".patch"
    assert [name(path) for path in MODULES if patched in path.read_text(encoding="utf-8")] == []
