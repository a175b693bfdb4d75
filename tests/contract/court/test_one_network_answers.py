"""The three ways a call can end, whatever the court answers, over real sockets."""

from __future__ import annotations

import json
import socket
import ssl
import time
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.court.one_network import LONGEST_ANSWER_BYTES
from chalicelib.domain.errors import CourtRefusedMessage, CourtUnavailable
from infra.local.processes import free_port
from tests.contract.court.certificates import self_signed
from tests.contract.court.messages import notice, submission, utc
from tests.contract.court.scripted import scripted_court

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chalicelib.adapters.court.one_network import OneNetworkCourt
    from tests.contract.court.scripted import Handler, ScriptedCourt


@pytest.mark.parametrize(
    ("status", "headers", "retry_after"),
    [
        (500, {}, None),
        (502, {"retry-after": "soon"}, None),
        (503, {"retry-after": "7"}, 7),
        (503, {"retry-after": "-7"}, None),
        (503, {"retry-after": "9" * 30}, 86400),
        (429, {"retry-after": "0"}, 0),
        (408, {}, None),
        (425, {}, None),
        (200, {}, None),
        (204, {}, None),
    ],
)
def test_what_may_pass_is_unavailable(
    court: ScriptedCourt,
    adapter: OneNetworkCourt,
    status: int,
    headers: dict[str, str],
    retry_after: int | None,
) -> None:
    court.answer(status, b"" if status == 204 else b"{}", headers)
    for call in (lambda: adapter.submit(submission()), lambda: adapter.notify(notice())):
        with pytest.raises(CourtUnavailable) as caught:
            call()
        assert caught.value.retry_after_seconds == retry_after


@pytest.mark.parametrize(("offset", "low", "high"), [(120, 110, 120), (-120, 0, 0)])
def test_retry_after_may_be_a_date(
    court: ScriptedCourt, adapter: OneNetworkCourt, offset: int, low: int, high: int
) -> None:
    date = format_datetime(utc() + timedelta(seconds=offset), usegmt=True)
    court.answer(503, b"", {"retry-after": date})
    with pytest.raises(CourtUnavailable) as caught:
        adapter.submit(submission())
    assert low <= (caught.value.retry_after_seconds or 0) <= high


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(court: ScriptedCourt, adapter: OneNetworkCourt, status: int) -> None:
    court.answer(status, b"", {"location": f"{court.url}/elsewhere"})
    with pytest.raises(CourtUnavailable):
        adapter.submit(submission())
    assert [seen.path for seen in court.seen] == ["/one-network/v1/filings"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 415, 422])
def test_what_can_not_pass_is_a_refusal_with_the_courts_code(
    court: ScriptedCourt, adapter: OneNetworkCourt, status: int
) -> None:
    problem = {"type": "about:blank", "title": "x", "status": status, "code": "not_as_agreed"}
    court.answer(status, json.dumps(problem).encode(), {"content-type": "application/problem+json"})
    with pytest.raises(CourtRefusedMessage) as caught:
        adapter.submit(submission())
    assert (caught.value.status, caught.value.reason) == (status, "not_as_agreed")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"code": 7}',
        b'{"code": "\\u5f20\\u4e09 13800001234"}',
        b"[" * 60_000,
        b"\xff",
    ],
)
def test_a_refusal_repeats_nothing_that_is_not_a_code(
    court: ScriptedCourt, adapter: OneNetworkCourt, answer: bytes
) -> None:
    court.answer(422, answer)
    with pytest.raises(CourtRefusedMessage) as caught:
        adapter.submit(submission())
    assert caught.value.reason == "http_422"
    assert str(caught.value) == "the court refused the message: 422 http_422"


def receipt(**changes: Any) -> bytes:
    """Make a receipt with something wrong."""
    fields = {"receipt_id": "R1", "message_id": "C1-T1-submission", "received_at": "2026-02-06T01:15:09Z"}
    return json.dumps({**fields, **changes}).encode()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"ok",
        b"null",
        b"[" * 60_000,
        b"\xff\xfe",
        receipt(message_id="another"),
        receipt(receipt_id=""),
        receipt(receipt_id=17),
        receipt(receipt_id="R 1"),
        receipt(received_at="yesterday"),
        receipt(received_at="2026-02-30T01:15:09Z"),
        receipt(received_at="2026-02-06T01:15:09"),
        receipt(received_at=None),
        receipt(padding="x" * LONGEST_ANSWER_BYTES),
    ],
)
def test_an_accepting_answer_that_is_not_the_receipt_is_no_receipt(
    court: ScriptedCourt, adapter: OneNetworkCourt, answer: bytes
) -> None:
    court.answer(202, answer)
    with pytest.raises(CourtUnavailable):
        adapter.submit(submission())


def test_fields_a_later_version_adds_to_the_receipt_are_ignored(
    court: ScriptedCourt, adapter: OneNetworkCourt
) -> None:
    court.answer(202, receipt(queue_position=3))
    assert adapter.submit(submission()).receipt_id == "R1"


def test_a_nonsense_answer_to_a_notice_is_unavailable(court: ScriptedCourt, adapter: OneNetworkCourt) -> None:
    court.answer(202, receipt())
    with pytest.raises(CourtUnavailable):
        adapter.notify(notice())


def hang(handler: Handler) -> None:
    """Say nothing until the client hangs up."""
    handler.connection.settimeout(10)
    handler.rfile.read(1)


def hang_up(handler: Handler) -> None:
    """Close without an answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def drip(handler: Handler) -> None:
    """Send a byte now and then, each in time for the socket but never done."""
    handler.send_response(202)
    handler.send_header("content-length", "60000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def cut_short(handler: Handler) -> None:
    """Promise more than is sent."""
    handler.send_response(202)
    handler.send_header("content-length", "100")
    handler.end_headers()
    handler.wfile.write(b"{")
    hang_up(handler)


def flood(handler: Handler) -> None:
    """Send without end."""
    handler.send_response(202)
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b"4000\r\n" + b" " * 0x4000 + b"\r\n")


@pytest.mark.parametrize("script", [hang, hang_up, drip, cut_short, flood])
def test_a_call_ends_in_time_whatever_the_court_does(
    court: ScriptedCourt, adapter_to: Callable[..., OneNetworkCourt], script: Callable[[Handler], None]
) -> None:
    court.script = script
    began = time.monotonic()
    with pytest.raises(CourtUnavailable):
        adapter_to(court.url, 0.4).submit(submission())
    assert time.monotonic() - began < 3


def test_nobody_listening_is_unavailable(adapter_to: Callable[..., OneNetworkCourt]) -> None:
    with pytest.raises(CourtUnavailable):
        adapter_to(f"http://127.0.0.1:{free_port()}").submit(submission())


def test_a_court_that_can_not_prove_its_name_gets_nothing(
    tmp_path: Path, adapter_to: Callable[..., OneNetworkCourt]
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(self_signed(tmp_path))
    with scripted_court(tls) as impostor:
        impostor.receipt()
        with pytest.raises(CourtUnavailable):
            adapter_to(impostor.url).submit(submission())
        assert impostor.seen == []
