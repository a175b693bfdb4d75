"""Stored deadlines move when a year's holidays are published: once each, told to whom it matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.calendar import load_calendar
from chalicelib.adapters.dynamo.errors import RecordUnreadable
from chalicelib.domain import deadlines, lifecycle
from chalicelib.domain.agreement.confirmation import Confirmation, Ruling
from chalicelib.domain.calendar import CHINA, WorkingCalendar, end_of, first_difference, local_date
from chalicelib.domain.commands import Extend
from chalicelib.domain.court_commands import MoveDeadline
from chalicelib.domain.errors import RuleViolated
from chalicelib.domain.events import Event, verify_chain
from chalicelib.domain.notices import NoticeKind, PartyNotice
from chalicelib.domain.parties import Side
from chalicelib.domain.pending_act import Objection, RecordedAct
from chalicelib.domain.roles import SYSTEM, Role
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.steps import CourtLimits
from chalicelib.domain.telling import still_told
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.appoint_mediator import open_choice
from chalicelib.use_cases.move_deadlines import BUSY, UNCLEAR, UNREADABLE, MovedPage, move_deadlines
from chalicelib.use_cases.read_case import read_case
from tests.support.builders import context_of
from tests.support.desk import PATHS, Desk
from tests.support.fakes import COURT_ID
from tests.support.fakes.samples import CENTRE, INSTITUTION
from tests.support.settling import offers

DAY: Final = timedelta(days=1)
SIGNED: Final = datetime(2026, 3, 2, 4, tzinfo=UTC)


def _span(first: date, days: int) -> frozenset[date]:
    return frozenset(first + DAY * number for number in range(days))


OLD: Final = replace(load_calendar(), years=load_calendar().years - {2027})
"""As of 2026: of 2027 only the statutory holidays are known."""
NEW: Final = replace(
    OLD,
    days_off=OLD.days_off | {d for d in OLD.statutory if d.year == 2027} | _span(date(2027, 2, 5), 8),
    make_up_days=OLD.make_up_days | {date(2027, 1, 30)},
    years=OLD.years | {2027},
)
"""The Spring Festival from the 5th to the 12th of February 2027, a Saturday in January worked for it."""


def china(year: int, month: int, day: int) -> datetime:
    """Return ten in the morning of a day in China."""
    return datetime(year, month, day, 10, tzinfo=CHINA)


def desk_at(when: datetime) -> Desk:
    """Return a desk whose hub knows the calendar of 2026 only."""
    desk = Desk()
    desk.hub.calendar = OLD
    desk.hub.clock.set(when.astimezone(UTC))
    return desk


def published(desk: Desk, *, dry_run: bool = False, limit: int = 100) -> dict[Stage, MovedPage]:
    """Let the table of 2027 come, and move what is stored."""
    desk.hub.calendar = NEW
    return {
        stage: move_deadlines(desk.hub, COURT_ID, stage, OLD, after=None, limit=limit, dry_run=dry_run)
        for stage in Stage
        if not stage.terminal
    }


def told(desk: Desk, kind: str) -> list[dict[str, str]]:
    """Return the values of the notices of a kind that are stored."""
    return [dict(each.values) for each in desk.hub.memory.notices.values() if each.kind == kind]


def test_a_mediation_that_ends_on_a_day_that_becomes_a_holiday_goes_on_until_it_is_worked() -> None:
    """30 days from 13 January end on Friday 12 February: from then on a holiday, so Monday the 15th."""
    desk = desk_at(china(2027, 1, 13))
    case_id = desk.reach(Stage.IN_MEDIATION)
    before = desk.case(case_id)
    assert before.deadline == end_of(date(2027, 2, 12))
    found = published(desk)[Stage.IN_MEDIATION]
    case, event = desk.case(case_id), desk.hub.cases.events(case_id, after=0)[-1]
    assert case.deadline == end_of(date(2027, 2, 15))
    assert (event.type, dict(event.facts)) == (
        EventType.DEADLINE_MOVED,
        {
            "rule": "mediation_days",
            "before": "2027-02-12T16:00:00+00:00",
            "after": "2027-02-15T16:00:00+00:00",
            "since": before.entered_at_version,
        },
    )
    assert not event.type.hidden_from
    assert verify_chain(desk.hub.cases.events(case_id, after=0)) == case.last_event_hash
    assert (found.looked_at, list(found.moved), found.left) == (1, [case_id], {})
    assert told(desk, "deadline_moved") == []  # it is later: nobody loses a day


def test_the_execution_waits_until_the_new_day() -> None:
    """The relay sends the event, the wait is renewed; on the new day it ends, not on the old one."""
    desk = desk_at(china(2027, 1, 13))
    case_id = desk.reach(Stage.IN_MEDIATION)
    published(desk)
    desk.run()
    record = desk.hub.workflows.get(case_id)
    assert record is not None
    assert record.since == desk.case(case_id).entered_at_version
    desk.let_expire(case_id)
    assert desk.hub.clock.now() == end_of(date(2027, 2, 15))
    assert desk.case(case_id).stage is Stage.UNRESOLVED


def test_a_mediation_that_ends_earlier_is_told_to_the_respondents() -> None:
    """30 days from 31 December end on Saturday 30 January, rolled to Monday; it is made a working day."""
    desk = desk_at(china(2026, 12, 31))
    case_id = desk.reach(Stage.IN_MEDIATION)
    assert desk.case(case_id).deadline == end_of(date(2027, 2, 1))
    published(desk)
    assert desk.case(case_id).deadline == end_of(date(2027, 1, 30))
    assert told(desk, "deadline_moved") == [{"until": "2027-01-30"}]
    desk.run()
    assert desk.hub.messenger is not None
    sent = [each for each in desk.hub.messenger.sent.values() if each.kind == "deadline_moved"]
    assert [each.values for each in sent] == [{"until": "2027-01-30"}]


@pytest.mark.parametrize(
    ("stage", "kind"), [(Stage.ASSIGNED, "consent_asked"), (Stage.SETTLED, "agreement_ready")]
)
def test_who_is_asked_for_something_is_asked_again_with_the_new_day(stage: Stage, kind: str) -> None:
    """Seven days to consent from 5 February, fifteen to sign from 28 January: both end on the 12th."""
    desk = desk_at(china(2027, 2, 5) if stage is Stage.ASSIGNED else china(2027, 1, 28))
    case_id = desk.reach(stage)
    if stage is Stage.ASSIGNED:
        desk.play(case_id, PATHS[Stage.IN_MEDIATION][1])
        desk.run()
    assert desk.case(case_id).deadline == end_of(date(2027, 2, 12))
    published(desk)
    assert {"until": "2027-02-15"} in told(desk, kind)


def test_the_institution_is_reminded_by_the_new_day() -> None:
    """Fifteen days to decide from 28 January: the reminder for the 12th lapses, one for the 15th stands."""
    desk = desk_at(china(2027, 1, 28))
    case_id = desk.reach(Stage.UNRESOLVED)
    assert desk.case(case_id).deadline == end_of(date(2027, 2, 12))
    published(desk)
    case = desk.case(case_id)
    standing = [n for n in desk.hub.memory.notices.values() if n.kind == "decision_due"]
    assert [dict(n.values) for n in standing if still_told(case, n)] == [{"until": "2027-02-15"}]


def test_a_second_run_moves_nothing() -> None:
    """Nor does one with the same table again."""
    desk = desk_at(china(2027, 1, 13))
    case_id = desk.reach(Stage.IN_MEDIATION)
    published(desk)
    moved = desk.case(case_id)
    assert published(desk)[Stage.IN_MEDIATION].moved == {}
    assert desk.case(case_id) == moved


def test_another_table_moves_it_again_from_the_day_on_which_it_was_entered() -> None:
    """The State Council takes the 12th back: the deadline is the 12th again, not counted from the move."""
    desk = desk_at(china(2027, 1, 13))
    case_id = desk.reach(Stage.IN_MEDIATION)
    published(desk)
    desk.hub.calendar = replace(NEW, days_off=NEW.days_off - {date(2027, 2, 12)})
    found = move_deadlines(desk.hub, COURT_ID, Stage.IN_MEDIATION, NEW, after=None, limit=9, dry_run=False)
    assert desk.case(case_id).deadline == end_of(date(2027, 2, 12))
    assert found.moved[case_id].since == 5


def test_a_dry_run_says_what_would_move_and_changes_nothing() -> None:
    desk = desk_at(china(2027, 1, 13))
    case_id = desk.reach(Stage.IN_MEDIATION)
    before = desk.case(case_id)
    found = published(desk, dry_run=True)[Stage.IN_MEDIATION]
    assert (found.moved[case_id].after, desk.case(case_id)) == (end_of(date(2027, 2, 15)), before)


def test_a_deadline_that_was_extended_moves_with_its_extension() -> None:
    """28 days and 2 agreed end on the 12th as well: entered anew with the agreement, moved from there."""
    desk = desk_at(china(2027, 1, 11))
    case_id = desk.reach(Stage.IN_MEDIATION)
    desk.act(case_id, Role.INSTITUTION, Extend(side=Side.APPLICANT, days=2))
    desk.act(case_id, Role.BORROWER, Extend(side=Side.RESPONDENT, party_id="r1", days=2))
    desk.run()
    assert desk.case(case_id).deadline == end_of(date(2027, 2, 12))
    published(desk)
    assert desk.case(case_id).deadline == end_of(date(2027, 2, 15))


def test_a_deadline_set_by_other_limits_stays() -> None:
    """The court had 29 days when it was computed and has 30 now: it is not the hub's to say which holds."""
    desk = desk_at(china(2027, 1, 14))
    desk.hub.court_limits[COURT_ID] = CourtLimits(mediation_days=29)
    case_id = desk.reach(Stage.IN_MEDIATION)
    desk.hub.court_limits[COURT_ID] = CourtLimits()
    assert desk.case(case_id).deadline == end_of(date(2027, 2, 12))
    assert published(desk)[Stage.IN_MEDIATION].moved == {}
    assert desk.case(case_id).deadline == end_of(date(2027, 2, 12))


