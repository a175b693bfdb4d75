"""Request a one-time code for a party's link; whoever asks learns nothing from it.

It authorises nobody, as nobody is known yet: the code goes to the phone on file and to nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.agreement.errors import CodeRequestedTooSoon
from chalicelib.domain.telling import phones_of
from chalicelib.use_cases.capability_ports import PartyLinks
from chalicelib.use_cases.follow_up import follow_up_time

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Hub


def request_sign_in_code(hub: Hub, token: str) -> None:
    """Send a code to the person of a link, unless one was just sent; any other token does nothing.

    A link on paper has its code beside it, and sends none.
    """
    link = hub.part(PartyLinks).find(token)
    if link is None or link.paper:
        return
    case, details = hub.cases.with_details(link.case_id)
    if link.actor(case) is None:
        return
    if link.person_id not in phones_of(case, link.party_id, details()):
        return
    try:
        hub.codes.issue(case, link.code_holder, link.token_sha256, follow_up_time(hub), told=link.notice)
    except CodeRequestedTooSoon:
        return
    hub.metrics.count("LinksCodesIssued")
