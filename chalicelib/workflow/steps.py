"""The workflow queue: executions that arrive or run over, and cases that have moved.

Promise: three kinds of message, each one use case; an unknown kind fails and ends in the DLQ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.adapters.queues import ARRIVED, CHANGED, OVERDUE
from chalicelib.domain.steps import Step
from chalicelib.use_cases.on_case_changed import on_case_changed
from chalicelib.use_cases.on_wait_expired import on_wait_expired
from chalicelib.use_cases.on_wait_started import on_wait_started
from chalicelib.use_cases.records import Arrival
from chalicelib.workflow.batches import queue_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.use_cases.ports import Hub


class UnknownMessage(Exception):
    """A message of a kind this version does not know: functions and state machine do not fit."""


def handle_workflow(event: Mapping[str, Any], hub: Callable[[], Hub]) -> dict[str, Any]:
    """Handle a batch of the workflow queue."""
    return queue_batch(event, lambda body, _record: _handle(body, hub()))


def _handle(body: Mapping[str, Any], hub: Hub) -> None:
    match body["kind"]:
        case kind if kind == CHANGED:
            on_case_changed(hub, body["case_id"], body["sequence"])
        case kind if kind == ARRIVED:
            on_wait_started(hub, _arrival(body))
        case kind if kind == OVERDUE:
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
    )
