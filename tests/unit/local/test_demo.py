"""The demo's own arithmetic and eyes: plans add up, money balances, papers are what they are said to be."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from infra.local.demo import figures, people, settling
from infra.local.demo.client import Answer
from infra.local.demo.driver import Course, plan_courses
from infra.local.demo.outcomes import COMPONENTS, Outcome, Outcomes
from infra.local.demo.papers import Papers
from infra.local.demo.report import Run, print_report
from infra.local.demo.script import TERMINAL, Act, Standing, always, fen, yuan
from infra.local.demo.scripts import SCRIPTS, spread

if TYPE_CHECKING:
    from collections.abc import Mapping

_DAY: Final = date(2026, 3, 2)
_PAPER: Final = b"%PDF-1.7 a paper"
amounts = st.integers(0, 10**9)


def standing(**owed: int) -> Standing:
    """Return a case in mediation that owes this."""
    parts = {name: yuan(owed.get(name, 0)) for name in COMPONENTS}
    total = {"total": yuan(sum(owed.values()))}
    return Standing(
        view={"case_id": "c" * 32, "round": 1, "parties": []},
        now=datetime(2026, 3, 2, tzinfo=UTC),
        memory={},
        read_settlement=lambda: {"owed": {**parts, **total}},
        read_code=lambda _party_id: None,
        take_turn=lambda _fork: 0,
    )


@given(amounts, amounts, st.integers(10_000, 10**9), st.integers(2, 12))
def test_instalments_add_up_to_what_is_kept(penalty: int, compound: int, principal: int, count: int) -> None:
    """Half of penalty and compound interest is waived, the waived half rounded up."""
    at = standing(penalty_interest=penalty, compound_interest=compound, principal=principal)
    parts = settling.instalments(count)(at)["schedule"]["parts"]
    assert len(parts) == count
    assert sum(fen(part["amount"]) for part in parts) == principal + penalty // 2 + compound // 2


@pytest.mark.parametrize("day", [1, 28, 31])
def test_monthly_plans_begin_next_month(day: int) -> None:
    """On a day that every month has."""
    at = standing(principal=1_000_00)
    at = Standing(
        view=at.view,
        now=datetime(2026, 1, day, tzinfo=UTC),
        memory={},
        read_settlement=at.read_settlement,
        read_code=at.read_code,
        take_turn=at.take_turn,
    )
    schedule = settling.monthly(at)["schedule"]
    assert date(schedule["year"], schedule["month"], schedule["day"]) > at.today
    assert schedule["day"] <= 28


@given(st.integers(-(10**12), 10**12))
def test_yuan_reads_as_fen(amount: int) -> None:
    """There and back."""
    assert fen(yuan(amount)) == amount


@pytest.mark.parametrize("count", [0, 1, 20, 60, 200])
def test_a_caseload_has_its_size(count: int) -> None:
    """And every course, where they fit."""
    dealt = spread(count)
    assert len(dealt) == count
    assert len({script.name for script in dealt}) == min(count, len(SCRIPTS))


def test_every_script_ends_where_a_case_can_end() -> None:
    """And has an act for getting there, or leaves it to time; only a bounced payment opens one again."""
    for script in SCRIPTS:
        assert script.ends <= TERMINAL, script.name
        assert script.moves.keys() & TERMINAL <= {"performed"}, script.name


def test_a_case_is_over_once_its_script_lets_it_rest() -> None:
    """A script with a move for an end is asked there first."""
    reverses = replace(SCRIPTS[0], moves={"paid": always(Act("institution", "reversals"))})
    for script, rests in ((SCRIPTS[0], True), (reverses, False)):
        course = Course(1, script, "bank-rcb", {}, case_id="c" * 32, view={"stage": "paid"})
        assert course.over is rests
        course.left_alone = True
        assert course.over


def test_a_caseload_is_the_same_for_the_same_seed() -> None:
    """Parties, claims and contracts too; the patient courses come first."""
    first, second, other = (plan_courses(spread(40), seed, _DAY) for seed in (1, 1, 2))
    assert [course.filing for course in first] == [course.filing for course in second]
    assert [course.filing for course in first] != [course.filing for course in other]
    patient = [course.script.patient for course in first]
    assert patient == sorted(patient, reverse=True)


def outcome(remaining: str = "40.00") -> Outcome:
    """Return a case with an agreement of 100 yuan, 60 of them paid."""
    filing = people.filing(Random(1), 1, "jiaocheng", _DAY)  # noqa: S311 - a filing is no secret
    course = Course(1, SCRIPTS[0], "bank-rcb", filing, case_id="c" * 32)
    course.view = {
        "case_id": course.case_id,
        "stage": "paid",
        "failure": None,
        "parties": [{"party_id": "a1"}, {"party_id": "r1"}],
        "confirmation": None,
        "transfer": None,
    }
    performance = {"agreed": "100.00", "clawback": "0.00", "rebate": "0.00", "overpaid": "0.00"}
    signed = {"type": "signature_recorded", "channel": "in_person", "facts": {"party_id": "r1"}}
    return Outcome(
        course=course,
        settlement={
            "agreement": {"outcome": "instalments", "waived": dict.fromkeys(COMPONENTS, "1.50")},
            "performance": {**performance, "paid": "60.00", "remaining": remaining},
            "offers": [],
        },
        events=[{**signed, "at": f"2026-03-0{day}T{hour}:00:00+00:00"} for day, hour in ((2, 15), (2, 17))],
        fees={"full": "50.00", "halved": "25.00"},
    )


def test_a_trip_is_a_day_in_china_on_which_a_party_came() -> None:
    """Two signatures at 23:00 and at 01:00 of the next day are two."""
    assert outcome().trips == {"r1": 2}


OF_AN_EARLIER_RUN = {"transfer_id": "d" * 32 + "-T1", "court_case_number": "（2026）闽0902民初1号"}
"""What a court that keeps its filings shows, too."""


def reported(each: Outcome, papers: Papers) -> tuple[int, str]:
    """Print the report of one case; return what is wrong, and what was printed."""
    run = Run(
        courses=[each.course],
        outcomes=Outcomes([each]),
        papers=papers,
        court={"filings": [OF_AN_EARLIER_RUN]},
        seconds=1.0,
        began_on=_DAY,
        ended_on=_DAY,
    )
    console = Console(file=io.StringIO(), width=200)
    wrong = print_report(console, run)
    assert isinstance(console.file, io.StringIO)
    return wrong, console.file.getvalue()


def test_the_report_of_a_good_run_finds_nothing_wrong() -> None:
    """Amounts, what they are part of, and the period are there."""
    wrong, printed = reported(outcome(), Papers(FakeHub()))
    assert wrong == 0
    for shown in ("100.00 agreed, 60.00 paid, 40.00 remaining", "1 agreements binding", "2026-03-02 to"):
        assert shown in printed


def test_a_fen_that_is_missing_is_told() -> None:
    """And the run has failed."""
    wrong, printed = reported(outcome(remaining="39.99"), Papers(FakeHub()))
    assert (wrong, "NOT BALANCED by 1 fen" in printed) == (1, True)
    assert figures.balance(Outcomes([outcome(remaining="40.01"), outcome(remaining="39.99")]))[1] == 2


class FakeHub:
    """A hub whose papers are these bytes."""

    def __init__(self, content: bytes = _PAPER) -> None:
        self.content = content

    def get(self, _who: Mapping[str, Any], _path: str, /) -> Answer:
        """Hand them out under any address."""
        return Answer(200, {}, self.content)

    def post(self, _who: Mapping[str, Any], _path: str, body: Mapping[str, Any], /) -> Answer:
        """Make the paper that the agreement is."""
        return Answer(201, {}, {"document_id": hashlib.sha256(_PAPER).hexdigest(), **body})


_VIEW: Final = {
    "case_id": "c" * 32,
    "agreement_sha256": hashlib.sha256(_PAPER).hexdigest(),
    "accepted_at": None,
    "ended_at": None,
    "stage": "settled",
    "confirmation": None,
}


def followed(content: bytes) -> Papers:
    """Follow a settled case whose agreement has these bytes."""
    papers = Papers(FakeHub(content))
    seen: set[str] = set()
    for _ in range(2):
        papers.follow(_VIEW, {}, seen, lambda role: {"role": role})
    return papers


def test_an_agreement_is_fetched_once() -> None:
    """Its head and its hash are looked at."""
    papers = followed(_PAPER)
    assert (papers.counts(), papers.faults) == ({"mediation_agreement.pdf": 1}, [])


@pytest.mark.parametrize("content", [b"%PDF-1.7 another paper", b"<html>", b""])
def test_a_paper_that_is_not_what_its_id_says_fails_the_run(content: bytes) -> None:
    """Whatever the status was."""
    papers = followed(content)
    assert papers.counts() == {}
    wrong, printed = reported(outcome(), papers)
    assert (wrong, "not the pdf it is said to be" in printed) == (1, True)
