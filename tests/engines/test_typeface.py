"""The typeface is made again from its package: a minute of work, so it stands apart from the quick tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.documents import typeface
from infra import fonts

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_made_anew_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made in another place, by Python alone, it has the same bytes, coverage, licence and copyright."""
    monkeypatch.setenv("PATH", "")
    made = fonts.ensure(tmp_path)
    assert made.read_bytes() == typeface.FILE.read_bytes()
    assert (tmp_path / typeface.COVERAGE.name).read_bytes() == typeface.COVERAGE.read_bytes()
    licence = (tmp_path / "OFL.txt").read_text(encoding="utf-8")
    assert licence.startswith("© 2017-2024 Adobe")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert {path.name for path in tmp_path.iterdir()} == {made.name, typeface.COVERAGE.name, "OFL.txt"}
