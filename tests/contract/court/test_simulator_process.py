"""The simulated court as it is started and stopped, and the calendar it lives by."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import urllib3

from chalicelib.domain.errors import CourtUnavailable
from infra.local.court.__main__ import main, parser
from infra.local.court.clock import CivilClock, day_in_china, instant
from infra.local.court.knobs import Knobs
from infra.local.processes import Supervisor, free_port
from tests.contract.court.fake_hub import PERSON, fake_hub
from tests.contract.court.messages import utc
from tests.contract.court.simulated import COURT_PUBLIC, KEYS, QUICK, Simulation, neighbours, simulation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECEIVED, ACCEPTED, REJECTED, DOCKETED = "received", "accepted", "rejected", "filing.docketed"
ENDED = {"docketed", "refused", "rejected", "partially_accepted", "cancelled", "replaced"}


def test_every_knob_can_be_set_by_option_and_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        name: not value if isinstance(value, bool) else type(value)(1)
        for name, value in asdict(Knobs()).items()
    }
    by_option = parser().parse_args(
        [text for name, value in values.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    )
    for name, value in values.items():
        monkeypatch.setenv(f"COURT_{name.upper()}", str(value))
    by_environment = parser().parse_args([])
    for options in (by_option, by_environment):
        assert {knob.name: getattr(options, knob.name) for knob in fields(Knobs)} == values


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        ([], {}),
        (["--error-rate", "7"], KEYS),
        (["--outage", "perhaps"], KEYS),
        (["--port", "70000"], KEYS),
        (["--clock-origin", "soon"], KEYS),
    ],
)
def test_options_that_can_not_be_are_refused(
    arguments: list[str], keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    try:
        assert main(["--port", "0", *arguments]) == 2
    except SystemExit as ended:  # argparse leaves this way
        assert ended.code == 2  # noqa: PT017 - both ways out are right


def test_the_courts_calendar_can_run_as_fast_as_the_hubs() -> None:
    origin = datetime.now(UTC) - timedelta(seconds=10)
    ahead = CivilClock(origin, seconds_per_day=2).now() - origin
    assert timedelta(days=5) <= ahead < timedelta(days=6)
    assert abs(CivilClock(origin).now() - datetime.now(UTC)) < timedelta(seconds=1)
    evening = datetime(2026, 1, 1, 16, 30, tzinfo=UTC)
    assert day_in_china(evening).isoformat() == "2026-01-02"
    assert instant(evening) == "2026-01-01T16:30:00.000Z"


def test_the_official_filing_date_is_that_of_the_receipt_not_of_the_docketing() -> None:
    options = ["--seconds-per-day", "0.01", "--clock-origin", utc().isoformat(), "--pace-seconds", "0.05"]
    with simulation(*options) as sim:
        sim.submit()
        sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
        data = list(sim.hub.stored.values())[-1]["data"]
        assert data["official_filing_date"] < data["docketed_at"][:10]


@contextmanager
def own_process(folder: Path) -> Iterator[tuple[Simulation, subprocess.Popen[str]]]:
    """Run the simulator as it is run in earnest."""
    with fake_hub([COURT_PUBLIC]) as hub:
        command = [sys.executable, "-m", "infra.local.court", "--port", "0", "--hub-url", hub.url]
        command += ["--issuer-url", hub.url, "--log-level", "DEBUG", *QUICK]
        with (folder / "court.log").open("w", encoding="utf-8") as log:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command, env={**os.environ, **KEYS}, stdout=subprocess.PIPE, stderr=log, text=True
            )
        http = urllib3.PoolManager(retries=False)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("court simulator listening on http://127.0.0.1:")
            yield neighbours(line.split()[-1], hub, http), process
        finally:
            http.clear()
            process.kill()
            process.communicate()


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGINT"])
def test_as_a_process_it_serves_and_ends_when_told(tmp_path: Path, signal_name: str) -> None:
    with own_process(tmp_path) as (sim, process):
        sim.submit()
        sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
        sim.turn(timeout_rate=1, hang_seconds=60)
        with pytest.raises(CourtUnavailable):
            neighbours(sim.url, sim.hub, sim.http, seconds=0.2).submit("C2-T1")
        process.send_signal(getattr(signal, signal_name))
        assert process.wait(5) == 0
    printed = (tmp_path / "court.log").read_text(encoding="utf-8")
    assert "POST" in printed
    assert not any(secret in printed for secret in [*PERSON.values(), *" ".join(KEYS.values()).split()])


def test_a_supervisor_can_start_it(tmp_path: Path) -> None:
    port = free_port()
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(
            "court",
            [sys.executable, "-m", "infra.local.court", "--port", str(port)],
            env=KEYS,
            ready_url=f"http://127.0.0.1:{port}/control/state",
        )
