"""Send a notice: a message to a party, at least once, with an id that never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.errors import MessengerRefused
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.phones import takes_messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.notices import PartyNotice
    from chalicelib.use_cases.people_ports import Messenger
    from chalicelib.use_cases.ports import Hub

NUMBER_REFUSED: Final = "number_refused"
"""The gateway's code for a phone that can't get messages: a landline, an unused or a blocked number."""

_WHILE_PERFORMING: Final = frozenset(
    {NoticeKind.PAYMENT_DUE, NoticeKind.PAYMENT_LATE, NoticeKind.CONFIRMATION_WINDOW}
)


def send_notice(hub: Hub, case_id: str, notice_id: str) -> None:
    """Send the notice and record that it was delivered; a second call after success does nothing.

    A number that can't get messages also ends it, as sending again would not help; a metric counts this.
    Raises MessengerUnavailable, so that the queue tries again, or MessengerRefused if only an operator can
    correct the cause.
    """
    notice = hub.notices.get(case_id, notice_id)
    if notice is None:
        return
    messenger = hub.messenger
    outcome = "NoticesUnsent" if messenger is None else _send(hub, messenger, notice)
    hub.notices.delivered(case_id, notice_id)
    hub.metrics.count(outcome)


def _send(hub: Hub, messenger: Messenger, notice: PartyNotice) -> str:
    case = hub.cases.get(notice.case_id)
    values = _values(hub, case, notice)
    if values is None:
        return "NoticesLapsed"
    phones = {entry.party_id: entry.phone for entry in hub.cases.details(case)}
    if not takes_messages(phones[notice.party_id]):
        return "NoticesRefused"
    try:
        messenger.send(notice.notice_id, phones[notice.party_id], notice.kind, values)
    except MessengerRefused as refused:
        if refused.reason != NUMBER_REFUSED:
            raise
        return "NoticesRefused"
    return "NoticesSent"


def _values(hub: Hub, case: Case, notice: PartyNotice) -> Mapping[str, str] | None:
    """Return the values for the message's text; None if what it says does not hold any more."""
    if notice.kind in _WHILE_PERFORMING and case.stage.terminal:
        return None  # paid since the reminder was written
    if notice.kind is not NoticeKind.SIGNING_CODE:
        return notice.values
    code = hub.codes.code_of(case, notice.party_id, int(notice.values["number"]))
    return None if code is None else {**notice.values, "code": code}
