"""What the message gateway's contract tests share: a scripted gateway, the mock one, the hub's adapter."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from chalicelib.adapters import signatures
from chalicelib.adapters.sms import SmsGateway
from infra.local.sms.inbox import Inbox, Knobs
from infra.local.sms.server import Gateway, SmsServer
from tests.contract.court.scripted import ScriptedCourt, scripted_court

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PRIVATE, PUBLIC = signatures.new_key_pair()
SHARED = signatures.new_shared_key()


def utc() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)


@dataclass
class Mock:
    """A running mock gateway, its inbox, and the adapter that speaks to it."""

    inbox: Inbox
    root: str
    adapter: SmsGateway
    http: urllib3.PoolManager

    def control(self, method: str, path: str, **changes: Any) -> Any:
        """Ask the control panel."""
        body = {"json": changes} if changes else {}
        return self.http.request(method, f"{self.root}{path}", **body)


@pytest.fixture
def http() -> Iterator[urllib3.PoolManager]:
    """Make connections that end with the test."""
    pool = urllib3.PoolManager(retries=False)
    yield pool
    pool.clear()


@pytest.fixture
def gateway() -> Iterator[ScriptedCourt]:
    """Give a server that answers whatever a test scripts; it takes everything until told otherwise."""
    with scripted_court() as scripted:
        scripted.answer(202, b"{}")
        yield scripted


@pytest.fixture
def adapter_to(http: urllib3.PoolManager) -> Callable[..., SmsGateway]:
    """Make adapters that sign with the test's keys."""

    def make(url: str, seconds: float = 5.0, keys: tuple[str, ...] = (PRIVATE, SHARED)) -> SmsGateway:
        return SmsGateway(url, lambda: keys, utc, http=http, timeout_seconds=seconds)

    return make


@pytest.fixture
def adapter(gateway: ScriptedCourt, adapter_to: Callable[..., SmsGateway]) -> SmsGateway:
    """Give an adapter to the scripted gateway."""
    return adapter_to(gateway.url)


@contextmanager
def serving(*verify_keys: str) -> Iterator[SmsServer]:
    """Run the mock gateway in this process."""
    server = SmsServer(0, Gateway(verify_keys, Inbox(Knobs())))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def mock(http: urllib3.PoolManager, adapter_to: Callable[..., SmsGateway]) -> Iterator[Mock]:
    """Give the mock gateway, which knows the hub's private key's public half only."""
    with serving(PUBLIC) as server:
        yield Mock(server.gateway.inbox, server.root, adapter_to(server.url), http)
        http.clear()
