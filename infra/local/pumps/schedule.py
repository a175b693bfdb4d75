"""Calls a function again and again, as an EventBridge schedule does.

Downside: a run that takes longer than the interval delays the next instead of overlapping with it.
"""

import os
from datetime import UTC, datetime

from infra.local.pumps.base import Handler, HandlerFailedError, Pump
from infra.local.pumps.events import scheduled_event
from infra.local.virtual_clock import VirtualClock

_LOOK_SECONDS = 0.01


class SchedulePump(Pump):
    """Calls a handler every so many seconds; a run that raises is not repeated before the next is due."""

    def __init__(self, handler: Handler, *, every_seconds: float, name: str | None = None) -> None:
        super().__init__(handler, name=name)
        self._every_seconds = every_seconds
        region = os.environ.get("AWS_REGION", "cn-north-1")
        self._rule_arn = f"arn:aws:events:{region}:000000000000:rule/{self.name}"

    def _step(self) -> None:
        if self._stopping.wait(self._every_seconds):
            return
        try:
            self._call(scheduled_event(self._rule_arn, datetime.now(UTC)))
        except HandlerFailedError:
            return


class VirtualSchedulePump(SchedulePump):
    """Calls a handler after each move of a virtual clock until it succeeds once, and notes that it did."""

    def __init__(self, handler: Handler, clock: VirtualClock, *, name: str | None = None) -> None:
        super().__init__(handler, every_seconds=_LOOK_SECONDS, name=name)
        self._clock = clock

    def _step(self) -> None:
        began_at = self._clock.seconds()
        if self._clock.swept == began_at:
            self._stopping.wait(self._every_seconds)
            return
        try:
            self._call(scheduled_event(self._rule_arn, self._clock.now()))
        except HandlerFailedError:
            self._stopping.wait(self._every_seconds)
            return
        self._clock.note_sweep(began_at)
