"""When each step of a case expires, by the law's days and the official calendar, each counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.adapters.calendar import load_calendar
from chalicelib.domain import deadlines
from chalicelib.domain.agreement.confirmation import Application, Confirmation, RejectionGround, Ruling
from chalicelib.domain.calendar import CHINA, WorkingCalendar, end_of
from chalicelib.domain.events import Channel, Event
from chalicelib.domain.parties import Side
from chalicelib.domain.pending_act import MediatorChoice, Objection
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.steps import CourtLimits, Step
from tests.support.builders import CASE_ID, filed

if TYPE_CHECKING:
    from chalicelib.domain.case import Case

OFFICIAL: Final = load_calendar()
LIMITS: Final = CourtLimits()
ENTERED: Final = datetime(2026, 2, 9, 10, tzinfo=CHINA)
"""A Monday; the Spring Festival is off from 15 to 23 February, Saturday the 14th is worked for it."""
DAY: Final = timedelta(days=1)


def at(stage: Stage, **fields: Any) -> Case:
    """Return a case at a stage."""
    return replace(filed().case, stage=stage, **fields)


def ends(case: Case, entered: datetime = ENTERED, limits: CourtLimits = LIMITS) -> datetime | None:
    """Return when the case's step expires."""
    return deadlines.deadline_of(case, entered, limits, OFFICIAL)


def _applied(**fields: Any) -> Confirmation:
    both = tuple(
        Application(side=side, party_id=party, at=ENTERED)
        for side, party in ((Side.APPLICANT, "a1"), (Side.RESPONDENT, "r1"))
    )
    return Confirmation(in_force_at=ENTERED, applications=both, **fields)


ALONE: Final = Confirmation(in_force_at=ENTERED)
CONFIRMED: Final = _applied(ruling=Ruling(on=date(2026, 2, 9)))
REJECTED: Final = _applied(ruling=Ruling(on=date(2026, 2, 9), rejected_for=RejectionGround.CONTENT_UNCLEAR))


@pytest.mark.parametrize(
    ("stage", "last"),
    [
        (Stage.FILED, date(2026, 2, 10)),  # 1 working day
        (Stage.SCREENED, date(2026, 2, 12)),  # 3 working days (OL10)
        (Stage.ASSIGNED, date(2026, 2, 12)),  # 3 working days (OL12)
        (Stage.IN_MEDIATION, date(2026, 3, 11)),  # 30 days (TY27)
        (Stage.SETTLED, date(2026, 2, 24)),  # 15 days
        (Stage.DEFAULTED, date(2026, 5, 11)),  # 90 days end on a Sunday
        (Stage.UNRESOLVED, date(2026, 2, 24)),  # 15 days
        (Stage.TRANSFERRING, date(2026, 2, 10)),  # 1 working day
        (Stage.SUBMITTED, date(2026, 2, 24)),  # 7 days end in the Spring Festival (民事诉讼法 126, 85)
        (Stage.RETURNED, date(2026, 2, 24)),  # 15 days
        (Stage.CORRECTED, date(2026, 2, 10)),  # 1 working day
    ],
)
def test_a_step_lasts_as_long_as_the_law_and_the_court_say(stage: Stage, last: date) -> None:
    """The day of the act is not counted; a last day on a holiday moves on (民事诉讼法 85)."""
    assert ends(at(stage)) == end_of(last)


def test_who_has_accepted_waits_for_consent() -> None:
    """Seven days end on the 16th, in the Spring Festival."""
    assert ends(at(Stage.ASSIGNED, accepted_at=ENTERED)) == end_of(date(2026, 2, 24))


def test_each_stage_has_its_wait() -> None:
    """An assigned case waits twice, for the mediator and then for the parties; an ended one for nothing."""
    assert deadlines.steps_at(Stage.FILED) == (Step.SCREENING,)
    assert deadlines.steps_at(Stage.ASSIGNED) == (Step.ACCEPTANCE, Step.CONSENT)
    assert deadlines.steps_at(Stage.PERFORMED) == (Step.ENDED,)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage.terminal])
def test_what_has_ended_waits_for_nothing(stage: Stage) -> None:
    assert (deadlines.step_of(at(stage)), ends(at(stage))) == (Step.ENDED, None)


@pytest.mark.parametrize(
    ("until", "last"),
    [
        (None, date(2026, 2, 12)),
        (end_of(date(2026, 2, 11)), date(2026, 2, 14)),  # the parties' last day is the 11th: 12, 13, 14
        (end_of(date(2026, 2, 12)), date(2026, 2, 24)),  # the 12th: 13, 14, 24
        (ENTERED - DAY, date(2026, 2, 12)),  # a choice that is over gives no further day
    ],
)
def test_the_centre_appoints_once_the_parties_had_their_days(until: datetime | None, last: date) -> None:
    """First the parties choose, then the centre has its three working days (OL10)."""
    choice = until and MediatorChoice(until=until, judge_id="j1", recommended=())
    assert ends(at(Stage.SCREENED, choice=choice)) == end_of(last)


