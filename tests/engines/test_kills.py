"""Whichever process is killed: what was answered is kept, and every case goes on to its end."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from infra.local import fetched
from tests.engines.kills import PROCESSES, TABLE, KeptStack
from tests.support.engines import needs
from tests.support.travel import BANK, CENTRE, MEDIATOR, Traveller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DAY_SECONDS = 30.0
_QUICK_DAY_SECONDS = 1.0


@pytest.fixture
def kept(tmp_path: Path, _typeface: None) -> Iterator[KeptStack]:
    """Give a stack whose table has its data on disk."""
    needs("DynamoDB Local", fetched.java_missing())
    with KeptStack(tmp_path) as stack:
        yield stack


def before_the_court(traveller: Traveller, seed: str) -> str:
    """Bring a case to the court, and leave it there in this very moment."""
    traveller.comes_to_mediation(seed)
    traveller.acts(MEDIATOR, "failure", reason="differences_too_large")
    traveller.acts(BANK, "transfer", insists=True)
    return traveller.case_id


def signed(traveller: Traveller) -> str:
    """Bring a case to an agreement in force, to be performed in two months."""
    traveller.comes_to_mediation("signs")
    by = {"kind": "lump_sum", "by": traveller.in_days(60)}
    traveller.agrees({"tier": "lump_sum", "schedule": by})
    return traveller.case_id


def unanswered(traveller: Traveller) -> str:
    """Bring a case to where a party's consent is missing, which never comes."""
    traveller.files("silent")
    traveller.waits_for("screened")
    traveller.acts(CENTRE, "assignment", action="appoint", mediator_id="m-001", judge_id="j-001")
    traveller.acts(MEDIATOR, "assignment", action="accept")
    return traveller.case_id


def acts_again_if_lost(traveller: Traveller) -> None:
    """Transfer the case again: DynamoDB Local may lose its last write at a kill -9, though it answered."""
    if traveller.reads()["stage"] == "unresolved":
        traveller.acts(BANK, "transfer", insists=True)


def has_its_paper(traveller: Traveller) -> bool:
    document = traveller.reads()["agreement_sha256"]
    paper = traveller.hub.get(BANK, f"/v1/cases/{traveller.case_id}/documents/{document}")
    return paper.status == 200 and hashlib.sha256(paper.body).hexdigest() == document


def in_order(events: list[dict[str, Any]]) -> bool:
    times = [datetime.fromisoformat(event["at"]) for event in events]
    return times == sorted(times)


def test_every_case_goes_on_to_its_end_whichever_process_is_killed(kept: KeptStack) -> None:
    """One case goes to the court in the moment of each kill; others are signed, or wait for somebody."""
    kept.start(_DAY_SECONDS)
    performing, silent = signed(kept.traveller()), unanswered(kept.traveller())
    at_the_court = []
    for process in PROCESSES:
        traveller = kept.traveller()
        at_the_court.append(before_the_court(traveller, process))
        before = traveller.stack.clock.now()
        kept.kill(process)
        if process == TABLE:
            acts_again_if_lost(kept.traveller(at_the_court[-1]))
        else:
            kept.start(_DAY_SECONDS)
            kept.traveller(at_the_court[-1]).waits_for("docketed")
        assert kept.traveller().stack.clock.now() >= before
        assert has_its_paper(kept.traveller(performing)), process

    owed = kept.traveller(performing).settlement()["agreement"]["plan"]["lines"][0]["amount"]
    assert kept.traveller(performing).pays("PAY-1", owed)["stage"] == "performed"
    kept.end()
    kept.start(_QUICK_DAY_SECONDS)  # so that nobody's silence is over soon
    assert kept.traveller(silent).waits_for("closed")["failure"] == "consent_silence"
    kept.traveller(at_the_court[-1]).waits_for("docketed")
    for case_id in (*at_the_court, performing, silent):
        events = kept.traveller(case_id).events()
        assert in_order(events), events
        assert sum(event["type"] == "case_docketed" for event in events) == (case_id in at_the_court)


def test_a_court_that_has_lost_a_filing_is_asked_again(kept: KeptStack) -> None:
    """It had answered with a receipt, so the hub waits until the court's time is over, and submits again."""
    kept.start(_DAY_SECONDS)
    traveller = kept.traveller()
    traveller.http.request("PUT", f"{traveller.stack.court_url}/control", json={"pace_seconds": 3600})
    case_id = before_the_court(traveller, "lost")
    traveller.waits_for("submitted")
    kept.end()
    for file in (kept.folder / ".local" / "kept").glob("court.sqlite*"):
        file.unlink()
    kept.start(_QUICK_DAY_SECONDS)
    kept.traveller(case_id).waits_for("docketed")
