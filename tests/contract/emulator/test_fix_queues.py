"""The first two fail on moto as released (`HUB_EMULATOR=plain`); the third is what the fix must not break.

Moto runs in this process, slowed down where it races.
"""

import threading
import time

from moto.sqs.models import Message, Queue, SQSBackend

from infra.local.moto_fixes import queues
from tests.support.aws import PLAIN

ACCOUNT, REGION = "123456789012", "cn-north-1"


class SlowMessage(Message):
    """Takes its time where moto looks at it."""

    looked_at = threading.Event()

    def had_receipt_handle(self, receipt_handle: str) -> bool:
        """Be slow to recognise its own handle."""
        if not super().had_receipt_handle(receipt_handle):
            return False
        self.looked_at.set()
        time.sleep(0.2)
        return True

    @property
    def visible(self) -> bool:
        """Be slow to say yes."""
        visible = super().visible
        if visible:
            time.sleep(0.1)
        return visible


def _message(message_id: str, kind: type[Message] = Message) -> Message:
    message = kind(message_id, "{}")
    message.mark_sent()
    return message


def _queue(*messages: Message) -> tuple[SQSBackend, Queue]:
    if not PLAIN:
        queues.apply()
    backend = SQSBackend(REGION, ACCOUNT)
    queue = backend.create_queue("queue")
    for message in messages:
        queue.add_message(message)
    return backend, queue


def test_a_deleted_message_stays_deleted() -> None:
    """Two deletions at once do not undo each other."""
    first, second = _message("first", SlowMessage), _message("second")
    _, queue = _queue(first, second)
    for message in (first, second):
        message.mark_received(30)
    deleting = threading.Thread(target=queue.delete_message, args=[first.receipt_handle])
    deleting.start()
    SlowMessage.looked_at.wait()
    time.sleep(0.25)
    queue.delete_message(str(second.receipt_handle))
    deleting.join()
    assert queue.approximate_number_of_messages_not_visible == 0


def test_two_pollers_do_not_get_the_same_message() -> None:
    """Within its visibility time-out a message is received once."""
    backend, _ = _queue(_message("only", SlowMessage))
    received: list[Message] = []

    def poll() -> None:
        received.extend(backend.receive_message("queue", 1, 0, 30))

    pollers = [threading.Thread(target=poll) for _ in range(2)]
    for poller in pollers:
        poller.start()
    for poller in pollers:
        poller.join()
    assert [message.id for message in received] == ["only"]


def test_a_long_poll_gets_what_arrives_meanwhile() -> None:
    """A poll that found nothing returns as soon as a message is sent, long before its time is up."""
    backend, queue = _queue()
    sending = threading.Timer(0.1, queue.add_message, [_message("late")])
    start = time.monotonic()
    sending.start()
    (message,) = backend.receive_message("queue", 1, 10, 30)
    assert message.id == "late"
    assert time.monotonic() - start < 5
