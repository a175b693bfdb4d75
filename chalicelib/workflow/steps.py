"""The workflow queue: executions that arrive or run over, and cases that have moved.

Promise: three kinds of message, each one use case; an unknown kind fails and ends in the DLQ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.steps import Step
from chalicelib.use_cases.on_case_changed import on_case_changed
from chalicelib.use_cases.on_wait_expired import on_wait_expired
from chalicelib.use_cases.on_wait_started import on_wait_started
from chalicelib.use_cases.records import Arrival

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.use_cases.ports import Hub


class UnknownMessage(Exception):
    """A message of a kind this version does not know: functions and state machine do not fit."""


def handle(hub: Hub, *, kind: str, **body: Any) -> None:
    """Handle a message: `changed` comes from the relay, the others from the state machine."""
    match kind:
        case "changed":
            on_case_changed(hub, body["case_id"], body["sequence"])
        case "arrived":
            on_wait_started(hub, _arrival(body))
        case "overdue":
            on_wait_expired(hub, _arrival(body))
        case _:
            raise UnknownMessage


def _arrival(body: Mapping[str, Any]) -> Arrival:
    return Arrival(
        case_id=body["case_id"],
        generation=body["generation"],
        step=Step(body["step"]),
        since=body["since"],
        token=body["token"],
        # An execution that a machine of an earlier release started sends none, and asks after each wait.
        usual_next=Step(body["usual_next"]) if "usual_next" in body else None,
    )