def test_a_deadline_never_moves_into_the_past() -> None:
    """The table comes on Sunday 31 January: a limit of the 1st of February does not end on the 30th."""
    desk = desk_at(china(2026, 12, 31))
    case_id = desk.reach(Stage.IN_MEDIATION)
    desk.hub.clock.set(china(2027, 1, 31).astimezone(UTC))
    for dry_run in (True, False):
        assert published(desk, dry_run=dry_run)[Stage.IN_MEDIATION].left == {case_id: "deadline_as_computed"}
    assert desk.case(case_id).deadline == end_of(date(2027, 2, 1))


def test_deadlines_before_the_new_days_are_not_looked_into() -> None:
    """Its events are not read: nothing that lies before the first new day can move."""
    desk = desk_at(china(2026, 12, 1))
    case_id = desk.reach(Stage.IN_MEDIATION)
    desk.hub.memory.events[case_id].clear()
    found = published(desk)[Stage.IN_MEDIATION]
    assert (found.looked_at, found.moved, found.left) == (1, {}, {})


def test_a_case_whose_events_do_not_tell_is_named_and_stays() -> None:
    """A release that recorded its acts otherwise: the count of acts is not the case's version."""
    desk = desk_at(china(2027, 1, 13))
    case_id = desk.reach(Stage.IN_MEDIATION)
    desk.hub.memory.events[case_id].pop()
    assert published(desk)[Stage.IN_MEDIATION].left == {case_id: UNCLEAR}


