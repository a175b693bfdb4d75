# ruff: noqa: SLF001 - a fix for a library's private parts touches them
"""Queues of moto that keep every message they acknowledged.

What moto 5.2.5 does: deleting a message rebuilds the queue's list without a lock, so that a message sent at
the same moment vanishes; two pollers at once receive the same message or fail on its move to the
dead-letter queue.

What this does: each queue's own lock around every change, and long polls that wait on it.

Downside: a message whose visibility time-out or delay ends during a long poll is noticed up to half a second
late.
"""

import time
from collections.abc import Callable
from typing import Any

from moto.sqs.models import Message, Queue, SQSBackend

from infra.local.moto_fixes.activity import ACTIVITY
from infra.local.replacing import replace

Method = Callable[..., Any]

RECHECK_SECONDS = 0.5
"""How often a long poll looks for messages that became visible by the passing of time alone."""


def apply() -> None:
    """Patch moto's queues."""
    replace(Queue, "delete_message", _under_queue_lock)
    replace(Queue, "add_message", _under_queue_lock)
    replace(SQSBackend, "purge_queue", _under_named_queue_lock)
    replace(SQSBackend, "change_message_visibility", _noted_put_off)
    replace(SQSBackend, "receive_message", _atomic_receive)


def empty(queue: Queue) -> None:
    """Drop every message, also those in flight, without PurgeQueue's limit of one call a minute."""
    with queue._messages_lock:
        queue._messages = []
        queue._pending_messages = set()


def _under_queue_lock(original: Method) -> Method:
    def locked(queue: Queue, *args: Any, **kwargs: Any) -> Any:
        with queue._messages_lock:
            ACTIVITY.changed()
            return original(queue, *args, **kwargs)

    return locked


def _under_named_queue_lock(original: Method) -> Method:
    def locked(backend: SQSBackend, queue_name: str, *args: Any, **kwargs: Any) -> Any:
        with backend.get_queue(queue_name)._messages_lock:
            return original(backend, queue_name, *args, **kwargs)

    return locked


def _noted_put_off(original: Method) -> Method:
    """Remember that a message waits because its consumer wanted so, until it is received again."""

    def change(backend: SQSBackend, queue_name: str, receipt_handle: str, *args: Any, **kwargs: Any) -> Any:
        queue = backend.get_queue(queue_name)
        with queue._messages_lock:
            answer = original(backend, queue_name, receipt_handle, *args, **kwargs)
            for message in queue._messages:
                if message.had_receipt_handle(receipt_handle):
                    message.put_off_at = message.approximate_receive_count  # type: ignore[attr-defined] # ours
            ACTIVITY.changed()
            return answer

    return change


def _atomic_receive(original: Method) -> Method:
    def receive_message(
        backend: SQSBackend,
        queue_name: str,
        count: int,
        wait_seconds_timeout: int,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> list[Message]:
        queue = backend.get_queue(queue_name)
        give_up_at = time.monotonic() + wait_seconds_timeout
        with queue._messages_lock:
            while True:
                found: list[Message] = original(
                    backend, queue_name, count, 0, visibility_timeout, message_attribute_names
                )
                left = give_up_at - time.monotonic()
                if found:
                    ACTIVITY.changed()
                if found or left <= 0:
                    return found
                queue._messages_lock.wait(min(left, RECHECK_SECONDS))

    return receive_message
