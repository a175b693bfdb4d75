"""The simulated court and the hub's adapter understand each other through the published contract alone."""

from __future__ import annotations

import ast
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import CourtRefusedMessage, CourtUnavailable
from infra.local import court
from infra.local.court import contract
from infra.local.court.contract import published
from tests.contract.court.fake_hub import PERSON
from tests.contract.court.messages import COURT, DOCUMENTS, manifest, notice, submission
from tests.contract.court.simulated import Simulation, simulation
from tests.support.aws import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

RECEIVED, ACCEPTED, REJECTED, DOCKETED = "received", "accepted", "rejected", "filing.docketed"


@pytest.fixture
def sim() -> Iterator[Simulation]:
    """Give a court that accepts everything."""
    with simulation() as running:
        yield running
        assert running.hub.faults == []
        assert running.count("contract_violations") == 0


def test_it_knows_the_contract_and_nothing_of_the_hubs_code() -> None:
    for path in Path(court.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            module = node.module if isinstance(node, ast.ImportFrom) else None
            assert not any(name.startswith("chalicelib") for name in [*names, module or ""]), path


def test_a_filing_is_receipted_reviewed_and_docketed_with_the_guiding_judge(sim: Simulation) -> None:
    receipt = sim.submit()
    assert receipt.receipt_id
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    *reviews, docketed = sim.hub.stored.values()
    assert len({callback["data"]["filing_id"] for callback in [*reviews, docketed]}) == 1
    data = docketed["data"]
    assert re.fullmatch(r"（20\d\d）闽0902民初1号", data["court_case_number"])
    assert (data["judge_id"], data["procedure"]) == ("judge-7", "summary")
    assert sim.hub.token_requests == [{"role": "court", "sub": "court-system", "court_id": COURT}]
    assert sim.count("documents_fetched") == len(DOCUMENTS)
    eventually(lambda: "docketed" in sim.state["filings"][0]["acknowledged"])
    (filing,) = sim.state["filings"]
    assert filing == {
        "transfer_id": "C1-T1",
        "matter": "suit",
        "filing_id": data["filing_id"],
        "replaces": None,
        "status": "docketed",
        "court_case_number": data["court_case_number"],
        "ruling": None,
        "ground": None,
        "reasons": [],
        "acknowledged": [RECEIVED, ACCEPTED, "docketed"],
    }


def test_without_a_guiding_judge_one_of_the_courts_own_takes_the_case(sim: Simulation) -> None:
    figures = {**submission().body["claim"], "total": "50000.00"}
    sim.submit(guiding_judge_id=None, claim=figures)
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    data = list(sim.hub.stored.values())[-1]["data"]
    assert data["judge_id"] in {"judge-sim-1", "judge-sim-2"}
    assert data["procedure"] == "small_claims"


def test_case_numbers_count_up(sim: Simulation) -> None:
    for number in range(1, 4):
        sim.submit(f"C{number}-T1", fast_track=False)
        sim.told(f"C{number}-T1", [RECEIVED, ACCEPTED, DOCKETED])
    numbers = [filing["court_case_number"] for filing in sim.state["filings"]]
    assert [re.findall(r"(\d+)号", number) for number in numbers] == [["1"], ["2"], ["3"]]


def test_the_same_message_gets_the_same_receipt_and_is_filed_once(sim: Simulation) -> None:
    first, again = sim.submit(), sim.submit()
    assert first == again
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    assert sim.submit() == first
    assert (sim.count("filings"), sim.count("repeated_messages")) == (1, 2)


def test_an_id_used_for_something_else_is_a_conflict(sim: Simulation) -> None:
    sim.submit()
    with pytest.raises(CourtRefusedMessage, match="409 message_id_reused"):
        sim.submit(fast_track=False)
    with pytest.raises(CourtRefusedMessage, match="409 transfer_already_filed"):
        sim.adapter.submit(replace(submission("C1-T1", sim.hub.url), message_id="another"))
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])


def test_a_document_that_differs_from_the_manifest_is_returned_and_its_correction_accepted(
    sim: Simulation,
) -> None:
    sim.hub.documents["complaint"] = b"altered"
    sim.submit()
    sim.told("C1-T1", [RECEIVED, REJECTED])
    (reason,) = list(sim.hub.stored.values())[-1]["data"]["reasons"]
    assert (reason["document_id"], reason["code"]) == ("complaint", "document_mismatch")
    sim.hub.documents = dict(DOCUMENTS)
    sim.submit("C1-T2", replaces="C1-T1")
    sim.adapter.notify(notice("C1-T1", "transfer.corrected", "C1-T2"))
    sim.told("C1-T2", [RECEIVED, ACCEPTED, DOCKETED])
    assert [filing["status"] for filing in sim.state["filings"]] == ["replaced", "docketed"]


def test_a_payment_is_told_at_any_time_and_ends_nothing(sim: Simulation) -> None:
    """Before the submission and after docketing; its notice needs the payment, others must have none."""
    payment = {"reference": "PAY-2026/7", "on": "2026-03-08", "amount": "2000.00"}
    sim.adapter.notify(notice("C1-T1", "transfer.payment_recorded", payment=payment))
    sim.submit()
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    sim.adapter.notify(notice("C1-T1", "transfer.payment_reversed", payment=payment))
    assert [filing["status"] for filing in sim.state["filings"]] == ["docketed"]
    for wrong in (
        notice("C1-T1", "transfer.payment_recorded"),
        notice("C1-T1", "transfer.corrected", "C1-T2", payment),
    ):
        assert published().faults("Notice", wrong.body)


