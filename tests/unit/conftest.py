"""Unit tests open no socket."""

from __future__ import annotations

import pytest
from pytest_socket import disable_socket, enable_socket


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    """Refuse every socket but the Unix ones that asyncio and multiprocessing make for themselves."""
    disable_socket(allow_unix_socket=True)


def pytest_runtest_teardown() -> None:
    """Let the other tests of this process have theirs."""
    enable_socket()
