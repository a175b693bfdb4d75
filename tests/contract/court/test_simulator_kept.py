"""A court that keeps its filings loses nothing that it has answered, whenever it is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import urllib3

from chalicelib.domain.errors import CourtRefusedMessage
from infra.local.court.__main__ import main
from tests.contract.court.fake_hub import FakeHub, fake_hub
from tests.contract.court.messages import CONFIRMATION, DOCUMENTS_TO_CONFIRM, notice
from tests.contract.court.simulated import COURT_PUBLIC, KEYS, QUICK, Simulation, neighbours, simulation
from tests.support.aws import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECEIVED, ACCEPTED, DOCKETED = "received", "accepted", "filing.docketed"
LAST = {"suit": DOCKETED, "confirmation": "confirmation.ruled"}
NEVER = ["--pace-seconds", "3600"]


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """Give a hub that outlives the court."""
    with fake_hub([COURT_PUBLIC]) as running:
        yield running


@contextmanager
def killed_at_the_end(folder: Path, hub: FakeHub, *options: str) -> Iterator[Simulation]:
    """Run a court that keeps its filings in the folder; kill it afterwards."""
    command = [sys.executable, "-m", "infra.local.court", "--port", "0", "--hub-url", hub.url]
    command += ["--issuer-url", hub.url, "--kept", str(folder / "kept" / "court.sqlite"), *QUICK, *options]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, env={**os.environ, **KEYS}, stdout=subprocess.PIPE, text=True
    )
    http = urllib3.PoolManager(retries=False)
    try:
        assert process.stdout is not None
        yield neighbours(process.stdout.readline().split()[-1], hub, http)
    finally:
        http.clear()
        process.kill()
        process.communicate()


def submit(sim: Simulation, matter: str, transfer_id: str = "C1-T1") -> str:
    """Hand over a suit or an application; return the receipt's id."""
    about = {name: CONFIRMATION[name] for name in ("matter", "agreement", "mediation", "manifest")}
    return sim.submit(transfer_id, **(about if matter == "confirmation" else {})).receipt_id


@pytest.mark.parametrize(
    ("matter", "told"), [("suit", 0), ("suit", 1), ("suit", 2), ("suit", 3), ("confirmation", 2)]
)
def test_a_killed_court_goes_on_where_it_was(tmp_path: Path, hub: FakeHub, matter: str, told: int) -> None:
    """Each result is told once under one id, and the filing is known by its receipt."""
    if matter == "confirmation":
        hub.documents.update(DOCUMENTS_TO_CONFIRM)
        hub.shown.update(DOCUMENTS_TO_CONFIRM)
    with killed_at_the_end(tmp_path, hub, "--pace-seconds", "0.2" if told else "3600") as sim:
        receipt = submit(sim, matter)
        eventually(lambda: len(hub.results("C1-T1")) >= told)
    with killed_at_the_end(tmp_path, hub) as sim:
        sim.told("C1-T1", [RECEIVED, ACCEPTED, LAST[matter]])
        eventually(lambda: len(sim.state["filings"][0]["acknowledged"]) >= 3)
        assert submit(sim, matter) == receipt
        with pytest.raises(CourtRefusedMessage):
            sim.submit(fast_track=False)


def test_a_callback_is_the_same_before_and_after(tmp_path: Path, hub: FakeHub) -> None:
    """It keeps its id, so that the hub can tell that it has it already."""
    hub.callback_failures = [503] * 1000
    with killed_at_the_end(tmp_path, hub) as sim:
        sim.submit()
        eventually(lambda: hub.arrivals)
    (first,) = set(hub.arrivals)
    hub.callback_failures.clear()
    with killed_at_the_end(tmp_path, hub) as sim:
        sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
    assert next(iter(hub.stored)) == first


def test_numbers_go_on(tmp_path: Path, hub: FakeHub) -> None:
    for number in (1, 2):
        with killed_at_the_end(tmp_path, hub) as sim:
            sim.submit(f"C{number}-T1")
            sim.told(f"C{number}-T1", [RECEIVED, ACCEPTED, DOCKETED])
    docketed = [one["data"] for one in hub.stored.values() if one["type"] == DOCKETED]
    assert len({data["filing_id"] for data in docketed}) == 2
    assert [data["court_case_number"].rpartition("民初")[2] for data in docketed] == ["1号", "2号"]


@pytest.mark.parametrize("early", [True, False])
def test_a_withdrawal_is_not_forgotten(tmp_path: Path, hub: FakeHub, early: bool) -> None:
    """Neither one that overtook its filing nor one whose cancellation was still to be told."""
    with killed_at_the_end(tmp_path, hub, *NEVER) as sim:
        if not early:
            sim.submit()
        sim.adapter.notify(notice("C1-T1"))
    with killed_at_the_end(tmp_path, hub) as sim:
        sim.submit()
        sim.told("C1-T1", ["cancelled"])


def test_a_replaced_filing_stays_replaced(tmp_path: Path, hub: FakeHub) -> None:
    with killed_at_the_end(tmp_path, hub, *NEVER) as sim:
        sim.submit()
        sim.adapter.notify(notice("C1-T1", "transfer.corrected", "C1-T2"))
        sim.submit("C1-T2", replaces="C1-T1")
    with killed_at_the_end(tmp_path, hub) as sim:
        sim.told("C1-T2", [RECEIVED, ACCEPTED, DOCKETED])
        assert [filing["status"] for filing in sim.state["filings"]] == ["replaced", "docketed"]


def test_a_file_that_is_no_database_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "court.sqlite").write_text("not a database, but long enough to be looked at" * 9)
    assert main(["--port", "0", "--kept", str(tmp_path / "court.sqlite")]) == 2
    assert capsys.readouterr().err == "court: file is not a database\n"


def test_a_court_that_gave_up_is_asked_again_by_the_same_submission() -> None:
    """What was never acknowledged is sent again, under the same ids."""
    with simulation("--callback-attempts", "2") as sim:
        sim.hub.callback_failures = [503] * 6
        receipt = sim.submit()
        eventually(lambda: sim.count("callbacks_abandoned") == 3)
        given_up = list(dict.fromkeys(sim.hub.arrivals))
        assert sim.submit() == receipt
        sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
        assert list(sim.hub.stored) == given_up


def test_a_hub_that_has_lost_what_it_acknowledged_asks_again_by_the_same_submission() -> None:
    """Such as a hub whose table was restored; what it has it recognises by the id."""
    with simulation() as sim:
        sim.submit()
        sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
        said = list(sim.hub.stored)
        sim.hub.stored.clear()
        sim.submit()
        sim.told("C1-T1", [RECEIVED, ACCEPTED, DOCKETED])
        assert list(sim.hub.stored) == said
        assert len(sim.state["filings"]) == 1
