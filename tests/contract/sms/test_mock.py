"""The mock gateway takes what the contract describes, nothing else, and the hub's adapter gets on with it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import MessengerRefused, MessengerUnavailable
from chalicelib.domain.notices import CODES, VALUE_NAMES, NoticeKind
from infra.local.court import signing
from infra.local.demo.phones import NoMessage, Phones
from infra.local.processes import Supervisor, free_port
from infra.local.sms.__main__ import main
from infra.local.sms.server import LONGEST_REQUEST
from tests.contract.sms.conftest import PRIVATE, PUBLIC, SHARED
from tests.unit.domain.test_notices import FITTING

if TYPE_CHECKING:
    from collections.abc import Callable

    import urllib3

    from chalicelib.adapters.sms import SmsGateway
    from tests.contract.sms.conftest import Mock

PHONE = "13800001234"


def values(kind: NoticeKind) -> dict[str, str]:
    """Return what a message of a kind says."""
    code = {"code": "287082"} if kind in CODES else {}
    return {name: FITTING[name] for name in VALUE_NAMES[kind] - {"person"}} | code


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_the_hub_sends_is_taken_and_can_be_read(mock: Mock, kind: NoticeKind) -> None:
    mock.adapter.send("N-1", PHONE, kind, values(kind))
    answer = mock.control("GET", f"/control/messages?phone={PHONE}").json()
    assert answer["messages"] == [
        {"message_id": "N-1", "phone": PHONE, "template": kind, "values": values(kind)}
    ]
    assert mock.control("GET", "/control/messages?phone=13900000000").json() == {"messages": []}
    assert len(mock.control("GET", "/control/messages").json()["messages"]) == 1


def test_a_message_may_say_the_cases_number(mock: Mock) -> None:
    mock.adapter.send(
        "N-1", PHONE, NoticeKind.PAYMENT_DUE, values(NoticeKind.PAYMENT_DUE), "蕉调〔2026〕123号"
    )
    (message,) = mock.control("GET", f"/control/messages?phone={PHONE}").json()["messages"]
    assert message["case_number"] == "蕉调〔2026〕123号"


def test_a_message_may_have_a_link(mock: Mock) -> None:
    link = "https://hub.example/go/QzEgcjEx"
    mock.adapter.send("N-1", PHONE, NoticeKind.INVITED, {}, None, link)
    mock.adapter.send("N-2", PHONE, NoticeKind.INVITED, {})
    first, second = mock.control("GET", f"/control/messages?phone={PHONE}").json()["messages"]
    assert first["link"] == link
    assert "link" not in second


def test_a_repeated_message_reaches_the_person_once(mock: Mock) -> None:
    for _ in range(3):
        mock.adapter.send("N-1", PHONE, NoticeKind.SIGNING_CODE, values(NoticeKind.SIGNING_CODE))
    assert len(mock.inbox.of(PHONE)) == 1
    assert mock.inbox.counts() == {"taken": 1, "repeated": 2}


def test_a_landline_is_refused_as_a_number(mock: Mock) -> None:
    with pytest.raises(MessengerRefused) as refused:
        mock.adapter.send("N-1", "0593-2960001", NoticeKind.SIGNING_CODE, values(NoticeKind.SIGNING_CODE))
    assert (refused.value.status, refused.value.reason) == (422, "number_refused")
    assert mock.inbox.of(None) == []


def test_what_is_not_as_agreed_is_refused_as_that(mock: Mock) -> None:
    with pytest.raises(MessengerRefused) as refused:
        mock.adapter.send("N-1", PHONE, NoticeKind.PAYMENT_DUE, {"name": "x"})
    assert (refused.value.status, refused.value.reason) == (422, "not_as_agreed")


def test_a_key_it_does_not_know_is_refused(mock: Mock, adapter_to: Callable[..., SmsGateway]) -> None:
    stranger = adapter_to(f"{mock.root}/v1", keys=(SHARED,))
    with pytest.raises(MessengerRefused) as refused:
        stranger.send("N-1", PHONE, NoticeKind.SIGNING_CODE, values(NoticeKind.SIGNING_CODE))
    assert (refused.value.status, refused.value.reason) == (401, "bad_signature")


def test_an_outage_is_over_when_it_is_switched_off(mock: Mock) -> None:
    assert mock.control("PUT", "/control", outage=True).json()["outage"] is True
    with pytest.raises(MessengerUnavailable):
        mock.adapter.send("N-1", PHONE, NoticeKind.SIGNING_CODE, values(NoticeKind.SIGNING_CODE))
    mock.control("PUT", "/control", outage=False)
    mock.adapter.send("N-1", PHONE, NoticeKind.SIGNING_CODE, values(NoticeKind.SIGNING_CODE))
    assert mock.control("GET", "/control/state").json()["counts"] == {"refused_503": 1, "taken": 1}


def test_an_error_may_strike_after_the_message_was_taken(mock: Mock) -> None:
    """The repetition then changes nothing, as in life."""
    mock.control("PUT", "/control", error_rate=1)
    with pytest.raises(MessengerUnavailable):
        mock.adapter.send("N-1", PHONE, NoticeKind.SIGNING_CODE, values(NoticeKind.SIGNING_CODE))
    mock.control("PUT", "/control", error_rate=0)
    mock.adapter.send("N-1", PHONE, NoticeKind.SIGNING_CODE, values(NoticeKind.SIGNING_CODE))
    assert len(mock.inbox.of(PHONE)) == 1


@pytest.mark.parametrize("changes", [{"outage": 1}, {"error_rate": 2}, {"error_rate": "x"}, {"colour": 1}])
def test_a_knob_that_can_not_be_turned_so_changes_nothing(mock: Mock, changes: dict[str, Any]) -> None:
    assert mock.control("PUT", "/control", **changes).status == 400
    assert mock.control("GET", "/control/state").json()["knobs"] == {"outage": False, "error_rate": 0.0}


def post(
    mock: Mock, body: bytes, *, message_id: str = "N-1", path: str = "/v1/messages", **headers: str
) -> urllib3.BaseHTTPResponse:
    """Post bytes properly signed."""
    signed = signing.sign(message_id, body, [PRIVATE])
    return mock.http.request(
        "POST",
        f"{mock.root}{path}",
        body=body,
        headers={"content-type": "application/json", **signed, **headers},
    )


def test_what_is_signed_but_malformed_is_refused_by_what_is_wrong(mock: Mock) -> None:
    """Path, size, type, JSON and id: each has its own answer."""
    message = {"message_id": "N-1", "phone": PHONE, "template": "payment_due"}
    body = json.dumps({**message, "values": values(NoticeKind.PAYMENT_DUE)}).encode()
    refused = [
        post(mock, body, path="/v1/elsewhere"),
        post(mock, b" " * (LONGEST_REQUEST + 1)),
        post(mock, body, **{"content-type": "text/plain"}),
        post(mock, b"{"),
        post(mock, b"[]"),
        post(mock, body, message_id="N-2"),
    ]
    assert [(answer.status, answer.json()["code"]) for answer in refused] == [
        (404, "not_found"),
        (413, "too_large"),
        (415, "not_json"),
        (400, "not_json"),
        (422, "not_as_agreed"),
        (400, "message_id_differs"),
    ]
    assert post(mock, body).status == 202


def test_the_control_panel_knows_three_things(mock: Mock) -> None:
    assert mock.control("GET", "/control/else").status == 404
    assert mock.control("PUT", "/control/else", outage=True).status == 404


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [([], ""), (["--error-rate", "7"], PUBLIC), (["--port", "70000"], PUBLIC)],
    ids=["no-key", "rate", "port"],  # the key differs from process to process
)
def test_options_that_can_not_be_are_refused(
    arguments: list[str], keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_VERIFY_KEYS", keys)
    assert main(["--port", "0", *arguments]) == 2


def test_it_runs_as_a_process_until_it_is_told_to_stop(
    tmp_path: Path, http: urllib3.PoolManager, adapter_to: Callable[..., SmsGateway]
) -> None:
    """Its key comes from the environment; nothing of a message is in what it prints."""
    root = f"http://127.0.0.1:{free_port()}"
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(
            "sms",
            [sys.executable, "-m", "infra.local.sms", "--port", root.rpartition(":")[2]],
            env={"SMS_VERIFY_KEYS": PUBLIC, "PYTHONPATH": str(Path(__file__).parents[3])},
            ready_url=f"{root}/control/state",
        )
        adapter_to(f"{root}/v1").send("N-1", PHONE, NoticeKind.SIGNING_CODE, values(NoticeKind.SIGNING_CODE))
        answer = http.request("GET", f"{root}/control/messages?phone={PHONE}").json()
        assert [message["values"]["code"] for message in answer["messages"]] == ["287082"]
        http.clear()
    printed = (tmp_path / "sms.log").read_text(encoding="utf-8")
    assert "listening" in printed
    assert PHONE not in printed


def test_who_plays_a_person_reads_the_code_from_the_phone(mock: Mock) -> None:
    """The one of the message asked for; and says so when it does not come."""
    phones = Phones(mock.root, mock.http)
    for name, code in (("N-1", "111111"), ("N-2", "222222")):
        mock.adapter.send(name, PHONE, NoticeKind.SIGNING_CODE, {"number": "1", "code": code})
    assert phones.code(PHONE, "N-2") == "222222"
    with pytest.raises(NoMessage):
        phones.code("13900000000", "N-2", seconds=0)
