"""The court's ruling as a command: what it records in a case, and when it is no news."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.agreement.confirmation import (
    Application,
    Confirmation,
    ConfirmationState,
    RejectionGround,
    Ruling,
    apply_for,
)
from chalicelib.domain.agreement.errors import ApplicationIncomplete, RulingContradicts
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.court_commands import RecordRuling
from chalicelib.domain.parties import Side
from tests.support.builders import START, context_of, filed

if TYPE_CHECKING:
    from chalicelib.domain.case import Case

CONFIRMED: Final = RecordRuling(
    transfer_id="C-0001-C1",
    filing_id="F-2",
    court_case_number="（2026）闽0902诉前调确12号",
    judge_id="j1",
    ruling=Ruling(on=date(2026, 3, 9)),
)
REJECTED: Final = replace(
    CONFIRMED, ruling=Ruling(on=date(2026, 3, 9), rejected_for=RejectionGround.NOT_VOLUNTARY)
)


def applied(*sides: Side) -> Case:
    """Return a case whose agreement these sides have asked to confirm."""
    confirmation = Confirmation(in_force_at=START)
    for side in sides:
        application = Application(side=side, party_id=f"{side}-1", at=START)
        confirmation = apply_for(confirmation, application, WorkingCalendar(), CONFIRMED.transfer_id)
    return replace(filed().case, confirmation=confirmation)


def after(case: Case, command: RecordRuling) -> Case:
    """Return the case with the command's changes."""
    return replace(case, **command.changes(case, context_of()))


@pytest.mark.parametrize(
    ("command", "state"),
    [(CONFIRMED, ConfirmationState.CONFIRMED), (REJECTED, ConfirmationState.REJECTED)],
)
def test_a_ruling_is_recorded_under_the_courts_number(
    command: RecordRuling, state: ConfirmationState
) -> None:
    """In the confirmation and nowhere else; from then on it is known."""
    before = applied(*Side)
    assert not command.known_to(before)
    case = after(before, command)
    assert case.confirmation is not None
    assert (case.confirmation.state, case.confirmation.court_case_number) == (
        state,
        command.court_case_number,
    )
    assert replace(case, confirmation=before.confirmation) == before
    assert command.known_to(case)
    assert after(case, command) == case


def test_another_word_on_the_same_application_is_not_known() -> None:
    """The opposite ruling, another number, another application."""
    case = after(applied(*Side), CONFIRMED)
    assert not REJECTED.known_to(case)
    assert not replace(CONFIRMED, court_case_number="（2026）闽0902民特12号").known_to(case)
    assert not replace(CONFIRMED, transfer_id="C-0001-C2").known_to(case)
    with pytest.raises(RulingContradicts):
        REJECTED.changes(case, context_of())


def test_there_is_nothing_to_rule_on_before_both_sides_have_applied() -> None:
    """Without a confirmation at all the table must not even offer it."""
    assert not CONFIRMED.known_to(filed().case)
    with pytest.raises(LookupError, match="after confirmation was applied for"):
        CONFIRMED.changes(filed().case, context_of())
    with pytest.raises(ApplicationIncomplete):
        CONFIRMED.changes(applied(Side.APPLICANT), context_of())


def test_the_event_tells_what_was_decided_in_codes() -> None:
    """Ids, a day, the ruling and its ground: nothing the court wrote."""
    told = {
        "transfer_id": "C-0001-C1",
        "filing_id": "F-2",
        "court_case_number": "（2026）闽0902诉前调确12号",
        "judge_id": "j1",
        "ruled_on": "2026-03-09",
    }
    assert CONFIRMED.event_data() == {**told, "ruling": "confirmed", "ground": None}
    assert REJECTED.event_data() == {**told, "ruling": "rejected", "ground": "not_voluntary"}
