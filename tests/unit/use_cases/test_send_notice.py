"""Sending a notice: once in effect, to the right phone, and over when sending it again would not help."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import MessengerRefused, MessengerUnavailable
from chalicelib.domain.notices import NoticeKind, notice_of, notice_to
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.stages import EventType
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import context_of
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.send_notice import NUMBER_REFUSED, send_notice
from tests.support.fakes import FakeHub, samples
from tests.support.fakes.people import Sent
from tests.support.gates import Crash, calls_of, crashing_at, gated
from tests.support.journey import file
from tests.support.settling import pays_everything
from tests.unit.use_cases.agreements import in_force

if TYPE_CHECKING:
    from chalicelib.domain.notices import PartyNotice

PHONE = samples.BORROWER_DETAILS.phone
DOCUMENT = "a" * 64
VALUES = {"line": "1", "due_on": "2026-06-20", "amount": "1250.00"}


def owing(hub: FakeHub, party_id: str = "r1") -> PartyNotice:
    """File a case whose second event owes a party a reminder."""
    case_id = file(hub)
    case = hub.cases.get(case_id)
    owed = notice_of(case_id, 2, party_id, NoticeKind.PAYMENT_DUE, VALUES)
    change = lifecycle.record(case, EventType.SCREENING_OVERDUE, {}, context_of(hub, SYSTEM, case.court_id))
    hub.cases.save(change.with_records(owed), follow_up_time(hub))
    return owed


def owed_still(hub: FakeHub) -> bool:
    """Whether any notice is still in the due index."""
    return any(due.consumer == "notices" for due in hub.memory.due)


def test_a_notice_reaches_its_partys_phone() -> None:
    """With its values, and then it is no longer owed."""
    hub = FakeHub()
    owed = owing(hub)
    send_notice(hub, owed.case_id, owed.notice_id)
    assert hub.gateway.sent == {owed.notice_id: Sent(PHONE, NoticeKind.PAYMENT_DUE, VALUES)}
    assert not owed_still(hub)
    assert hub.metrics.counts["NoticesSent"] == 1


def test_each_party_has_its_own_phone() -> None:
    """The institution's number gets the institution's message."""
    hub = FakeHub()
    owed = owing(hub, "a1")
    send_notice(hub, owed.case_id, owed.notice_id)
    assert [message.phone for message in hub.gateway.sent.values()] == [samples.BANK_DETAILS.phone]


def test_a_second_call_after_success_does_nothing() -> None:
    """Nor does a call for what was never owed."""
    hub = FakeHub()
    owed = owing(hub)
    for _ in range(2):
        send_notice(hub, owed.case_id, owed.notice_id)
    send_notice(hub, owed.case_id, "C-0001-N9-r1-payment_due")
    assert hub.gateway.calls == 1


def test_a_gateway_that_is_down_leaves_it_owed() -> None:
    """The queue tries again, and so does the reconciler once its check is due."""
    hub = FakeHub()
    owed = owing(hub)
    hub.gateway.down = True
    with pytest.raises(MessengerUnavailable):
        send_notice(hub, owed.case_id, owed.notice_id)
    assert owed_still(hub)
    hub.gateway.down = False
    hub.run()
    assert hub.gateway.inbox(PHONE)


def test_a_lost_message_is_found_by_the_reconciler() -> None:
    """What the queue lost is sent once its check is due, and put off first."""
    hub = FakeHub()
    owed = owing(hub)
    hub.queues.lose()
    hub.memory.stream.clear()
    hub.clock.advance(hours=2)
    reconcile(hub)
    assert hub.queues["notices"] == [{"case_id": owed.case_id, "notice_id": owed.notice_id}]
    assert hub.memory.due[next(due for due in hub.memory.due if due.consumer == "notices")] > hub.clock.now()
    hub.run()
    assert [message.kind for message in hub.gateway.inbox(PHONE)].count(NoticeKind.PAYMENT_DUE) == 1


def test_a_number_that_gets_no_messages_ends_it() -> None:
    """Counted, not repeated: the queue must not spin over somebody's landline."""
    hub = FakeHub()
    owed = owing(hub)
    hub.gateway.refuses = MessengerRefused(422, NUMBER_REFUSED)
    send_notice(hub, owed.case_id, owed.notice_id)
    assert not owed_still(hub)
    assert hub.metrics.counts["NoticesRefused"] == 1


def test_nothing_is_sent_to_a_landline() -> None:
    """The gateway's contract has no form for it; it counts as a number that gets no messages."""
    hub = FakeHub()
    owed = owing(hub)
    of_case = hub.memory.details[owed.case_id]
    of_case[owed.party_id] = replace(of_case[owed.party_id], phone="0593-2881234转801")
    send_notice(hub, owed.case_id, owed.notice_id)
    assert not owed_still(hub)
    assert hub.metrics.counts["NoticesRefused"] == 1


