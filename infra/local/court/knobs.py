"""How the simulated court behaves: set at the start, changed while it runs by `PUT /control`.

Promise: a change is taken whole or not at all, and takes effect with the next request or callback.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_RATE = "_rate"


@dataclass(frozen=True, kw_only=True)
class Knobs:
    """Rates are probabilities from 0 to 1; times are seconds of real time."""

    latency_seconds: float = 0.0
    """The wait before any answer to the hub."""
    error_rate: float = 0.0
    """Requests answered 500, half of them after the message was stored."""
    timeout_rate: float = 0.0
    """Requests never answered, half of them after the message was stored."""
    hang_seconds: float = 15.0
    """How long such a request is kept waiting before its connection is closed."""
    outage: bool = False
    """Everything is answered 503, and no work is done, until this is switched off."""
    retry_after_seconds: int = 0
    """Sent as Retry-After during an outage, unless 0."""
    pace_seconds: float = 0.2
    """The court's working speed: the pause before each callback of a filing."""
    duplicate_rate: float = 0.0
    """Acknowledged callbacks that are sent once more."""
    reorder_rate: float = 0.0
    """Filings whose callbacks go out in another order."""
    early_rate: float = 0.0
    """Filings whose first callback is sent before the hub gets its receipt."""
    rejection_rate: float = 0.0
    """First filings returned for correction; the corrected one is accepted."""
    partial_rate: float = 0.0
    """First filings accepted in part, which also waits for a correction."""
    refusal_rate: float = 0.0
    """First filings refused (不予受理)."""
    ruling_rejection_rate: float = 0.0
    """Applications for judicial confirmation that are rejected although nothing is wrong with the dossier."""
    retry_first_seconds: float = 0.25
    """Wait after a callback's first failed attempt; doubled after each further one."""
    retry_longest_seconds: float = 5.0
    callback_attempts: int = 200
    """After so many attempts a callback is given up and counted as abandoned."""

    def with_changes(self, changes: Mapping[str, Any]) -> Knobs:
        """Return these knobs with some changed. Raises ValueError naming every unknown knob or bad value."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        wrong = sorted(
            name
            for name, value in changes.items()
            if name not in known or not _fits(name, known[name], value)
        )
        if wrong:
            raise ValueError(", ".join(wrong))
        return replace(self, **{name: type(known[name])(value) for name, value in changes.items()})


def _fits(name: str, current: bool | float, value: object) -> bool:
    if isinstance(current, bool) or isinstance(value, bool):
        return isinstance(current, bool) and isinstance(value, bool)
    if isinstance(current, int):
        return isinstance(value, int) and value >= 0
    return isinstance(value, int | float) and 0 <= value <= (1 if name.endswith(_RATE) else 86400)


class Panel:
    """The knobs in force; safe to read and turn from any thread."""

    def __init__(self, knobs: Knobs) -> None:
        """`knobs` are in force at the start."""
        self._knobs = knobs
        self._lock = threading.Lock()

    @property
    def now(self) -> Knobs:
        """The knobs in force."""
        return self._knobs

    def turn(self, changes: Mapping[str, Any]) -> Knobs:
        """Change some knobs. Raises ValueError and changes nothing if a knob or value is invalid."""
        with self._lock:
            self._knobs = self._knobs.with_changes(changes)
            return self._knobs
