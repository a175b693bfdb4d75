"""The typeface is made again from its package: a minute of work, so it stands apart from the quick tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.documents import typeface
from infra import fonts
from tests.support.engines import needs

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
    files = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert files == {made.name, typeface.COVERAGE.name, "OFL.txt"}


def test_the_second_typeface_made_anew_is_the_same(tmp_path: Path) -> None:
    """From Debian's package, with what it covers and its licence beside it."""
    needs("the second typeface", None if fonts.RARE_SOURCE.exists() else "Debian: fonts-hanazono")
    fonts.ensure(tmp_path)
    made = {path.name: path.read_bytes() for path in (tmp_path / "rare").iterdir()}
    assert made[typeface.RARE_FILE.name] == typeface.RARE_FILE.read_bytes()
    assert made[typeface.RARE_COVERAGE.name] == typeface.RARE_COVERAGE.read_bytes()
    assert b"Hanazono Font License" in made["LICENCE.txt"]
