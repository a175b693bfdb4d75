"""Apply a stored callback to its case, in whatever order callbacks arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import ActionNotAvailable, RuleViolated
from chalicelib.domain.roles import Actor, Role
from chalicelib.use_cases.act_on_case import act_on_case

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Hub


def apply_callback(hub: Hub, callback_id: str) -> None:
    """Apply it once; one that comes too late or is about an earlier transfer is stored as ignored.

    One that the case already reflects, by a duplicate or an interrupted call, counts as applied.
    """
    callback = hub.callbacks.get(callback_id)
    if callback is None:
        return
    court = Actor(role=Role.COURT, subject=f"court:{callback.court_id}", court_id=callback.court_id)
    case_id = hub.transfers.get(callback.transfer_id).case_id
    try:
        act_on_case(hub, court, case_id, callback.command)
    except (ActionNotAvailable, RuleViolated) as refusal:
        known = callback.command.known_to(hub.cases.get(case_id))
        outcome, metric = (
            ("applied", "CallbacksRepeated") if known else (f"ignored:{refusal.code}", "CallbacksIgnored")
        )
    else:
        outcome, metric = "applied", "CallbacksApplied"
    hub.callbacks.settle(callback_id, outcome)
    hub.metrics.count(metric)
