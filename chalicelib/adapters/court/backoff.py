"""How long a message to the court waits before it is sent again.

Promise: waits grow, are spread at random (full jitter), and last at least as long as the court asked for,
but never more than one hour. This module only computes the time: the queue hides the message for that long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_SECONDS: Final = 4
LONGEST_SECONDS: Final = 3600


def delay_seconds(attempt: int, random: Callable[[], float], retry_after: int | None = None) -> int:
    """Return the whole seconds to wait after failed attempt number `attempt` (from 1): 1 to 3600.

    `random` gives [0, 1). `retry_after`, in seconds, comes from the court or from the open circuit.
    """
    # The exponent is bounded because a message may come back thousands of times.
    ceiling = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(max(attempt, 1) - 1, 12))
    spread = int(random() * ceiling)
    # The random part is added to what was asked for, because every sender was asked for the same time.
    return max(1, min(LONGEST_SECONDS, max(retry_after or 0, 0) + spread))
