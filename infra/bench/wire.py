"""A proxy between the hub and AWS that passes everything on and shows it to an observer.

Promise: a request is handed on as it came and its answer as it is; the observer sees each once, with its
service and operation as its signature and headers name them. Why a tap and not hooks in the client: it counts
what is sent, retries included, whoever sends it, and needs nothing changed in what is measured.

Downside: bodies are held in memory, and a request without Content-Length is refused; boto3 sends none.
"""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

import urllib3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Observer = Callable[["Call", Callable[[], "Answer"]], "Answer"]

_SCOPE: Final = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/(?P<service>[^/]+)/aws4_request")
_ACTION: Final = re.compile(rb"(?:^|&)Action=(?P<operation>\w+)")
_HOP_BY_HOP: Final = frozenset({"connection", "transfer-encoding", "keep-alive", "expect", "content-length"})
_TIMEOUT_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to AWS; an operation of S3 is named after its HTTP method, as in `s3.PUT`."""

    service: str
    operation: str
    body: bytes

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments, for the services that speak JSON."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def name(self) -> str:
        """Service and operation, as in `dynamodb.GetItem`."""
        return f"{self.service}.{self.operation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of AWS."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The answer, for the services that speak JSON."""
        parsed: dict[str, Any] = json.loads(self.body or b"{}")
        return parsed


@contextmanager
def tapped(upstream: str, observer: Observer) -> Iterator[str]:
    """Serve `upstream` on another port of 127.0.0.1 while the block runs; yields its URL.

    `observer` gets each call and how to hand it on, and returns the answer.
    """
    server = _Server(upstream, observer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        server.pool.clear()


def named(method: str, headers: Mapping[str, str], body: bytes) -> Call:
    """Name a request by its signature's scope, and by X-Amz-Target, Action or its method."""
    scope = _SCOPE.search(headers.get("Authorization", ""))
    target = headers.get("X-Amz-Target", "").rpartition(".")[2]
    action = None if target else _ACTION.search(body)
    operation = target or (action["operation"].decode() if action else method)
    return Call(service=scope["service"] if scope else "unsigned", operation=operation, body=body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, upstream: str, observer: Observer) -> None:
        self.observer = observer
        self.upstream = upstream.rstrip("/")
        self.pool = urllib3.PoolManager(maxsize=32, retries=False, timeout=_TIMEOUT_SECONDS)
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # buffered: head and body leave in one packet
    server: _Server

    def _handle(self) -> None:
        length = self.headers.get("Content-Length")
        if length is None and self.headers.get("Transfer-Encoding"):
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return
        body = self.rfile.read(int(length or 0))
        call = named(self.command, dict(self.headers), body)
        self._send(self.server.observer(call, lambda: self._hand_on(body)))

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _handle  # noqa: N815 - names the base class looks for

    def handle_expect_100(self) -> bool:
        """Tell S3's client, which waits for it, to go on."""
        told = super().handle_expect_100()
        self.wfile.flush()
        return told

    def _hand_on(self, body: bytes) -> Answer:
        answer = self.server.pool.request(
            self.command,
            self.server.upstream + self.path,
            body=body,
            # The host stays the one that was asked for: the emulator builds queue URLs of it.
            headers={name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP},
            decode_content=False,
            redirect=False,
        )
        return Answer(status=answer.status, headers=dict(answer.headers), body=answer.data)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in _HOP_BY_HOP | {"date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Log nothing: the observer sees every request."""