@pytest.mark.parametrize(
    ("status", "reason"), [(401, "bad_signature"), (422, "not_as_agreed"), (404, "http_404")]
)
def test_what_the_hub_did_wrong_is_an_operators_business(status: int, reason: str) -> None:
    """A wrong key, path or form is no fault of the number: it stays owed and ends in the dead letters."""
    hub = FakeHub()
    owed = owing(hub)
    hub.gateway.refuses = MessengerRefused(status, reason)
    with pytest.raises(MessengerRefused):
        send_notice(hub, owed.case_id, owed.notice_id)
    assert owed_still(hub)


def test_without_a_gateway_nothing_is_sent_and_nothing_piles_up() -> None:
    """It is counted, no personal data is decrypted, and a gateway that comes later gets no stale messages."""
    hub = FakeHub()
    owed = owing(hub)
    hub.messenger = None
    calls = calls_of(hub, lambda gated_hub: send_notice(gated_hub, owed.case_id, owed.notice_id))
    assert calls == ["notices.get", "notices.ended"]
    assert not owed_still(hub)
    assert hub.metrics.counts["NoticesUnsent"] == 1


def test_a_code_is_made_when_its_message_is_sent() -> None:
    """The message has the digits, the notice never had them; and they verify."""
    hub = FakeHub()
    case = hub.cases.get(file(hub))
    hub.codes.issue(case, "r1", DOCUMENT, follow_up_time(hub))
    (owed,) = hub.memory.notices.values()
    assert dict(owed.values) == {"number": "1"}
    hub.run()
    (message,) = [each for each in hub.gateway.inbox(PHONE) if each.kind is NoticeKind.SIGNING_CODE]
    assert (message.kind, message.values["number"]) == (NoticeKind.SIGNING_CODE, "1")
    hub.codes.verify(case, "r1", DOCUMENT, message.values["code"])


def test_a_code_that_is_of_no_use_any_more_is_not_sent() -> None:
    """After ten minutes a message would only puzzle; it is counted and over."""
    hub = FakeHub()
    case = hub.cases.get(file(hub))
    hub.codes.issue(case, "r1", DOCUMENT, follow_up_time(hub))
    hub.clock.advance(minutes=10)
    hub.run()
    assert [message.kind for message in hub.gateway.inbox(PHONE)] == [NoticeKind.INVITED]
    assert not owed_still(hub)
    assert hub.metrics.counts["NoticesLapsed"] == 1


def test_whoever_dies_between_two_calls_the_person_reads_it_once() -> None:
    """A crash before any call, then the same message again: one message, under one id."""
    calls = ["notices.get", "cases.with_details", "messenger.send", "notices.ended"]
    for number, _ in enumerate(calls):
        hub = FakeHub()
        owed = owing(hub)
        with pytest.raises(Crash):
            send_notice(gated(hub, crashing_at(number)), owed.case_id, owed.notice_id)
        made = calls_of(hub, lambda again, owed=owed: send_notice(again, owed.case_id, owed.notice_id))  # type: ignore[misc]  # the default binds this round's notice
        assert made == calls
        assert list(hub.gateway.sent) == [owed.notice_id]
        assert not owed_still(hub)


def test_a_reminder_of_what_was_paid_meanwhile_is_not_sent() -> None:
    """The gateway was down, and the payment came first."""
    desk, case_id = in_force()
    pays_everything(desk.hub, case_id)
    desk.run()
    owed = notice_of(case_id, desk.case(case_id).version, "r1", NoticeKind.PAYMENT_DUE, VALUES)
    desk.hub.memory.owe(owed, desk.hub.clock.now())
    send_notice(desk.hub, case_id, owed.notice_id)
    assert owed.notice_id not in desk.hub.gateway.sent
    assert desk.hub.metrics.counts["NoticesLapsed"] == 1
    assert desk.hub.notices.get(case_id, owed.notice_id) is None


def shared(hub: FakeHub, *party_ids: str, kind: NoticeKind = NoticeKind.INVITED) -> PartyNotice:
    """File a case whose second event owes several parties the same."""
    case_id = file(hub)
    owed = notice_to(case_id, 2, party_ids, kind, {})
    assert owed is not None
    context = context_of(hub, SYSTEM, hub.cases.get(case_id).court_id)
    change = lifecycle.record(hub.cases.get(case_id), EventType.SCREENING_OVERDUE, {}, context)
    hub.cases.save(change.with_records(owed), follow_up_time(hub))
    return owed


def with_phone(hub: FakeHub, case_id: str, party_id: str, phone: str) -> None:
    """Give a party another number."""
    of_case = hub.memory.details[case_id]
    of_case[party_id] = replace(of_case[party_id], phone=phone)


