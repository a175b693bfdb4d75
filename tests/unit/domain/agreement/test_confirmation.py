"""Judicial confirmation: jointly, within 30 days counted by law, ruled on once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agreement.confirmation import (
    REMINDED_BEFORE,
    WINDOW_DAYS,
    Application,
    Confirmation,
    ConfirmationState,
    RejectionGround,
    Ruling,
    apply_for,
    days_left,
    last_day,
    ruled,
    transferred,
    window_reminders,
)
from chalicelib.domain.agreement.errors import (
    AlreadyApplied,
    ApplicationIncomplete,
    ConfirmationWindowClosed,
    RulingContradicts,
)
from chalicelib.domain.calendar import WorkingCalendar, end_of, local_date
from chalicelib.domain.errors import HubError
from chalicelib.domain.parties import Side
from tests.unit.domain.agreement.support import CALENDAR, NOON, rules_out
from tests.unit.domain.loan.support import day

NEW: Final = Confirmation(in_force_at=NOON)
NUMBER: Final = "（2026）闽0902诉前调确12号"
VALID: Final = Ruling(on=day("2026-04-01"))
REJECTED: Final = Ruling(on=day("2026-04-01"), rejected_for=RejectionGround.CONTENT_UNCLEAR)


def by(side: Side, at: datetime = NOON) -> Application:
    """Apply for a side."""
    return Application(side=side, party_id="a1" if side is Side.APPLICANT else "r1", at=at)


def joint(at: datetime = NOON) -> Confirmation:
    """Let both sides apply."""
    return apply_for(apply_for(NEW, by(Side.RESPONDENT, at), CALENDAR), by(Side.APPLICANT, at), CALENDAR)


def test_a_complete_application_has_the_transfer_that_takes_it_to_the_court() -> None:
    """One side's application has none yet, whatever it would have been."""
    alone = apply_for(NEW, by(Side.RESPONDENT), CALENDAR, "C-1-C1")
    assert alone.transfer_id is None
    both = apply_for(alone, by(Side.APPLICANT), CALENDAR, "C-1-C1")
    assert both.transfer_id == "C-1-C1"
    assert transferred(both, NOON).transfer_id == ruled(both, VALID).transfer_id == "C-1-C1"


def test_a_ruling_has_the_courts_number() -> None:
    """The same ruling under the same number is no news; under another it contradicts."""
    done = ruled(joint(), VALID, NUMBER)
    assert (joint().court_case_number, done.court_case_number) == (None, NUMBER)
    assert ruled(done, VALID, NUMBER) is done
    for other, number in ((VALID, None), (VALID, f"{NUMBER}之一"), (REJECTED, NUMBER)):
        with rules_out(RulingContradicts):
            ruled(done, other, number)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["apply", "transfer", "confirm", "reject"]),
            st.sampled_from(Side),
            st.integers(0, 40),
        ),
        max_size=10,
    )
)
def test_any_sequence_keeps_its_order(acts: list[tuple[str, Side, int]]) -> None:
    """No transfer or ruling without both sides, none applied late, one ruling, and states never go back."""
    confirmation, ranks = NEW, list(ConfirmationState)
    for act, side, days in acts:
        before, at = confirmation, NOON + timedelta(days=days)
        try:
            match act:
                case "apply":
                    confirmation = apply_for(confirmation, by(side, at), CALENDAR)
                case "transfer":
                    confirmation = transferred(confirmation, at)
                case _:
                    confirmation = ruled(confirmation, VALID if act == "confirm" else REJECTED)
        except HubError:
            assert confirmation is before
        assert ranks.index(confirmation.state) >= ranks.index(before.state)
        assert before.ruling is None or confirmation == before
    if confirmation.state is not ConfirmationState.NONE:
        assert confirmation.applied_by == set(Side)
    assert len(confirmation.applications) == len(confirmation.applied_by)
    for application in confirmation.applications:
        assert local_date(application.at) <= last_day(NEW, CALENDAR)


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.sets(st.integers(0, 60)))
def test_the_window_is_counted_by_law(start: date, off: set[int]) -> None:
    """Day 1 is the day after; the last day is the 30th or, were it a holiday, the next working day."""
    calendar = WorkingCalendar(days_off=frozenset(start + timedelta(days=days) for days in off))
    confirmation = Confirmation(in_force_at=end_of(start) - timedelta(seconds=1))
    last = last_day(confirmation, calendar)
    assert (last - start).days >= WINDOW_DAYS == 30
    assert calendar.is_working_day(last)
    for days in range(30, (last - start).days):
        assert not calendar.is_working_day(start + timedelta(days=days))
    assert days_left(confirmation, last, calendar) == 0
    assert days_left(confirmation, start, calendar) == (last - start).days
    applied = apply_for(confirmation, by(Side.APPLICANT, end_of(last) - timedelta(seconds=1)), calendar)
    assert applied.applied_by == {Side.APPLICANT}
    with rules_out(ConfirmationWindowClosed):
        apply_for(confirmation, by(Side.APPLICANT, end_of(last)), calendar)


