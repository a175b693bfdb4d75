"""Read a case's statement: every amount of the claim with the days, base, rate and rule behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.agreement.settlement import with_all_payments
from chalicelib.domain.errors import DebtNotKnown
from chalicelib.domain.explanation import explain, proceedings_of
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import read_only_context

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.explanation import Explanation
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def read_statement(hub: Hub, actor: Actor, case_id: str, as_of: date | None = None) -> Explanation:
    """Explain a debt as of a day (default: the claim's); the mediation counts as interrupting limitation.

    As of a day that the reader names, what was paid since the filing counts, too.

    Raises NotPermitted, CaseNotFound, DebtNotKnown, or a LoanError for a day that can't be assessed.
    """
    authorise(actor, Action.READ_STATEMENT)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.READ_STATEMENT, case)
    debt = hub.debts.get(case_id)
    if debt is None:
        raise DebtNotKnown(case_id)
    limits = read_only_context(hub, actor, case.court_id).limits
    cut_off = as_of or case.claim.as_of
    settlement = None if as_of is None else hub.settlements.get(case)
    if settlement is not None:
        debt = with_all_payments(settlement, debt)
    return explain(debt, cut_off, case.claim, limits, hub.calendar, tuple(proceedings_of(case)))
