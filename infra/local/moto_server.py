"""The local AWS in one process: `python -m infra.local.moto_server --port N`.

Prints one line when it is ready. Serves moto with the fixes of `moto_fixes` on 127.0.0.1, runs state
machines for real, and adds knobs: `POST /hub-local/lose-workflows` forgets every execution and empties
every queue, which the reconciler has to repair; `GET /hub-local/activity` waits a second for the work that is
under way, and says what is left; with `--clock-file` the waits of executions go by the virtual clock in that
file, which `POST /hub-local/time` moves.

Why a process of its own: moto patches the libraries of the process it runs in, and its threads can't be
ended from outside. Downside: everything lives in memory and is gone with the process, but for the keys and
objects that it is told to keep.
"""

import argparse
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from moto.core.config import default_user_config
from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, environ_key_for_header
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.sqs.models import sqs_backends
from werkzeug.serving import ThreadedWSGIServer

from infra.local import moto_fixes
from infra.local.moto_fixes import executions, kept_keys, kept_objects, queues
from infra.local.moto_fixes.activity import ACTIVITY
from infra.local.moto_fixes.timers import TIMERS
from infra.local.moto_fixes.without_flask import WithoutFlask
from infra.local.resources import ACTIVITY_PATH, LOSE_WORKFLOWS_PATH, TIME_PATH
from infra.local.spared import spare_this_process
from infra.local.virtual_clock import VirtualClock

READY = "moto is ready on http://127.0.0.1:{port}"

_PATIENCE_SECONDS = 1.0
_BODILESS = frozenset({204, 304})

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Handler(MotoRequestHandler):
    """Without an access log, which would bury the errors; and a connection serves many requests.

    A connection and a thread for each request, as werkzeug has it, cost more than most requests do.
    """

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # buffered: head and body leave in one packet
    disable_nagle_algorithm = True

    def log_request(self, *_: Any) -> None:
        """Log nothing."""

    def handle_expect_100(self) -> bool:
        """Let the client send its body now; botocore waits a second for this before each upload to S3."""
        allowed = super().handle_expect_100()
        self.wfile.flush()
        return allowed

    def make_environ(self) -> dict[str, Any]:
        """Describe a request to `/` without taking its address apart; any other as werkzeug does."""
        if self.path != "/" or "Transfer-Encoding" in self.headers:
            described: dict[str, Any] = super().make_environ()
            return described
        host, port = self.server.server_address[:2]
        environ = {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": self.rfile,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "werkzeug.socket": self.connection,
            "SERVER_SOFTWARE": self.server_version,
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": "/",
            "QUERY_STRING": "",
            "REQUEST_URI": "/",
            "RAW_URI": "/",
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": self.client_address[1],
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            PRESERVED_HEADER_NAMES_ENVIRON_KEY: {},  # those of S3's objects, which have a path
        }
        for name, value in self.headers.items():
            if "_" not in name:
                key = environ_key_for_header(name)
                environ[key] = (
                    f"{environ[key]},{value}" if key in environ and key.startswith("HTTP_") else value
                )
        return environ

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Word each second once."""
        return _worded(int(time.time() if timestamp is None else timestamp))

    def run_wsgi(self) -> None:
        """Answer one request; its body is read to the end, so that the next one is understood."""
        environ = self.make_environ()
        terminated = "wsgi.input_terminated" in environ
        length = -1 if terminated else int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
        head: list[Any] = []

        def start_response(*given: Any) -> Callable[[bytes], object]:
            head.extend(given[:2])
            return self.wfile.write

        answer = self.server.app(environ, start_response)
        body = b"".join(answer)
        if close := getattr(answer, "close", None):
            close()
        status, headers = head
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        has_body = self.command != "HEAD" and int(code) not in _BODILESS
        for name, value in headers:
            if not (has_body and name.lower() == "content-length"):
                self.send_header(name, value)
        if has_body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if has_body:
            self.wfile.write(body)


@lru_cache(maxsize=1)
def _worded(second: int) -> str:
    return formatdate(second, usegmt=True)


def main(argv: list[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.moto_server", description="The local AWS.")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument(
        "--plain", action="store_true", help="serve moto as released, to see what a fix is for"
    )
    parser.add_argument(
        "--kept-keys", type=Path, help="file that makes KMS keys the same after a restart; made if missing"
    )
    parser.add_argument("--kept-objects", type=Path, help="folder that keeps the objects of S3")
    parser.add_argument("--clock-file", type=Path, help="virtual clock that executions wait by")
    arguments = parser.parse_args(argv)
    _set_environment(arguments.port)
    clock = VirtualClock(arguments.clock_file) if arguments.clock_file else None
    if clock is not None:
        TIMERS.follow(clock.seconds)
    if arguments.kept_keys:
        kept_keys.apply(arguments.kept_keys)
    if arguments.kept_objects:
        kept_objects.apply(arguments.kept_objects)
    serve(arguments.port, patched=not arguments.plain, clock=clock)


def _set_environment(port: int) -> None:
    """Set the time zone moto assumes, the port its executions call back to, and no way out to AWS."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    os.environ["MOTO_PORT"] = str(port)
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL") or name == "AWS_PROFILE"]:
        del os.environ[name]


def serve(port: int, *, patched: bool, clock: VirtualClock | None = None) -> None:
    """Serve moto on 127.0.0.1:`port` in this thread; the process's moto is patched for good."""
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    if patched:
        moto_fixes.apply()
    _only_errors_of_ours()
    spare_this_process()
    plain = DomainDispatcherApplication(create_backend_app)
    application = with_knobs(WithoutFlask(plain) if patched else plain, clock)
    server = ThreadedWSGIServer("127.0.0.1", port, application, handler=Handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(READY.format(port=server.port), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


def _only_errors_of_ours() -> None:
    """Silence the libraries: a failure that a state machine catches is normal."""
    for name in ("moto", "urllib3", "botocore", "werkzeug"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def with_knobs(application: WsgiApplication, clock: VirtualClock | None = None) -> WsgiApplication:
    """Answer the paths under /hub-local ourselves."""

    def move_time(environ: dict[str, Any]) -> dict[str, Any]:
        if clock is not None:
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            clock.move_to(json.loads(body)["seconds"])
            TIMERS.catch_up()
        return activity(environ)

    def activity(_environ: dict[str, Any]) -> dict[str, Any]:
        return ACTIVITY.quiet_snapshot(TIMERS.next_due, _PATIENCE_SECONDS).as_json()

    knobs = {
        ("POST", LOSE_WORKFLOWS_PATH): lambda _environ: lose_workflows(),
        ("GET", ACTIVITY_PATH): activity,
        ("POST", TIME_PATH): move_time,
    }

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        knob = knobs.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if knob is None:
            return application(environ, start_response)
        body = json.dumps(knob(environ)).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def lose_workflows() -> dict[str, int]:
    """Forget every execution, then empty every queue; returns how many of each."""
    lost = executions.lose_all()
    emptied = [
        queue
        for regions in sqs_backends.values()
        for backend in regions.values()
        for queue in backend.queues.values()
    ]
    for queue in emptied:
        queues.empty(queue)
    return {"executions": lost, "queues": len(emptied)}


if __name__ == "__main__":
    main()
