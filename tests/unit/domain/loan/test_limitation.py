"""Until when a debt can be claimed, and what moved that day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.loan.errors import DatesOutOfOrder, EndUnexpected, EvidenceMissing
from chalicelib.domain.loan.limitation import (
    Effect,
    Interruption,
    InterruptionKind,
    Limitation,
    by_payment,
    limitation,
)
from tests.unit.domain.loan.support import day, pay, refuses

if TYPE_CHECKING:
    import random

DUE = day("2021-03-22")
# 2024-03-22 is a Friday; 2025 is published with a holiday from Friday 4 April to Sunday 6 April.
CALENDAR = WorkingCalendar(days_off=frozenset({day("2025-04-04")}), years=frozenset({2024, 2025, 2026, 2027}))


def _event(kind: InterruptionKind, on: str, ended_on: str | None = None) -> Interruption:
    return Interruption(kind=kind, on=day(on), evidence=on, ended_on=day(ended_on) if ended_on else None)


def _demand(on: str) -> Interruption:
    return _event(InterruptionKind.DEMAND, on)


def _mediation(on: str, ended_on: str | None = None) -> Interruption:
    return _event(InterruptionKind.MEDIATION, on, ended_on)


def _of(*interruptions: Interruption) -> Limitation:
    return limitation(DUE, interruptions, CALENDAR)


def _effects(found: Limitation) -> list[Effect]:
    return [step.effect for step in found.steps]


def test_three_years_from_the_last_due_day() -> None:
    """The due day is not counted; the last day is the corresponding one (188, 189, 201, 202)."""
    found = _of()
    assert (found.due_on, found.runs_from, found.last_day) == (DUE, DUE, day("2024-03-22"))
    assert (found.provisional, found.steps) == (False, ())
    assert not found.lapsed(day("2024-03-22"))
    assert found.lapsed(day("2024-03-23"))


@pytest.mark.parametrize(
    ("due", "last"),
    [
        ("2021-03-23", "2024-03-25"),  # a Saturday moves to Monday
        ("2022-04-04", "2025-04-07"),  # a holiday and the weekend after it
        ("2024-02-29", "2027-03-01"),  # no such day: Sunday the 28th, then Monday
    ],
)
def test_a_last_day_off_moves_to_the_next_working_day(due: str, last: str) -> None:
    """Civil Code 203 excepts no period, so limitation rolls as well."""
    assert limitation(day(due), (), CALENDAR).last_day == day(last)


def test_a_year_not_published_yet_is_provisional() -> None:
    assert limitation(day("2025-03-21"), (), CALENDAR).provisional
    assert not limitation(day("2024-03-21"), (), CALENDAR).provisional


def test_another_period_is_data() -> None:
    assert limitation(DUE, (), CALENDAR, years=4).last_day == day("2025-03-24")


@pytest.mark.parametrize(
    "kind", [InterruptionKind.DEMAND, InterruptionKind.PROMISE, InterruptionKind.PART_PAYMENT]
)
def test_an_interruption_restarts_the_period_on_its_day(kind: InterruptionKind) -> None:
    found = _of(_event(kind, "2022-04-12"))
    assert (found.runs_from, found.last_day) == (day("2022-04-12"), day("2025-04-14"))
    assert _effects(found) == [Effect.RESTARTED]
    assert found.steps[0].last_day == found.last_day
    assert found.steps[0].interruption.evidence == "2022-04-12"


@pytest.mark.parametrize("kind", [InterruptionKind.LAWSUIT, InterruptionKind.MEDIATION])
def test_a_procedure_holds_the_period_and_restarts_it_at_its_end(kind: InterruptionKind) -> None:
    """While it goes on nothing runs and nothing lapses."""
    held = _of(_event(kind, "2022-04-12"))
    assert (held.runs_from, held.last_day, held.provisional) == (None, None, False)
    assert _effects(held) == [Effect.HELD]
    assert not held.lapsed(day("2040-01-01"))
    ended = _of(_event(kind, "2022-04-12", "2022-06-01"))
    assert (ended.runs_from, ended.last_day) == (day("2022-06-01"), day("2025-06-02"))
    assert _effects(ended) == [Effect.RESTARTED]


def test_what_happens_within_a_procedure_moves_nothing_further() -> None:
    """Neither while it is open nor, once ended, before its end; an overlapping one ends later."""
    still_open = _of(_mediation("2022-04-12"), _demand("2022-05-01"))
    assert _effects(still_open) == [Effect.HELD, Effect.WITHIN_PROCEDURE]
    assert still_open.last_day is None
    ended = _of(_mediation("2022-04-12", "2022-06-01"), _demand("2022-05-01"), _demand("2022-06-01"))
    assert _effects(ended) == [Effect.RESTARTED, Effect.WITHIN_PROCEDURE, Effect.WITHIN_PROCEDURE]
    assert ended.runs_from == day("2022-06-01")
    longer = _of(_mediation("2022-04-12", "2022-06-01"), _mediation("2022-05-01", "2022-07-01"))
    assert (_effects(longer), longer.runs_from) == ([Effect.RESTARTED] * 2, day("2022-07-01"))


def test_before_the_due_day_nothing_runs_that_could_be_interrupted() -> None:
    """A demand up to the due day is too early; a procedure that outlasts it is not."""
    early = _of(_demand("2021-03-22"), _mediation("2020-01-01", "2021-03-22"))
    assert (_effects(early), early.runs_from) == ([Effect.TOO_EARLY] * 2, DUE)
    assert _effects(_of(_demand("2021-03-23"))) == [Effect.RESTARTED]
    outlasting = _of(_mediation("2021-03-01", "2021-04-01"))
    assert (_effects(outlasting), outlasting.runs_from) == ([Effect.RESTARTED], day("2021-04-01"))


def test_after_the_period_only_a_promise_helps() -> None:
    """A demand on the last day is in time, on the next it is too late; a promise renounces the defence."""
    assert _effects(_of(_demand("2024-03-22"))) == [Effect.RESTARTED]
    late = _of(
        _demand("2024-03-23"),
        _event(InterruptionKind.PART_PAYMENT, "2024-03-24"),
        _event(InterruptionKind.LAWSUIT, "2024-03-25"),
        _mediation("2024-03-26", "2024-04-26"),
    )
    assert _effects(late) == [Effect.TOO_LATE] * 4
    assert late.last_day == day("2024-03-22")
    promised = _of(
        _demand("2024-03-23"), _event(InterruptionKind.PROMISE, "2024-04-01"), _demand("2024-05-06")
    )
    assert _effects(promised) == [Effect.TOO_LATE, Effect.RENOUNCED, Effect.RESTARTED]
    assert promised.last_day == day("2027-05-06")


def test_a_rolled_last_day_still_counts() -> None:
    """A demand on the Monday to which a Saturday moved is in time."""
    found = limitation(day("2021-03-23"), [_demand("2024-03-25")], CALENDAR)
    assert _effects(found) == [Effect.RESTARTED]


def test_a_part_payment_interrupts_with_its_reference_as_evidence() -> None:
    assert by_payment(pay("2022-04-12", "5", "bank-77")) == Interruption(
        kind=InterruptionKind.PART_PAYMENT, on=day("2022-04-12"), evidence="bank-77"
    )


@pytest.mark.parametrize("evidence", ["", "  "])
def test_an_interruption_needs_evidence(evidence: str) -> None:
    with refuses(EvidenceMissing, "interruptions.evidence"):
        Interruption(kind=InterruptionKind.DEMAND, on=DUE, evidence=evidence)


def test_only_a_procedure_ends_and_not_before_it_begins() -> None:
    assert _mediation("2022-04-12", "2022-04-12").restarts_on == day("2022-04-12")
    with refuses(DatesOutOfOrder, "interruptions.ended_on"):
        _event(InterruptionKind.MEDIATION, "2022-04-12", "2022-04-11")
    with refuses(EndUnexpected, "interruptions.ended_on"):
        _event(InterruptionKind.DEMAND, "2022-04-12", "2022-04-13")


@st.composite
def histories(draw: st.DrawFn) -> list[Interruption]:
    """Draw up to six interruptions."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from(InterruptionKind),
                st.integers(-100, 3000),
                st.none() | st.integers(0, 300),
            ),
            max_size=6,
        )
    )
    return [
        Interruption(
            kind=kind,
            on=DUE + timedelta(days=days),
            evidence=f"e{number}",
            ended_on=DUE + timedelta(days=days + lasts) if lasts is not None and kind.goes_on else None,
        )
        for number, (kind, days, lasts) in enumerate(drawn)
    ]


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_listing_does_not_matter(history: list[Interruption], chance: random.Random) -> None:
    """Interruptions are taken by day, however they were listed."""
    assert limitation(DUE, history, CALENDAR) == (
        limitation(DUE, chance.sample(history, len(history)), CALENDAR)
    )


@given(histories())
def test_an_interruption_never_shortens_the_period(history: list[Interruption]) -> None:
    """Step by step the last day moves on or stays; once held, nothing runs to the end."""
    found = limitation(DUE, history, CALENDAR)
    plain = limitation(DUE, (), CALENDAR).last_day
    days = [plain, *(step.last_day for step in found.steps)]
    as_dates = [each or date.max for each in days]
    assert as_dates == sorted(as_dates)
    assert found.last_day == days[-1]
    assert (found.runs_from is None) == (found.last_day is None)
