"""The documents' typeface is made once before their tests: it is too large for the repository."""

from __future__ import annotations

import os
import shutil

import pytest

from infra import fonts


@pytest.fixture(autouse=True, scope="session")
def _typeface() -> None:
    if shutil.which("npm") is None and os.environ.get("CI") != "true":
        pytest.skip("the documents' typeface comes from npm, and Node is not here")
    fonts.ensure()
