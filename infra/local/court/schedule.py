"""Runs jobs later, on a few worker threads, until it is stopped.

Promise: a job never runs before its time, and `stop` waits for running jobs. A job that raises is logged by
the kind of its error; the workers go on.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Job = Callable[[], None]

log = logging.getLogger("court")


class Schedule:
    """A heap of jobs by due time."""

    def __init__(self, workers: int = 4) -> None:
        """Start the workers."""
        self._due: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopping = False
        self._running = 0
        self._workers = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]
        for worker in self._workers:
            worker.start()

    def after(self, seconds: float, job: Job) -> None:
        """Run `job` once, `seconds` from now; dropped after `stop`."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), job))
            self._changed.notify()

    def unfinished(self) -> int:
        """Return how many jobs wait for their time or run."""
        with self._changed:
            return len(self._due) + self._running

    def stop(self, patience_seconds: float = 5.0) -> None:
        """Drop waiting jobs; give running ones `patience_seconds` each to end."""
        with self._changed:
            self._stopping = True
            self._due.clear()
            self._changed.notify_all()
        for worker in self._workers:
            worker.join(patience_seconds)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 - one failed job must not end the worker
                log.error("a job failed: %s", type(error).__name__)  # noqa: TRY400 - a trace could show a dossier
            finally:
                with self._changed:
                    self._running -= 1

    def _next(self) -> Job | None:
        with self._changed:
            while not self._stopping:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    self._running += 1
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
            return None
