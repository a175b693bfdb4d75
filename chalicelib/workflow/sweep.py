"""The sweep: on a schedule, look after what should have moved by now.

Promise: a run begins with another shard than the one before and goes on while its function has time, so runs
that overlap share the work: of two that meet the same thing one gets it. Downside: one that fails does not
make the run fail; its counter has the alarm.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.observability import log, log_failure
from chalicelib.use_cases.reconcile import reconcile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Due

KEPT_MILLIS: Final = 30_000
"""What a run leaves of its time for what is in hand."""


def sweep(
    event: Mapping[str, Any], remaining_millis: Callable[[], int], hub: Callable[[], Hub]
) -> dict[str, Any]:
    """Reconcile once, from the shard of the schedule's minute on; the number looked after is returned."""
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
    about = {} if work is None else {"consumer": work.consumer, "ids": list(work.ids)}
    log_failure("not looked after", failure, **about)
