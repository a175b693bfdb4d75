"""How time passes in a run that nobody waits for: when nothing is left to do, and not before.

Promise: time moves only while no request, record, message, execution, sweep or court's job is under way and
nothing happened since the actors last looked, so a slow machine makes a run longer and changes nothing in it.
It moves to the next moment at which an execution's wait is over, a day at most, because actors and the
hub's sweep go by the day. Messages that were put off come back in real time and are waited for, unless the
court is down: then the days go by while they come back again and again.

Downside: it knows the court's jobs and the emulator's work, so it needs both of ours.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from infra.local.resources import ACTIVITY_PATH, TIME_PATH

if TYPE_CHECKING:
    import urllib3

    from infra.local.stack import Stack
    from infra.local.virtual_clock import VirtualClock

_LONGEST_STEP_SECONDS: Final = 86_400.0
_LOOK_SECONDS: Final = 0.04


class Passing:
    """Moves a virtual clock on, as far as the work allows."""

    def __init__(
        self,
        clock: VirtualClock,
        http: urllib3.PoolManager,
        aws_url: str,
        court_url: str,
        *,
        table_elsewhere: bool = False,
    ) -> None:
        """With its table elsewhere the emulator knows nothing of the stream; the hub's reader is asked."""
        self._clock = clock
        self._table_elsewhere = table_elsewhere
        self._http = http
        self._aws_url = aws_url.rstrip("/")
        self._court_url = court_url.rstrip("/")

    @classmethod
    def of(cls, stack: Stack, http: urllib3.PoolManager) -> Passing:
        """Return how time passes in a stack that was started with a virtual clock; raises ValueError."""
        if stack.virtual is None:
            raise ValueError("this stack's time passes by itself")
        elsewhere = "AWS_ENDPOINT_URL_DYNAMODB_STREAMS" in stack.environment
        return cls(stack.virtual, http, stack.aws_url, stack.court_url, table_elsewhere=elsewhere)

    def mark(self) -> int:
        """Return a number that stays the same as long as nothing happens."""
        return int(self._activity()["changes"])

    def settle(self) -> None:
        """Wait until nothing is under way but what waits for real time or for the court."""
        self._read_the_stream()
        while self._clock.swept != self._clock.seconds() or not _quiet(self._activity()):
            time.sleep(_LOOK_SECONDS)

    def pass_on(self, mark: int) -> bool:
        """Move on if nothing happened since the mark and nothing is under way; else False, after a moment."""
        self._read_the_stream()
        before, court = self._activity(), self._court()
        # Work that went from the emulator to the court, or back, between the two looks shows in the second.
        after, now = self._activity(), self._clock.seconds()
        waited_for = before["put_off"] or court["jobs"] or not before["changes"] == after["changes"] == mark
        if not (_quiet(before) and _quiet(after)) or self._clock.swept != now:
            return self._not_yet()
        if waited_for and not court["knobs"]["outage"]:
            return self._not_yet()
        step = now + _LONGEST_STEP_SECONDS
        due_at = max(now + 1, min(step, after["due_at"] or step))
        self._http.request("POST", self._aws_url + TIME_PATH, json={"seconds": due_at})
        return True

    def _read_the_stream(self) -> None:
        """Wait until the stream's reader has passed on all that was written before this call."""
        # The read that is under way may have begun before the last write; the next one has not.
        wanted = self._clock.idle_reads + 2
        while self._table_elsewhere and self._clock.idle_reads < wanted:
            time.sleep(_LOOK_SECONDS)

    def _not_yet(self) -> bool:
        time.sleep(_LOOK_SECONDS)
        return False

    def _activity(self) -> dict[str, Any]:
        found: dict[str, Any] = self._http.request("GET", self._aws_url + ACTIVITY_PATH).json()
        return found

    def _court(self) -> dict[str, Any]:
        found: dict[str, Any] = self._http.request("GET", f"{self._court_url}/control/state").json()
        return found


def _quiet(activity: dict[str, Any]) -> bool:
    return not any(activity[name] for name in ("executions", "records", "messages"))
