"""One thread that wakes whatever waits for time, however much waits.

The clock is real time, or a virtual one that somebody else moves; then `catch_up` wakes what has become due.

Downside: a job must be short, for the others wait for it.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from typing import Protocol

Clock = Callable[[], float]


class Waiter(Protocol):
    """Something that waits until it is over."""

    @property
    def over(self) -> bool:
        """Whether it need not be woken any more."""
        ...

    def time_is_up(self) -> None:
        """Wake it."""
        ...


class Timers:
    """A heap of waiters by due time."""

    def __init__(self, now: Clock = time.monotonic) -> None:
        self._now = now
        self._virtual = False
        self._due: list[tuple[float, int, Waiter]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def follow(self, virtual: Clock) -> None:
        """Go by a clock that somebody else moves."""
        self._now, self._virtual = virtual, True

    def after(self, seconds: float, waiter: Waiter) -> None:
        """Wake a waiter in so many seconds of this clock, unless it is over by then."""
        with self._changed:
            heapq.heappush(self._due, (self._now() + seconds, next(self._order), waiter))
            if self._thread is None and not self._virtual:
                self._thread = threading.Thread(target=self._run, name="timers", daemon=True)
                self._thread.start()
            self._changed.notify()

    def next_due(self) -> float | None:
        """Return when the next waiter is due; None without any."""
        with self._changed:
            self._drop_what_is_over()
            return self._due[0][0] if self._due else None

    def catch_up(self) -> None:
        """Wake whatever is due by now."""
        for waiter in self._pop_due():
            waiter.time_is_up()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._drop_what_is_over()
                left = self._due[0][0] - self._now() if self._due else None
                if left is None or left > 0:
                    self._changed.wait(left)
            self.catch_up()

    def _pop_due(self) -> list[Waiter]:
        due = []
        with self._changed:
            while self._due and self._due[0][0] <= self._now():
                due.append(heapq.heappop(self._due)[2])
        return due

    def _drop_what_is_over(self) -> None:
        while self._due and self._due[0][2].over:
            heapq.heappop(self._due)


TIMERS = Timers()
"""Of this process's emulator."""
