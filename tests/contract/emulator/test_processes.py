"""No child process outlives its parent, whatever ends the parent."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from infra.local.processes import (
    ChildFailedError,
    FolderInUseError,
    NothingAnswersError,
    PortTakenError,
    Supervisor,
    check_answers,
    check_free,
    free_port,
)
from tests.support.aws import eventually

ROOT = Path(__file__).parents[3]

# Starts a child that has a child of its own, says both their ids, and then does as it is told. It hears
# Ctrl-C however the tests were started: a shell's background job (`make test &`) is given SIGINT ignored,
# hands that on to whatever it starts, and Python then installs no handler of its own.
PARENT = """
import signal, sys, time
from pathlib import Path
from infra.local.processes import Supervisor

signal.signal(signal.SIGINT, signal.default_int_handler)

CHILD = "import subprocess as s, time; print(s.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
folder = Path(sys.argv[1])
with Supervisor(folder) as supervisor:
    child = supervisor.start("child", [sys.executable, "-c", CHILD])
    while not child.log.read_text().strip():
        time.sleep(0.02)
    print(child.pid, child.log.read_text().strip(), flush=True)
    if sys.argv[2] == "crash":
        raise RuntimeError
    time.sleep(60)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """Make a supervisor with a log folder of its own."""
    with Supervisor(tmp_path) as supervisor:
        yield supervisor


@pytest.fixture
def in_the_background() -> Iterator[None]:
    """Ignore Ctrl-C, as a shell lets its background jobs do; what is started inherits it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("end", "grandchild_too"),
    [
        (signal.SIGINT, True),
        (signal.SIGTERM, True),
        ("crash", True),
        # The kernel ends the child; what the child started is its own business.
        (signal.SIGKILL, False),
    ],
)
@pytest.mark.usefixtures("in_the_background")
def test_however_the_parent_ends_its_child_ends(
    tmp_path: Path, end: signal.Signals | str, grandchild_too: bool
) -> None:
    """Ctrl-C, a polite end, a crash and SIGKILL leave no child behind, also of tests in the background."""
    if end == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux ends a child with its parent")
    command = [sys.executable, "-c", PARENT, str(tmp_path), end if isinstance(end, str) else "wait"]
    with subprocess.Popen(  # noqa: S603 - our own script
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        child, grandchild = map(int, parent.stdout.readline().split())
        try:
            if isinstance(end, signal.Signals):
                parent.send_signal(end)
            parent.wait(20)
            eventually(lambda: _is_gone(child))
            if grandchild_too:
                eventually(lambda: _is_gone(grandchild))
        finally:
            parent.kill()
            if not _is_gone(grandchild):
                with suppress(ProcessLookupError):
                    os.kill(grandchild, signal.SIGKILL)


def test_a_child_that_will_not_go_is_killed(supervisor: Supervisor) -> None:
    """Stopping asks first and does not ask twice."""
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    stubborn = f"import signal, time; {ignore}; print(1, flush=True); time.sleep(60)"
    child = supervisor.start("stubborn", [sys.executable, "-c", stubborn])
    eventually(child.log.read_text)
    child.stop(patience_seconds=0.2)
    assert _is_gone(child.pid)


def test_a_child_that_ends_is_reported_with_its_last_words(supervisor: Supervisor) -> None:
    """The error names the child, its exit status and the end of its log."""
    child = supervisor.start("brief", [sys.executable, "-c", "raise SystemExit('the port is taken')"])
    with pytest.raises(ChildFailedError, match=r"^brief ended with 1 \(.*brief\.log\): the port is taken$"):
        eventually(supervisor.check)
    with pytest.raises(ChildFailedError, match="brief ended with 1"):
        child.wait_until_ready("http://127.0.0.1:9", timeout_seconds=5)


def test_a_child_that_is_never_ready_is_reported(supervisor: Supervisor) -> None:
    """Waiting has an end."""
    child = supervisor.start("mute", [sys.executable, "-c", "import time; time.sleep(60)"])
    with pytest.raises(ChildFailedError, match="mute is not ready after"):
        child.wait_until_ready(f"http://127.0.0.1:{free_port()}", timeout_seconds=0.3)


def test_a_child_is_ready_when_its_url_answers(supervisor: Supervisor) -> None:
    """Any answer but a server error will do, and the child sees the environment it was given."""
    port = free_port()
    server = (
        "import http.server, os\n"
        "class Handler(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self): self.send_error(int(os.environ['STATUS']))\n"
        f"http.server.HTTPServer(('127.0.0.1', {port}), Handler).serve_forever()"
    )
    url = f"http://127.0.0.1:{port}/"
    with pytest.raises(ChildFailedError, match="is not ready"):
        supervisor.start(
            "sick", [sys.executable, "-c", server], env={"STATUS": "503"}, ready_url=url, timeout_seconds=1
        )
    supervisor.stop()
    supervisor.start("well", [sys.executable, "-c", server], env={"STATUS": "404"}, ready_url=url)
    supervisor.check()


def test_a_port_is_handed_out_once() -> None:
    """Asking again gives other ports, none of which the kernel would give to an outgoing connection."""
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50
    assert max(ports) < 32_768


def _is_gone(pid: int) -> bool:
    # A container's first process may leave the dead unburied, or bury them between two of our looks.
    try:
        os.kill(pid, 0)
        return _state(pid) == "Z"
    except ProcessLookupError:
        return True


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        os.kill(pid, 0)  # there is no such file without Linux, or no such process any more
        return "unknown"


def test_a_log_folder_is_one_supervisors_at_a_time(tmp_path: Path) -> None:
    """A second one is refused before it truncates a log; when the first has ended, the next may come."""
    with Supervisor(tmp_path) as first:
        log = first.start("child", [sys.executable, "-c", "print('up')"]).log
        eventually(log.read_text)
        with pytest.raises(FolderInUseError, match="another stack"), Supervisor(tmp_path):
            pass
        assert log.read_text() == "up\n"
    with Supervisor(tmp_path):
        pass


def test_an_endpoint_where_nothing_answers_is_named() -> None:
    """In one line, before anything is started."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(NothingAnswersError, match=f"^nothing answers at {url}: [^\n]*$"):
            check_answers(url)
        listener.listen()
        check_answers(url)
    for unheard_of in ("localhost:8001", "http://127.0.0.1:0"):
        with pytest.raises(NothingAnswersError):
            check_answers(unheard_of)


def test_a_taken_port_is_named() -> None:
    """Whoever asks for it is told which it is, in one line."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"^port {port} is taken: [^\n]*$"):
            check_free(port)
    check_free(port)
