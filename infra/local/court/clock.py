"""The court's calendar: real time, or time that runs as fast as the hub's in a local run.

Only dates and times in messages come from here. Signatures and waits always use real time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, Protocol

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
_SECONDS_PER_DAY: Final = 86400.0


class Calendar(Protocol):
    """Says what time it is by the court's calendar."""

    def now(self) -> datetime:
        """Return the time, in UTC."""
        ...


@dataclass(frozen=True)
class CivilClock:
    """A day takes `seconds_per_day` real seconds, counted from `origin`, at the real time `started`."""

    origin: datetime
    seconds_per_day: float = _SECONDS_PER_DAY
    started: datetime | None = None
    """The same as `origin` if it is None."""

    def now(self) -> datetime:
        """Return the time by the court's calendar, in UTC."""
        return self.at(datetime.now(UTC))

    def at(self, real: datetime) -> datetime:
        """Return what the calendar shows at an instant of real time."""
        passed = real - (self.started or self.origin)
        return self.origin + passed * (_SECONDS_PER_DAY / self.seconds_per_day)


def instant(moment: datetime) -> str:
    """Write a moment as the contract does: UTC, with Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day_in_china(moment: datetime) -> date:
    """Return the calendar day in China."""
    return moment.astimezone(CHINA).date()
