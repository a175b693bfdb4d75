"""Asks the local AWS over plain sockets: what a client says and hears stays the same, what it costs does not.

What botocore and urllib3 do: each call passes five layers, whose pools, retries, time-outs and header
containers serve proxies, TLS, redirects and streams; that is a third of what the hub's process computes.

What this does: a request of a JSON service to the given address is written to a socket that is kept for the
next one, and its answer is read whole. The signature, the retries and the errors by name stay botocore's.
Everything else (S3, other addresses) takes botocore's own way.

Downside: it replaces a method of botocore in this process, so what is deployed and what is measured does
without it; and it reads only answers that say their length, as the emulator's do.
"""

from __future__ import annotations

import socket
from collections import deque
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.httpsession import URLLib3Session

from infra.local.replacing import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.awsrequest import AWSPreparedRequest

    Send = Callable[[Any, AWSPreparedRequest], AWSResponse]

_PIECE: Final = 65_536
_END_OF_HEAD: Final = b"\r\n\r\n"


def ask_over_plain_sockets(url: str) -> None:
    """Do so for every client of this process and this address, `http://host:port`."""
    address = urlsplit(url)
    kept = Sockets(address.hostname or "", address.port or 80)
    replace(URLLib3Session, "send", lambda original: sender(original, url.rstrip("/") + "/", kept))


class Sockets:
    """Connections that nobody uses at the moment."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._idle: deque[socket.socket] = deque()
        self.name = f"{host}:{port}"

    def take(self, connect_seconds: float) -> socket.socket:
        """Return one that is still open, or a new one; raises OSError."""
        while self._idle:
            try:
                found = self._idle.pop()
            except IndexError:
                break  # somebody else took the last one
            if _is_silent(found):
                return found
            found.close()
        made = socket.create_connection(self._address, connect_seconds)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def close(self) -> None:
        """End those that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    def give_back(self, used: socket.socket) -> None:
        """Keep one whose answer was read to its end."""
        self._idle.append(used)


def _is_silent(connection: socket.socket) -> bool:
    """Whether the other side has neither closed it nor said what nobody asked for."""
    connection.setblocking(False)
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def sender(original: Send, base: str, kept: Sockets) -> Send:
    """Send what goes to `base` and has a target over a plain socket, anything else as before."""

    def send(session: Any, request: AWSPreparedRequest) -> AWSResponse:
        is_json = request.url == base and "X-Amz-Target" in request.headers and not request.stream_output
        return _asked(session, request, kept) if is_json else original(session, request)

    return send


def _asked(session: Any, request: AWSPreparedRequest, kept: Sockets) -> AWSResponse:
    limits, url = session._timeout, request.url  # noqa: SLF001 - what the client was told
    connect_seconds, read_seconds = (
        (limits, limits) if isinstance(limits, int | float) else (limits.connect_timeout, limits.read_timeout)
    )
    try:
        connection = kept.take(connect_seconds)
    except TimeoutError as error:
        raise ConnectTimeoutError(endpoint_url=url, error=error) from error
    except OSError as error:
        raise EndpointConnectionError(endpoint_url=url, error=error) from error
    try:
        connection.settimeout(read_seconds)
        connection.sendall(_written(request, kept.name))
        answer = _read(connection, url)
    except TimeoutError as error:
        connection.close()
        raise ReadTimeoutError(endpoint_url=url, error=error) from error
    except (OSError, ValueError) as error:
        connection.close()
        raise ConnectionClosedError(endpoint_url=url, error=error, request=request) from error
    kept.give_back(connection)
    return answer


def _written(request: AWSPreparedRequest, host: str) -> bytes:
    given: Any = request.body or b""
    body = given.encode() if isinstance(given, str) else bytes(given)
    headers: Any = request.headers  # its values are texts and bytes
    lines = [f"{request.method} / HTTP/1.1", f"Host: {host}", "Accept-Encoding: identity"]
    for name, value in headers.items():
        if name.lower() != "content-length":
            lines.append(f"{name}: {value.decode('latin-1') if isinstance(value, bytes) else value}")
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + _END_OF_HEAD + body


def _read(connection: socket.socket, url: str) -> AWSResponse:
    """Read one answer; raises OSError if the other side closes, ValueError for one without a length."""
    read = _more(connection)
    while (head_ends := read.find(_END_OF_HEAD)) < 0:
        read += _more(connection)
    status, *lines = read[:head_ends].decode("latin-1").split("\r\n")
    headers = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = next((int(value) for name, value in headers.items() if name.lower() == "content-length"), -1)
    if length < 0:
        raise ValueError("an answer without its length")
    pieces = [read[head_ends + len(_END_OF_HEAD) :]]
    missing = length - len(pieces[0])
    while missing > 0:
        pieces.append(_more(connection))
        missing -= len(pieces[-1])
    made: Any = AWSResponse
    answer: AWSResponse = made(url, int(status.split(" ", 2)[1]), headers, None)
    vars(answer)["_content"] = b"".join(pieces)  # as its property keeps what it has read
    return answer


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(_PIECE)
    if not piece:
        raise ConnectionResetError("the other side closed the connection")
    return piece
