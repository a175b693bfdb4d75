"""An offer (调解方案): what one side proposes to waive and how the rest would be paid. Confidential (TY22).

Promise: an offer waives no more than the institution's policy allows, names the policy's version, and its
figures are computed from it. Its repr hides the figures, so that they can't get into a log.
Downside: a concession within the policy still needs the institution's consent, as any offer does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from chalicelib.domain.agreement.errors import AmountTooSmall, ConcessionBeyondPolicy, DueDatesInvalid
from chalicelib.domain.agreement.plan import Plan
from chalicelib.domain.agreement.schedules import LumpSum, Schedule
from chalicelib.domain.loan import checks
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import Concession, Proposal
from chalicelib.domain.loan.errors import TierNotApplicable
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.parties import Side

if TYPE_CHECKING:
    from chalicelib.domain.agreement.schedules import PlanLimits
    from chalicelib.domain.loan.concession_policy import ConcessionPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """What is proposed: a tier of the policy, a schedule, and what to waive if less than the tier allows."""

    tier: str
    schedule: Schedule
    waived: Amounts | None = None

    def __repr__(self) -> str:
        return "OfferTerms(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of an offer, in yuan; `saving` is negative if the plan's interest exceeds the waiver."""

    owed: Money
    waived: Money
    total: Money
    interest: Money
    monthly_burden: Money
    payments: int
    months: int
    first_due: date
    last_due: date

    @property
    def saving(self) -> Money:
        """How much less than the full claim is to be paid."""
        return self.owed - self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An offer as it was made; `number` counts from 1 within its negotiation.

    It is for its makers and for those it was made to, all of whom have to accept. Without their names, as an
    earlier release made it, it is one side's to the other, and anybody of that one answers it.
    """

    number: int
    side: Side
    schedule: Schedule
    concession: Concession
    made_at: datetime
    expires_at: datetime
    made_by: frozenset[str] = frozenset()
    made_to: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Offer({self.number}, ...)"

    @property
    def plan(self) -> Plan:
        """The plan for what is kept of the debt."""
        return self.schedule.plan(self.concession.kept.total, self.concession.kept.charges)

    @property
    def figures(self) -> Figures:
        """The figures of the offer."""
        return figures(self.concession, self.plan)

    @property
    def lump_sum(self) -> bool:
        """Whether all is to be paid at once."""
        return isinstance(self.schedule, LumpSum)


def figures(concession: Concession, plan: Plan) -> Figures:
    """Return total, monthly burden (the most in one calendar month) and saving against the full claim."""
    return Figures(
        owed=concession.kept.total + concession.waived.total,
        waived=concession.waived.total,
        total=plan.total,
        interest=plan.interest,
        monthly_burden=plan.heaviest_month(),
        payments=len(plan.lines),
        months=plan.months,
        first_due=plan.first_due,
        last_due=plan.last_due,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an offer would come to, if it were made today."""

    concession: Concession
    plan: Plan

    def __repr__(self) -> str:
        return "Preview(...)"

    @property
    def figures(self) -> Figures:
        """The figures of such an offer."""
        return figures(self.concession, self.plan)


def previewed(
    schedule: Schedule, owed: Amounts, policy: ConcessionPolicy, today: date, limits: PlanLimits
) -> tuple[Preview, ...]:
    """Return what a schedule would come to under each tier that fits, in the policy's order.

    Raises TierNotApplicable, of the last tier of its kind of repayment, if none fits, or what the plan
    refuses.
    """
    found, refused = [], TierNotApplicable("repayment", f"no tier is paid {schedule.repayment}")
    for tier in policy.tiers:
        if tier.repayment is not schedule.repayment:
            continue
        try:
            concession = conceded_by(
                OfferTerms(tier=tier.name, schedule=schedule), owed, policy, today, limits
            )
        except TierNotApplicable as error:
            refused = error
            continue
        plan = schedule.plan(concession.kept.total, concession.kept.charges)
        found.append(Preview(concession=concession, plan=plan))
    if not found:
        raise refused
    return tuple(found)


def conceded_by(
    terms: OfferTerms, owed: Amounts, policy: ConcessionPolicy, agreed_on: date, limits: PlanLimits
) -> Concession:
    """Return the concession of an offer, checked against the policy; its plan is checked against the limits.

    Raises TierNotApplicable, ConcessionBeyondPolicy, AmountTooSmall or what the plan refuses. The policy's
    days are counted from the day of the offer, so that a later agreement can't extend a tier's limit.
    """
    most = policy.concede(terms.tier, _proposal(terms.schedule, agreed_on), owed)
    concession = most if terms.waived is None else _less(most, terms.waived)
    if concession.kept.total <= ZERO:
        raise AmountTooSmall("waived", given=concession.kept.total, payments=terms.schedule.payments)
    plan = terms.schedule.plan(concession.kept.total, concession.kept.charges)
    limits.check(plan, agreed_on)
    return concession


def _proposal(schedule: Schedule, agreed_on: date) -> Proposal:
    days = (schedule.last_due - agreed_on).days
    if days < 0:
        raise DueDatesInvalid("schedule", f"{schedule.last_due} is before {agreed_on}")
    return Proposal(repayment=schedule.repayment, days=days, payments=schedule.payments)


def _less(most: Concession, wanted: Amounts) -> Concession:
    for component in Component:
        checks.not_negative(f"waived.{component}", wanted[component])
        if wanted[component] > most.waived[component]:
            raise ConcessionBeyondPolicy(
                f"waived.{component}", f"{wanted[component]} is more than the policy allows"
            )
    return replace(most, lines=tuple(replace(line, waived=wanted[line.component]) for line in most.lines))
