"""Messages owed to parties are stored with what caused them, and each ends once and stays ended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.commands import GiveConsent, Withdraw
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.notices import NoticeKind, Outcome, PartyNotice, call_for, notice_of, notice_to
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.stages import EventType
from chalicelib.use_cases.records import Due
from tests.contract.storage.conftest import Storage
from tests.contract.storage.steps import DUE, LATER, act, add, context, put_off
from tests.support.fakes import samples

VALUES = {
    NoticeKind.SIGNING_CODE: {"number": "3"},
    NoticeKind.SIGN_IN_CODE: {"number": "3", "person": "r1"},
    NoticeKind.PAYMENT_DUE: {"line": "1", "due_on": "2026-06-20", "amount": "1250.00"},
    NoticeKind.PAYMENT_LATE: {"line": "12", "due_on": "2026-06-20", "amount": "0.01"},
    NoticeKind.DEFAULT_DECLARED: {"line": "2", "remaining": "107330.56"},
    NoticeKind.CONFIRMATION_WINDOW: {"closes_on": "2026-05-08"},
    NoticeKind.ACT_RECORDED: {"act": "accept_offer"},
    NoticeKind.AGENT_ACTED: {"act": "consent"},
    NoticeKind.AGENT_NAMED: {},
    NoticeKind.OFFER_ANSWERED: {"answer": "accepted"},
    NoticeKind.CONFIRMATION_RULED: {"result": "rejected"},
    NoticeKind.OBJECTION_DECIDED: {"decision": "upheld"},
    NoticeKind.CHALLENGE_DECIDED: {"decision": "dismissed"},
    NoticeKind.APPLICATION_CODE: {"number": "3"},
    NoticeKind.APPLICATION_RECEIVED: {"application": "2026-000123"},
    NoticeKind.APPLICATION_TAKEN_UP: {"application": "2026-000123", "until": "2026-06-20"},
    NoticeKind.APPLICATION_DECLINED: {"application": "2026-000123"},
    NoticeKind.APPLICATION_JOINED: {"application": "2026-000123"},
    NoticeKind.APPLICATION_UNANSWERED: {"application": "2026-000123"},
    NoticeKind.APPLICATION_ASKED: {"application": "2026-000123", "until": "2026-06-20"},
    NoticeKind.APPLICATION_REMINDED: {"application": "2026-000123", "until": "2026-06-20"},
    NoticeKind.APPLICATION_OVERDUE: {"application": "2026-000123"},
    NoticeKind.DETAILS_CORRECTED: {},
    NoticeKind.MESSAGE_WRITTEN: {},
    NoticeKind.SESSION_SCHEDULED: {},
    NoticeKind.SESSION_MOVED: {},
    NoticeKind.SESSION_CANCELLED: {},
    NoticeKind.SESSION_NEAR: {},
    NoticeKind.REOPENED: {},
    NoticeKind.CLOSED: {"how": "withdrawn"},
    NoticeKind.CONSENT_ASKED: {"until": "2026-04-20"},
    NoticeKind.CONSENT_LAPSING: {"until": "2026-04-20"},
    NoticeKind.OFFER_MADE: {"until": "2026-04-20"},
    NoticeKind.AGREEMENT_READY: {"until": "2026-04-20"},
    NoticeKind.DECISION_DUE: {"until": "2026-04-20"},
    NoticeKind.MEDIATOR_CHOICE: {"until": "2026-04-20"},
    NoticeKind.DEADLINE_MOVED: {"until": "2027-02-05"},
}
SENT = {"r1": Outcome.SENT}


def notice(kind: NoticeKind = NoticeKind.PAYMENT_DUE, party_id: str = "r1") -> PartyNotice:
    """Make what event 2 of case C-1 owes a party."""
    return notice_of("C-1", 2, party_id, kind, VALUES.get(kind, {}))


def owing(storage: Storage, *notices: PartyNotice) -> None:
    """File case C-1 and make its second event owe messages."""
    case = add(storage.cases, "C-1")
    change = lifecycle.record(case, EventType.SCREENING_OVERDUE, {}, context(SYSTEM))
    storage.cases.save(change.with_records(*notices), DUE)


def owed(storage: Storage, at: timedelta = timedelta(days=1)) -> list[Due]:
    """Return the overdue notices of all shards."""
    every = [due for shard in range(storage.due.shards) for due in storage.due.overdue(shard, DUE + at)]
    return [due for due in every if due.consumer == "notices"]


def due(entry: PartyNotice) -> Due:
    """Return how the due index knows a notice."""
    return Due(consumer="notices", ids=(entry.case_id, entry.notice_id))


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_is_read_back_as_it_was(storage: Storage, kind: NoticeKind) -> None:
    """Every kind, with its values."""
    owing(storage, notice(kind))
    assert storage.notices.get("C-1", notice(kind).notice_id) == notice(kind)


def test_a_change_owes_each_party_its_own(storage: Storage) -> None:
    """Several messages of one event are all due, each of its own."""
    mine, other = notice(party_id="r1"), notice(party_id="r2")
    owing(storage, mine, other)
    assert sorted(entry.ids[1] for entry in owed(storage)) == [mine.notice_id, other.notice_id]
    storage.notices.ended(mine, SENT, (), LATER)
    assert owed(storage) == [due(other)]
    assert storage.notices.get("C-1", other.notice_id) == other


def test_a_notice_is_owed_until_it_is_delivered(storage: Storage) -> None:
    """Delivering it twice is fine; postponing it afterwards does not bring it back."""
    owing(storage, notice())
    notice_id = notice().notice_id
    put_off(storage.due, due(notice()), DUE + timedelta(days=2))
    assert owed(storage) == []
    assert owed(storage, timedelta(days=3)) == [due(notice())]
    storage.notices.ended(notice(), SENT, (), LATER)
    storage.notices.ended(notice(), SENT, (), LATER)
    put_off(storage.due, due(notice()), LATER)
    assert storage.notices.get("C-1", notice_id) is None
    assert owed(storage, timedelta(days=3)) == []


def test_an_unknown_notice_is_not_owed(storage: Storage) -> None:
    """Neither delivering nor postponing makes one."""
    storage.notices.ended(replace(notice(), notice_id="C-1-N1-r1-payment_due"), SENT, (), LATER)
    put_off(storage.due, Due(consumer="notices", ids=("C-1", "C-1-N1-r1-payment_due")), LATER)
    assert storage.notices.get("C-1", "C-1-N1-r1-payment_due") is None
    assert owed(storage) == []


def test_a_change_that_is_not_stored_owes_nothing(storage: Storage) -> None:
    """A notice belongs to its event's transaction."""
    case = add(storage.cases, "C-1")
    act(storage.cases, case, GiveConsent(party_id="r1", online=True), samples.borrower("C-1"))
    stale = lifecycle.apply(case, Withdraw(), context(samples.INSTITUTION))
    with pytest.raises(StaleVersion):
        storage.cases.save(stale.with_records(notice()), DUE)
    assert storage.notices.get("C-1", notice().notice_id) is None
    assert owed(storage) == []


