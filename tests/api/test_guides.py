"""Guides: every request they show is taken as it stands, every answer is the hub's."""

from pathlib import Path

import pytest

from tests.support.guides import Reader

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
PLAYED = sorted(path.name for path in GUIDES.glob("*.md") if "```http" in path.read_text(encoding="utf-8"))


def page(name: str) -> str:
    """Read a guide."""
    return (GUIDES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PLAYED)
def test_a_guide_is_right(name: str) -> None:
    """Played from its first line to its last."""
    assert Reader().follow(page(name)) > 0
