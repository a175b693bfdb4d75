"""Child processes that never outlive the one that started them.

An emulator that a demo leaves behind disturbs the next one: its port is taken or, worse, it answers with old
data. Each child runs in a session of its own, so that Ctrl-C reaches only the parent, which then ends the
children in reverse order. If the parent is killed, the kernel ends them (PR_SET_PDEATHSIG).

Downside: PR_SET_PDEATHSIG exists on Linux only, covers a child but not what the child starts, and takes the
starting thread for the parent: start children in the main thread, and let a launcher exec, not spawn.
"""

import atexit
import fcntl
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final, Self
from urllib.parse import urlsplit

LOG_FOLDER = Path(".local/logs")
_LOG_TAIL_BYTES = 2000
_PORTS = range(20_000, 32_000)
"""Below the range from which Linux takes ports for outgoing connections (ip_local_port_range)."""

# Runs before the child's own program: without site packages it costs some 20 ms, and unlike a preexec_fn it
# is safe while other threads run.
_GUARD = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != int(sys.argv[1]):
        sys.exit("the parent is gone already")
os.execvp(sys.argv[2], sys.argv[2:])
"""

_handed_out: set[int] = set()


class StackFailedError(RuntimeError):
    """The stack can't start or go on; the message says why in one line."""


class ChildFailedError(StackFailedError):
    """A child process ended or was not ready in time; the message has the last line of its log."""


class FolderInUseError(StackFailedError):
    """Another stack writes its logs there."""


class PortTakenError(StackFailedError):
    """Somebody listens on a port that was asked for."""


_DEFAULT_PORT: Final = {"http": 80, "https": 443}


class NothingAnswersError(StackFailedError):
    """The engine that was asked for does not run."""


def check_free(port: int) -> None:
    """Raise PortTakenError if somebody listens on 127.0.0.1 at this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PortTakenError(f"port {port} is taken: end what listens there, or give another") from None


def check_answers(url: str) -> None:
    """Raise NothingAnswersError if nobody listens at this address."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or _DEFAULT_PORT[parts.scheme]), 5).close()
    except (OSError, KeyError):
        raise NothingAnswersError(f"nothing answers at {url}: start it, or give another address") from None


def free_port() -> int:
    """Find a TCP port on 127.0.0.1 that nobody listens on; never the same twice in one process."""
    for port in random.Random().sample(_PORTS, 200):  # noqa: S311 - a port is no secret
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _handed_out:
            _handed_out.add(port)
            return port
    raise OSError(f"no free port between {_PORTS.start} and {_PORTS.stop}")


class Child:
    """One running child process."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self.log = log
        self._process = process

    @property
    def pid(self) -> int:
        """Process id, which is also that of its group."""
        return self._process.pid

    def check(self) -> None:
        """Raise ChildFailedError when the process has ended."""
        if self._process.poll() is not None:
            raise ChildFailedError(f"{self.name} ended with {self._process.returncode}{self._last_words()}")

    def wait_until_ready(self, url: str, timeout_seconds: float) -> None:
        """Wait until `url` answers anything but a 5xx; raises ChildFailedError."""
        give_up_at = time.monotonic() + timeout_seconds
        while not _answers(url):
            self.check()
            if time.monotonic() > give_up_at:
                raise ChildFailedError(
                    f"{self.name} is not ready after {timeout_seconds} s{self._last_words()}"
                )
            time.sleep(0.05)

    def stop(self, patience_seconds: float = 5.0) -> None:
        """End the whole process group: ask, then kill. Does nothing to a process that has ended."""
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience_seconds)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return

    def _last_words(self) -> str:
        lines = self.log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace").split("\n")
        said = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
        return f" ({self.log}): {said}"


class Supervisor:
    """Starts children and ends them all, in reverse order, when its `with` block or the interpreter ends.

    In the main thread SIGTERM leaves the block like Ctrl-C does. A log folder is one supervisor's at a time.
    """

    def __init__(self, log_folder: Path = LOG_FOLDER) -> None:
        self._log_folder = log_folder
        self._children: list[Child] = []
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        """Raise FolderInUseError where another supervisor has this log folder."""
        self._ending.enter_context(_sole_use(self._log_folder))
        self._ending.enter_context(_leaving_on_sigterm())
        self._ending.callback(self.stop)
        atexit.register(self.stop)
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()
        atexit.unregister(self.stop)

    def start(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        ready_url: str | None = None,
        timeout_seconds: float = 30.0,
    ) -> Child:
        """Start a child and wait until `ready_url` answers; its output goes to <log folder>/<name>.log.

        `env` is added to our own environment. Raises ChildFailedError; the children started so far keep
        running.
        """
        log = self._log_folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _GUARD, str(os.getpid()), *arguments],
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child = Child(name, process, log)
        self._children.append(child)
        if ready_url is not None:
            child.wait_until_ready(ready_url, timeout_seconds)
        return child

    def check(self) -> None:
        """Raise ChildFailedError for the first child that has ended."""
        for child in self._children:
            child.check()

    def stop(self) -> None:
        """End all children, last started first."""
        while self._children:
            self._children.pop().stop()


@contextmanager
def _sole_use(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # The lock ends with this process, however it ends.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise FolderInUseError(f"another stack is up in this folder: its logs are in {folder}") from None
    finally:
        os.close(descriptor)


@contextmanager
def _leaving_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM into SystemExit while the block runs, so that `with` blocks and `finally` run."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError as answer:
        answer.close()
        return answer.code < 500  # noqa: PLR2004 - where HTTP's server errors begin
    except OSError:
        return False
