"""The sweep: on a schedule, look after what should have moved by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.observability import log
from chalicelib.use_cases.reconcile import reconcile

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.use_cases.ports import Hub


def sweep(hub: Callable[[], Hub]) -> dict[str, Any]:
    """Reconcile once; the number looked after is logged and returned."""
    looked_after = reconcile(hub())
    if looked_after:
        log.info("reconciled", extra={"looked_after": looked_after})
    return {"looked_after": looked_after}
