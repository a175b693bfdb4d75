"""Puts off messages to somebody who is down: the queue does the waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.court.backoff import delay_seconds

if TYPE_CHECKING:
    from collections.abc import Callable


class Retries:
    """Growing delay with full jitter, at most `longest_seconds` of real time."""

    def __init__(
        self, hide: Callable[[str, str, int], None], random: Callable[[], float], longest_seconds: int
    ) -> None:
        """`hide(queue, receipt_handle, seconds)` keeps a message from coming back before its time."""
        self._hide = hide
        self._random = random
        self._longest = longest_seconds

    def put_off(self, queue: str, receipt_handle: str, attempt: int, retry_after_seconds: int | None) -> None:
        """Let the message come back after the attempt's delay, never sooner than was asked for."""
        seconds = delay_seconds(attempt, self._random, retry_after_seconds)
        self._hide(queue, receipt_handle, min(self._longest, seconds))
