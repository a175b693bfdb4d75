"""The sweep: on a schedule, look after what should have moved by now."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.observability import about, log, log_failure
from chalicelib.use_cases.reconcile import reconcile

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from chalicelib.use_cases.ports import Hub, Metrics


def sweep(hub: Callable[[], Hub]) -> dict[str, Any]:
    """Reconcile once; the number looked after is logged and returned."""
    with about(function="reconcile", correlation_id=uuid.uuid4().hex):
        looked_after = reconcile(hub())
        if looked_after:
            log.info("reconciled", extra={"looked_after": looked_after})
        return {"looked_after": looked_after}


class Signs(Protocol):
    """A hub that may have a signing certificate."""

    @property
    def certificate_ends(self) -> datetime | None:
        """When it ends; raises SigningFailed for one that can't be read."""
        ...

    @property
    def metrics(self) -> Metrics:
        """Counters."""
        ...


def watch_certificate(hub: Signs, now: datetime) -> None:
    """Count the days until the signing certificate ends; none for one that has ended or can't be read."""
    try:
        ends = hub.certificate_ends
    except Exception as error:  # noqa: BLE001 - whatever it is, the alarm has to ring and the sweep to go on
        log_failure("signing certificate unreadable", error)
        ends = now
    if ends is not None:
        hub.metrics.count("SigningCertificateDays", max(0, (ends - now).days))
