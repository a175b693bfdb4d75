"""Answer an offer: each it was made to accepts or declines it for itself, its maker revokes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement import negotiation as negotiating
from chalicelib.domain.agreement.negotiation import Reply
from chalicelib.domain.events import Channel
from chalicelib.domain.permissions import authorise
from chalicelib.domain.settlement_commands import AcceptOffer, DeclineOffer, WithdrawOffer
from chalicelib.use_cases.loading import carry_out, load_for_act

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.domain.agreement.negotiation import Negotiation
    from chalicelib.domain.case import Case
    from chalicelib.domain.parties import Side
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub

    Answer = type[AcceptOffer | DeclineOffer | WithdrawOffer]
    Change = Callable[[Negotiation, Side, int, datetime, frozenset[str]], Negotiation]

_COMMANDS: Final[Mapping[Reply, Answer]] = {
    Reply.ACCEPTED: AcceptOffer,
    Reply.DECLINED: DeclineOffer,
    Reply.WITHDRAWN: WithdrawOffer,
}
_CHANGES: Final[Mapping[Reply, Change]] = {
    Reply.ACCEPTED: negotiating.accept,
    Reply.DECLINED: negotiating.decline,
    Reply.WITHDRAWN: negotiating.withdraw,
}


def answer_offer(
    hub: Hub,
    actor: Actor,
    case_id: str,
    side: Side,
    number: int,
    reply: Reply,
    *,
    expected_version: int,
    channel: Channel = Channel.ONLINE,
    party_id: str = "",
    code: str | None = None,
) -> Case:
    """Answer the open offer of this number for a party of a side; it is accepted when all have accepted.

    Raises the refusals of `act_on_case`, OfferUnknown or another AgreementRefused.
    """
    authorise(actor, _COMMANDS[reply].action)
    command = _COMMANDS[reply](side=side, party_id=party_id)
    loaded = load_for_act(
        hub, actor, command.action, case_id, expected_version=expected_version, channel=channel
    )
    speakers = command.speakers(loaded.case)
    negotiation = _CHANGES[reply](loaded.settlement.negotiation, side, number, loaded.context.at, speakers)
    return carry_out(hub, loaded, command, replace(loaded.settlement, negotiation=negotiation), code=code)