def test_the_clock_of_a_mediation_is_that_of_its_acceptance() -> None:
    """Accepted on 5 February: 30 days, those that were agreed, and those for which it stood still."""
    case = at(Stage.IN_MEDIATION, accepted_at=ENTERED - 4 * DAY)
    assert ends(case) == end_of(date(2026, 3, 9))  # the 7th is a Saturday
    assert ends(replace(case, extended_days=5)) == end_of(date(2026, 3, 12))
    assert ends(replace(case, held_days=2)) == end_of(date(2026, 3, 9))
    assert ends(replace(case, extended_days=5, held_days=2)) == end_of(date(2026, 3, 16))


@pytest.mark.parametrize(
    ("confirmation", "look", "day"),
    [
        (None, None, date(2026, 2, 10)),  # nothing is planned: tomorrow
        (None, date(2026, 6, 1), date(2026, 6, 1)),
        (ALONE, date(2026, 6, 1), date(2026, 6, 1)),  # nobody has applied yet
        (_applied(), date(2026, 6, 1), date(2026, 2, 16)),  # the court has seven days for its ruling
        (_applied(), date(2026, 2, 12), date(2026, 2, 12)),
        (_applied(transferred_at=ENTERED), date(2026, 6, 1), date(2026, 2, 16)),
        (CONFIRMED, date(2026, 6, 1), date(2026, 6, 1)),
    ],
)
def test_an_agreement_is_looked_at_on_its_day(
    confirmation: Confirmation | None, look: date | None, day: date
) -> None:
    """At nine in the morning in China, one UTC; while the court has it, when the ruling is overdue."""
    case = at(Stage.PERFORMING, confirmation=confirmation, follow_up_on=look)
    assert ends(case) == datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("confirmation", "rule", "last"),
    [
        (None, "default_decision_days", date(2026, 5, 11)),
        (ALONE, "default_decision_days", date(2026, 5, 11)),
        (REJECTED, "default_decision_days", date(2026, 5, 11)),
        (_applied(), "court_review_days", date(2026, 2, 24)),
        (_applied(transferred_at=ENTERED), "court_review_days", date(2026, 2, 24)),
        (CONFIRMED, "enforcement_years", date(2028, 2, 9)),  # 民事诉讼法 250: a Wednesday
    ],
)
def test_a_default_waits_for_whoever_can_act(
    confirmation: Confirmation | None, rule: str, last: date
) -> None:
    """For the institution to sue, for the court's ruling, or for enforcement."""
    case = at(Stage.DEFAULTED, confirmation=confirmation)
    assert (deadlines.rule_of(case), ends(case)) == (rule, end_of(last))


def test_two_years_to_enforce_end_on_a_working_day() -> None:
    """12 February 2026 is a Thursday; the 15th is the first day of the Spring Festival."""
    case = at(Stage.DEFAULTED, confirmation=CONFIRMED)
    assert ends(case, datetime(2024, 2, 12, 4, tzinfo=UTC)) == end_of(date(2026, 2, 12))
    assert ends(case, datetime(2024, 2, 15, 4, tzinfo=UTC)) == end_of(date(2026, 2, 24))


@pytest.mark.parametrize(
    ("stage", "held", "expires"),
    [
        (Stage.UNRESOLVED, ENTERED + DAY, ENTERED + DAY),
        (Stage.UNRESOLVED, end_of(date(2026, 3, 1)), end_of(date(2026, 2, 24))),
        # What is held is not sent before; to send it is due with the hold, and no limit before it counts.
        (Stage.TRANSFERRING, ENTERED + DAY / 2, ENTERED + DAY / 2),
        (Stage.TRANSFERRING, end_of(date(2026, 3, 1)), end_of(date(2026, 3, 1))),
    ],
)
def test_a_hold_ends_a_wait_and_a_submission_waits_for_it(
    stage: Stage, held: datetime, expires: datetime
) -> None:
    """Somebody may still object: the case moves on when the days to object are over."""
    assert ends(at(stage, held_until=held)) == expires


@pytest.mark.parametrize("stage", [Stage.IN_MEDIATION, Stage.PERFORMING])
def test_an_objection_stops_the_case_wherever_it_stands(stage: Stage) -> None:
    """The centre decides within five working days: 10, 11, 12, 13 and Saturday the 14th, which is worked."""
    case = at(stage, objection=Objection(act=None, at=ENTERED))  # type: ignore[arg-type]  # not looked at
    assert deadlines.rule_of(case) == "objection_decision_working_days"
    assert ends(case) == end_of(date(2026, 2, 14))


