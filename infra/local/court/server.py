"""The court's endpoint: the two operations of the published contract, and a control panel for local runs.

Promise: a message is checked (size, type, signature, schema), stored, and only then receipted. Faults set
by the knobs happen before or after it is stored, as with a real court. No body is ever printed.
"""

from __future__ import annotations

import json
import logging
import random
import re
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from infra.local.court import signing
from infra.local.court.clock import instant
from infra.local.court.contract import published
from infra.local.court.registry import MessageConflict

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from infra.local.court.clock import Calendar
    from infra.local.court.desk import Desk
    from infra.local.court.hub import Hub
    from infra.local.court.knobs import Panel
    from infra.local.court.registry import Registry
    from infra.local.court.schedule import Schedule

log = logging.getLogger("court")

LONGEST_REQUEST: Final = 256 * 1024
_PREFIX: Final = "/one-network/v1"  # the contract's base URL may carry it; both forms are served
_NOTICES: Final = re.compile(r"/transfers/(?P<transfer_id>[A-Za-z0-9][A-Za-z0-9._-]{0,127})/notices")
_HALF: Final = 0.5


class Refusal(Exception):
    """An answer that is not the receipt."""

    def __init__(self, status: int, code: str, errors: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.errors = errors


@dataclass(frozen=True)
class Court:
    """What serving a request needs."""

    court_id: str
    verify_keys: Sequence[str]
    hub: Hub
    desk: Desk
    registry: Registry
    panel: Panel
    clock: Calendar
    schedule: Schedule
    stopping: threading.Event

    def file(self, message: dict[str, Any]) -> dict[str, str]:
        """Store a filing and set the desk to work; return the receipt. Raises Refusal."""
        self._check("Filing", message)
        if message["court_id"] != self.court_id:
            raise Refusal(422, "wrong_court", [("/court_id", "const")])
        if message["dossier_url"] != self.hub.dossier_url(message["transfer_id"]):
            raise Refusal(422, "dossier_url_foreign", [("/dossier_url", "const")])
        receipt = self._receipt(message)
        try:
            receipt, filing = self.registry.file(message, self.clock.now(), receipt)
        except MessageConflict as conflict:
            raise Refusal(409, str(conflict)) from None
        if filing is not None:
            self.desk.take(filing)
        else:
            self.desk.asked_again(self.registry.filing(message["transfer_id"]))
        return receipt

    def note(self, transfer_id: str, message: dict[str, Any]) -> dict[str, str]:
        """Store a notice and act on it; return the receipt. Raises Refusal."""
        self._check("Notice", message)
        if message["transfer_id"] != transfer_id:
            raise Refusal(400, "transfer_id_differs", [("/transfer_id", "const")])
        try:
            receipt, cancelled = self.registry.notice(message, self._receipt(message))
        except MessageConflict as conflict:
            raise Refusal(409, str(conflict)) from None
        if cancelled is not None:
            self.desk.cancel(cancelled)
        return receipt

    def _receipt(self, message: dict[str, Any]) -> dict[str, str]:
        return {"message_id": message["message_id"], "received_at": instant(self.clock.now())}

    def _check(self, schema: str, message: dict[str, Any]) -> None:
        faults = published().faults(schema, message)
        if faults:
            self.registry.count("contract_violations")
            raise Refusal(422, "not_as_agreed", faults)


class Handler(BaseHTTPRequestHandler):
    """One connection of the hub or of a test's control panel."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = (
        True  # headers and body are sent apart: Nagle's algorithm would delay the body by 40 ms
    )
    server: CourtServer

    def do_POST(self) -> None:
        """Serve the contract."""
        body = self._body()
        court = self.server.court
        path = self.path.removeprefix(_PREFIX)
        die = random.Random()  # noqa: S311 - attempts of one message must differ; no secret
        fault = self._strike(die)
        if fault == "outage" or (fault is not None and die.random() < _HALF):
            self._fail(fault)
            return
        try:
            answer = self._serve(court, path, body)
        except Refusal as refusal:
            court.registry.count(f"refused_{refusal.status}")
            self._problem(refusal)
            return
        if fault is not None:
            self._fail(fault)
            return
        self._json(202, answer)

    def do_GET(self) -> None:
        """Show knobs, counters and filings."""
        if self.path != "/control/state":
            self._problem(Refusal(404, "not_found"))
            return
        court = self.server.court
        at_work = {"jobs": court.schedule.unfinished()}
        self._json(200, {"knobs": asdict(court.panel.now), **at_work, **court.registry.state()})

    def do_PUT(self) -> None:
        """Turn knobs."""
        body = self._body()
        if self.path != "/control":
            self._problem(Refusal(404, "not_found"))
            return
        try:
            knobs = self.server.court.panel.turn(dict(json.loads(body or b"{}")))
        except (TypeError, ValueError) as error:
            self._problem(Refusal(400, "unknown_knob", [(str(error), "knob")]))
        else:
            self._json(200, asdict(knobs))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Log the request line at debug level."""
        log.debug(format, *args)

    def _serve(self, court: Court, path: str, body: bytes | None) -> dict[str, str]:
        notices = _NOTICES.fullmatch(path)
        if path != "/filings" and notices is None:
            raise Refusal(404, "not_found")
        message = self._message(court, body)
        if known := self.headers.get("x-correlation-id"):
            court.registry.correlations.setdefault(str(message.get("transfer_id")), known)
        return court.file(message) if notices is None else court.note(notices["transfer_id"], message)

    def _message(self, court: Court, body: bytes | None) -> dict[str, Any]:
        """Return the message, authentic and parsed. Raises Refusal."""
        if body is None:
            raise Refusal(413, "too_large")
        if self.headers.get_content_type() != "application/json":
            raise Refusal(415, "not_json")
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not signing.authentic(headers, body, court.verify_keys):
            raise Refusal(401, "bad_signature")
        try:
            message = json.loads(body)
        except ValueError:
            raise Refusal(400, "not_json") from None
        if not isinstance(message, dict):
            raise Refusal(422, "not_as_agreed", [("", "type")])
        if message.get("message_id") != headers["webhook-id"]:
            raise Refusal(400, "message_id_differs", [("/message_id", "const")])
        return message

    def _body(self) -> bytes | None:
        """Read the body; None if it is too large or of unknown length, and then the connection ends."""
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > LONGEST_REQUEST:
            self.close_connection = True
            if length.isdigit():  # a client that is still sending would not see the answer
                self.rfile.read(min(int(length), 4 * LONGEST_REQUEST))
            return None
        return self.rfile.read(int(length))

    def _strike(self, die: random.Random) -> str | None:
        """Wait for the knobs' latency, and choose the fault of this request, if any."""
        court = self.server.court
        knobs = court.panel.now
        court.stopping.wait(knobs.latency_seconds)
        if knobs.outage:
            return "outage"
        if die.random() < knobs.timeout_rate:
            return "timeout"
        return "error" if die.random() < knobs.error_rate else None

    def _fail(self, fault: str) -> None:
        court = self.server.court
        court.registry.count(f"faults_{fault}")
        if fault == "timeout":
            court.stopping.wait(court.panel.now.hang_seconds)
            self.close_connection = True
        elif fault == "outage":
            self._problem(Refusal(503, "outage"), retry_after=court.panel.now.retry_after_seconds)
        else:
            self._problem(Refusal(500, "internal_error"))

    def _problem(self, refusal: Refusal, *, retry_after: int = 0) -> None:
        problem = {
            "type": "about:blank",
            "title": refusal.code.replace("_", " "),
            "status": refusal.status,
            "code": refusal.code,
            "errors": [{"pointer": pointer, "code": code} for pointer, code in refusal.errors],
        }
        headers = {"retry-after": str(retry_after)} if retry_after else {}
        self._json(refusal.status, problem, "application/problem+json", headers)

    def _json(
        self,
        status: int,
        value: object,
        media_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        if self.close_connection:
            self.send_header("connection", "close")
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)


class CourtServer(ThreadingHTTPServer):
    """Listens on loopback; a thread per connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, court: Court) -> None:
        """`port` 0 takes any free one."""
        super().__init__(("127.0.0.1", port), Handler)
        self.court = court

    @property
    def url(self) -> str:
        """The base URL to configure in the hub."""
        return f"http://127.0.0.1:{self.server_address[1]}{_PREFIX}"

    def handle_error(self, _request: object, _client_address: object) -> None:
        """Count what ends a connection early: mostly a client that gave up waiting."""
        self.court.registry.count("connections_broken")
