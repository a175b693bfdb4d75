"""What a person sees who opens one of the hub's addresses in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.stack import Stack

    Opened = Callable[[str, str], str]


def test_the_health_check_needs_no_token(stack: Stack, opened: Opened) -> None:
    """An operator sees at once that the hub answers."""
    assert '"status":"ok"' in opened(f"{stack.hub_url}/v1/health", "en")


@pytest.mark.parametrize(
    ("language", "title"), [("zh-CN", "未通过身份认证"), ("en", "Authentication required")]
)
def test_who_has_no_token_is_told_so_in_its_language(
    stack: Stack, opened: Opened, language: str, title: str
) -> None:
    """The browser shows the problem's own characters, not question marks."""
    assert title in opened(f"{stack.hub_url}/v1/cases", language)
