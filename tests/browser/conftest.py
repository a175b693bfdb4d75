"""A person's browser, in front of the whole local stack."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from infra.local.stack import Stack, running
from tests.support.engines import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

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