def test_national_day() -> None:
    """In force on 1 September 2026: the 30th day is 1 October; with the week off it ends on the 8th."""
    week = frozenset(date(2026, 10, number) for number in range(1, 8))
    calendar = WorkingCalendar(
        days_off=week, make_up_days=frozenset({date(2026, 10, 10)}), years=frozenset({2026})
    )
    confirmation = Confirmation(in_force_at=datetime(2026, 9, 1, 1, tzinfo=UTC))
    assert last_day(confirmation, calendar) == date(2026, 10, 8)
    assert days_left(confirmation, date(2026, 10, 9), calendar) == -1
    assert window_reminders(confirmation, calendar, (0, 1, 1)) == (date(2026, 10, 7), date(2026, 10, 8))


def test_the_instant_is_read_in_china() -> None:
    """In force at 17:00 UTC is the next day in China."""
    confirmation = Confirmation(in_force_at=datetime(2026, 3, 1, 17, tzinfo=UTC))
    assert last_day(confirmation, CALENDAR) == last_day(NEW, CALENDAR) == day("2026-04-01")


def test_one_side_alone_is_no_application() -> None:
    """Its reminders go on; the other side's application completes it; who applied is known."""
    alone = apply_for(NEW, by(Side.RESPONDENT), CALENDAR)
    assert alone.state is ConfirmationState.NONE
    assert window_reminders(alone, CALENDAR) == tuple(
        day("2026-04-01") - timedelta(days=days) for days in REMINDED_BEFORE
    )
    with rules_out(ApplicationIncomplete):
        transferred(alone, NOON)
    with rules_out(ApplicationIncomplete):
        ruled(alone, VALID)
    with rules_out(AlreadyApplied):
        apply_for(alone, by(Side.RESPONDENT), CALENDAR)
    both = joint()
    assert both.state is ConfirmationState.APPLIED
    assert [(each.side, each.party_id) for each in both.applications] == [
        (Side.RESPONDENT, "r1"),
        (Side.APPLICANT, "a1"),
    ]
    assert window_reminders(both, CALENDAR) == ()


@pytest.mark.parametrize(
    ("ruling", "state"), [(VALID, ConfirmationState.CONFIRMED), (REJECTED, ConfirmationState.REJECTED)]
)
def test_a_ruling(ruling: Ruling, state: ConfirmationState) -> None:
    """It counts before or after the receipt, twice like once; another one contradicts it."""
    sent = transferred(joint(), NOON)
    assert (sent.state, sent.transferred_at) == (ConfirmationState.TRANSFERRED, NOON)
    assert transferred(sent, NOON + timedelta(days=1)) == sent
    for confirmation in (joint(), sent):
        done = ruled(confirmation, ruling)
        assert done.state is state
        assert ruled(done, ruling) == done == transferred(done, NOON)
        for other in {VALID, REJECTED} - {ruling}:
            with rules_out(RulingContradicts):
                ruled(done, other)
