"""The messages the gateway has taken, by phone, and the knobs that set its behaviour.

Promise: a message id is taken once. Downside: everything is in memory and ends with the process.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs:
    """How the gateway behaves."""

    outage: bool = False
    """Everything is answered 503 until this is switched off."""
    error_rate: float = 0.0
    """Messages answered 500 although they were taken, from 0 to 1."""

    def with_changes(self, changes: Mapping[str, Any]) -> Knobs:
        """Return these knobs with some changed; raises ValueError."""
        if not changes.keys() <= {"outage", "error_rate"}:
            raise ValueError("the knobs are outage and error_rate")
        outage, error_rate = changes.get("outage", self.outage), changes.get("error_rate", self.error_rate)
        if not isinstance(outage, bool) or not 0 <= error_rate <= 1:
            raise ValueError("outage is on or off, error_rate from 0 to 1")
        return Knobs(outage=outage, error_rate=float(error_rate))


class Inbox:
    """Messages and knobs; safe to use from any thread."""

    def __init__(self, knobs: Knobs) -> None:
        """`knobs` are in force at the start."""
        self.knobs = knobs
        self._lock = threading.Lock()
        self._messages: dict[str, Mapping[str, Any]] = {}
        self._counts: Counter[str] = Counter()
        self._die = random.Random()  # noqa: S311 - chance, not a secret

    def turn(self, changes: Mapping[str, Any]) -> Knobs:
        """Change some knobs; raises ValueError and changes nothing if a knob or value is invalid."""
        with self._lock:
            self.knobs = self.knobs.with_changes(changes)
            return self.knobs

    def take(self, message: Mapping[str, Any]) -> bool:
        """Keep a message, once; False if it was kept before."""
        with self._lock:
            new = message["message_id"] not in self._messages
            self._messages.setdefault(message["message_id"], message)
            self._counts["taken" if new else "repeated"] += 1
            return new

    def count(self, name: str) -> None:
        """Add to a counter."""
        with self._lock:
            self._counts[name] += 1

    def stumbles(self) -> bool:
        """Decide whether this answer is an error."""
        return self._die.random() < self.knobs.error_rate

    def of(self, phone: str | None) -> list[Mapping[str, Any]]:
        """Return a phone's messages, oldest first; everybody's without one."""
        with self._lock:
            return [message for message in self._messages.values() if phone in {None, message["phone"]}]

    def counts(self) -> dict[str, int]:
        """Return the counters."""
        with self._lock:
            return dict(self._counts)
