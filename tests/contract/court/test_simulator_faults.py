"""What the simulated court does when the hub, or whoever calls it, does not keep the contract."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters import signatures
from infra.local.court.schedule import Schedule
from tests.contract.court.messages import notice, submission, utc
from tests.contract.court.simulated import HUB_PRIVATE, HUB_SHARED, Simulation, simulation
from tests.support.aws import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def sim() -> Iterator[Simulation]:
    """Give a court that accepts everything."""
    with simulation() as running:
        yield running


def post(sim: Simulation, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    """Send raw bytes; return status and code."""
    answer = sim.http.request(
        "POST", f"{sim.url}{path}", body=body, headers={**headers, "content-type": "application/json"}
    )
    return answer.status, answer.json().get("code")


def signed(body: bytes, keys: list[str] | None = None, message_id: str = "m1") -> dict[str, str]:
    """Sign as the hub would."""
    return signatures.sign(message_id, utc(), body, keys or [HUB_PRIVATE, HUB_SHARED])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"[]", 422, "not_as_agreed"),
        (b'{"message_id": "m2"}', 400, "message_id_differs"),
        (b'{"message_id": "m1"}', 422, "not_as_agreed"),
    ],
)
def test_what_is_signed_must_still_be_a_message(sim: Simulation, body: bytes, status: int, code: str) -> None:
    assert post(sim, "/filings", body, signed(body)) == (status, code)


def test_a_notice_belongs_to_the_transfer_in_its_path(sim: Simulation) -> None:
    one = notice("C1-T1")
    body = json.dumps(one.body).encode()
    headers = signed(body, message_id=one.message_id)
    assert post(sim, "/transfers/C2-T1/notices", body, headers) == (400, "transfer_id_differs")


@pytest.mark.parametrize("key", [HUB_SHARED, HUB_PRIVATE], ids=["shared", "private"])
def test_either_scheme_alone_is_enough_for_the_court(sim: Simulation, key: str) -> None:
    body = json.dumps(submission("C1-T1", sim.hub.url).body).encode()
    assert post(sim, "/filings", body, signed(body, [key], "C1-T1-submission"))[0] == 202


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-timestamp": str(int((utc() - timedelta(minutes=6)).timestamp()))},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": "v1,AAAA v1a,AAAA"},
        {"webhook-signature": "v1"},
        {"webhook-id": "m9"},
    ],
)
def test_what_is_not_authentic_is_refused(sim: Simulation, change: dict[str, str]) -> None:
    headers = {**signed(b"{}"), **change}
    assert post(sim, "/filings", b"{}", headers) == (401, "bad_signature")


def test_a_body_of_unknown_length_is_refused(sim: Simulation) -> None:
    headers = {"content-type": "application/json"}
    answer = sim.http.request("POST", f"{sim.url}/filings", body=iter([b"{}"]), headers=headers, chunked=True)
    assert answer.status == 413


def test_a_hub_that_does_not_answer_is_called_again(sim: Simulation) -> None:
    sim.hub.hang_ups = 2
    sim.submit()
    sim.told("C1-T1", ["received", "accepted", "filing.docketed"])
    assert sim.count("callbacks_retried") == 2


@pytest.mark.parametrize("answer", [b"stored", b"{}", b'{"callback_id": "", "duplicate": false}'])
def test_an_acknowledgement_out_of_form_is_counted_and_taken(sim: Simulation, answer: bytes) -> None:
    sim.hub.acknowledgement = answer
    sim.submit()
    sim.told("C1-T1", ["received", "accepted", "filing.docketed"])
    eventually(lambda: sim.count("contract_violations") == 3)


def test_a_duplicate_the_hub_does_not_recognise_is_a_violation(sim: Simulation) -> None:
    sim.turn(duplicate_rate=1)
    sim.hub.acknowledgement = b'{"callback_id": "cb1", "duplicate": false}'
    sim.submit()
    eventually(lambda: sim.count("contract_violations") == 3)


@pytest.mark.parametrize("dossier", [b"{", b"[]", b'{"transfer_id": "C9-T1", "manifest": []}'])
def test_a_dossier_that_is_none_is_returned(sim: Simulation, dossier: bytes) -> None:
    sim.hub.dossier = dossier
    sim.submit()
    sim.told("C1-T1", ["received", "rejected"])
    assert sim.state["filings"][0]["reasons"] == ["dossier_unavailable"]


def test_without_a_token_no_dossier_is_had(sim: Simulation) -> None:
    sim.hub.issuer_answer = b"{}"
    sim.submit()
    sim.told("C1-T1", ["received", "rejected"])


def test_an_outage_during_the_examination_only_delays_it(sim: Simulation) -> None:
    sim.turn(pace_seconds=0.1, reorder_rate=1)
    sim.submit()
    sim.turn(outage=True)
    eventually(lambda: sim.state["knobs"]["outage"])
    assert sim.hub.stored == {}
    sim.turn(outage=False)
    sim.told("C1-T1", ["filing.docketed", "accepted", "received"])


@pytest.mark.parametrize("rate", ["rejection_rate", "refusal_rate", "error_rate"])
def test_a_withdrawal_during_the_examination_voids_what_would_have_been_decided(
    sim: Simulation, rate: str
) -> None:
    sim.turn(pace_seconds=0.1, **({} if rate == "error_rate" else {rate: 1}))
    sim.submit()
    eventually(lambda: sim.hub.results("C1-T1") == ["received"])
    sim.adapter.notify(notice("C1-T1"))
    eventually(lambda: "cancelled" in sim.hub.results("C1-T1"))
    sim.submit("C2-T1")
    eventually(lambda: len(sim.hub.results("C2-T1")) >= 2)
    assert sim.hub.results("C1-T1") == ["received", "cancelled"]


def test_a_job_that_fails_does_not_stop_the_court(caplog: pytest.LogCaptureFixture) -> None:
    schedule = Schedule(workers=1)
    done: list[str] = []

    def fail() -> None:
        raise LookupError("张三")

    schedule.after(0, fail)
    schedule.after(0, lambda: done.append("next"))
    eventually(lambda: done == ["next"])
    schedule.after(60, lambda: done.append("never"))
    schedule.stop()
    assert done == ["next"]
    assert "LookupError" in caplog.text
    assert "张三" not in caplog.text
