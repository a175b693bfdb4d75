"""Guides: every request they show is taken as it stands, every answer is the hub's."""

from pathlib import Path

import pytest

from tests.support.guides import Reader, parts

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(GUIDES.glob("*.md"))}
PLAYED = [name for name, page in PAGES.items() if "```http" in page]
CHINESE = [name for name in PLAYED if name.endswith(".zh-CN.md")]


@pytest.mark.parametrize("name", PLAYED)
def test_a_guide_is_right(name: str) -> None:
    """Played from its first line to its last; it shows no JSON that is not played."""
    assert Reader().follow(PAGES[name]) > 0
    assert "```json" not in PAGES[name]


@pytest.mark.parametrize("name", CHINESE)
def test_both_languages_show_the_same(name: str) -> None:
    """Request by request, answer by answer."""
    assert parts(PAGES[name]) == parts(PAGES[name.replace(".zh-CN", "")])


@pytest.mark.parametrize(
    ("shown", "instead"),
    [
        ('"remaining": "104383.22"', '"remaining": "104383.23"'),
        ("HTTP/1.1 202", "HTTP/1.1 200"),
        ('"errors": [{', '"errors": [{"pointer": "/on"}, {'),
        ('"allowed": false}', '"allowed": false, "soul": "1.00"}'),
    ],
)
def test_a_guide_that_is_wrong_is_found_out(shown: str, instead: str) -> None:
    """By a fen, a status, an entry, a name."""
    wrong = PAGES["bank.md"].replace(shown, instead)
    assert wrong != PAGES["bank.md"]
    with pytest.raises(AssertionError):
        Reader().follow(wrong)
