"""Preview what a tier of the policy in force would waive of a debt; nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.calendar import local_date
from chalicelib.domain.permissions import authorise, check_policy_of
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from chalicelib.domain.loan.components import Amounts
    from chalicelib.domain.loan.concession import Concession, Proposal
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def preview_concession(
    hub: Hub, actor: Actor, institution_id: str, *, tier: str, proposal: Proposal, owed: Amounts
) -> Concession:
    """Return the concession of an offer, if it were made today.

    Raises NotPermitted, PolicyNotFound, or TierNotApplicable with every condition that is not met.
    """
    authorise(actor, Action.READ_POLICY)
    check_policy_of(actor, institution_id)
    book = hub.policies.book(institution_id)
    return book.in_force(local_date(hub.clock.now())).concede(tier, proposal, owed)
