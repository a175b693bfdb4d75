"""Make an offer or a counter-offer (要约) within the institution's policy, open for some days."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from chalicelib.domain.agreement import negotiation as negotiating
from chalicelib.domain.events import Channel
from chalicelib.domain.permissions import authorise
from chalicelib.domain.received import owed_now
from chalicelib.domain.settlement_commands import MakeOffer
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import carry_out, load_for_act

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.agreement.offer import OfferTerms
    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.case import Case
    from chalicelib.domain.parties import Side
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def make_offer(
    hub: Hub,
    actor: Actor,
    case_id: str,
    side: Side,
    terms: OfferTerms,
    *,
    valid_days: int,
    expected_version: int,
    channel: Channel = Channel.ONLINE,
    party_id: str = "",
    respondents: frozenset[str] = frozenset(),
    code: str | None = None,
) -> Case:
    """Make the offer for a party of a side; open to the end of the last valid day, or to the mediation's end.

    It is for these `respondents`, or for all; who is not named is left out of the agreement.

    Raises the refusals of `act_on_case`, and those of the policy, the plan and the negotiation.
    """
    authorise(actor, Action.OFFER)
    loaded = load_for_act(
        hub, actor, Action.OFFER, case_id, expected_version=expected_version, channel=channel
    )
    case, context = loaded.case, loaded.context
    command = MakeOffer(
        side=side,
        party_id=party_id,
        number=0,
        expires_at=context.at,
        respondents=respondents,
        terms=_digest(terms, valid_days),
    )
    settlement = about_what_is_owed(hub, case, loaded.settlement, loaded.today)
    negotiation = negotiating.make_offer(
        settlement.negotiation,
        side,
        terms,
        hub.policies.book(case.institution_id),
        at=context.at,
        valid_days=valid_days,
        closes_at=case.deadline,
        made_by=command.speakers(case),
        made_to=command.awaits(case),
    )
    offer = negotiation.offers[-1]
    command = replace(
        command,
        number=offer.number,
        expires_at=offer.expires_at,
        deducts=len(settlement.payments) or None,
        sign_by=negotiating.answerable_until(offer),
        in_parts=not offer.lump_sum,
    )
    return carry_out(hub, loaded, command, replace(settlement, negotiation=negotiation), code=code)


def about_what_is_owed(hub: Hub, case: Case, settlement: Settlement, today: date) -> Settlement:
    """Return the settlement, about the claim less what was paid since it was filed."""
    if not settlement.entries:
        return settlement
    owed = owed_now(case, settlement, today, hub.debts.get(case.case_id))
    negotiation = replace(settlement.negotiation, owed=owed)
    return replace(settlement, negotiation=negotiation, deducted=len(settlement.entries))


def _digest(terms: OfferTerms, valid_days: int) -> str:
    content = [asdict(terms), type(terms.schedule).__name__, valid_days]
    return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()
