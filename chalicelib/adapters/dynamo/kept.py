"""What was read stays in memory for a while, so that it is not read for each request.

Promise: a value is given out for at most `seconds` after it was kept, and at most `capacity` values are kept;
the one used longest ago goes first. Downside: within that time a change by another process is not seen.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

V = TypeVar("V")


class Kept(Generic[V]):
    """Values by name; `now` is real time in epoch seconds."""

    def __init__(self, now: Callable[[], float], *, seconds: float, capacity: int = 256) -> None:
        self._now = now
        self._seconds = seconds
        self._capacity = capacity
        self._values: dict[str, tuple[float, V]] = {}  # the one that was used last stands last
        self._lock = threading.Lock()

    def find(self, name: str) -> V | None:
        """Return the value of a name, or None if it is not kept any more."""
        with self._lock:
            found = self._values.pop(name, None)
            if found is None or self._now() - found[0] > self._seconds:
                return None
            self._values[name] = found
            return found[1]

    def keep(self, name: str, value: V) -> V:
        """Keep a value from now on, and return it."""
        with self._lock:
            self._values.pop(name, None)
            self._values[name] = (self._now(), value)
            while len(self._values) > self._capacity:
                del self._values[next(iter(self._values))]
        return value
