"""A clock that stands still until it is told the time."""

import math
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""A Monday, 09:30 in China, with no holiday near."""


class FakeClock:
    """Case time and real time in one."""

    def __init__(self, at: datetime = START) -> None:
        self._now = at

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self._now

    def seconds_until(self, at: datetime) -> int:
        """Return the seconds to go, at least 1."""
        return max(1, math.ceil((at - self._now).total_seconds()))

    def epoch(self) -> float:
        """Return the same instant in epoch seconds, for what expires in real time."""
        return self._now.timestamp()

    def set(self, at: datetime) -> None:
        """Move to an instant, also back."""
        self._now = at

    def advance(self, **by: float) -> None:
        """Move on by a timedelta's arguments, such as `days=1`."""
        self._now += timedelta(**by)
