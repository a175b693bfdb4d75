"""The HTTP side of the local gateway: connections, bodies, limits.

Threads serve HTTP/1.1 connections that stay open. Downside: Python's own HTTP parser, which is strict but
slow; about a thousand requests a second.
"""

import base64
import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

from chalice.app import Chalice
from chalice.local import LocalChalice

from infra.local.aws_calls import running_as
from infra.local.gateway.authorizer import Authorizer
from infra.local.gateway.events import Event, HttpRequest, match_route, proxy_event
from infra.local.gateway.refusals import Answer, Body, Refusals, RefusedError
from infra.local.pumps import LambdaContext
from infra.template.chalice_config import API_HANDLER

logger = logging.getLogger(__name__)

LARGEST_REQUEST_BYTES = 10 * 1024 * 1024
"""Of a request's body (API Gateway quotas, payload size)."""
LARGEST_PAYLOAD_BYTES = 6 * 1024 * 1024
"""Of an event or an answer as JSON, escapes included (Lambda quotas, synchronous invocation)."""
LONGEST_CALL_SECONDS = 29.0
"""After which the gateway answers by itself, whatever the function does (API Gateway quotas)."""

# Lambda's Python runtime escapes what is not ASCII up to 3.11, and only what JSON asks for since.
_ESCAPED_TO_ASCII = sys.version_info < (3, 12)

_IDLE_SECONDS = 60.0
_INTEGRATION_FAILURE = 504
_NO_CONTENT = 204


class Gateway:
    """Answers requests by calling the app."""

    def __init__(
        self,
        app: Chalice,
        refusals: Refusals,
        authorizer: Authorizer,
        function_name: str,
        binary_types: Collection[str] = (),
        longest_call_seconds: float = LONGEST_CALL_SECONDS,
    ) -> None:
        self._longest_call_seconds = longest_call_seconds
        self._app = _for_threads(app)
        self._refusals = refusals
        self._authorizer = authorizer
        self._function_name = function_name
        self._binary_types = (*app.api.binary_types, *binary_types)

    def answer(self, request: HttpRequest) -> Answer:
        """Answer one request; never raises."""
        try:
            return self._answer(request)
        except RefusedError as refused:
            if refused.told is not None:
                return self._refusals.denial(refused.told, request.request_id)
            return self.refuse(refused.status, request.request_id)
        except Exception:
            # Chalice answers its views' errors itself; any other error is a fault of the stack.
            logger.exception("the function failed")
            return self.refuse(_INTEGRATION_FAILURE, request.request_id)

    def refuse(self, status: int, request_id: str) -> Answer:
        """Return the answer for one of the gateway's own refusals."""
        return self._refusals.answer(status, request_id)

    def _answer(self, request: HttpRequest) -> Answer:
        route, captured = match_route(request.path, self._app.routes)
        event = proxy_event(request, route, captured, self._binary_types)
        if _payload_bytes(event) > LARGEST_PAYLOAD_BYTES:
            raise RefusedError(413)
        context = LambdaContext(function_name=self._function_name)
        entry = self._app.routes[route].get(request.method)
        # A method that the route does not have goes to the app, which answers with the methods it has.
        if entry is not None and entry.authorizer is not None:
            with running_as("authorizer"):
                told = self._authorizer.context(entry.authorizer, request, context)
            event["requestContext"]["authorizer"] = told
        return _from_proxy(self._called(event, context))

    def _called(self, event: Event, context: LambdaContext) -> Mapping[str, Any]:
        """Call the app in a thread of its own, which may outlast the answer, as a function may."""
        answered: SimpleQueue[Any] = SimpleQueue()

        def call() -> None:
            try:
                with running_as(API_HANDLER):
                    answered.put(self._app(event, context))
            except Exception as error:  # noqa: BLE001 - handed to whoever waits
                answered.put(error)

        threading.Thread(target=call, daemon=True).start()
        try:
            answer: Any = answered.get(timeout=self._longest_call_seconds)
        except Empty:
            raise RefusedError(_INTEGRATION_FAILURE) from None
        if isinstance(answer, Exception):
            raise answer
        response: Mapping[str, Any] = answer
        return response


def _payload_bytes(payload: Any) -> int:
    """Return how long an event or an answer is on its way to or from Lambda."""
    return len(json.dumps(payload, ensure_ascii=_ESCAPED_TO_ASCII).encode())


