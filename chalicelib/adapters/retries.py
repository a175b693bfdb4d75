"""Delays messages to a receiver that is down: the queue hides each one until it is tried again."""

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
        """Hide the message for the attempt's delay plus the time asked for, at most the longest delay."""
        seconds = delay_seconds(attempt, self._random, retry_after_seconds)
        self._hide(queue, receipt_handle, min(self._longest, seconds))
