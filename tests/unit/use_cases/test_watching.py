"""Watching: reminders and defaults come from the due index, once each, however often it is asked."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.agreement.confirmation import last_day
from chalicelib.domain.agreement.draft import DefaultClause
from chalicelib.domain.agreement.offer import OfferTerms
from chalicelib.domain.agreement.schedules import CustomInstalments, DatedAmount
from chalicelib.domain.calendar import local_date, morning_of
from chalicelib.domain.confirmation_commands import ApplyForConfirmation
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.money import Money
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.records import Due
from chalicelib.use_cases.watch_agreement import watch_agreement
from tests.support.desk import Desk, driven, ruled
from tests.support.fakes.samples import BORROWER_DETAILS, INSTITUTION
from tests.support.gates import Crash, calls_of, crashing_at, gated
from tests.support.settling import (
    INSTALMENTS,
    applies,
    instalments,
    lump_sum,
    pays,
    pays_everything,
    today,
)
from tests.unit.use_cases.agreements import (
    day_after_day,
    defaulted,
    due_at,
    events_of,
    in_force,
    kinds_of,
    nothing_personal,
    notices_of,
    position_of,
    ruled_on,
)

if TYPE_CHECKING:
    from chalicelib.domain.notices import PartyNotice

PART: Final = Money(INSTALMENTS.fen // 3)
FIRST_DUE: Final = date(2026, 3, 22)


def told(notices: list[PartyNotice]) -> list[tuple[str, str, dict[str, str]]]:
    """Return to whom which kind was told with which values."""
    return [
        (party_id, str(notice.kind), dict(notice.values))
        for notice in notices
        for party_id in notice.party_ids
    ]


def to_the_morning(desk: Desk, day: date) -> None:
    """Let it be a minute after nine on a day, in China."""
    desk.hub.clock.set(morning_of(day) + timedelta(minutes=1))


def looked_after_messages(desk: Desk) -> None:
    """Let what is owed to people so far be sent, or lapse."""
    reconcile(desk.hub)
    desk.run()


def test_reminders_go_to_the_debtor_and_of_the_window_to_both() -> None:
    """One lump sum, due on the tenth day, nothing paid: every message that goes out until the default."""
    desk, case_id = in_force(lump_sum(Desk().hub))
    total = str(position_of(desk.hub, case_id).remaining)
    due = {"line": "1", "due_on": "2026-03-12", "amount": total}
    for day in range(3, 18):
        day_after_day(desk.hub, date(2026, 3, day))
        desk.run()
    waived = position_of(desk.hub, case_id).clawback
    assert waived > Money(0)
    assert told(notices_of(desk.hub, case_id)) == [
        *[("r1", "payment_due", due)] * 4,
        *[("r1", "payment_late", due)] * 2,
        ("r1", "default_declared", {"line": "1", "remaining": str(position_of(desk.hub, case_id).remaining)}),
    ]
    assert position_of(desk.hub, case_id).remaining == position_of(desk.hub, case_id).agreed + waived
    assert kinds_of(desk.hub, case_id)[-7:] == ["performance_watched"] * 6 + ["default_declared"]
    assert [dict(event.facts) for event in events_of(desk.hub, case_id)[-7:]] == [{"reminders": 1}] * 6 + [
        {"line": 1}
    ]
    inbox = [
        message.kind
        for message in desk.hub.gateway.inbox(BORROWER_DETAILS.phone)
        if message.kind.startswith(("payment", "default"))
    ]
    assert inbox == [NoticeKind.PAYMENT_DUE] * 4 + [NoticeKind.PAYMENT_LATE] * 2 + [
        NoticeKind.DEFAULT_DECLARED
    ]
    nothing_personal(desk.hub, case_id)
    assert desk.hub.metrics.counts["AgreementsWatched"] == 7


def test_the_window_is_reminded_of_until_both_have_applied() -> None:
    """Both sides at first, then the one that has not applied; after the joint application nobody."""
    desk, case_id = in_force()
    confirmation = desk.case(case_id).confirmation
    assert confirmation is not None
    closes = last_day(confirmation, desk.hub.calendar)
    day_after_day(desk.hub, closes - timedelta(days=15))
    values = {"closes_on": closes.isoformat()}

    def of_the_window() -> list[tuple[str, str, dict[str, str]]]:
        kind = NoticeKind.CONFIRMATION_WINDOW
        return told([notice for notice in notices_of(desk.hub, case_id) if notice.kind is kind])

    both = [("a1", "confirmation_window", values), ("r1", "confirmation_window", values)]
    assert of_the_window() == both
    pays(desk.hub, case_id, PART, "PAY-1")
    applying = ApplyForConfirmation(side=Side.APPLICANT, party_id="a1")
    act_on_case(desk.hub, INSTITUTION, case_id, applying)
    day_after_day(desk.hub, closes - timedelta(days=7))
    assert of_the_window() == [*both, both[1]]
    act_on_case(
        desk.hub,
        desk.actor(Role.BORROWER, case_id),
        case_id,
        ApplyForConfirmation(side=Side.RESPONDENT, party_id="r1"),
    )
    day_after_day(desk.hub, closes + timedelta(days=2))
    assert of_the_window() == [*both, both[1]]


def test_nobody_is_reminded_of_what_is_paid() -> None:
    """A part in advance is taken off; the next reminder names what is open of the line."""
    desk, case_id = in_force()
    pays(desk.hub, case_id, PART + Money(100), "PAY-1")
    day_after_day(desk.hub, FIRST_DUE + timedelta(days=14))
    of_payments = [n for n in notices_of(desk.hub, case_id) if n.kind is NoticeKind.PAYMENT_DUE]
    assert told(of_payments) == [
        ("r1", "payment_due", {"line": "2", "due_on": "2026-04-11", "amount": str(PART - Money(100))})
    ]


def test_two_payments_due_within_a_week_are_two_messages_of_one_day() -> None:
    """Both are stored with the one event, each under an id of its own."""
    first = today(Desk().hub)
    parts = (
        DatedAmount(first + timedelta(days=20), PART),
        DatedAmount(first + timedelta(days=24), INSTALMENTS - PART),
    )
    desk, case_id = in_force(OfferTerms(tier="instalments", schedule=CustomInstalments(parts)))
    day_after_day(desk.hub, first + timedelta(days=17))
    last = events_of(desk.hub, case_id)[-1]
    assert dict(last.facts) == {"reminders": 2}
    of_the_day = [n for n in notices_of(desk.hub, case_id) if f"-N{last.sequence}-" in n.notice_id]
    assert [(n.values["line"], n.party_id) for n in of_the_day] == [("1", "r1"), ("2", "r1")]
    day_after_day(desk.hub, first + timedelta(days=40))
    assert desk.case(case_id).stage is Stage.DEFAULTED


def test_looking_again_on_the_same_day_does_nothing() -> None:
    """The next look is on a later day; a sweep that is asked by mistake looks and leaves."""
    desk, case_id = in_force()
    to_the_morning(desk, FIRST_DUE - timedelta(days=7))
    reconcile(desk.hub)
    case, owed = desk.case(case_id), notices_of(desk.hub, case_id)
    assert len(owed) == 1
    for _ in range(3):
        desk.hub.workflows.set_follow_up(case_id, desk.hub.clock.now() - timedelta(hours=1))
        reconcile(desk.hub)
        assert desk.case(case_id) == case
        assert notices_of(desk.hub, case_id) == owed
        assert due_at(desk.hub, case_id) == case.deadline
    assert watch_agreement(desk.hub, case) == case


def test_nothing_is_looked_for_before_nine() -> None:
    """A day begins when people are awake."""
    desk, case_id = in_force()
    desk.hub.clock.set(morning_of(FIRST_DUE - timedelta(days=7)) - timedelta(seconds=1))
    looked_after_messages(desk)
    assert reconcile(desk.hub) == 0
    assert watch_agreement(desk.hub, desk.case(case_id)) == desk.case(case_id)
    desk.hub.clock.advance(seconds=2)
    assert reconcile(desk.hub) == 1
    assert kinds_of(desk.hub, case_id)[-1] == "performance_watched"


@pytest.mark.parametrize("days", [1, 2, 30, 100])
def test_a_sweep_that_was_off_for_days_finds_the_default(days: int) -> None:
    """At its first look, and declares it as of that day."""
    desk, case_id = in_force()
    grace_ends = FIRST_DUE + timedelta(days=3)
    desk.hub.clock.set(morning_of(grace_ends + timedelta(days=days)) + timedelta(minutes=1))
    reconcile(desk.hub)
    case, default = desk.case(case_id), position_of(desk.hub, case_id).default
    assert case.stage is Stage.DEFAULTED
    assert default is not None
    assert (default.line, default.on) == (1, today(desk.hub))
    desk.run()
    assert driven(desk.hub, case_id) == ""


def test_a_sweep_that_was_off_sends_no_late_reminder() -> None:
    """A reminder whose day was missed is not made up for; the next one is sent on its day."""
    desk, case_id = in_force()
    to_the_morning(desk, FIRST_DUE - timedelta(days=2))
    reconcile(desk.hub)
    assert notices_of(desk.hub, case_id) == []
    assert dict(events_of(desk.hub, case_id)[-1].facts) == {"reminders": 0}
    assert desk.case(case_id).follow_up_on == FIRST_DUE - timedelta(days=1)


@pytest.mark.parametrize("day", [FIRST_DUE - timedelta(days=7), FIRST_DUE + timedelta(days=4)])
def test_a_sweep_that_dies_anywhere_is_made_good_by_the_next(day: date) -> None:
    """Reminder or default: one event and one message, whichever call it died before."""
    desk, case_id = in_force()
    to_the_morning(desk, day)
    total = len(calls_of(desk.hub, reconcile))
    expected = Counter(kinds_of(desk.hub, case_id)), told(notices_of(desk.hub, case_id))
    for number in range(total):
        desk, case_id = in_force()
        to_the_morning(desk, day)
        with pytest.raises(Crash):
            reconcile(gated(desk.hub, crashing_at(number)))
        desk.hub.clock.advance(minutes=1)
        for _ in range(2):
            reconcile(desk.hub)
        desk.run()
        assert (Counter(kinds_of(desk.hub, case_id)), told(notices_of(desk.hub, case_id))) == expected
        assert driven(desk.hub, case_id) == "", number


def test_two_sweeps_at_once_look_once() -> None:
    """The slower one fails on the version; what it owed was never stored."""
    desk, case_id = in_force()
    to_the_morning(desk, FIRST_DUE - timedelta(days=7))

    def before(call: str) -> None:
        if call == "cases.save":
            desk.hub.workflows.set_follow_up(case_id, desk.hub.clock.now() - timedelta(seconds=1))
            reconcile(desk.hub)

    failures: list[Exception] = []
    reconcile(gated(desk.hub, before), failed=lambda failure, _: failures.append(failure))
    assert [type(failure) for failure in failures] == [StaleVersion]
    assert len(notices_of(desk.hub, case_id)) == 1
    assert kinds_of(desk.hub, case_id).count("performance_watched") == 1
    reconcile(desk.hub)
    assert driven(desk.hub, case_id) == ""


def test_a_payment_just_before_the_default_is_declared_counts() -> None:
    """Recorded while the sweep decides: the default is not stored, and the next look finds nothing."""
    desk, case_id = in_force()
    to_the_morning(desk, FIRST_DUE + timedelta(days=4))

    def before(call: str) -> None:
        if call == "cases.save" and "PAY-1" not in str(events_of(desk.hub, case_id)[-1].facts):
            pays(desk.hub, case_id, PART, "PAY-1", FIRST_DUE)

    failures: list[Exception] = []
    reconcile(gated(desk.hub, before), failed=lambda failure, _: failures.append(failure))
    assert [type(failure) for failure in failures] == [StaleVersion]
    desk.hub.clock.advance(minutes=1)
    reconcile(desk.hub)
    assert desk.case(case_id).stage is Stage.PERFORMING
    assert "default_declared" not in kinds_of(desk.hub, case_id)
    assert driven(desk.hub, case_id) == ""


def test_a_default_unsued_for_90_days_closes_the_case() -> None:
    """Counted by law from the day of the default; the claim is free again, and nobody looks any more."""
    desk, case_id = defaulted()
    case = desk.case(case_id)
    assert case.deadline is not None
    last = local_date(case.deadline - timedelta(seconds=1))
    assert last == desk.hub.calendar.roll(today(desk.hub) + timedelta(days=90))
    desk.hub.clock.set(case.deadline - timedelta(seconds=1))
    reconcile(desk.hub)
    assert desk.case(case_id) == case
    desk.hub.clock.advance(seconds=2)
    reconcile(desk.hub)
    assert desk.case(case_id).stage is Stage.CLOSED
    assert kinds_of(desk.hub, case_id)[-1] == "decision_expired"
    desk.hub.clock.advance(hours=2)
    reconcile(desk.hub)
    assert due_at(desk.hub, case_id) is None
    assert driven(desk.hub, case_id) == ""


def test_a_confirmed_agreement_can_be_enforced_for_two_years() -> None:
    """民事诉讼法 250: from the default on, whether the ruling came before it or after."""
    for before in (True, False):
        desk, case_id = in_force() if before else defaulted()
        ruled_on(desk, case_id)
        if before:
            day_after_day(desk.hub, FIRST_DUE + timedelta(days=5))
        case = desk.case(case_id)
        assert (case.stage, case.deadline is not None) == (Stage.DEFAULTED, True)
        assert case.deadline is not None
        last = local_date(case.deadline - timedelta(seconds=1))
        begun = local_date(case.updated_at)
        assert last == desk.hub.calendar.roll(begun.replace(year=begun.year + 2))
        assert driven(desk.hub, case_id) == ""


def test_who_waits_for_the_court_is_not_silent() -> None:
    """The application is with the court for over ninety days: nothing closes, each week it goes again."""
    desk, case_id = defaulted()
    applies(desk.hub, case_id)
    desk.run()
    begun = today(desk.hub)
    for week in range(1, 15):
        case = desk.case(case_id)
        assert case.deadline is not None
        desk.hub.clock.set(case.deadline + timedelta(seconds=1))
        reconcile(desk.hub)
        desk.run()
        assert desk.case(case_id).stage is Stage.DEFAULTED
        assert kinds_of(desk.hub, case_id)[-1] == "court_review_overdue"
        assert desk.hub.court.calls == 1 + week
        assert driven(desk.hub, case_id) == ""
    assert today(desk.hub) - begun > timedelta(days=90)
    assert len(desk.hub.court.submissions) == 1


def test_a_court_that_does_not_rule_gets_the_same_application_again_each_week() -> None:
    """While the agreement is performed, and until the court has ruled."""
    desk, case_id = in_force(instalments((desk := Desk()).hub, every=60), desk=desk)
    applies(desk.hub, case_id)
    desk.run()
    begun = today(desk.hub)
    for week in (1, 2):
        day_after_day(desk.hub, begun + timedelta(days=7 * week - 1))
        desk.run()
        assert desk.hub.court.calls == week
        to_the_morning(desk, begun + timedelta(days=7 * week))
        reconcile(desk.hub)
        desk.run()
        assert desk.hub.court.calls == week + 1
        assert kinds_of(desk.hub, case_id).count("court_review_overdue") == week
    assert len(desk.hub.court.submissions) == 1
    desk.call_back(case_id, ruled(f"{case_id}-C1"))
    desk.run()
    day_after_day(desk.hub, begun + timedelta(days=25))
    desk.run()
    assert desk.hub.court.calls == 3
    assert desk.case(case_id).stage is Stage.PERFORMING


def test_a_watched_case_owes_its_messages_until_they_are_sent() -> None:
    """Lost in the queue, a message is asked for again; sent twice it is one."""
    desk, case_id = in_force()
    to_the_morning(desk, FIRST_DUE - timedelta(days=7))
    reconcile(desk.hub)
    (notice,) = notices_of(desk.hub, case_id)
    desk.hub.memory.stream.clear()
    due = Due(consumer="notices", ids=(case_id, notice.notice_id))
    assert due in desk.hub.memory.due
    desk.hub.clock.advance(hours=2)
    reconcile(desk.hub)
    desk.hub.queues.send("notices", {"case_id": case_id, "notice_id": notice.notice_id})
    desk.run()
    assert due not in desk.hub.memory.due
    sent = [m for m in desk.hub.gateway.inbox(BORROWER_DETAILS.phone) if m.kind is NoticeKind.PAYMENT_DUE]
    assert len(sent) == 1


def test_a_performed_agreement_is_watched_no_more() -> None:
    """Even if the message of its last event is lost."""
    desk, case_id = in_force()
    pays_everything(desk.hub, case_id)
    desk.hub.memory.stream.clear()
    desk.hub.clock.advance(hours=2)
    reconcile(desk.hub)
    assert driven(desk.hub, case_id) == ""
    desk.hub.clock.advance(days=100)
    looked_after_messages(desk)
    assert reconcile(desk.hub) == 0


def test_without_acceleration_the_rest_of_the_plan_is_the_debtors_time() -> None:
    """The notice of the default names the remaining sum all the same."""
    clause = DefaultClause(grace_days=3, clawback=False, acceleration=False)
    desk, case_id = defaulted(clause=clause)
    (notice,) = [n for n in notices_of(desk.hub, case_id) if n.kind is NoticeKind.DEFAULT_DECLARED]
    assert dict(notice.values) == {"line": "1", "remaining": str(INSTALMENTS)}
