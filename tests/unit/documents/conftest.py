"""The documents' typeface is made once before their tests: it is too large for the repository."""

from __future__ import annotations

import pytest

from infra import fonts


@pytest.fixture(autouse=True, scope="session")
def _typeface() -> None:
    fonts.ensure()
