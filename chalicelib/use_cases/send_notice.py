"""Send a notice: a message to parties, at least once, with ids that never change.

Whom no message reaches the centre has to ring: its call is stored together with what came of the notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.errors import MessengerRefused
from chalicelib.domain.links import code_holder
from chalicelib.domain.notices import CODES, OF_APPLICATIONS, NoticeKind, Outcome, call_for, sending_time
from chalicelib.domain.telling import at_former_number, both_numbers, people_of, same_phone, still_told
from chalicelib.use_cases.capability_ports import OwnApplications, PartyLinks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.notices import PartyNotice, PhoneCall
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.use_cases.people_ports import Messenger
    from chalicelib.use_cases.ports import Hub

NUMBER_REFUSED: Final = "number_refused"
"""The gateway's code for a phone that can't get messages: a landline, an unused or a blocked number."""

_METRICS: Final = {
    Outcome.SENT: "NoticesSent",
    Outcome.NOT_REACHABLE: "NoticesRefused",
    Outcome.LAPSED: "NoticesLapsed",
    Outcome.UNSENT: "NoticesUnsent",
}


def send_notice(hub: Hub, case_id: str, notice_id: str) -> None:
    """Send the notice and record what came of it; a second call after that does nothing.

    A reminder before its day and a message whose turn comes in the quiet hours wait in the due index.
    A number that can't get messages also ends it, as sending again would not help: the centre rings instead.
    Raises MessengerUnavailable, so that the queue tries again, or MessengerRefused if only an operator can
    correct the cause.
    """
    notice = hub.notices.get(case_id, notice_id)
    if notice is None:
        return
    messenger, now = hub.messenger, hub.clock.now()
    if messenger is not None and (later := sending_time(notice, now, hub.quiet_hours)) > now:
        hub.notices.put_off(case_id, notice_id, later)
        hub.metrics.count("NoticesHeldBack")
        return
    if messenger is None:
        _end(hub, notice, dict.fromkeys(notice.party_ids, Outcome.UNSENT))
        return
    if notice.kind in OF_APPLICATIONS:
        _end(hub, notice, {notice.party_id: _tell(hub, messenger, notice)})
        return
    case, details = hub.cases.with_details(case_id)
    outcomes, missed = _send(hub, messenger, case, notice, details)
    _end(hub, notice, outcomes, _calls(hub, case, notice, missed))


def _end(
    hub: Hub, notice: PartyNotice, outcomes: Mapping[str, Outcome], calls: tuple[PhoneCall, ...] = ()
) -> None:
    hub.notices.ended(notice, outcomes, calls, hub.clock.now())
    for outcome in sorted(set(outcomes.values())):
        hub.metrics.count(_METRICS[outcome])


def _send(
    hub: Hub,
    messenger: Messenger,
    case: Case,
    notice: PartyNotice,
    details: Callable[[], tuple[PartyDetails, ...]],
) -> tuple[dict[str, Outcome], frozenset[str]]:
    """Send to everybody whom the notice is still for; return what came of it, and whom it did not reach."""
    told, values = still_told(case, notice), _values(hub, case, notice)
    outcomes = dict.fromkeys(notice.party_ids, Outcome.LAPSED)
    if values is None or not told:
        return outcomes, frozenset()
    known = {entry.party_id: entry for entry in details()}
    people, missed = people_of(notice, case, known), set[str]()
    reached: dict[str, bool] = {}  # by number: a person in several roles gets one message
    for party_id in sorted(told):
        for person_id, phone in people[party_id].items():
            if (number := same_phone(phone)) not in reached:
                reached[number] = _sent(hub, messenger, case, notice, (party_id, person_id), phone, values)
        own = (phone for person_id, phone in people[party_id].items() if not at_former_number(person_id))
        got_it = any(reached[same_phone(phone)] for phone in own)
        outcomes[party_id] = Outcome.SENT if got_it else Outcome.NOT_REACHABLE
        concerned = both_numbers(notice, known[party_id])
        if not got_it or not all(reached.get(same_phone(number)) for number in concerned):
            missed.add(party_id)
    return outcomes, frozenset(missed)


def _tell(hub: Hub, messenger: Messenger, notice: PartyNotice) -> Outcome:
    """Send what is about an application; the centre sees whom no message reached, and rings from there."""
    told = hub.part(OwnApplications).told(hub, notice)
    if told is None:
        return Outcome.LAPSED
    reached = [
        _handed_over(hub, messenger, notice, notice.message_id(person_id), phone, told.values)
        for person_id, phone in told.phones.items()
    ]
    return Outcome.SENT if any(reached) else Outcome.NOT_REACHABLE


def _sent(
    hub: Hub,
    messenger: Messenger,
    case: Case,
    notice: PartyNotice,
    person: tuple[str, str],
    phone: str,
    values: Mapping[str, str],
) -> bool:
    """Hand one message over to a party's person; False if its number can't get it."""
    message_id, link = notice.message_id(person[1]), _link(hub, case, notice, *person)
    return _handed_over(hub, messenger, notice, message_id, phone, values, case.case_number, link)


def _handed_over(
    hub: Hub,
    messenger: Messenger,
    notice: PartyNotice,
    message_id: str,
    phone: str,
    values: Mapping[str, str],
    case_number: str | None = None,
    link: str | None = None,
) -> bool:
    """Hand a message over; False if its number can't get it. Raises MessengerRefused for any other cause."""
    try:
        messenger.send(message_id, phone, notice.kind, values, case_number, link)
    except MessengerRefused as refused:
        if refused.reason != NUMBER_REFUSED:
            hub.notices.failed(notice)
            raise
        return False
    return True


def _calls(hub: Hub, case: Case, notice: PartyNotice, missed: frozenset[str]) -> tuple[PhoneCall, ...]:
    """Return whom the centre has to ring: respondents whom no message reached; nobody reads out a code."""
    if notice.kind in CODES:
        return ()
    now = hub.clock.now()
    return tuple(
        call_for(notice, party_id, case.court_id, case.case_number, now)
        for party_id in notice.party_ids
        if party_id in missed & case.respondent_ids
    )


def _link(hub: Hub, case: Case, notice: PartyNotice, party_id: str, person_id: str) -> str | None:
    # A code's message has no link: who asks people for a code behind a link must not look like the hub. An
    # institution's people have accounts. A number that was replaced may be a stranger's.
    if (
        not hub.link_base
        or notice.kind in CODES
        or party_id not in case.respondent_ids
        or at_former_number(person_id)
    ):
        return None
    message_id = notice.message_id(person_id)
    token = hub.part(PartyLinks).for_message(case, party_id, person_id, message_id)
    return None if token is None else f"{hub.link_base}/{token}"


def _values(hub: Hub, case: Case, notice: PartyNotice) -> Mapping[str, str] | None:
    """Return the values for the message's text; None if its code can't be used any more."""
    if notice.kind not in CODES:
        return notice.values
    signs_in = notice.kind is NoticeKind.SIGN_IN_CODE
    holder = code_holder(notice.values["person"]) if signs_in else notice.party_id
    number = notice.values["number"]
    code = hub.codes.code_of(case, holder, int(number))
    return None if code is None else {"number": number, "code": code}