def test_a_person_in_two_roles_gets_one_message() -> None:
    """The number is the same, written in another way; the other party is told by it too."""
    hub = FakeHub()
    owed = shared(hub, "a1", "r1")
    with_phone(hub, owed.case_id, "a1", f"+86 {PHONE}")
    send_notice(hub, owed.case_id, owed.notice_id)
    assert [message.kind for message in hub.gateway.sent.values()] == [NoticeKind.INVITED]
    assert hub.memory.told[owed.notice_id] == {"a1": "sent", "r1": "sent"}


def test_each_person_of_a_notice_has_a_message_of_its_own() -> None:
    """Under an id that says whose it is."""
    hub = FakeHub()
    owed = shared(hub, "a1", "r1")
    with_phone(hub, owed.case_id, "a1", "13900000009")
    send_notice(hub, owed.case_id, owed.notice_id)
    assert list(hub.gateway.sent) == [owed.notice_id, f"{owed.notice_id}-r1"]


def test_who_can_get_no_message_is_on_the_centres_list() -> None:
    """With the case's number and what it is about, but without a phone; institutions are not rung."""
    hub = FakeHub()
    owed = shared(hub, "a1", "r1")
    for party_id in owed.party_ids:
        with_phone(hub, owed.case_id, party_id, "0593-2881234")
    send_notice(hub, owed.case_id, owed.notice_id)
    assert hub.memory.told[owed.notice_id] == {"a1": "not_reachable", "r1": "not_reachable"}
    (call,) = hub.memory.calls.values()
    assert (call.case_id, call.party_id, call.kind) == (owed.case_id, "r1", NoticeKind.INVITED)
    assert "2881234" not in repr(call)


def test_nobody_is_rung_about_a_code() -> None:
    """Whoever reads out a code over the telephone has it."""
    hub = FakeHub()
    case = hub.cases.get(file(hub))
    hub.codes.issue(case, "r1", DOCUMENT, follow_up_time(hub))
    with_phone(hub, case.case_id, "r1", "0593-2881234")
    hub.relay()
    send_notice(hub, case.case_id, f"{case.case_id}-N1-r1-signing_code")
    assert hub.memory.told[f"{case.case_id}-N1-r1-signing_code"] == {"r1": "not_reachable"}
    assert hub.memory.calls == {}


def test_what_the_gateway_refuses_is_recorded_as_failed_and_stays_owed() -> None:
    """Until an operator mends the cause."""
    hub = FakeHub()
    owed = owing(hub)
    hub.gateway.refuses = MessengerRefused(401, "bad_signature")
    with pytest.raises(MessengerRefused):
        send_notice(hub, owed.case_id, owed.notice_id)
    assert hub.memory.told[owed.notice_id] == {"r1": "failed"}
    hub.gateway.refuses = None
    send_notice(hub, owed.case_id, owed.notice_id)
    assert hub.memory.told[owed.notice_id] == {"r1": "sent"}


def test_what_is_due_at_night_is_sent_in_the_morning() -> None:
    """At 21:30 in China nothing is sent; after 8:00 the reconciler sends it, once."""
    hub = FakeHub()
    hub.clock.advance(hours=12)
    owed = owing(hub)
    for _ in range(2):
        send_notice(hub, owed.case_id, owed.notice_id)
    assert hub.gateway.calls == 0
    assert owed_still(hub)
    hub.queues.lose()
    hub.memory.stream.clear()
    hub.clock.advance(hours=10)  # 7:30
    reconcile(hub)
    assert hub.queues["notices"] == []
    hub.clock.advance(hours=1)
    reconcile(hub)
    hub.run()
    assert list(hub.gateway.sent).count(owed.notice_id) == 1


def test_a_message_has_a_link_if_the_hub_has_a_base_for_links() -> None:
    """It is made when the message is sent: no notice holds it, and it names no case."""
    hub = FakeHub()
    owed = owing(hub)
    hub.link_base = "https://hub.example/go"
    send_notice(hub, owed.case_id, owed.notice_id)
    (message,) = hub.gateway.sent.values()
    assert message.link is not None
    assert message.link.startswith("https://hub.example/go/")
    assert owed.case_id not in message.link
    assert "hub.example" not in repr(hub.memory.notices)


def test_a_codes_message_has_no_link() -> None:
    """Who asks people for a code behind a link must not look like the hub."""
    hub = FakeHub()
    hub.link_base = "https://hub.example/go"
    case = hub.cases.get(file(hub))
    hub.codes.issue(case, "r1", DOCUMENT, follow_up_time(hub))
    hub.run()
    links = {message.kind: message.link for message in hub.gateway.sent.values()}
    assert links[NoticeKind.SIGNING_CODE] is None
    assert links[NoticeKind.INVITED] is not None
