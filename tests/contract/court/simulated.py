"""The simulator in this process, between a fake hub and the real adapter."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import urllib3

from chalicelib.adapters import signatures
from chalicelib.adapters.court.one_network import CourtEndpoint, OneNetworkCourt
from infra.local.court.__main__ import build, parser
from tests.contract.court.fake_hub import FakeHub, fake_hub
from tests.contract.court.messages import COURT, submission, utc
from tests.support.aws import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.use_cases.court_ports import Court
    from chalicelib.use_cases.records import Receipt

HUB_PRIVATE, HUB_PUBLIC = signatures.new_key_pair()
HUB_SHARED = signatures.new_shared_key()
COURT_PRIVATE, COURT_PUBLIC = signatures.new_key_pair()
COURT_SHARED = signatures.new_shared_key()
KEYS = {
    "COURT_SIGN_KEYS": f"{COURT_PRIVATE} {COURT_SHARED}",
    "COURT_VERIFY_KEYS": f"{HUB_PUBLIC} {HUB_SHARED}",
}
QUICK = ["--pace-seconds", "0.01", "--retry-first-seconds", "0.02", "--retry-longest-seconds", "0.05"]


@dataclass
class Simulation:
    """A running simulator, its neighbours, and the adapter that speaks to it."""

    url: str
    hub: FakeHub
    adapter: Court
    http: urllib3.PoolManager

    def submit(self, transfer_id: str = "C1-T1", **changes: Any) -> Receipt:
        """Hand a transfer over by the hub's own adapter."""
        return self.adapter.submit(submission(transfer_id, self.hub.url, **changes))

    def turn(self, **knobs: Any) -> Any:
        """Turn knobs."""
        response = self.http.request("PUT", f"{self.root}/control", json=knobs)
        assert response.status == 200, response.data
        return response.json()

    @property
    def root(self) -> str:
        """The simulator's address without the contract's prefix."""
        return self.url.removesuffix("/one-network/v1")

    @property
    def state(self) -> Any:
        """What the control panel shows."""
        return self.http.request("GET", f"{self.root}/control/state").json()

    def count(self, name: str) -> int:
        """Read one counter."""
        return int(self.state["counts"].get(name, 0))

    def told(self, transfer_id: str, results: Sequence[str]) -> None:
        """Wait until the court has told exactly this of a transfer."""
        eventually(lambda: len(self.hub.results(transfer_id)) >= len(results))
        assert self.hub.results(transfer_id) == list(results)
        assert self.hub.faults == []


def neighbours(url: str, hub: FakeHub, http: urllib3.PoolManager, seconds: float = 5.0) -> Simulation:
    """Put an adapter beside a simulator that listens on `url`."""
    endpoints = {COURT: CourtEndpoint(url, seconds)}
    adapter = OneNetworkCourt(endpoints, lambda _: [HUB_PRIVATE, HUB_SHARED], utc, http=http)
    return Simulation(url, hub, adapter, http)


@contextmanager
def simulation(*options: str) -> Iterator[Simulation]:
    """Run a simulator with these options, quick unless they say otherwise."""
    with fake_hub([COURT_PUBLIC]) as hub:
        stopping = threading.Event()
        arguments = ["--port", "0", "--hub-url", hub.url, "--issuer-url", hub.url, *QUICK, *options]
        server, schedule = build(parser().parse_args(arguments), KEYS, stopping)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        http = urllib3.PoolManager(retries=False, maxsize=8)
        try:
            yield neighbours(server.url, hub, http)
        finally:
            stopping.set()
            server.shutdown()
            schedule.stop()
            http.clear()
            server.server_close()
            server.court.hub.close()
            thread.join()
