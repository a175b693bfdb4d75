"""The hub on this machine: its API behind a local gateway, its functions behind pumps, in one process.

Promise: the functions are `app.py`'s own, called with real Lambda events; what the gateway refuses, it
refuses with the template's own bodies. The environment says where AWS is. Each function has a hub of its
own, so that none lives on what another one has read or unwrapped. Downside: one process, so they share what
modules keep.
"""

from __future__ import annotations

import argparse
import os
import signal
import threading
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import boto3

from chalicelib import bootstrap
from chalicelib.adapters.clock import CaseClock
from chalicelib.adapters.dynamo.codes import DynamoCodes
from chalicelib.bootstrap import LiveHub
from chalicelib.registry import consumers
from chalicelib.settings import SECONDS_PER_DAY, from_process
from infra.local.aws_calls import record_to, running_function
from infra.local.gateway import serve
from infra.local.plain_sockets import ask_over_plain_sockets
from infra.local.pumps import (
    QueuePump,
    SchedulePump,
    StreamPump,
    VirtualSchedulePump,
    leave_records_as_json,
    stop_all,
)
from infra.local.spared import spare_this_process
from infra.local.virtual_clock import VirtualClock
from infra.template.api import BINARY_MEDIA_TYPES, denied_body, problem_bodies, problem_headers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from infra.local.pumps import Pump


_IDLE_SECONDS_WHILE_TIME_WAITS: Final = 0.03
"""Where time waits for the reader of the stream, every run waits for it many times."""


def main(argv: Sequence[str] | None = None) -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.hub", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1")
    parser.add_argument("--aws-calls", type=Path, help="file that tells which function asked what of AWS")
    parser.add_argument("--sweep-seconds", type=float, default=5.0, help="between two runs of the reconciler")
    parser.add_argument("--clock-file", type=Path, help="virtual clock that is case time")
    parser.add_argument("--emulator", help="address of our own emulator, if that is AWS here")
    options = parser.parse_args(argv)
    if options.aws_calls:
        record_to(options.aws_calls)
    virtual = VirtualClock(options.clock_file) if options.clock_file else None
    vars(bootstrap)["hub"] = lambda: _hub_of(running_function(), virtual)
    import app as hub_app  # noqa: PLC0415 - it takes the hub that is there when it is imported

    spare_this_process()
    if options.emulator:
        ask_over_plain_sockets(options.emulator)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pumps = _pumps(hub_app, options.sweep_seconds, virtual)
    for pump in pumps:
        pump.start()
    with serve(
        hub_app.app,
        port=options.port,
        problems=problem_bodies(),
        denied=denied_body(),
        headers=problem_headers(),
        binary_types=BINARY_MEDIA_TYPES,
    ):
        stop.wait()
    stop_all(pumps)


@cache
def _hub_of(_function: str | None, virtual: VirtualClock | None) -> LiveHub:
    if virtual is None:
        return LiveHub(from_process())
    hub = _VirtualHub(from_process())
    hub.clock = CaseClock(SECONDS_PER_DAY, virtual.now(), virtual.now)
    return hub


class _VirtualHub(LiveHub):
    """A hub whose one-time codes live in case time too.

    A minute between two codes would be an age where a year passes within one, and nobody waits for it.
    """

    @cached_property
    def codes(self) -> DynamoCodes:  # type: ignore[override] # an attribute of the base, found by its name
        store = self._store
        return DynamoCodes(store.table, store.data_keys, lambda: self.clock.now().timestamp())


def _pumps(hub_app: ModuleType, sweep_seconds: float, virtual: VirtualClock | None) -> list[Pump]:
    sqs, streams = boto3.client("sqs"), boto3.client("dynamodbstreams")
    leave_records_as_json(streams)
    return [
        StreamPump(
            streams,
            boto3.client("dynamodb"),
            os.environ["HUB_TABLE"],
            hub_app.relay,
            event_names={"INSERT"},
            idle_seconds=0.1 if virtual is None else _IDLE_SECONDS_WHILE_TIME_WAITS,
            on_idle=virtual.note_idle_read if virtual else lambda: None,
        ),
        *(
            QueuePump(
                sqs,
                os.environ[consumer.url_variable],
                getattr(hub_app, consumer.name),
                workers=max(1, consumer.concurrency // 2),
                batch_size=consumer.batch_size,
                # What fails is tried again soon, but for messages that their consumer puts off by itself.
                retry_seconds=None if consumer.put_off_metric else 1,
            )
            for consumer in consumers()
        ),
        SchedulePump(hub_app.reconcile, every_seconds=sweep_seconds)
        if virtual is None
        else VirtualSchedulePump(hub_app.reconcile, virtual),
    ]


if __name__ == "__main__":
    main()
