"""What tests need besides Python: if an engine is missing, tests are skipped, and fail in CI."""

from __future__ import annotations

import os

import pytest


def needs(engine: str, missing: str | None) -> None:
    """Skip the test, naming the engine and what is missing for it; fail it where `CI=true`."""
    if missing is None:
        return
    said = f"{engine} is needed: {missing}"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)
