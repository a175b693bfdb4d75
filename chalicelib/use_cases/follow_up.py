"""When the reconciler looks after work: a module of its own, as every message needs it and little else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.use_cases.ports import Hub


def follow_up_time(hub: Hub) -> datetime:
    """Return the time at which the reconciler looks after work that starts now."""
    return hub.clock.now() + hub.follow_up_after
