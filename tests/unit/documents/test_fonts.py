"""The typeface is made from its lock alone: the same bytes, and never half."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.documents import typeface
from infra import fonts

if TYPE_CHECKING:
    import pytest


def test_what_is_there_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """A typeface that is up to date is not made again."""
    before = typeface.FILE.stat().st_mtime_ns
    assert fonts.main() == 0
    assert typeface.FILE.stat().st_mtime_ns == before
    assert "MiB" in capsys.readouterr().out
