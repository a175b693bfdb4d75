"""Facts between acts: each takes the next place in the record, and only an act stands in an act's way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain import lifecycle
from chalicelib.domain.commands import Screen, Withdraw
from chalicelib.domain.events import verify_chain
from chalicelib.domain.stages import EventType, Stage
from tests.support.builders import FILER, context_of, filed

if TYPE_CHECKING:
    from chalicelib.domain.case import Case, Change

FACT: Final = EventType("test_fact_recorded")


def fact(case: Case, number: int = 1) -> Change:
    """Record something that changes nothing of the case."""
    return lifecycle.record(case, FACT, {"number": number}, context_of(FILER))


def withdraw(case: Case) -> Change:
    """Take the case back."""
    return lifecycle.apply(case, Withdraw(), context_of(FILER))


def test_a_fact_lengthens_the_record_and_leaves_the_version() -> None:
    """Whoever read the case before may still act on it."""
    filing = filed()
    change = fact(filing.case)
    assert (change.case.version, change.case.sequence) == (1, 2)
    assert change.case.last_event_hash == change.event.hash
    assert verify_chain([filing.event, change.event]) == change.case.last_event_hash


def test_an_act_goes_behind_facts_that_came_between() -> None:
    """The act keeps its outcome and takes the place after them."""
    filing = filed()
    act, between = withdraw(filing.case), fact(filing.case)
    moved = act.behind(between.case)
    assert moved is not None
    assert (moved.case.stage, moved.case.version, moved.case.sequence) == (Stage.WITHDRAWN, 2, 3)
    assert moved.before == between.case
    assert verify_chain([filing.event, between.event, moved.event]) == moved.case.last_event_hash


def test_a_fact_goes_behind_an_act_and_leaves_its_outcome() -> None:
    """The case stays as the act left it, though the fact was recorded on what was before."""
    filing = filed()
    late, act = fact(filing.case), withdraw(filing.case)
    moved = late.behind(act.case)
    assert moved is not None
    assert (moved.case.stage, moved.case.version, moved.case.sequence) == (Stage.WITHDRAWN, 2, 3)
    assert verify_chain([filing.event, act.event, moved.event]) == moved.case.last_event_hash


def test_an_act_does_not_go_behind_another_act() -> None:
    """What it was decided on is no longer so."""
    case = filed().case
    screened = lifecycle.apply(case, Screen(), context_of()).case
    assert withdraw(case).behind(screened) is None


def test_a_filing_goes_behind_nothing() -> None:
    """It is the first of its record."""
    change = filed()
    assert change.behind(change.case) is None
