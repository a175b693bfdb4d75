"""Calculate a debt without filing it, so that a bank sees the result before it files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.explanation import explain
from chalicelib.domain.permissions import authorise
from chalicelib.domain.stages import Action
from chalicelib.domain.steps import CourtLimits

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.claim import Claim
    from chalicelib.domain.explanation import Explanation
    from chalicelib.domain.loan.debt import Debt
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def calculate(
    hub: Hub, actor: Actor, debt: Debt, as_of: date, claim: Claim | None = None, court_id: str | None = None
) -> Explanation:
    """Explain a debt under a court's limits, or the default limits without a court; nothing is stored.

    Raises NotPermitted, UnknownCourt, or a LoanError for a day that can't be assessed.
    """
    authorise(actor, Action.CALCULATE)
    limits = CourtLimits() if court_id is None else hub.limits_of(court_id)
    return explain(debt, as_of, claim, limits, hub.calendar)