class _Meddling:
    """A hub on whose case somebody acts whenever its deadline is about to move."""

    def __init__(self, desk: Desk, case_id: str, times: int) -> None:
        self._desk, self._case_id, self._left = desk, case_id, times
        self._events = desk.hub.cases.events

    def events(self, case_id: str, after: int, limit: int | None = None) -> tuple[Event, ...]:
        """Read the events; an act follows at once."""
        found = self._events(case_id, after, limit)
        if self._left:
            self._left -= 1
            days = 1 + self._left
            act_on_case(self._desk.hub, INSTITUTION, self._case_id, Extend(side=Side.APPLICANT, days=days))
        return found


@pytest.mark.parametrize(("times", "moved"), [(1, True), (4, True), (5, False)])
def test_an_act_that_comes_between_is_not_lost(
    times: int, moved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case is read again; one on which somebody acts all the time is named, and a next run moves it."""
    desk = desk_at(china(2027, 1, 13))
    case_id = desk.reach(Stage.IN_MEDIATION)
    meddling = _Meddling(desk, case_id, times)
    monkeypatch.setattr(desk.hub.cases, "events", meddling.events)
    found = published(desk)[Stage.IN_MEDIATION]
    assert (list(found.moved), found.left) == (([case_id], {}) if moved else ([], {case_id: BUSY}))
    case = desk.case(case_id)
    assert case.extension is not None
    assert case.deadline == end_of(date(2027, 2, 15 if moved else 12))
    published(desk)
    assert desk.case(case_id).deadline == end_of(date(2027, 2, 15))


def test_a_case_that_can_not_be_read_is_named() -> None:
    desk = desk_at(china(2027, 1, 13))
    case_id = desk.reach(Stage.IN_MEDIATION)
    desk.hub.memory.unreadable[case_id] = RecordUnreadable
    found = published(desk)[Stage.IN_MEDIATION]
    assert (found.looked_at, found.left) == (1, {case_id: UNREADABLE})


def test_pages_go_on_where_the_one_before_ended() -> None:
    """Three cases in pages of two; all are moved."""
    desk = desk_at(china(2027, 1, 13))
    ids = [desk.reach(Stage.IN_MEDIATION, f"LOAN-{n}") for n in range(3)]
    desk.hub.calendar = NEW
    stage, moved, after, pages = Stage.IN_MEDIATION, set[str](), None, 0
    while pages == 0 or after is not None:
        page = move_deadlines(desk.hub, COURT_ID, stage, OLD, after=after, limit=2, dry_run=False)
        moved, after, pages = moved | page.moved.keys(), page.after, pages + 1
    assert moved == set(ids)
    assert pages >= 2


def test_the_same_calendar_moves_nothing() -> None:
    assert first_difference(NEW, NEW) is None
    assert first_difference(WorkingCalendar(), WorkingCalendar()) is None
    assert first_difference(OLD, NEW) == first_difference(NEW, OLD) == date(2027, 1, 30)
    desk = desk_at(china(2027, 1, 13))
    desk.reach(Stage.IN_MEDIATION)
    desk.hub.calendar = NEW
    page = move_deadlines(desk.hub, COURT_ID, Stage.IN_MEDIATION, NEW, after=None, limit=9, dry_run=False)
    assert (page.looked_at, page.moved, page.left) == (1, {}, {})


@given(
    off=st.frozensets(st.dates(date(2027, 1, 1), date(2027, 3, 31)), max_size=40),
    worked=st.frozensets(st.dates(date(2027, 1, 1), date(2027, 3, 31)), max_size=20),
    entered=st.dates(date(2026, 12, 1), date(2027, 3, 1)),
    days=st.integers(1, 60),
)
def test_moving_twice_moves_once(
    off: frozenset[date], worked: frozenset[date], entered: date, days: int
) -> None:
    """Whatever was published: the new deadline is that of the new table, and nothing is left to move.

    A deadline that ends before the first day that differs is the same by both.
    """
    limits, new = (
        CourtLimits(mediation_days=days),
        replace(NEW, days_off=OLD.days_off | off, make_up_days=OLD.make_up_days | (worked - off)),
    )
    at = china(entered.year, entered.month, entered.day)
    case = replace(MEDIATING, accepted_at=at)
    case = replace(case, deadline=deadlines.deadline_of(case, at, limits, OLD))
    now = deadlines.recomputed(case, at, limits, OLD, new)
    counted = deadlines.deadline_of(case, at, limits, new)
    assert now == (None if counted == case.deadline else counted)
    first_day = first_difference(OLD, new)
    if now is not None:
        assert first_day is not None
        assert deadlines.could_move(case, first_day)
        context = context_of(SYSTEM, at, limits=limits, calendar=new)
        act = MoveDeadline(rule="mediation_days", before=case.deadline or at, after=now, since=3)
        moved = lifecycle.apply(case, act, context).case
        assert (moved.deadline, moved.entered_at_version, moved.step) == (now, moved.version, case.step)
        assert deadlines.recomputed(moved, at, limits, OLD, new) is None
        with pytest.raises(RuleViolated):
            lifecycle.apply(moved, act, context)


_DESK: Final = desk_at(china(2027, 1, 13))
MEDIATING: Final = _DESK.case(_DESK.reach(Stage.IN_MEDIATION))


@pytest.mark.parametrize(
    ("stage", "rule"),
    [
        (Stage.ASSIGNED, "acceptance_working_days"),
        (Stage.IN_MEDIATION, "mediation_days"),
        (Stage.SETTLED, "signing_days"),
        (Stage.UNRESOLVED, "decision_days"),
        (Stage.DEFAULTED, "default_decision_days"),
        (Stage.PERFORMING, "performance"),
        (Stage.SUBMITTED, "court_review_days"),
    ],
)
def test_the_rule_is_the_courts_limit(stage: Stage, rule: str) -> None:
    desk = desk_at(china(2026, 6, 1))
    assert deadlines.rule_of(desk.case(desk.reach(stage))) == rule


@pytest.mark.parametrize(
    ("confirmation", "rule", "years"),
    [
        (Confirmation(in_force_at=SIGNED), "default_decision_days", False),
        (Confirmation(in_force_at=SIGNED, transferred_at=SIGNED), "court_review_days", False),
        (Confirmation(in_force_at=SIGNED, ruling=Ruling(on=date(2026, 5, 6))), "enforcement_years", True),
    ],
)
def test_the_rule_of_a_default_is_that_of_its_confirmation(
    confirmation: Confirmation, rule: str, years: bool
) -> None:
    """The court has the application, or has confirmed the agreement, or neither."""
    case = replace(MEDIATING, stage=Stage.DEFAULTED, confirmation=confirmation)
    assert deadlines.rule_of(case) == rule
    until = deadlines.deadline_of(case, SIGNED, CourtLimits(), OLD)
    assert until is not None
    assert (until > SIGNED + 600 * DAY) is years


def test_while_an_objection_waits_the_rule_is_the_centres_and_nobody_is_asked() -> None:
    """Its day moves as any other; the parties' own limit stands still."""
    act = RecordedAct(
        number=2, action=Action.CONSENT, party_id="r1", stage=Stage.ASSIGNED, at=SIGNED, until=SIGNED
    )
    waiting = replace(MEDIATING, objection=Objection(act=act, at=SIGNED), deadline=SIGNED + 9 * DAY)
    assert deadlines.rule_of(waiting) == "objection_decision_working_days"
    earlier = MoveDeadline(rule="r", before=SIGNED + 9 * DAY, after=SIGNED + 8 * DAY, since=1)
    change = lifecycle.apply(waiting, earlier, context_of(SYSTEM, SIGNED))
    assert (change.case.deadline, change.of(PartyNotice)) == (SIGNED + 8 * DAY, ())


def test_a_case_without_a_deadline_can_not_move() -> None:
    over = replace(MEDIATING, deadline=None)
    assert not deadlines.could_move(over, date(2020, 1, 1))
    assert deadlines.recomputed(over, SIGNED, CourtLimits(), OLD, NEW) is None


def test_a_reminder_of_the_release_before_still_waits_for_its_day() -> None:
    """It named the day that begins when the limit ends; one of another day lapses."""
    desk = desk_at(china(2027, 1, 13))
    case = desk.case(desk.reach(Stage.UNRESOLVED))
    assert case.deadline is not None
    last = local_date(case.deadline - DAY)
    notices = [
        PartyNotice(
            notice_id="N1",
            case_id=case.case_id,
            party_id="a1",
            kind=NoticeKind.DECISION_DUE,
            values={"until": str(last + DAY * off)},
        )
        for off in (-1, 0, 1, 2)
    ]
    assert [bool(still_told(case, each)) for each in notices] == [False, True, True, False]


@pytest.mark.parametrize(
    ("opened", "told_day", "centre", "moved"),
    [
        # Two working days from Tuesday 9 February; the 9th to the 12th are taken off: the told 11th stays.
        # The centre has three working days after it: 12, 15, 16, and then 15, 16, 17.
        (china(2027, 2, 9), date(2027, 2, 11), date(2027, 2, 16), date(2027, 2, 17)),
        # From Thursday 28 January: Friday, Monday. That Saturday is worked ends nobody's days sooner.
        (china(2027, 1, 28), date(2027, 2, 1), date(2027, 2, 4), date(2027, 2, 4)),
    ],
)
def test_the_told_days_to_choose_a_mediator_stay(
    opened: datetime, told_day: date, centre: date, moved: date
) -> None:
    """Whom both sides name late the centre can still appoint (OL10): its own days move with the calendar."""
    desk = desk_at(opened)
    case_id = desk.reach(Stage.SCREENED)
    version = desk.case(case_id).version
    open_choice(desk.hub, CENTRE, case_id, "j-1", area=None, language=None, expected_version=version)
    before = desk.case(case_id)
    assert before.choice is not None
    assert (before.choice.until, before.deadline) == (end_of(told_day), end_of(centre))
    published(desk)
    after = desk.case(case_id)
    assert (after.choice, after.deadline) == (before.choice, end_of(moved))
    assert {each["until"] for each in told(desk, "mediator_choice")} == {str(told_day)}
    for now, named, appointed in ((-1, True, False), (0, False, True)):
        desk.hub.clock.set(end_of(told_day) + timedelta(seconds=now))
        assert (Action.NAME_MEDIATOR in read_case(desk.hub, INSTITUTION, case_id).allowed_actions) is named
        assert (Action.APPOINT in read_case(desk.hub, CENTRE, case_id).allowed_actions) is appointed


def test_the_told_days_to_object_and_to_answer_an_offer_stay() -> None:
    """An offer lasts as long as its maker said, an objection as long as the centre gave: no law sets them."""
    desk = desk_at(china(2027, 1, 13))
    case_id = desk.reach(Stage.IN_MEDIATION)
    desk.hub.clock.set(china(2027, 2, 9).astimezone(UTC))
    offers(desk.hub, case_id)  # for three days
    act = RecordedAct(
        number=2,
        action=Action.CONSENT,
        party_id="r1",
        stage=Stage.ASSIGNED,
        at=china(2027, 2, 9),
        until=end_of(date(2027, 2, 12)),
    )
    desk.hub.memory.cases[case_id] = replace(desk.case(case_id), recorded=(act,))
    offer = desk.case(case_id).offer
    assert offer is not None
    assert offer.expires_at == end_of(date(2027, 2, 12))
    published(desk)
    moved = desk.case(case_id)
    assert (moved.deadline, moved.offer, moved.recorded) == (end_of(date(2027, 2, 15)), offer, (act,))