def _from_proxy(response: Mapping[str, Any]) -> Answer:
    text = response.get("body") or ""
    if _payload_bytes(response) > LARGEST_PAYLOAD_BYTES:
        logger.error("the function's answer is larger than Lambda allows")
        raise RefusedError(_INTEGRATION_FAILURE)
    body = base64.b64decode(text) if response.get("isBase64Encoded") else text.encode()
    headers = {**(response.get("headers") or {}), **(response.get("multiValueHeaders") or {})}
    if body and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    return Answer(response["statusCode"], headers, body)


def _for_threads(app: Chalice) -> Chalice:
    """Give each thread its own current request of the app; changes the app's class, once."""
    if not isinstance(app, LocalChalice):
        app.__class__ = type("ThreadedApp", (LocalChalice, type(app)), {})
    return app


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "jiefen-hub-local", ""
    disable_nagle_algorithm = True
    wbufsize = -1  # buffered: head and body leave in one packet
    timeout = _IDLE_SECONDS
    server: "_Server"

    def _handle(self) -> None:
        request_id = str(uuid4())
        try:
            body = self._read_body()
        except RefusedError as refused:
            # The rest of the body stays unread, so nothing after it can be understood.
            self.close_connection = True
            self._send(self.server.gateway.refuse(refused.status, request_id))
            return
        request = HttpRequest(
            method=self.command,
            target=self.path,
            headers=list(self.headers.items()),
            body=body,
            request_id=request_id,
            source_ip=self.client_address[0],
        )
        self._send(self.server.gateway.answer(request))

    def __getattr__(self, name: str) -> Any:
        """Handle every method alike: the base class looks for `do_<method>`."""
        if name.startswith("do_"):
            return self._handle
        raise AttributeError(name)

    def handle_expect_100(self) -> bool:
        """Tell a client that waits for it to go on."""
        answered = super().handle_expect_100()
        self.wfile.flush()
        return answered

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._read_chunks()
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            raise RefusedError(400) from None
        if length < 0:
            raise RefusedError(400)
        if length > LARGEST_REQUEST_BYTES:
            raise RefusedError(413)
        return self.rfile.read(length)

    def _read_chunks(self) -> bytes:
        body = b""
        while True:
            try:
                size = int(self.rfile.readline(100).partition(b";")[0], 16)
            except ValueError:
                raise RefusedError(400) from None
            if len(body) + size > LARGEST_REQUEST_BYTES:
                raise RefusedError(413)
            chunk = self.rfile.read(size)
            self.rfile.readline(100)
            if not size:
                return body
            body += chunk

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name, one)
        if answer.status != _NO_CONTENT:
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is not HTTP in the gateway's words; called by the base class."""
        del message, explain
        self.close_connection = True
        # Where the request line was not understood, the base class assumes HTTP/0.9, which has no headers.
        self.request_version = self.protocol_version
        self.command = getattr(self, "command", None) or "GET"
        self._send(self.server.gateway.refuse(code, str(uuid4())))

    def log_message(self, *_: Any) -> None:
        """Log nothing: a URL may name a case, and API Gateway's access log has no URL either."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, gateway: Gateway) -> None:
        self.gateway = gateway
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet about clients that went away."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError | socket.timeout):
            super().handle_error(request, client_address)


@contextmanager
def serve(
    app: Chalice,
    *,
    port: int = 0,
    problems: Mapping[int, Body] | None = None,
    denied: Body | None = None,
    headers: Mapping[int, Mapping[str, str]] | None = None,
    authorizer_ttl_seconds: float = 0.0,
    function_name: str = "api",
    binary_types: Collection[str] = (),
    longest_call_seconds: float = LONGEST_CALL_SECONDS,
) -> Iterator[str]:
    """Serve the app on 127.0.0.1:`port` (0: any) while the block runs; yields the URL.

    `problems` and `headers` word what the gateway refuses by itself, by HTTP status; `$context.requestId`
    in a body is filled in. `denied` words a denial of the authorizer (see Refusals). `binary_types` come on
    top of the app's own; a call that lasts longer than `longest_call_seconds` is answered 504. Raises OSError
    for a taken port.
    """
    words = headers if headers is not None else {401: {"WWW-Authenticate": "Bearer"}}
    authorizer = Authorizer(
        region=os.environ.get("AWS_REGION", "cn-north-1"), ttl_seconds=authorizer_ttl_seconds
    )
    gateway = Gateway(
        app,
        Refusals(problems or {}, words, denied),
        authorizer,
        function_name,
        binary_types,
        longest_call_seconds,
    )
    server = _Server(port, gateway)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
