"""Store a court's callback, which is acknowledged after it is stored, and applied later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import TransferNotFound
from chalicelib.domain.permissions import authorise
from chalicelib.domain.stages import Action
from chalicelib.use_cases.follow_up import follow_up_time

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import CourtCallback


def store_callback(hub: Hub, actor: Actor, callback: CourtCallback) -> bool:
    """Store the callback; True if it is new. Raises TransferNotFound if the transfer is not this court's."""
    authorise(actor, Action.RECEIVE_CALLBACK)
    owner = hub.transfers.get(callback.transfer_id).court_id
    if not owner == callback.court_id == actor.court_id:
        raise TransferNotFound(callback.transfer_id)
    stored = hub.callbacks.add(callback, follow_up_time(hub))
    if stored:
        hub.metrics.count("CallbacksStored")
    return stored
