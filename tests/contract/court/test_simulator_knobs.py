"""Every knob of the simulated court does what it says, and no mixture of them loses or doubles a filing."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest

from chalicelib.adapters.court.circuit import CircuitCourt, CircuitPolicy
from chalicelib.domain.errors import CourtRefusedMessage, CourtUnavailable
from tests.contract.court.circuits import InMemoryCircuits
from tests.contract.court.messages import utc
from tests.contract.court.simulated import Simulation, neighbours, simulation
from tests.support.aws import eventually

RECEIVED, ACCEPTED, REJECTED, DOCKETED = "received", "accepted", "rejected", "filing.docketed"
ENDED = {"docketed", "refused", "rejected", "partially_accepted", "cancelled", "replaced"}


def test_rejection_returns_the_first_filing_and_accepts_its_correction() -> None:
    with simulation("--rejection-rate", "1") as sim:
        sim.submit("C1-T1")
        sim.told("C1-T1", [RECEIVED, REJECTED])
        sim.submit("C1-T2", replaces="C1-T1")
        sim.told("C1-T2", [RECEIVED, ACCEPTED, DOCKETED])
        assert sim.state["filings"][0]["reasons"] == ["form_incomplete"]


def test_partial_acceptance_waits_for_a_correction_too() -> None:
    with simulation("--partial-rate", "1") as sim:
        sim.submit("C1-T1", manifest=[])
        sim.told("C1-T1", [RECEIVED, "partially_accepted"])
        assert list(sim.hub.stored.values())[-1]["data"]["reasons"][0]["document_id"] is None


def test_refusal_ends_the_filing() -> None:
    with simulation("--refusal-rate", "1") as sim:
        sim.submit()
        sim.told("C1-T1", [RECEIVED, "filing.refused"])
        assert sim.state["filings"][0]["status"] == "refused"


def test_a_duplicate_is_the_same_message_once_more() -> None:
    with simulation("--duplicate-rate", "1") as sim:
        sim.submit()
        eventually(lambda: len(sim.hub.arrivals) == 6)
        assert set(Counter(sim.hub.arrivals).values()) == {2}
        sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
        assert sim.count("contract_violations") == 0


@pytest.mark.parametrize(
    ("rate", "results"),
    [("--rejection-rate", [REJECTED, RECEIVED]), ("--refusal-rate", ["filing.refused", RECEIVED])],
)
def test_reordering_sends_the_last_word_first(rate: str, results: list[str]) -> None:
    with simulation("--reorder-rate", "1", rate, "1") as sim:
        sim.submit()
        sim.told("C1-T1", results)


def test_reordering_sends_the_docketing_before_the_acceptance() -> None:
    with simulation("--reorder-rate", "1") as sim:
        sim.submit()
        sim.told("C1-T1", [DOCKETED, ACCEPTED, RECEIVED])
        assert sim.state["filings"][0]["status"] == "docketed"


def test_an_early_callback_arrives_before_the_receipt() -> None:
    with simulation("--early-rate", "1", "--pace-seconds", "60") as sim:
        sim.submit()
        assert sim.hub.results("C1-T1") == [RECEIVED]


def test_an_early_callback_that_fails_is_sent_again_later() -> None:
    with simulation("--early-rate", "1") as sim:
        sim.hub.callback_failures = [500]
        sim.submit()
        sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])


def test_errors_strike_before_or_after_the_message_is_stored() -> None:
    with simulation("--error-rate", "1") as sim:
        for number in range(12):
            with pytest.raises(CourtUnavailable):
                sim.submit(f"C{number}-T1")
        assert 0 < sim.count("filings") < 12
        sim.turn(error_rate=0)
        stored = sim.count("filings")
        for number in range(12):
            sim.submit(f"C{number}-T1")
        assert (sim.count("filings"), sim.count("repeated_messages")) == (12, stored)


def test_a_time_out_keeps_the_hub_waiting_and_says_nothing() -> None:
    with simulation("--timeout-rate", "1", "--hang-seconds", "5") as sim:
        impatient = neighbours(sim.url, sim.hub, sim.http, seconds=0.2)
        began = time.monotonic()
        with pytest.raises(CourtUnavailable):
            impatient.submit()
        assert time.monotonic() - began < 2


def test_latency_delays_every_answer() -> None:
    with simulation("--latency-seconds", "0.2") as sim:
        began = time.monotonic()
        sim.submit()
        assert time.monotonic() - began >= 0.2


def test_knobs_are_turned_together_or_not_at_all() -> None:
    with simulation() as sim:
        for wrong in (
            {"error_rate": 1.5},
            {"error_rate": -1},
            {"outage": 1},
            {"latency_seconds": True},
            {"callback_attempts": 1.5},
            {"pace_seconds": "1"},
            {"unknown": 1},
        ):
            answer = sim.http.request("PUT", f"{sim.root}/control", json={"refusal_rate": 1, **wrong})
            assert answer.status == 400
            assert next(iter(wrong)) in answer.data.decode()
        for nonsense in (b"", b"[1]", b"{"):
            assert sim.http.request("PUT", f"{sim.root}/control", body=nonsense).status == (
                200 if nonsense == b"" else 400
            )
        assert sim.state["knobs"]["refusal_rate"] == 0
        assert sim.turn(refusal_rate=1)["refusal_rate"] == 1.0
        assert sim.http.request("PUT", f"{sim.root}/elsewhere", json={}).status == 404
        assert sim.http.request("GET", f"{sim.root}/elsewhere").status == 404


class Clock:
    """Real time that a test can push forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Return the pushed time."""
        return utc() + self.ahead


def test_a_circuit_before_the_adapter_spares_a_court_that_is_down_and_finds_it_again() -> None:
    with simulation() as sim:
        clock = Clock()
        guarded = CircuitCourt(
            sim.adapter,
            InMemoryCircuits(),
            clock.now,
            random.random,
            policy=CircuitPolicy(failures=3, first_open_seconds=30),
        )
        sim.adapter = guarded
        sim.turn(outage=True)
        for number in range(20):
            with pytest.raises(CourtUnavailable):
                sim.submit(f"C{number}-T1")
        assert sim.count("faults_outage") == 3
        sim.turn(outage=False)
        clock.ahead = timedelta(seconds=31)
        for number in range(20):
            sim.submit(f"C{number}-T1")
        assert sim.count("filings") == 20


def deliver(sim: Simulation, transfer_id: str, replaces: str | None) -> None:
    """Send until the court has it, as the queue would."""
    for _ in range(50):
        try:
            sim.submit(transfer_id, replaces=replaces)
        except CourtUnavailable:
            continue
        return
    pytest.fail("never delivered")


def test_no_mixture_of_faults_loses_or_doubles_a_filing() -> None:
    rates = ("error", "timeout", "duplicate", "reorder", "early", "rejection", "partial", "refusal")
    options = [text for name in rates for text in (f"--{name}-rate", "0.25")]
    with simulation(*options, "--seed", "7", "--hang-seconds", "0.05") as sim:
        sim.hub.callback_failures = [500, 503, 401] * 15
        for number in range(25):
            deliver(sim, f"C{number}-T1", None)
        eventually(lambda: all(one["status"] in ENDED for one in sim.state["filings"]), seconds=30)
        returned = [
            one["transfer_id"]
            for one in sim.state["filings"]
            if one["status"] in {"rejected", "partially_accepted"}
        ]
        for transfer_id in returned:
            deliver(sim, transfer_id.replace("-T1", "-T2"), transfer_id)
        eventually(lambda: all(one["status"] in ENDED for one in sim.state["filings"]), seconds=30)
        eventually(lambda: all(RECEIVED in one["acknowledged"] for one in sim.state["filings"]), seconds=30)
        filings = {one["transfer_id"]: one for one in sim.state["filings"]}
        assert len(filings) == sim.count("filings") == 25 + len(returned)
        numbers = [one["court_case_number"] for one in filings.values() if one["status"] == "docketed"]
        assert len(numbers) == len(set(numbers)) > 0
        assert all(filings[one.replace("-T1", "-T2")]["status"] == "docketed" for one in returned)
        assert sim.hub.faults == []
        assert sim.count("contract_violations") == 0


def test_the_same_seed_decides_alike() -> None:
    outcomes = []
    for _ in range(2):
        with simulation("--rejection-rate", "0.4", "--refusal-rate", "0.3", "--seed", "11") as sim:
            for number in range(8):
                sim.submit(f"C{number}-T1")
            eventually(lambda: all(one["status"] in ENDED for one in sim.state["filings"]))
            outcomes.append([one["status"] for one in sim.state["filings"]])
    assert outcomes[0] == outcomes[1]
    assert len(set(outcomes[0])) > 1


def test_a_refusal_is_not_retried_into_acceptance() -> None:
    with simulation() as sim:
        for _ in range(2):
            with pytest.raises(CourtRefusedMessage):
                sim.submit(claim={})
        assert sim.count("filings") == 0
