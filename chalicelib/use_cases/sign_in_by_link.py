"""Sign in by a party's link and the one-time code that was sent, or printed, for it.

It authorises by the two secrets alone: what comes out is the actor that a borrower's token would name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.agreement.errors import AgreementRefused
from chalicelib.use_cases.capability_ports import PartyLinks

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def sign_in_by_link(hub: Hub, token: str, code: str) -> Actor | None:
    """Return who comes in; None for whatever is wrong with link or code, so that nobody learns what.

    A right code opens once.
    """
    link = hub.part(PartyLinks).find(token)
    if link is None:
        return None
    case = hub.cases.get(link.case_id)
    actor = link.actor(case)
    if actor is None:
        return None
    try:
        hub.codes.verify(case, link.code_holder, link.token_sha256, code, once=True)
    except AgreementRefused:
        hub.metrics.count("SignInsByLinkRefused")
        return None
    hub.metrics.count("SignInsByLink")
    return actor
