"""Sending a notice: once in effect, to the right phone, and over when sending it again would not help."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import MessengerRefused, MessengerUnavailable
from chalicelib.domain.notices import NoticeKind, notice_of
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
    calls = ["notices.get", "cases.get", "cases.details", "messenger.send", "notices.ended"]
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
