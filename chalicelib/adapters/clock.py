"""The clock of case time; this is the one place where a local run makes time pass faster.

Promise: everything that belongs to a case (deadlines, events, working days) asks this clock. What
belongs to machines (token expiry, signature age, circuits) asks the real one. On AWS both are the same.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = timedelta(days=1)
# Step Functions refuses a longer time-out than this many seconds.
_LONGEST_WAIT = 99_999_999


def real_now() -> datetime:
    """Return the present instant of real time, in UTC."""
    return datetime.now(UTC)


class CaseClock:
    """Case time: equal to real time at `origin`, and possibly faster from then on."""

    def __init__(
        self, seconds_per_day: float, origin: datetime, real: Callable[[], datetime] = real_now
    ) -> None:
        self._speed = _DAY.total_seconds() / seconds_per_day
        self._origin = origin
        self._real = real

    def now(self) -> datetime:
        """Return the present instant of case time, in UTC."""
        real = self._real()
        return real if self._speed == 1 else self._origin + (real - self._origin) * self._speed

    def seconds_until(self, at: datetime) -> int:
        """Return how many real seconds pass until this instant of case time: 1 to 99,999,999."""
        seconds = math.ceil((at - self.now()).total_seconds() / self._speed)
        return max(1, min(_LONGEST_WAIT, seconds))
