"""Run the simulated court: `python -m infra.local.court --port 8090 --hub-url ... --issuer-url ...`.

Keys come from the environment, never from the command line, which any process can read:
COURT_SIGN_KEYS (whsec_/whsk_, for callbacks) and COURT_VERIFY_KEYS (whsec_/whpk_, the hub's), separated by
spaces. Every other option may be given as COURT_<OPTION> as well. Ends at SIGTERM or SIGINT with exit code 0.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sqlite3
import sys
import threading
from contextlib import ExitStack, closing
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local.court.clock import Calendar, CivilClock
from infra.local.court.desk import Desk, House
from infra.local.court.hub import Hub, Identity
from infra.local.court.knobs import Knobs, Panel
from infra.local.court.outbox import Outbox
from infra.local.court.registry import Registry
from infra.local.court.schedule import Schedule
from infra.local.court.server import Court, CourtServer
from infra.local.court.storage import Storage
from infra.local.virtual_clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def parser() -> argparse.ArgumentParser:
    """Describe every option; each knob is one, with its default."""
    parse = argparse.ArgumentParser(prog="python -m infra.local.court", description="A simulated court.")
    _option(parse, "port", 8090, "port on 127.0.0.1; 0 takes a free one", int)
    _option(parse, "hub-url", "http://127.0.0.1:8000", "the hub's base URL")
    _option(parse, "issuer-url", "http://127.0.0.1:8001", "base URL of the token issuer")
    _option(parse, "court-id", "jiaocheng", "this court's id")
    _option(parse, "court-code", "闽0902", "court code in case numbers")
    _option(parse, "subject", "court-system", "subject of the court's token")
    _option(parse, "judges", "judge-sim-1,judge-sim-2", "judges who take a case without a guiding judge")
    _option(
        parse, "small-claims-limit", "50000", "up to this total (yuan) the small-claims procedure applies"
    )
    _option(parse, "seed", 0, "decides, with a transfer's id, what becomes of it", int)
    _option(
        parse, "clock-origin", "", "ISO time from which the court's calendar runs faster; empty: real time"
    )
    _option(parse, "seconds-per-day", 86400.0, "real seconds that a day of the court's calendar takes", float)
    _option(parse, "kept", "", "file that keeps messages and filings; empty: they end with the process")
    _option(
        parse, "clock-started", "", "ISO real time at which the calendar showed that time; empty: that time"
    )
    _option(parse, "clock-file", "", "virtual clock that is the court's calendar; empty: none")
    _option(parse, "log-level", "WARNING", "how much to say on stderr")
    knobs = parse.add_argument_group("knobs (also by PUT /control while it runs)")
    for knob in fields(Knobs):
        default = getattr(Knobs(), knob.name)
        of = type(default)
        _option(
            knobs, knob.name.replace("_", "-"), default, f"default {default}", _switch if of is bool else of
        )
    return parse


def _option(
    group: argparse._ActionsContainer,
    name: str,
    default: object,
    help_text: str,
    of: Callable[[str], object] = str,
) -> None:
    """Add `--name`, whose default may be set by COURT_NAME."""
    given = os.environ.get(f"COURT_{name.replace('-', '_').upper()}")
    group.add_argument(f"--{name}", default=default if given is None else given, type=of, help=help_text)


def _switch(text: str) -> bool:
    if text.lower() not in {"on", "off", "true", "false", "1", "0"}:
        raise ValueError(text)
    return text.lower() in {"on", "true", "1"}


def build(
    options: argparse.Namespace,
    environment: Mapping[str, str],
    stopping: threading.Event,
    storage: Storage | None = None,
) -> tuple[CourtServer, Schedule]:
    """Put the court together; it goes on with what is in `storage`, and `environment` holds its keys.

    Raises ValueError for options that can't be.
    """
    sign_keys, verify_keys = (
        environment.get(name, "").split() for name in ("COURT_SIGN_KEYS", "COURT_VERIFY_KEYS")
    )
    if not sign_keys or not verify_keys:
        raise ValueError("COURT_SIGN_KEYS and COURT_VERIFY_KEYS must name at least one key each")
    panel = Panel(Knobs().with_changes({knob.name: getattr(options, knob.name) for knob in fields(Knobs)}))
    origin = datetime.fromisoformat(options.clock_origin) if options.clock_origin else datetime.now(UTC)
    started = datetime.fromisoformat(options.clock_started) if options.clock_started else origin
    clock: Calendar = CivilClock(origin, options.seconds_per_day, started)
    if options.clock_file:
        clock = VirtualClock(Path(options.clock_file))
    house = House(
        court_id=options.court_id,
        court_code=options.court_code,
        judges=tuple(options.judges.split(",")),
        small_claims_limit=Decimal(options.small_claims_limit),
        seed=options.seed,
    )
    registry, schedule = Registry(storage), Schedule()
    hub = Hub(options.hub_url, Identity(options.issuer_url, options.subject, options.court_id))
    outbox = Outbox(hub, sign_keys, schedule, registry, panel)
    desk = Desk(house, hub, outbox, schedule, registry, panel, clock)
    court = Court(options.court_id, verify_keys, hub, desk, registry, panel, clock, schedule, stopping)
    server = CourtServer(options.port, court)
    for filing in registry.filings():
        desk.resume(filing)
    return server, schedule


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; return the exit code."""
    options = parser().parse_args(arguments)
    with ExitStack() as ending:
        try:
            storage = ending.enter_context(closing(Storage(Path(options.kept)))) if options.kept else None
            stopping = threading.Event()
            server, schedule = build(options, os.environ, stopping, storage)
        except (ValueError, OSError, OverflowError, sqlite3.Error) as error:
            print(f"court: {error}", file=sys.stderr)
            return 2
        _serve(options, server, schedule, stopping)
    return 0


def _serve(
    options: argparse.Namespace, server: CourtServer, schedule: Schedule, stopping: threading.Event
) -> None:
    logging.basicConfig(level=options.log_level, format="court %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # its debug lines show URLs; ours say what matters
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"court simulator listening on {server.url}", flush=True)
    stopping.wait()
    server.shutdown()
    schedule.stop()
    server.server_close()
    server.court.hub.close()


if __name__ == "__main__":
    sys.exit(main())
