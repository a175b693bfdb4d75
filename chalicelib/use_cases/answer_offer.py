"""Answer an offer: the other side accepts or declines it, its own side withdraws it."""

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
    Change = Callable[[Negotiation, Side, int, datetime], Negotiation]

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
) -> Case:
    """Answer the open offer of this number for a side; an acceptance is binding (民法典 483).

    Raises the refusals of `act_on_case`, OfferUnknown or another AgreementRefused.
    """
    authorise(actor, _COMMANDS[reply].action)
    command = _COMMANDS[reply](side=side)
    loaded = load_for_act(
        hub, actor, command.action, case_id, expected_version=expected_version, channel=channel
    )
    negotiation = _CHANGES[reply](loaded.settlement.negotiation, side, number, loaded.context.at)
    return carry_out(hub, loaded, command, replace(loaded.settlement, negotiation=negotiation))