def test_a_notice_that_is_put_off_is_due_then(storage: Storage) -> None:
    """It is still owed, and putting it off after its end does not bring it back."""
    owing(storage, notice())
    storage.notices.put_off("C-1", notice().notice_id, DUE + timedelta(days=2))
    assert owed(storage) == []
    assert owed(storage, timedelta(days=3)) == [due(notice())]
    storage.notices.ended(notice(), SENT, (), LATER)
    storage.notices.put_off("C-1", notice().notice_id, DUE)
    assert owed(storage, timedelta(days=3)) == []


def test_a_reminder_is_due_on_its_day(storage: Storage) -> None:
    """Not before; it names everybody who is told."""
    values = {"until": "2026-03-12"}
    day = DUE + timedelta(days=5)
    reminder = notice_to("C-1", 2, ("r2", "r1"), NoticeKind.CONSENT_LAPSING, values, day)
    assert reminder is not None
    owing(storage, reminder)
    assert storage.notices.get("C-1", reminder.notice_id) == reminder
    assert reminder.party_ids == ("r1", "r2")
    assert owed(storage, timedelta(days=4)) == []
    assert owed(storage, timedelta(days=6)) == [due(reminder)]


def test_a_refused_notice_stays_owed(storage: Storage) -> None:
    """An operator mends the cause and sends it again."""
    owing(storage, notice())
    storage.notices.failed(notice())
    assert storage.notices.get("C-1", notice().notice_id) == notice()
    assert owed(storage) == [due(notice())]


