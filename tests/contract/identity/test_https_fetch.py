"""The real HTTP fetch against servers that misbehave in every way we could think of."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from chalicelib.adapters.identity.jwks import FetchFailedError, HttpsFetch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FETCH = HttpsFetch(timeout_seconds=0.5, max_bytes=1000)


@contextmanager
def _server(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Keep the test output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/jwks.json"
        finally:
            server.shutdown()
            thread.join()


def _respond(
    body: bytes, *, status: int = 200, length: int | None = None, location: str = ""
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        if location:
            handler.send_header("Location", location)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def _drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(40):
            handler.wfile.write(b" ")
            time.sleep(0.1)
    except ConnectionError:
        return  # the client gave up, as it should


def test_a_document_is_fetched_whole() -> None:
    """The bytes arrive as they were sent, up to the last allowed one."""
    body = b"x" * 1000
    with _server(_respond(body)) as url:
        assert _FETCH(url) == body


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (_respond(b"x" * 1001), "too_large"),
        (_respond(b"{}", status=503), "status_503"),
        (_respond(b"{}", status=204, length=0), "status_204"),
        (_respond(b"", status=302, location="/elsewhere"), "status_302"),
        (_respond(b"{}", length=10), "ProtocolError"),
        (lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"), "ProtocolError"),
        (lambda _: time.sleep(0.8), "ReadTimeoutError"),
        (_drip, "too_slow"),
    ],
    ids=["too large", "5xx", "no content", "redirect", "cut short", "no HTTP", "silent", "dripping"],
)
def test_a_misbehaving_server_is_a_failed_fetch(
    answer: Callable[[BaseHTTPRequestHandler], None], why: str
) -> None:
    """Each has its code, and none takes much longer than the time-out."""
    with _server(answer) as url:
        started = time.monotonic()
        with pytest.raises(FetchFailedError, match=why):
            _FETCH(url)
        assert time.monotonic() - started < 3


def test_nobody_listening_is_a_failed_fetch() -> None:
    """A refused connection is reported like any other failure."""
    with _server(_respond(b"")) as url:
        pass
    with pytest.raises(FetchFailedError, match="NewConnectionError"):
        _FETCH(url)
