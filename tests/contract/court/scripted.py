"""A court that answers whatever a test scripts, over a real socket."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


@dataclass
class Seen:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)


@dataclass
class ScriptedCourt:
    """Answers each POST by calling `script`; keeps what it saw."""

    url: str = ""
    script: Callable[[Handler], None] = lambda _handler: None
    seen: list[Seen] = field(default_factory=list)

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Script one answer for all requests."""
        self.script = lambda handler: handler.reply(status, body, headers)

    def receipt(self) -> None:
        """Script a proper receipt for whatever message comes."""

        def script(handler: Handler) -> None:
            message_id = self.seen[-1].json["message_id"]
            fields = {"receipt_id": "R1", "message_id": message_id, "received_at": "2026-02-06T01:15:09.5Z"}
            handler.reply(202, json.dumps(fields).encode())

        self.script = script


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    court: ScriptedCourt

    def do_POST(self) -> None:
        """Keep the request, then follow the script."""
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.court.seen.append(Seen(self.path, headers, body))
        self.court.script(self)

    def do_GET(self) -> None:
        """Nobody should come here: it is where redirects point."""
        self.court.seen.append(Seen(self.path, {}, b""))
        self.reply(202, b"{}")

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Answer."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


class QuietServer(ThreadingHTTPServer):
    """A server whose clients may hang up."""

    daemon_threads = True

    def handle_error(self, _request: object, _client_address: object) -> None:
        """Ignore a client that gave up: some tests are about that."""


@contextmanager
def scripted_court(tls: ssl.SSLContext | None = None) -> Iterator[ScriptedCourt]:
    """Serve a scripted court on loopback."""
    court = ScriptedCourt()
    server = QuietServer(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"court": court}))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    court.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}/one-network/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield court
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
