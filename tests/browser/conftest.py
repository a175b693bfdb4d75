"""A person's browser, in front of the whole local stack."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import pytest

from infra.local.stack import Stack, running
from tests.support.engines import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browser.people import Person

_FLAGS: Final = (
    "--headless",
    "--no-sandbox",  # Chromium refuses to start as root otherwise
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    # It stays on this machine.
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run the stack on real time: what a page shows stays as it is while somebody reads it."""
    with running(logs=tmp_path_factory.mktemp("logs")) as started:
        yield started


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[str, str], str]:
    """Open an address in Chromium as a new user of a language; returns the page's DOM."""
    needs("Chromium", None if shutil.which("chromium") else "chromium is not installed (Debian: chromium)")

    def dom(url: str, language: str) -> str:
        asked = [f"--accept-lang={language}", f"--user-data-dir={tmp_path / language}", "--dump-dom", url]
        done = subprocess.run(  # noqa: S603 - fixed arguments
            ["chromium", *_FLAGS, *asked],  # noqa: S607 - the PATH's Chromium is the one meant
            capture_output=True,
            check=True,
        )
        return done.stdout.decode()

    return dom


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start Chromium for as long as the tests last."""
    needs("Chromium", None if shutil.which("chromium") else "chromium is not installed (Debian: chromium)")
    needs("Playwright", None if find_spec("playwright") else "playwright is not installed (make setup)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is installed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def person(stack: Stack, chromium: Any) -> Callable[..., Person]:
    """Open a window of its own; `language` is what it shows, `script` whether it runs scripts."""
    from tests.browser.people import Person  # noqa: PLC0415 - only where Playwright is installed

    def open_window(*, language: str = "zh", script: bool = True) -> Person:
        context = chromium.new_context(locale="zh-CN", java_script_enabled=script)
        context.set_default_timeout(30_000)
        if language != "zh":
            context.add_cookies([{"name": "language", "value": language, "url": stack.hub_url}])
        return Person(context.new_page(), f"{stack.hub_url}/console", script=script)

    return open_window
