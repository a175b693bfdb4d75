"""Preview what a way of paying would cost and save, under each tier of the bank's policy that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.agreement.negotiation import LIMITS
from chalicelib.domain.agreement.offer import Preview, previewed
from chalicelib.domain.calendar import local_date
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import settlement_of
from chalicelib.use_cases.make_offer import about_what_is_owed

if TYPE_CHECKING:
    from chalicelib.domain.agreement.schedules import Schedule
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def preview_offers(hub: Hub, actor: Actor, case_id: str, schedule: Schedule) -> tuple[Preview, ...]:
    """Return what an offer made now would come to under each tier that fits; nothing is stored.

    Raises NotPermitted, CaseNotFound, TierNotApplicable if no tier fits, or what the plan refuses.
    """
    authorise(actor, Action.READ_SETTLEMENT)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.READ_SETTLEMENT, case)
    now = hub.clock.now()
    today = local_date(now)
    negotiation = about_what_is_owed(hub, case, settlement_of(hub, case), today).negotiation
    policy = negotiation.policy(hub.policies.book(case.institution_id), now)
    return previewed(schedule, negotiation.owed, policy, today, LIMITS.plan)
