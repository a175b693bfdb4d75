"""`make run` on a table with its data on disk, and a way to end each of its processes with kill -9."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import urllib3

from infra.local import dynamodb_local
from infra.local.court.clock import CivilClock
from infra.local.demo.client import HubClient, Issuer
from infra.local.processes import Supervisor, free_port
from infra.local.stack import Stack
from tests.support.travel import Traveller

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

ROOT: Final = Path(__file__).parents[2]
TABLE: Final = "table"
PROCESSES: Final = ("hub", "moto_server", "court", "issuer", "sms", "run", TABLE)
"""The stack's processes by their modules in `infra.local`, and the table's engine."""
_PATIENCE_SECONDS: Final = 180.0


class KeptStack:
    """Starts `make run` in a folder of its own, again and again; ends what it started at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._jars = dynamodb_local.fetch().absolute()
        self._ports = {name: free_port() for name in ("port", "court-port", "issuer-port", "sms-port")}
        self._table_port = free_port()
        self._run: subprocess.Popen[bytes] | None = None
        self._table: subprocess.Popen[bytes] | None = None
        self._http = urllib3.PoolManager(maxsize=4)

    def __enter__(self) -> Self:
        self._start_table()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.clear()
        for process in (self._run, self._table):
            if process is not None:
                process.terminate()
                process.wait()

    def start(self, seconds_per_day: float) -> None:
        """Start the stack and wait until it says that it is up."""
        command = [sys.executable, "-m", "infra.local.run", "--seconds-per-day", str(seconds_per_day)]
        command += [f"--{name}={port}" for name, port in self._ports.items()]
        table = {"AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{self._table_port}"}
        said = self.folder / "said"
        with said.open("wb") as output:
            self._run = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                cwd=self.folder,
                env={**os.environ, **table, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        while "\nup;" not in said.read_text():
            assert self._run.poll() is None, said.read_text()
            assert time.monotonic() < give_up_at, said.read_text()
            time.sleep(0.1)

    def traveller(self, case_id: str = "") -> Traveller:
        """Return somebody who plays each role on the stack as it runs now."""
        urls = {name: f"http://127.0.0.1:{port}" for name, port in self._ports.items()}
        told = self._told()
        clock = CivilClock(
            datetime.fromisoformat(told["HUB_CLOCK_ORIGIN"]),
            float(told["HUB_SECONDS_PER_DAY"]),
            datetime.fromisoformat(told["HUB_CLOCK_STARTED"]),
        )
        stack = Stack(
            hub_url=urls["port"],
            court_url=urls["court-port"],
            issuer_url=urls["issuer-port"],
            sms_url=urls["sms-port"],
            aws_url=told["AWS_ENDPOINT_URL"],
            clock=clock,
            virtual=None,
            environment=told,
            emulated=True,
            logs=self.folder / ".local" / "logs",
            supervisor=Supervisor(self.folder / "unused"),
        )
        issuer = Issuer(stack.issuer_url, self._http)
        return Traveller(stack, HubClient(stack.hub_url, issuer, self._http), self._http, None, case_id)

    def kill(self, name: str) -> None:
        """End a process with kill -9. `run` notices and ends the others, except without its table."""
        assert self._run is not None
        assert self._table is not None
        if name == TABLE:
            self._table.kill()
            self._table.wait()
            self._start_table()
            return
        others = self._children()
        os.kill(self._run.pid if name == "run" else others[name], signal.SIGKILL)
        self._run.wait(_PATIENCE_SECONDS)
        while any(Path(f"/proc/{pid}").exists() for pid in others.values()):
            time.sleep(0.05)

    def end(self) -> None:
        """End the stack as a service manager does: what runs in the background may not hear Ctrl-C."""
        assert self._run is not None
        self._run.terminate()
        self._run.wait(_PATIENCE_SECONDS)

    def _start_table(self) -> None:
        command = dynamodb_local.server_command(self._jars, self._table_port, self.folder / "table")
        with (self.folder / "table.log").open("ab") as output:
            self._table = subprocess.Popen(  # noqa: S603 - a fixed program
                command, env={**os.environ, "DDB_LOCAL_TELEMETRY": "0"}, stdout=output, stderr=output
            )
        while not self._table_answers():
            assert self._table.poll() is None
            time.sleep(0.1)

    def _table_answers(self) -> bool:
        try:
            self._http.request("GET", f"http://127.0.0.1:{self._table_port}", retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return True

    def _children(self) -> Mapping[str, int]:
        assert self._run is not None
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes().split(b"\0")
                parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue  # it has ended meanwhile
            if int(parent) == self._run.pid:
                found[command[2].decode().removeprefix("infra.local.")] = int(process.name)
        return found

    def _told(self) -> Mapping[str, str]:
        written = (self.folder / ".local" / "ops.env").read_text()
        return dict(entry.split("=", 1) for entry in shlex.split(written))