@pytest.mark.parametrize(
    ("stage", "rule"),
    [
        (Stage.FILED, "screening_working_days"),
        (Stage.SCREENED, "assignment_working_days"),
        (Stage.ASSIGNED, "acceptance_working_days"),
        (Stage.IN_MEDIATION, "mediation_days"),
        (Stage.SETTLED, "signing_days"),
        (Stage.PERFORMING, "performance"),
        (Stage.UNRESOLVED, "decision_days"),
        (Stage.TRANSFERRING, "submission_working_days"),
        (Stage.SUBMITTED, "court_review_days"),
        (Stage.RETURNED, "correction_days"),
        (Stage.CORRECTED, "resubmission_working_days"),
    ],
)
def test_each_wait_has_the_name_of_its_limit(stage: Stage, rule: str) -> None:
    """Under which it is configured, and told when it moves; agreements are looked at without a limit."""
    assert deadlines.rule_of(at(stage)) == rule


@pytest.mark.parametrize(
    ("deadline", "first_day", "moves"),
    [
        (None, date(2026, 1, 1), False),
        (end_of(date(2026, 12, 31)), date(2026, 12, 31), True),
        (end_of(date(2026, 12, 31)), date(2027, 1, 1), False),  # an instant of 2027, but a limit of 2026
        (end_of(date(2027, 1, 1)), date(2027, 1, 1), True),
        (end_of(date(2027, 1, 1)), date(2026, 5, 1), True),
    ],
)
def test_a_calendar_moves_nothing_that_ends_before_its_first_change(
    deadline: datetime | None, first_day: date, moves: bool
) -> None:
    assert deadlines.could_move(at(Stage.UNRESOLVED, deadline=deadline), first_day) is moves


ACTS: Final = frozenset({EventType.CASE_FILED, EventType.CASE_SCREENED, EventType.DEADLINE_MOVED})


def _events(*types: EventType, since: int = 1) -> list[Event]:
    """Return events, one a day from ENTERED on; what moved a deadline counts from act `since`."""
    return [
        Event(
            case_id=CASE_ID,
            sequence=number,
            type=kind,
            at=ENTERED + number * DAY,
            role=SYSTEM.role,
            subject=SYSTEM.subject,
            channel=Channel.ONLINE,
            facts={"since": since} if kind is EventType.DEADLINE_MOVED else {},
            previous="",
        )
        for number, kind in enumerate(types, start=1)
    ]


FILED, SCREENED, MOVED, READ = (
    EventType.CASE_FILED,
    EventType.CASE_SCREENED,
    EventType.DEADLINE_MOVED,
    EventType.DETAILS_CORRECTED,
)


@pytest.mark.parametrize(
    ("types", "version", "since", "number", "day"),
    [
        ((FILED, SCREENED), 2, 2, 2, 2),
        ((FILED, READ, SCREENED), 2, 2, 2, 3),  # what is only recorded is no version of the case
        ((FILED, SCREENED, MOVED), 3, 3, 2, 2),
        ((FILED, READ, SCREENED, MOVED, MOVED), 4, 4, 2, 3),
        ((FILED, SCREENED), 2, 1, 1, 1),
    ],
)
def test_a_step_counts_from_the_act_that_entered_it(
    types: tuple[EventType, ...], version: int, since: int, number: int, day: int
) -> None:
    """A deadline that was moved still counts from the act before."""
    case = at(Stage.SCREENED, version=version, entered_at_version=since)
    events = _events(*types, since=2)
    assert deadlines.entered_by(case, events, ACTS) == (number, ENTERED + day * DAY)


@pytest.mark.parametrize("version", [1, 3])
def test_events_that_do_not_fit_the_case_tell_nothing(version: int) -> None:
    """An act too many or too few: a release that recorded otherwise."""
    case = at(Stage.SCREENED, version=version, entered_at_version=1)
    assert deadlines.entered_by(case, _events(FILED, SCREENED), ACTS) is None


def test_only_what_the_old_calendar_gave_is_moved_to_what_the_new_one_gives() -> None:
    """Three working days from 9 February end on the 12th; on the 13th if the 12th is taken off."""
    off = replace(OFFICIAL, days_off=OFFICIAL.days_off | {date(2026, 2, 12)})

    def moved(deadline: datetime | None, new: WorkingCalendar) -> datetime | None:
        case = at(Stage.SCREENED, deadline=deadline)
        return deadlines.recomputed(case, ENTERED, LIMITS, OFFICIAL, new)

    assert moved(end_of(date(2026, 2, 12)), off) == end_of(date(2026, 2, 13))
    assert moved(end_of(date(2026, 2, 12)), OFFICIAL) is None
    assert moved(end_of(date(2026, 2, 11)), off) is None
    assert moved(end_of(date(2026, 2, 13)), off) is None
    assert moved(None, off) is None
