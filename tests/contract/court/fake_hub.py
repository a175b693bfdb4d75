"""A hub that keeps its side of the published contract and nothing more, with the token issuer beside it.

It verifies with the hub's own `signatures`, stores before it acknowledges, and can be told to fail, to lose a
document's integrity or to forget a token.
"""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from chalicelib.adapters import signatures
from infra.local.court import contract
from tests.contract.court.messages import DOCUMENTS, manifest, utc
from tests.contract.court.scripted import QuietServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PERSON = {"name": "测试甲", "id_number": "350902199003070016", "phone": "13800001234"}
"""What must never be seen outside the dossier's own response."""
_PARTY = PERSON | {"party_id": "r1", "side": "respondent", "kind": "person", "address": "样板县样板路1号"}

_DOCUMENT = re.compile(r"/v1/court/transfers/[^/]+/documents/([^/]+)")
_DOSSIER = re.compile(r"/v1/court/transfers/([^/]+)")


@dataclass
class FakeHub:
    """What it holds, what it saw, and how it is to misbehave."""

    verify_keys: Sequence[str]
    url: str = ""
    documents: dict[str, bytes] = field(default_factory=lambda: dict(DOCUMENTS))
    """Served under every transfer."""
    shown: dict[str, bytes] = field(default_factory=lambda: dict(DOCUMENTS))
    """What the dossier's manifest is made from."""
    token: str = "token-1"
    callback_failures: list[int] = field(default_factory=list)
    """Statuses to answer the next callbacks with, instead of storing them."""
    dossier_failures: list[int] = field(default_factory=list)
    hang_ups: int = 0
    """How many of the next callbacks to leave without any answer."""
    acknowledgement: bytes | None = None
    """Sent instead of the proper one."""
    dossier: bytes | None = None
    issuer_answer: bytes | None = None
    token_requests: list[dict[str, Any]] = field(default_factory=list)
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Callbacks by message id, in order of arrival."""
    arrivals: list[str] = field(default_factory=list)
    faults: list[object] = field(default_factory=list)
    """Every departure from the contract, signatures included."""

    def results(self, transfer_id: str) -> list[str]:
        """Say what the court told of a transfer, in the order of arrival."""
        return [
            callback["data"].get("result") or callback["type"]
            for callback in list(self.stored.values())
            if callback["transfer_id"] == transfer_id
        ]

    def get(self, path: str, authorization: str) -> tuple[int, bytes]:
        """Serve a dossier or a document to the bearer of the current token."""
        if authorization != f"Bearer {self.token}":
            return 401, b"{}"
        if self.dossier_failures:
            return self.dossier_failures.pop(0), b"{}"
        if document := _DOCUMENT.fullmatch(path):
            content = self.documents.get(document[1])
            return (404, b"{}") if content is None else (200, content)
        dossier = _DOSSIER.fullmatch(path)
        if dossier is None:
            return 404, b"{}"
        if self.dossier is not None:
            return 200, self.dossier
        fields = {"transfer_id": dossier[1], "parties": [_PARTY], "manifest": manifest(self.shown)}
        return 200, json.dumps(fields).encode()

    def callback(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        """Verify, check and store a callback, then acknowledge it."""
        try:
            message_id = signatures.verify(headers, body, self.verify_keys, utc())
        except signatures.BadSignature as refusal:
            self.faults.append(refusal.reason)
            return 401, {}
        callback = json.loads(body)
        self.faults += contract.published().callback_faults(callback)
        self.arrivals.append(message_id)
        if self.callback_failures:
            return self.callback_failures.pop(0), {}
        duplicate = message_id in self.stored
        if duplicate and self.stored[message_id] != callback:
            self.faults.append("another body under the same id")
        self.stored[message_id] = callback
        return 202, {"callback_id": f"cb-{message_id}", "duplicate": duplicate}


class Handler(BaseHTTPRequestHandler):
    """One request to the hub or to the issuer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    hub: FakeHub

    def do_GET(self) -> None:
        """Serve dossiers and documents."""
        status, body = self.hub.get(self.path, self.headers.get("authorization", ""))
        self._reply(status, body)

    def do_POST(self) -> None:
        """Serve callbacks and tokens."""
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/token":
            self.hub.token_requests.append(json.loads(body))
            token = json.dumps({"access_token": self.hub.token, "expires_in": 60}).encode()
            self._reply(200, token if self.hub.issuer_answer is None else self.hub.issuer_answer)
        elif self.path == "/v1/court/callbacks":
            self._callback(body)
        else:
            self._reply(404, b"{}")

    def _callback(self, body: bytes) -> None:
        if self.hub.hang_ups:
            self.hub.hang_ups -= 1
            self.close_connection = True
            return
        status, answer = self.hub.callback(dict(self.headers.items()), body)
        proper = json.dumps(answer).encode()
        self._reply(status, proper if self.hub.acknowledgement is None else self.hub.acknowledgement)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""

    def _reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def fake_hub(verify_keys: Sequence[str]) -> Iterator[FakeHub]:
    """Serve a fake hub, and its issuer at the same address, on loopback."""
    hub = FakeHub(verify_keys)
    server = QuietServer(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"hub": hub}))
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
