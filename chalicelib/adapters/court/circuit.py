"""Stops calling a court that is down, and finds out with one call at a time when it is back.

Promise: after `failures` transient failures in a row the circuit opens for everyone: a call raises
`CourtUnavailable` with the time to wait, and the court is not called. When that time is over, exactly one
caller probes (half-open); its success closes the circuit, its failure opens it again for longer.
Why shared: each Lambda instance would otherwise have to learn of the outage by itself, again and again.
Cost: one read per message; a write only when the state changes, conditional on the version that was read.
Downside: failures in a row are counted per instance, so one instance must see enough of them by itself.

    closed --failures in a row--> open --time is over, one probe--> half-open --success--> closed
                                    ^------------------failure------------|
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from chalicelib.domain.errors import CourtRefusedMessage, CourtUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.use_cases.court_ports import Court
    from chalicelib.use_cases.records import CourtNotice, Receipt, Submission

T = TypeVar("T")


class Status(StrEnum):
    """The state of a circuit."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """A court's circuit as stored; version 0 means that nothing was ever stored."""

    status: Status = Status.CLOSED
    openings: int = 0
    """How many times it opened in a row; this decides how long it stays open."""
    until: datetime | None = None
    """Open: no call goes out before this time. Half-open: after it, another caller may probe."""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitPolicy:
    """When to open, and for how long (seconds of real time)."""

    failures: int = 5
    first_open_seconds: float = 30
    longest_open_seconds: float = 900
    probe_seconds: float = 60
    """Longer than a call can take: after this time another caller may probe, as the first one may be dead."""

    def open_seconds(self, openings: int, random: Callable[[], float]) -> float:
        """Return the seconds of the n-th opening in a row: the time doubles, and half of it is random."""
        whole = min(self.longest_open_seconds, self.first_open_seconds * 2.0 ** min(openings - 1, 30))
        return whole / 2 + random() * whole / 2


class CircuitStore(Protocol):
    """The store through which all instances share a court's circuit."""

    def get(self, court_id: str) -> Circuit:
        """Return what is stored, or a fresh closed circuit of version 0."""
        ...

    def put(self, court_id: str, circuit: Circuit) -> bool:
        """Store it if the stored version is `circuit.version - 1`; return whether it was stored."""
        ...


class CircuitCourt:
    """A `Court` that asks the circuit before it calls the court it wraps."""

    def __init__(
        self,
        court: Court,
        store: CircuitStore,
        now: Callable[[], datetime],
        random: Callable[[], float],
        *,
        policy: CircuitPolicy | None = None,
        on_state_change: Callable[[str, Status, Status], None] = lambda _court_id, _before, _after: None,
    ) -> None:
        """`now` is the real clock; `on_state_change(court_id, before, after)` runs once per stored change."""
        self._court = court
        self._store = store
        self._now = now
        self._random = random
        self._policy = policy or CircuitPolicy()
        self._on_state_change = on_state_change
        self._failures: Counter[str] = Counter()
        self._lock = threading.Lock()

    def submit(self, submission: Submission) -> Receipt:
        """Submit, unless the circuit is open: then CourtUnavailable, without a call."""
        return self._guarded(submission.court_id, lambda: self._court.submit(submission))

    def notify(self, notice: CourtNotice) -> None:
        """Notify, unless the circuit is open: then CourtUnavailable, without a call."""
        self._guarded(notice.court_id, lambda: self._court.notify(notice))

    def _guarded(self, court_id: str, call: Callable[[], T]) -> T:
        circuit = self._admit(court_id)
        try:
            result = call()
        except CourtUnavailable as error:
            self._record_failure(court_id, circuit, error.retry_after_seconds or 0)
            raise
        except CourtRefusedMessage:
            # The court answered, so it is up; the message is wrong.
            self._record_answer(court_id, circuit)
            raise
        self._record_answer(court_id, circuit)
        return result

    def _admit(self, court_id: str) -> Circuit:
        """Return the circuit that lets the call go out; if the call is a probe, store its lease first."""
        circuit = self._store.get(court_id)
        if circuit.status is Status.CLOSED:
            return circuit
        now = self._now()
        if circuit.until is not None and now < circuit.until:
            raise CourtUnavailable(math.ceil((circuit.until - now).total_seconds()))
        lease = now + timedelta(seconds=self._policy.probe_seconds)
        probe = Circuit(
            status=Status.HALF_OPEN, openings=circuit.openings, until=lease, version=circuit.version + 1
        )
        if not self._change(court_id, circuit, probe):
            # Another caller is probing; its result is known at the latest when its lease ends.
            raise CourtUnavailable(math.ceil(self._policy.probe_seconds))
        return probe

    def _record_failure(self, court_id: str, circuit: Circuit, retry_after: int) -> None:
        with self._lock:
            self._failures[court_id] += 1
            enough = self._failures[court_id] >= self._policy.failures
            if enough or circuit.status is Status.HALF_OPEN:
                del self._failures[court_id]
            else:
                return
        openings = circuit.openings + 1
        seconds = max(float(retry_after), self._policy.open_seconds(openings, self._random))
        opened = Circuit(
            status=Status.OPEN,
            openings=openings,
            until=self._now() + timedelta(seconds=seconds),
            version=circuit.version + 1,
        )
        self._change(court_id, circuit, opened)

    def _record_answer(self, court_id: str, circuit: Circuit) -> None:
        with self._lock:
            self._failures.pop(court_id, None)
        if circuit.status is Status.HALF_OPEN:
            self._change(court_id, circuit, Circuit(version=circuit.version + 1))

    def _change(self, court_id: str, before: Circuit, after: Circuit) -> bool:
        """Store the change unless the circuit changed since it was read; return whether it was stored."""
        stored = self._store.put(court_id, after)
        if stored:
            self._on_state_change(court_id, before.status, after.status)
        return stored
