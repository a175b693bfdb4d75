"""The typeface is made from its lock alone: the same bytes, and never half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.adapters.documents import typeface
from infra import fonts

if TYPE_CHECKING:
    from pathlib import Path


def test_made_anew_it_is_the_same(tmp_path: Path) -> None:
    """Made in another place it has the same bytes, the same coverage and its licence beside it."""
    made = fonts.ensure(tmp_path)
    assert made.read_bytes() == typeface.FILE.read_bytes()
    assert (tmp_path / typeface.COVERAGE.name).read_bytes() == typeface.COVERAGE.read_bytes()
    assert "SIL OPEN FONT LICENSE" in (tmp_path / "OFL.txt").read_text(encoding="utf-8").upper()
    assert {path.name for path in tmp_path.iterdir()} == {made.name, typeface.COVERAGE.name, "OFL.txt"}


def test_what_is_there_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """A typeface that is up to date is not made again."""
    before = typeface.FILE.stat().st_mtime_ns
    assert fonts.main() == 0
    assert typeface.FILE.stat().st_mtime_ns == before
    assert "MiB" in capsys.readouterr().out


def test_without_node_it_says_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No npm on the path: a named failure and nothing written."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(fonts.TypefaceNotMade, match="Node"):
        fonts.ensure(tmp_path / "fonts")
    assert not list((tmp_path / "fonts").iterdir())


def test_when_npm_fails_its_words_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What npm said reaches whoever ran it, with exit code 1."""
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho no network today >&2\nexit 1\n", encoding="utf-8")
    npm.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(typeface, "FILE", tmp_path / "gone.ttf")
    assert fonts.main() == 1
    assert "no network today" in capsys.readouterr().err
