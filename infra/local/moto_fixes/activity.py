"""What the emulator is busy with, so that somebody outside can tell when nothing is left to do.

Counts every change (a record on a stream, a message sent, received, put off or deleted, an execution that
continues), and knows what is under way: executions between two waits, records that no reader has come back
from, messages that are visible or being handled. A message that its consumer put off is counted apart: it
waits for time, not for somebody.

Downside: one reader for each stream and a consumer that deletes what it handled are taken for granted.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from moto.sqs.models import Queue, sqs_backends

_LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the emulator is busy with at one moment."""

    changes: int
    """How many changes there were; the same number twice means that nothing happened in between."""
    executions: int
    """Executions that run; not those that wait."""
    records: int
    """Records of streams that no reader has come back from."""
    messages: int
    """Messages that are visible or being handled."""
    put_off: int
    """Messages that come back when their time has come."""
    due_at: float | None
    """When the next wait of an execution is over, in the seconds of the emulator's clock."""

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way but what waits for time."""
        return not (self.executions or self.records or self.messages)

    def as_json(self) -> dict[str, Any]:
        """Return it as the control path answers it."""
        return asdict(self)


class Activity:
    """Counters that the fixes keep up to date; any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changes = 0
        self._executing = 0
        self._unread: dict[int, int] = {}

    def changed(self) -> None:
        """Note that something happened."""
        with self._lock:
            self._changes += 1

    def goes_on(self) -> None:
        """Note that an execution runs, from before its thread starts."""
        with self._lock:
            self._changes += 1
            self._executing += 1

    def pauses(self) -> None:
        """Note that an execution waits or has ended."""
        with self._lock:
            self._changes += 1
            self._executing -= 1

    def written(self, shard: object) -> None:
        """Note a new record on a stream."""
        with self._lock:
            self._changes += 1
            self._unread[id(shard)] = self._unread.get(id(shard), 0) + 1

    def read_to_the_end(self, shard: object) -> None:
        """Note that the stream's reader came back and found nothing: it is through with all before."""
        with self._lock:
            self._unread.pop(id(shard), None)

    def snapshot(self, due_at: float | None) -> Snapshot:
        """Return what is under way now."""
        with self._lock:
            changes, executions, records = self._changes, self._executing, sum(self._unread.values())
        waiting = put_off = 0
        for queue in _consumed_queues():
            with queue._messages_lock:  # noqa: SLF001 - moto's own lock of the queue
                for message in queue._messages:  # noqa: SLF001 - deleted ones are gone from it
                    if is_put_off(message):
                        put_off += 1
                    else:
                        waiting += 1
        return Snapshot(changes, executions, records, waiting, put_off, due_at)

    def quiet_snapshot(self, due_at: Callable[[], float | None], patience_seconds: float) -> Snapshot:
        """Wait until nothing is under way, but not for longer than that; return how it is then."""
        give_up_at = time.monotonic() + patience_seconds
        while not (found := self.snapshot(due_at())).quiet and time.monotonic() < give_up_at:
            time.sleep(_LOOK_SECONDS)
        return found


def is_put_off(message: Any) -> bool:
    """Whether a message was put off by its consumer, or its sender, and not received since."""
    return bool(message.delayed or getattr(message, "put_off_at", None) == message.approximate_receive_count)


def _consumed_queues() -> list[Queue]:
    queues = [
        queue
        for regions in sqs_backends.values()
        for backend in regions.values()
        for queue in backend.queues.values()
    ]
    ends = {queue.dead_letter_queue.queue_arn for queue in queues if queue.dead_letter_queue is not None}
    return [queue for queue in queues if queue.queue_arn not in ends]


ACTIVITY = Activity()
"""Of this process's emulator."""
