"""Every module says what it promises, and nothing is mocked by patching."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TRACKED = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S607 - git is git
SOURCES = {
    line: (ROOT / line).read_text(encoding="utf-8")
    for line in TRACKED.stdout.splitlines()
    if (ROOT / line).exists()
}


def test_a_module_with_code_says_what_it_is_for() -> None:
    """Its docstring is the first thing a reader meets."""
    trees = {name: ast.parse(source) for name, source in SOURCES.items()}
    assert [name for name, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


def test_nothing_is_mocked_by_patching() -> None:
    """A fake stands in for a port and passes its contract tests; a patched name passes anything."""
    patched = "mock" + ".patch"
    assert [name for name, source in SOURCES.items() if patched in source] == []
