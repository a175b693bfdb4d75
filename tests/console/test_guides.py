"""The guides for people with a browser name what they press as the pages do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.console.wording import words

GUIDES = sorted((Path(__file__).parents[2] / "docs" / "guides").glob("console-*.md"))
ELSEWHERE = {"English", "加一笔", "退出", "Sign out"}
"""What is quoted and is no text of its own: a link to the other language, the beginning of a button."""


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_what_a_guide_quotes_stands_on_a_page(guide: Path) -> None:
    """In the guide's own language; so a changed word is noticed."""
    language = 0 if guide.name.endswith(".zh-CN.md") else 1
    texts = {each[language] for each in words().values()}
    quoted = {" ".join(each.split()) for each in re.findall("“([^”]+)”", guide.read_text(encoding="utf-8"))}
    assert len(quoted) >= 5
    assert {each for each in quoted - ELSEWHERE if each not in texts} == set()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_guides_pictures_are_there_and_small(guide: Path) -> None:
    """Two or three of a role's pages, each of at most 60 KB, described in words."""
    found = re.findall(r'<img src="([^"]+)" width="[0-9]+" alt="([^"]+)">', guide.read_text(encoding="utf-8"))
    assert 2 <= len(found) <= 3
    for picture, told in found:
        assert (guide.parent / picture).stat().st_size <= 60_000
        assert len(told) > 10