def test_a_dossier_that_shows_another_digest_than_the_message_is_returned(sim: Simulation) -> None:
    sim.hub.shown["complaint"] = sim.hub.documents["complaint"] + b" "
    sim.submit()
    sim.told("C1-T1", [RECEIVED, REJECTED])


def test_a_dossier_that_can_not_be_had_is_asked_for_again_and_in_the_end_returned(sim: Simulation) -> None:
    sim.hub.dossier_failures = [500, 404, 503]
    sim.submit("C1-T1")
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    assert sim.count("dossier_retries") == 3
    sim.hub.dossier_failures = [404] * 8
    sim.submit("C2-T1")
    sim.told("C2-T1", [RECEIVED, REJECTED])
    (reason,) = list(sim.hub.stored.values())[-1]["data"]["reasons"]
    assert (reason["document_id"], reason["code"]) == (None, "dossier_unavailable")


def test_an_expired_token_is_renewed(sim: Simulation) -> None:
    sim.submit("C1-T1")
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    sim.hub.token = "token-2"
    sim.submit("C2-T1")
    sim.told("C2-T1", [RECEIVED, ACCEPTED, DOCKETED])
    assert len(sim.hub.token_requests) == 2


def test_a_callback_is_sent_until_the_hub_has_stored_it(sim: Simulation) -> None:
    sim.hub.callback_failures = [500, 401, 422, 503]
    sim.submit()
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    assert len(sim.hub.arrivals) == 3 + 4
    assert len(set(sim.hub.arrivals)) == 3
    assert sim.count("callbacks_retried") == 4


def test_a_callback_nobody_takes_is_given_up_in_the_end(sim: Simulation) -> None:
    sim.turn(callback_attempts=3)
    sim.hub.callback_failures = [500] * 9
    sim.submit()
    eventually(lambda: sim.count("callbacks_abandoned") == 3)
    assert sim.hub.stored == {}


def test_a_withdrawn_transfer_is_cancelled_and_goes_no_further(sim: Simulation) -> None:
    sim.turn(pace_seconds=0.3)
    sim.submit()
    sim.adapter.notify(notice("C1-T1"))
    sim.adapter.notify(notice("C1-T1"))
    with pytest.raises(CourtRefusedMessage, match="409 message_id_reused"):
        sim.adapter.notify(replace(notice("C2-T1"), message_id=notice("C1-T1").message_id))
    eventually(lambda: "cancelled" in sim.hub.results("C1-T1"))
    sim.turn(pace_seconds=0)
    assert set(sim.hub.results("C1-T1")) <= {RECEIVED, "cancelled"}
    assert (sim.state["filings"][0]["status"], sim.count("notices")) == ("cancelled", 1)


def test_a_notice_may_overtake_its_filing(sim: Simulation) -> None:
    sim.adapter.notify(notice("C1-T1"))
    sim.adapter.notify(notice("C2-T1", "transfer.corrected", "C2-T2"))
    sim.submit("C1-T1")
    sim.submit("C2-T1")
    sim.told("C1-T1", ["cancelled"])
    assert sim.hub.results("C2-T1") == []


def test_a_withdrawal_after_docketing_changes_nothing(sim: Simulation) -> None:
    sim.submit()
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    sim.adapter.notify(notice("C1-T1"))
    assert sim.state["filings"][0]["status"] == "docketed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"claim": {}}, "not_as_agreed"),
        ({"surprise": 1}, "not_as_agreed"),
        ({"dossier_url": "https://evil.example/v1/court/transfers/C1-T1"}, "dossier_url_foreign"),
        ({"manifest": [{**manifest(DOCUMENTS)[0], "sha256": "00"}]}, "not_as_agreed"),
    ],
)
def test_a_message_that_departs_from_the_contract_is_refused(changes: dict[str, Any], code: str) -> None:
    with simulation() as sim, pytest.raises(CourtRefusedMessage, match=f"422 {code}"):
        sim.submit(**changes)


def test_another_courts_message_is_refused() -> None:
    with simulation("--court-id", "fuan") as sim, pytest.raises(CourtRefusedMessage, match="wrong_court"):
        sim.submit()


def test_answers_keep_the_contract_too(sim: Simulation) -> None:
    problem = sim.http.request("POST", f"{sim.url}/filings", body=b"{}").json()
    assert contract.published().faults("Problem", problem) == []


@pytest.mark.parametrize(
    ("path", "headers", "body", "status"),
    [
        ("/filings", {"content-type": "application/json"}, b"{}", 401),
        ("/filings", {"content-type": "text/plain"}, b"{}", 415),
        ("/filings", {"content-type": "application/json"}, b"x" * 300_000, 413),
        ("/elsewhere", {"content-type": "application/json"}, b"{}", 404),
    ],
)
def test_what_is_no_message_is_refused(
    sim: Simulation, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = sim.http.request("POST", f"{sim.url}{path}", body=body, headers=headers)
    assert answer.status == status


def test_nothing_personal_is_kept_printed_or_shown(sim: Simulation, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="court")
    sim.hub.callback_failures = [500]
    sim.hub.dossier_failures = [500]
    sim.submit()
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    for text in (caplog.text, str(sim.state)):
        assert not any(secret in text for secret in PERSON.values())
        assert hashlib.sha256(DOCUMENTS["complaint"]).hexdigest() not in text
    assert caplog.text


def test_an_outage_is_unavailable_and_stops_the_courts_own_work(sim: Simulation) -> None:
    sim.turn(pace_seconds=0.05)
    sim.submit("C1-T1")
    sim.turn(outage=True, retry_after_seconds=7)
    with pytest.raises(CourtUnavailable) as caught:
        sim.submit("C2-T1")
    assert caught.value.retry_after_seconds == 7
    sim.turn(outage=False)
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    assert sim.hub.results("C2-T1") == []
