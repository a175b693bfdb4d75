"""The simulated court rules on applications for judicial confirmation, and dockets enforcements."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.calendar import load_calendar
from chalicelib.domain.agreement.confirmation import WINDOW_DAYS
from chalicelib.domain.errors import CourtUnavailable
from infra.local.court import confirmation
from tests.contract.court.messages import CONFIRMATION, DOCUMENTS, DOCUMENTS_TO_CONFIRM, ENFORCEMENT, notice
from tests.contract.court.simulated import Simulation, simulation
from tests.support.aws import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

RECEIVED, ACCEPTED, RULED, DOCKETED = "received", "accepted", "confirmation.ruled", "filing.docketed"
AGREEMENT = CONFIRMATION["agreement"]


@pytest.fixture
def sim() -> Iterator[Simulation]:
    """Give a court that confirms everything that is in order."""
    with simulation() as running:
        yield running
        assert running.hub.faults == []
        assert running.count("contract_violations") == 0


def ask(sim: Simulation, transfer_id: str = "C1-C1", **changes: Any) -> None:
    """Hand an application for confirmation over; the hub holds its documents."""
    sim.hub.documents |= DOCUMENTS_TO_CONFIRM
    sim.hub.shown |= DOCUMENTS_TO_CONFIRM
    parts = {name: CONFIRMATION[name] for name in ("matter", "mediation", "agreement", "manifest")}
    sim.submit(transfer_id, **{**parts, **changes})


def ruling_on(sim: Simulation, transfer_id: str = "C1-C1") -> dict[str, Any]:
    """Wait for the ruling and return what it says."""
    eventually(lambda: RULED in sim.hub.results(transfer_id))
    (ruled,) = (
        callback
        for callback in sim.hub.stored.values()
        if (callback["transfer_id"], callback["type"]) == (transfer_id, RULED)
    )
    data: dict[str, Any] = ruled["data"]
    return data


def test_an_application_in_order_is_confirmed_by_the_guiding_judge(sim: Simulation) -> None:
    ask(sim)
    sim.told("C1-C1", [RECEIVED, ACCEPTED, RULED])
    data = ruling_on(sim)
    assert (data["ruling"], data["ground"], data["judge_id"]) == ("confirmed", None, "judge-7")
    assert "message" not in data
    assert re.fullmatch(r"（20\d\d）闽0902诉前调确1号", data["court_case_number"])
    assert data["ruled_on"][:4] == data["court_case_number"][1:5]
    assert sim.count("documents_fetched") == len(DOCUMENTS_TO_CONFIRM)
    eventually(lambda: "ruled" in sim.state["filings"][0]["acknowledged"])
    (filing,) = sim.state["filings"]
    assert filing == {
        "transfer_id": "C1-C1",
        "matter": "confirmation",
        "filing_id": data["filing_id"],
        "replaces": None,
        "status": "ruled",
        "court_case_number": data["court_case_number"],
        "ruling": "confirmed",
        "ground": None,
        "reasons": [],
        "acknowledged": [RECEIVED, ACCEPTED, "ruled"],
    }


def test_a_court_that_confirms_nothing_says_on_which_ground() -> None:
    with simulation("--ruling-rejection-rate", "1") as sim:
        ask(sim)
        sim.told("C1-C1", [RECEIVED, RULED])
        data = ruling_on(sim)
        assert data["ruling"] == "rejected"
        assert data["ground"] in confirmation.GROUNDS
        assert data["message"]
        (filing,) = sim.state["filings"]
        assert (filing["ruling"], filing["ground"]) == ("rejected", data["ground"])
        sim.submit("C2-T1")
        sim.told("C2-T1", [RECEIVED, ACCEPTED, DOCKETED])


def test_the_same_seed_rules_alike() -> None:
    rulings = []
    for _ in range(2):
        with simulation("--ruling-rejection-rate", "0.5", "--seed", "5") as sim:
            for number in range(12):
                ask(sim, f"C{number}-C1")
            rulings.append([ruling_on(sim, f"C{number}-C1")["ground"] for number in range(12)])
    assert rulings[0] == rulings[1]
    assert None in rulings[0]
    assert len(set(rulings[0])) > 2


@pytest.mark.parametrize("missing", DOCUMENTS_TO_CONFIRM)
def test_without_the_agreement_or_the_application_the_content_is_unclear(
    sim: Simulation, missing: str
) -> None:
    kept = [entry for entry in CONFIRMATION["manifest"] if entry["document_id"] != missing]
    ask(sim, manifest=kept)
    sim.told("C1-C1", [RECEIVED, RULED])
    assert ruling_on(sim)["ground"] == "content_unclear"


def test_a_document_that_differs_from_the_manifest_is_not_confirmed(sim: Simulation) -> None:
    ask(sim, manifest=[{**entry, "sha256": "0" * 64} for entry in CONFIRMATION["manifest"]])
    sim.told("C1-C1", [RECEIVED, RULED])
    data = ruling_on(sim)
    assert (data["ground"], data["message"]) == ("content_unclear", "材料摘要与清单不符")


def test_a_dossier_that_can_not_be_had_is_asked_for_again_and_in_the_end_not_confirmed(
    sim: Simulation,
) -> None:
    sim.hub.dossier_failures = [404] * 8
    ask(sim)
    sim.told("C1-C1", [RECEIVED, RULED])
    assert ruling_on(sim)["ground"] == "other"
    assert sim.count("dossier_retries") == 8


# In force on 2 February 2026: the 30th day after it is 4 March, a working day.
@pytest.mark.parametrize(
    ("applied_on", "ground"),
    [("2026-02-02", None), ("2026-03-04", None), ("2026-03-05", "other"), ("2026-02-01", "other")],
)
def test_an_application_counts_from_the_day_in_force_to_the_30th_after_it(
    sim: Simulation, applied_on: str, ground: str | None
) -> None:
    ask(sim, agreement={**AGREEMENT, "in_force_on": "2026-02-02", "applied_on": applied_on})
    assert ruling_on(sim)["ground"] == ground


@pytest.mark.parametrize(
    ("in_force", "last"),
    [
        ("2026-09-01", "2026-10-08"),  # the National Day week
        ("2026-01-15", "2026-02-14"),  # a Saturday on which is worked for the Spring Festival
        ("2027-09-01", "2027-10-04"),  # no table yet: the fixed holidays, then a Sunday
    ],
)
def test_a_last_day_on_a_holiday_rolls_on(in_force: str, last: str) -> None:
    assert confirmation.last_day(date.fromisoformat(in_force)).isoformat() == last


def test_the_court_counts_the_window_as_the_hub_does() -> None:
    """Two counts by two calendars, day by day over the years whose holidays are known."""
    calendar = load_calendar()
    for number in range(365 * 6):
        in_force = date(2020, 1, 1) + timedelta(days=number)
        assert confirmation.last_day(in_force) == calendar.roll(in_force + timedelta(days=WINDOW_DAYS))


def test_no_mixture_of_faults_loses_or_doubles_a_ruling() -> None:
    rates = ("error", "duplicate", "reorder", "early", "rejection", "refusal", "ruling-rejection")
    options = [text for name in rates for text in (f"--{name}-rate", "0.3")]
    with simulation(*options, "--seed", "3") as sim:
        sim.hub.callback_failures = [500, 503, 401] * 8
        for number in range(15):
            deliver(sim, f"C{number}-C1")
        rulings = [ruling_on(sim, f"C{number}-C1") for number in range(15)]
        assert {ruling["ruling"] for ruling in rulings} == {"confirmed", "rejected"}
        assert len({ruling["court_case_number"] for ruling in rulings}) == sim.count("filings") == 15
        assert {filing["status"] for filing in sim.state["filings"]} == {"ruled"}
        assert sim.hub.faults == []


def deliver(sim: Simulation, transfer_id: str) -> None:
    """Send until the court has it, as the queue would."""
    for _ in range(50):
        try:
            ask(sim, transfer_id)
        except CourtUnavailable:
            continue
        return
    pytest.fail("never delivered")


def test_a_ruling_may_come_twice() -> None:
    with simulation("--duplicate-rate", "1") as sim:
        ask(sim)
        eventually(lambda: len(sim.hub.arrivals) == 6)
        assert set(Counter(sim.hub.arrivals).values()) == {2}
        sim.told("C1-C1", [RECEIVED, ACCEPTED, RULED])
        assert [filing["status"] for filing in sim.state["filings"]] == ["ruled"]


def test_a_ruling_may_come_first() -> None:
    with simulation("--reorder-rate", "1") as sim:
        ask(sim)
        sim.told("C1-C1", [RULED, ACCEPTED, RECEIVED])


def test_a_ruling_that_is_not_stored_is_sent_again(sim: Simulation) -> None:
    sim.hub.callback_failures = [500, 401, 422]
    ask(sim)
    sim.told("C1-C1", [RECEIVED, ACCEPTED, RULED])
    assert len(sim.hub.arrivals) == 3 + 3


def test_an_application_may_be_answered_before_its_receipt() -> None:
    with simulation("--early-rate", "1", "--pace-seconds", "60") as sim:
        ask(sim)
        assert sim.hub.results("C1-C1") == [RECEIVED]


def test_an_application_taken_back_is_not_ruled_on(sim: Simulation) -> None:
    sim.turn(pace_seconds=0.3)
    ask(sim)
    sim.adapter.notify(notice("C1-C1"))
    eventually(lambda: "cancelled" in sim.hub.results("C1-C1"))
    sim.turn(pace_seconds=0)
    assert RULED not in sim.hub.results("C1-C1")
    assert sim.state["filings"][0]["ruling"] is None


def test_a_withdrawal_after_the_ruling_changes_nothing(sim: Simulation) -> None:
    ask(sim)
    sim.told("C1-C1", [RECEIVED, ACCEPTED, RULED])
    sim.adapter.notify(notice("C1-C1"))
    assert sim.state["filings"][0]["status"] == "ruled"


def test_an_enforcement_is_docketed_under_its_own_type_word_and_without_a_procedure(sim: Simulation) -> None:
    parts = {name: ENFORCEMENT[name] for name in ("matter", "mediation", "agreement")}
    sim.submit("C1-T1")
    sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    sim.submit("C2-T1", **parts)
    sim.told("C2-T1", [RECEIVED, ACCEPTED, DOCKETED])
    data = list(sim.hub.stored.values())[-1]["data"]
    assert re.fullmatch(r"（20\d\d）闽0902执1号", data["court_case_number"])
    assert (data["procedure"], data["judge_id"]) == (None, "judge-7")
    assert sim.count("documents_fetched") == 2 * len(DOCUMENTS)
    assert [filing["matter"] for filing in sim.state["filings"]] == ["suit", "enforcement"]
