"""Sends the court's callbacks again and again until the hub has stored them.

Promise: one callback keeps its message id and its bytes over all attempts, each attempt is signed anew, and
any answer but 2xx is followed by another attempt, after a growing wait, up to a bound. Duplicates are sent
on purpose if a knob says so. The registry keeps what was not acknowledged, for a court that starts again.
"""

from __future__ import annotations

import json
import logging
import random
from typing import TYPE_CHECKING, Final

from infra.local.court import signing
from infra.local.court.contract import published
from infra.local.court.hub import HubUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infra.local.court.hub import Hub
    from infra.local.court.knobs import Panel
    from infra.local.court.registry import Callback, Registry
    from infra.local.court.schedule import Schedule

log = logging.getLogger("court")

_STORED: Final = range(200, 300)
_OUTAGE_POLL_SECONDS: Final = 0.2


class Outbox:
    """Delivers callbacks at least once."""

    def __init__(
        self, hub: Hub, keys: Sequence[str], schedule: Schedule, registry: Registry, panel: Panel
    ) -> None:
        """`keys` sign, newest first."""
        self._hub = hub
        self._keys = keys
        self._schedule = schedule
        self._registry = registry
        self._panel = panel

    def deliver(self, callback: Callback, then: Callable[[], None], attempt: int = 1) -> None:
        """Send, with further attempts if needed; call `then` when it is stored or given up."""
        knobs = self._panel.now
        if knobs.outage:
            self._schedule.after(_OUTAGE_POLL_SECONDS, lambda: self.deliver(callback, then, attempt))
        elif self.attempt(callback):
            self._maybe_repeat(callback)
            then()
        elif attempt >= knobs.callback_attempts:
            self._registry.count("callbacks_abandoned")
            log.warning("callback %s given up after %d attempts", callback.message_id, attempt)
            then()
        else:
            self._registry.count("callbacks_retried")
            wait = min(knobs.retry_longest_seconds, knobs.retry_first_seconds * 2.0 ** min(attempt - 1, 30))
            spread = wait * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, no secret
            self._schedule.after(spread, lambda: self.deliver(callback, then, attempt + 1))

    def attempt(self, callback: Callback, *, repeated: bool = False) -> bool:
        """Send once; return whether the hub has stored it."""
        headers = signing.sign(callback.message_id, callback.body, self._keys)
        if known := self._registry.correlations.get(callback.filing.message["transfer_id"]):
            headers = {**headers, "x-correlation-id": known}
        try:
            status, answer = self._hub.call_back(callback.body, headers)
        except HubUnavailable as error:
            log.info("callback %s: no answer (%s)", callback.message_id, error)
            return False
        if status not in _STORED:
            log.info("callback %s: answered %d", callback.message_id, status)
            self._registry.count(f"callbacks_answered_{status}")
            return False
        self._check(answer, repeated=repeated)
        if not repeated:
            self._registry.acknowledged(callback)
        return True

    def _maybe_repeat(self, callback: Callback) -> None:
        knobs = self._panel.now
        if random.Random(callback.message_id).random() < knobs.duplicate_rate:  # noqa: S311 - chance, not a secret
            self._registry.count("callbacks_repeated")
            self._schedule.after(knobs.pace_seconds, lambda: self._repeat(callback))

    def _repeat(self, callback: Callback) -> None:
        self.attempt(callback, repeated=True)

    def _check(self, answer: bytes, *, repeated: bool) -> None:
        """Count answers that the contract does not allow; they are the hub's fault and change nothing."""
        try:
            receipt = json.loads(answer)
        except ValueError:
            receipt = None
        if published().faults("CallbackReceipt", receipt) or (repeated and not receipt["duplicate"]):
            self._registry.count("contract_violations")
