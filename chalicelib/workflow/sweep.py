"""The sweep: on a schedule, look after what should have moved by now.

Promise: a run begins with another shard than the one before and goes on while its function has time, so runs
that overlap share the work: of two that meet the same thing one gets it. Downside: one that fails does not
make the run fail; its counter has the alarm.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from chalicelib.observability import about, log, log_failure
from chalicelib.use_cases.reconcile import reconcile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.use_cases.ports import Hub, Metrics
    from chalicelib.use_cases.records import Due

KEPT_MILLIS: Final = 30_000
"""What a run leaves of its time for what is in hand."""


def sweep(
    event: Mapping[str, Any], remaining_millis: Callable[[], int], hub: Callable[[], Hub]
) -> dict[str, Any]:
    """Reconcile once, from the shard of the schedule's minute on; the number looked after is returned."""
    with about(function="reconcile", correlation_id=uuid.uuid4().hex):
        looked_after = reconcile(
            hub(),
            first_shard=datetime.fromisoformat(event["time"]).minute,
            time_left=lambda: remaining_millis() > KEPT_MILLIS,
            failed=_log,
        )
        if looked_after:
            log.info("reconciled", extra={"looked_after": looked_after})
        return {"looked_after": looked_after}


def _log(failure: Exception, work: Due | None) -> None:
    ids = {} if work is None else {"consumer": work.consumer, "ids": list(work.ids)}
    log_failure("not looked after", failure, **ids)


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
        log_failure("signing certificate unreadable", error, function="reconcile")
        ends = now
    if ends is not None:
        hub.metrics.count("SigningCertificateDays", max(0, (ends - now).days))
