"""Do locally what Lambda's event source mappings and EventBridge do: call functions with real events.

A pump reads one source, builds the event Lambda would build, calls `handler(event, context)` and follows its
answer: successes are deleted or passed, failures are delivered again. A handler that raises is logged by the
kind and place of its error, never with its payload, and called again; it does not end the pump.

Why not the emulators' own mappings: moto's sends one record at a time and ignores partial failures. Downside:
a stream's checkpoint lives in memory, so a new process reads the stream from its beginning, and a record that
can never be handled holds up its shard for ever, where Lambda would give up in the end; no time-out ends a
handler that hangs.
"""

from infra.local.pumps.base import Pump, stop_all
from infra.local.pumps.events import LambdaContext, leave_records_as_json
from infra.local.pumps.queue import QueuePump
from infra.local.pumps.schedule import SchedulePump, VirtualSchedulePump
from infra.local.pumps.stream import StreamPump

__all__ = [
    "LambdaContext",
    "Pump",
    "QueuePump",
    "SchedulePump",
    "StreamPump",
    "VirtualSchedulePump",
    "leave_records_as_json",
    "stop_all",
]
