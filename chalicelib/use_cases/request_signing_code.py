"""Request a one-time code (一次性验证码): it is sent to the party's phone and never stored.

It is for an act in the party's name that waits for its second record, if there is one, else for signing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import PhoneTakesNoCodes
from chalicelib.domain.events import Channel
from chalicelib.domain.permissions import authorise
from chalicelib.domain.phones import takes_messages
from chalicelib.domain.rules import OWN_PARTY, could_act_for
from chalicelib.domain.second_record import RECORDERS, for_code, waiting
from chalicelib.domain.settlement_commands import Sign
from chalicelib.domain.stages import Action, Stage
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import load

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.loading import LoadedCase
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import IssuedCode


def request_signing_code(hub: Hub, actor: Actor, case_id: str, party_id: str) -> IssuedCode:
    """Send a code to a party, for a pending act in its name or to sign; raises refusals, or as below.

    PhoneTakesNoCodes: no message reaches its phone. CodeRequestedTooSoon: as its `Retry-After` says.
    """
    authorise(actor, Action.SIGN)
    channel = Channel.IN_PERSON if actor.role in RECORDERS else Channel.ONLINE
    loaded = load(hub, actor, Action.SIGN, case_id, channel=channel)
    case, document = loaded.case, _what_for(loaded, party_id)
    phones = {entry.party_id: entry.phone for entry in hub.cases.details(case)}
    if not takes_messages(phones[party_id]):
        raise PhoneTakesNoCodes(party_id)
    issued = hub.codes.issue(case, party_id, for_code(case, party_id, document), follow_up_time(hub))
    hub.metrics.count("SigningCodesIssued")
    return issued


def _what_for(loaded: LoadedCase, party_id: str) -> str:
    """Return what the code is bound to: the latest act in the party's name that waits, or the document.

    Who is to sign and asks itself wants to sign: what others recorded, it would do itself.
    """
    case, context = loaded.case, loaded.context
    acts = [act for act in waiting(case, context.at) if act.party_id == party_id]
    signs_itself = case.stage is Stage.SETTLED and context.channel is Channel.ONLINE
    if acts and acts[-1].action != Action.SIGN and not signs_itself:
        if party_id not in could_act_for(case, context):
            raise OWN_PARTY.refusal()
        return acts[-1].fingerprint
    lifecycle.apply(case, Sign(party_id=party_id), context)
    return loaded.settlement.to_sign.document_sha256