def test_who_was_not_reached_is_on_the_list_of_the_court_once(storage: Storage) -> None:
    """Whoever ends the notice a second time owes no second call, also not after the call was made."""
    owing(storage, notice())
    unreached = {"r1": Outcome.NOT_REACHABLE}
    first, second = (
        call_for(notice(), "r1", "court-jc", "7号", DUE + timedelta(hours=hours)) for hours in (0, 1)
    )
    storage.notices.ended(notice(), unreached, (first,), LATER)
    storage.notices.ended(notice(), unreached, (second,), LATER)
    assert storage.calls.page("court-jc", None, 9).calls == (first,)
    storage.calls.end("court-jc", first.call_id, "clerk-1", LATER)
    storage.notices.ended(notice(), unreached, (second,), LATER)
    assert storage.calls.page("court-jc", None, 9).calls == ()


def test_the_messages_of_a_case_are_read_by_party_with_their_times(storage: Storage) -> None:
    """What is owed since when, and what came of it when; of a code only the latter."""
    both = notice_to("C-1", 2, ("r1", "r2"), NoticeKind.INVITED, {})
    assert both is not None
    owing(storage, both, notice(NoticeKind.CLOSED))
    asked = storage.cases.get("C-1").updated_at
    outcomes = {"r1": Outcome.SENT, "r2": Outcome.NOT_REACHABLE}
    storage.notices.ended(both, outcomes, (), LATER)
    storage.notices.ended(both, outcomes, (), LATER + timedelta(days=1))
    told = {(each.kind, each.party_id): each for each in storage.calls.notices("C-1")}
    shown = {key: (each.state, each.asked_at, each.ended_at) for key, each in told.items()}
    assert shown == {
        ("invited", "r1"): ("sent", asked, LATER),
        ("invited", "r2"): ("not_reachable", asked, LATER),
        ("closed", "r1"): ("owed", asked, None),
    }
    assert list(storage.calls.notices("C-2")) == []


def test_a_list_of_calls_has_pages_the_oldest_first_and_no_other_courts(storage: Storage) -> None:
    """A call that is ended leaves the list once; another court can't end it."""
    mine = [notice_of("C-1", number, "r1", NoticeKind.INVITED, {}) for number in (4, 3, 2)]
    owing(storage, *mine)
    calls = [
        call_for(each, "r1", "court-jc", None, DUE + timedelta(hours=hours))
        for hours, each in enumerate(mine)
    ]
    for each, call in zip(mine, calls, strict=True):
        storage.notices.ended(each, {"r1": Outcome.NOT_REACHABLE}, (call,), LATER)
    page = storage.calls.page("court-jc", None, 2)
    rest = storage.calls.page("court-jc", page.after, 2)
    assert (page.calls, rest.calls, rest.after) == (tuple(calls[:2]), (calls[2],), None)
    assert storage.calls.page("court-2", None, 9).calls == ()
    for court_id, call_id in (("court-2", calls[0].call_id), ("court-jc", "unknown")):
        storage.calls.end(court_id, call_id, "clerk-1", LATER)
    for _ in range(2):
        storage.calls.end("court-jc", calls[1].call_id, "clerk-1", LATER)
    assert storage.calls.page("court-jc", None, 9).calls == (calls[0], calls[2])
