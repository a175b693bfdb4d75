"""The emulator describes a request to `/` as werkzeug does, and words the time as `http.server` does."""

from __future__ import annotations

import http.client
import socket
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from moto.moto_server.werkzeug_app import MotoRequestHandler

from infra.local.moto_server import Handler

_HEADS = {
    "of a client": b"Host: 127.0.0.1:80\r\nX-Amz-Target: AmazonSQS.SendMessage\r\nContent-Length: 3\r\n",
    "repeated": b"Host: a\r\nX-One: 1\r\nx-one: 2\r\nContent-Type: a\r\nContent-Type: b\r\n",
    "with an underscore": b"Host: a\r\nX_One: 1\r\nX-One: 2\r\n",
    "chunked": b"Host: a\r\nTransfer-Encoding: chunked\r\n",
    "empty": b"",
}


def _received(head: bytes, path: str) -> Any:
    server = {"server_address": ("127.0.0.1", 80), "multithread": True, "multiprocess": False}
    handler: Any = object.__new__(Handler)
    handler.path, handler.command, handler.request_version = path, "POST", "HTTP/1.1"
    handler.client_address, handler.connection = ("127.0.0.1", 4000), socket
    handler.rfile = BytesIO(b"{}")
    handler.server = SimpleNamespace(**server, ssl_context=None)
    handler.headers = http.client.parse_headers(BytesIO(head + b"\r\n"))
    return handler


@pytest.mark.parametrize("head", _HEADS.values(), ids=_HEADS)
@pytest.mark.parametrize("path", ["/", "/?a=b", "/bucket/%E6%B3%95"])
def test_a_request_is_described_as_werkzeug_describes_it(head: bytes, path: str) -> None:
    handler = _received(head, path)
    quick, plain = handler.make_environ(), MotoRequestHandler.make_environ(handler)
    assert type(quick.pop("wsgi.input")) is type(plain.pop("wsgi.input"))
    assert quick == plain


@pytest.mark.parametrize("second", [0.0, 1795908965.6, 1795908965.7, 1795908966.0])
def test_the_time_is_worded_as_the_standard_library_words_it(second: float) -> None:
    handler = _received(b"", "/")
    assert handler.date_time_string(second) == BaseHTTPRequestHandler.date_time_string(handler, second)
