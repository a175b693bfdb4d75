"""Request a one-time code (一次性验证码) for signing: it is sent to the party's phone and never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import PhoneTakesNoCodes
from chalicelib.domain.permissions import authorise
from chalicelib.domain.phones import takes_messages
from chalicelib.domain.settlement_commands import Sign
from chalicelib.domain.stages import Action
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import load_for_act

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import IssuedCode


def request_signing_code(hub: Hub, actor: Actor, case_id: str, party_id: str) -> IssuedCode:
    """Send a code to a party that may sign now; raises the refusals of signing, or as below.

    PhoneTakesNoCodes: no message reaches its phone. CodeRequestedTooSoon: as its `Retry-After` says.
    """
    authorise(actor, Action.SIGN)
    loaded = load_for_act(hub, actor, Action.SIGN, case_id)
    case = loaded.case
    lifecycle.apply(case, Sign(party_id=party_id), loaded.context)
    phones = {entry.party_id: entry.phone for entry in hub.cases.details(case)}
    if not takes_messages(phones[party_id]):
        raise PhoneTakesNoCodes(party_id)
    document = loaded.settlement.to_sign.document_sha256
    issued = hub.codes.issue(case, party_id, document, follow_up_time(hub))
    hub.metrics.count("SigningCodesIssued")
    return issued
