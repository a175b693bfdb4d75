"""Fakes: the hub in memory, for tests of the code that uses the ports.

Promise: each fake behaves like the adapter in production; those of the storage pass the same contract tests
(tests/contract/storage). `FakeHub` is a whole `Hub`; its clock stands still until a test moves it, and
nothing is delivered between its parts until a test calls `relay` or `run`. Downside: data are not durable.
"""

from tests.support.fakes.clock import FakeClock
from tests.support.fakes.court import FakeCourt
from tests.support.fakes.engine import FakeEngine
from tests.support.fakes.hub import COURT_ID, FakeHub
from tests.support.fakes.machinery import FakeDossierStore, FakeMetrics, FakeQueues
from tests.support.fakes.people import FakeMessenger

__all__ = [
    "COURT_ID",
    "FakeClock",
    "FakeCourt",
    "FakeDossierStore",
    "FakeEngine",
    "FakeHub",
    "FakeMessenger",
    "FakeMetrics",
    "FakeQueues",
]
