"""The gateway's endpoint: the operation of the published contract, and a control panel for local runs.

Promise: a message is checked (size, type, signature, schema) before it is taken; no body is ever printed.
`GET /control/messages?phone=` reads what a phone has got, `PUT /control` turns knobs: for this machine only.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import yaml

from infra.local.court import signing
from infra.local.court.contract import Contract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infra.local.sms.inbox import Inbox

PUBLISHED: Final = Path(__file__).parents[3] / "docs" / "sms-gateway.openapi.yaml"
LONGEST_REQUEST: Final = 8 * 1024
PREFIX: Final = "/v1"
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}", re.ASCII)


@lru_cache
def published() -> Contract:
    """Load the contract of this repository."""
    return Contract(yaml.safe_load(PUBLISHED.read_text(encoding="utf-8")))


class Refusal(Exception):
    """An answer that is not 202."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Gateway:
    """What serving a request needs."""

    verify_keys: Sequence[str]
    inbox: Inbox

    def take(self, path: str, headers: dict[str, str], body: bytes | None) -> None:
        """Take a message; raises Refusal."""
        if path != f"{PREFIX}/messages":
            raise Refusal(404, "not_found")
        if self.inbox.knobs.outage:
            raise Refusal(503, "outage")
        message = self._authentic(headers, body)
        if message["message_id"] != headers["webhook-id"]:
            raise Refusal(400, "message_id_differs")
        if not _MOBILE.fullmatch(message["phone"]):
            raise Refusal(422, "number_refused")
        self.inbox.take(message)
        if self.inbox.stumbles():
            raise Refusal(500, "internal_error")

    def _authentic(self, headers: dict[str, str], body: bytes | None) -> dict[str, Any]:
        if body is None:
            raise Refusal(413, "too_large")
        if headers.get("content-type") != "application/json":
            raise Refusal(415, "not_json")
        if not signing.authentic(headers, body, self.verify_keys):
            raise Refusal(401, "bad_signature")
        try:
            message = json.loads(body)
        except ValueError:
            raise Refusal(400, "not_json") from None
        if published().faults("Message", message):
            raise Refusal(422, "not_as_agreed")
        return dict(message)


class Handler(BaseHTTPRequestHandler):
    """One connection of the hub, or of somebody who reads the inbox."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True  # headers and body are sent apart: Nagle's algorithm would delay the body
    server: SmsServer

    def do_POST(self) -> None:
        """Serve the contract."""
        gateway, body = self.server.gateway, self._body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            gateway.take(self.path, headers, body)
        except Refusal as refusal:
            gateway.inbox.count(f"refused_{refusal.status}")
            self._problem(refusal)
        else:
            self._json(202, {})

    def do_GET(self) -> None:
        """Show knobs and counters, or what a phone has got."""
        parts, inbox = urlsplit(self.path), self.server.gateway.inbox
        if parts.path == "/control/state":
            self._json(200, {"knobs": asdict(inbox.knobs), "counts": inbox.counts()})
        elif parts.path == "/control/messages":
            (phone,) = parse_qs(parts.query).get("phone", [None])[:1]
            self._json(200, {"messages": inbox.of(phone)})
        else:
            self._problem(Refusal(404, "not_found"))

    def do_PUT(self) -> None:
        """Turn knobs."""
        body = self._body()
        if self.path != "/control":
            self._problem(Refusal(404, "not_found"))
            return
        try:
            knobs = self.server.gateway.inbox.turn(dict(json.loads(body or b"{}")))
        except (TypeError, ValueError):
            self._problem(Refusal(400, "unknown_knob"))
        else:
            self._json(200, asdict(knobs))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Log nothing: a request line may hold a phone number."""

    def _body(self) -> bytes | None:
        """Read the body; None if it is too large or of unknown length, and then the connection ends."""
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > LONGEST_REQUEST:
            self.close_connection = True
            if length.isdigit():  # a client that is still sending would not see the answer
                self.rfile.read(min(int(length), 4 * LONGEST_REQUEST))
            return None
        return self.rfile.read(int(length))

    def _problem(self, refusal: Refusal) -> None:
        problem = {"type": "about:blank", "title": refusal.code.replace("_", " "), "status": refusal.status}
        self._json(refusal.status, {**problem, "code": refusal.code}, "application/problem+json")

    def _json(self, status: int, value: object, media_type: str = "application/json") -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)


class SmsServer(ThreadingHTTPServer):
    """Listens on loopback; a thread for each connection."""

    daemon_threads = True

    def __init__(self, port: int, gateway: Gateway) -> None:
        """`port` 0 takes any free one."""
        super().__init__(("127.0.0.1", port), Handler)
        self.gateway = gateway

    @property
    def root(self) -> str:
        """The address of the control panel."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        """The base URL to configure in the hub."""
        return self.root + PREFIX

    def handle_error(self, _request: object, _client_address: object) -> None:
        """Count what ends a connection early: mostly a client that gave up waiting."""
        self.gateway.inbox.count("connections_broken")
