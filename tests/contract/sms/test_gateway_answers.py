"""The three ways a message can end, whatever the gateway answers, over real sockets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from chalicelib.adapters import signatures
from chalicelib.adapters.sms import LONGEST_ANSWER_BYTES, SmsGateway
from chalicelib.domain.errors import MessengerRefused, MessengerUnavailable
from chalicelib.domain.notices import NoticeKind
from infra.local.processes import free_port
from tests.contract.sms.conftest import PUBLIC, SHARED, utc

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.court.scripted import Handler, ScriptedCourt

PHONE = "13800001234"
VALUES = {"line": "3", "due_on": "2026-06-20", "amount": "1250.00"}


def send(adapter: SmsGateway, notice_id: str = "C1-N3-r1-payment_due") -> None:
    """Send a reminder."""
    adapter.send(notice_id, PHONE, NoticeKind.PAYMENT_DUE, VALUES)


def test_a_message_is_sent_as_the_contract_has_it(gateway: ScriptedCourt, adapter: SmsGateway) -> None:
    """Signed over its exact bytes under its own id; the phone stands in the body only."""
    send(adapter)
    (seen,) = gateway.seen
    assert seen.path.endswith("/messages")
    assert seen.json == {
        "message_id": "C1-N3-r1-payment_due",
        "phone": PHONE,
        "template": "payment_due",
        "values": VALUES,
    }
    for key in (PUBLIC, SHARED):
        assert signatures.verify(seen.headers, seen.body, [key], utc()) == "C1-N3-r1-payment_due"
    assert PHONE not in seen.path + repr(seen.headers)


@pytest.mark.parametrize(
    ("status", "headers", "retry_after"),
    [
        (500, {}, None),
        (503, {"retry-after": "7"}, 7),
        (503, {"retry-after": "-7"}, None),
        (503, {"retry-after": "Wed, 25 Nov 2020 10:00:00 GMT"}, 0),
        (503, {"retry-after": "999999999"}, 3600),
        (429, {"retry-after": "0"}, 0),
        (408, {}, None),
        (425, {}, None),
        (200, {}, None),
        (204, {}, None),
    ],
)
def test_what_may_pass_is_unavailable(
    gateway: ScriptedCourt,
    adapter: SmsGateway,
    status: int,
    headers: dict[str, str],
    retry_after: int | None,
) -> None:
    gateway.answer(status, b"" if status == 204 else b"{}", headers)
    with pytest.raises(MessengerUnavailable) as caught:
        send(adapter)
    assert caught.value.retry_after_seconds == retry_after


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 415, 422])
def test_what_can_not_pass_is_a_refusal_with_the_gateways_code(
    gateway: ScriptedCourt, adapter: SmsGateway, status: int
) -> None:
    gateway.answer(status, json.dumps({"status": status, "code": "number_refused"}).encode())
    with pytest.raises(MessengerRefused) as caught:
        send(adapter)
    assert (caught.value.status, caught.value.reason) == (status, "number_refused")


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"[]", b'{"code": 7}', b'{"code": "13800001234"}', b"\xff"]
)
def test_a_refusal_repeats_nothing_that_is_not_a_code(
    gateway: ScriptedCourt, adapter: SmsGateway, answer: bytes
) -> None:
    gateway.answer(422, answer)
    with pytest.raises(MessengerRefused) as caught:
        send(adapter)
    assert str(caught.value) == "the message gateway refused the message: 422 http_422"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(gateway: ScriptedCourt, adapter: SmsGateway, status: int) -> None:
    """A phone goes to nobody but the configured host."""
    gateway.answer(status, b"", {"location": f"{gateway.url}/elsewhere"})
    with pytest.raises(MessengerUnavailable):
        send(adapter)
    assert len(gateway.seen) == 1


def hang(handler: Handler) -> None:
    """Say nothing until the client hangs up."""
    handler.connection.settimeout(10)
    handler.rfile.read(1)


def hang_up(handler: Handler) -> None:
    """Close without an answer."""
    handler.close_connection = True


def flood(handler: Handler) -> None:
    """Answer more than the contract allows."""
    handler.reply(202, b"x" * (LONGEST_ANSWER_BYTES + 1))


@pytest.mark.parametrize("script", [hang, hang_up, flood])
def test_no_proper_answer_is_unavailable(
    gateway: ScriptedCourt, adapter_to: Callable[..., SmsGateway], script: Callable[[Handler], None]
) -> None:
    gateway.script = script
    with pytest.raises(MessengerUnavailable):
        send(adapter_to(gateway.url, 0.3))


def test_a_dripping_answer_ends_with_the_time_limit(
    gateway: ScriptedCourt, adapter_to: Callable[..., SmsGateway]
) -> None:
    """Each byte comes in time, all of them together do not: the call ends long before the answer."""
    dripped = 0

    def drip(handler: Handler) -> None:
        nonlocal dripped
        handler.send_response(202)
        handler.send_header("content-length", "1000")
        handler.end_headers()
        handler.connection.settimeout(0.05)
        for _ in range(1000):
            handler.wfile.write(b" ")
            dripped += 1
            try:
                if handler.rfile.read(1) == b"":
                    return
            except TimeoutError:
                handler.rfile = handler.connection.makefile("rb")

    gateway.script = drip
    with pytest.raises(MessengerUnavailable):
        send(adapter_to(gateway.url, 0.3))
    assert dripped < 900


def test_nobody_there_is_unavailable(adapter_to: Callable[..., SmsGateway]) -> None:
    with pytest.raises(MessengerUnavailable):
        send(adapter_to(f"http://127.0.0.1:{free_port()}"))


def test_without_a_key_nothing_is_sent(gateway: ScriptedCourt, adapter_to: Callable[..., SmsGateway]) -> None:
    with pytest.raises(signatures.BadKey):
        send(adapter_to(gateway.url, keys=()))
    assert gateway.seen == []


@pytest.mark.parametrize("url", ["http://sms.example", "ftp://127.0.0.1", "sms.example", ""])
def test_a_gateway_is_https_or_this_machine(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        SmsGateway(url, lambda: [SHARED], utc)
    SmsGateway("https://sms.example/v1", lambda: [SHARED], utc)
