"""Read a settlement: offers, agreement, signatures and payments, for the parties and the mediators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import local_date
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.received import of_the_claim, outstanding
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import settlement_of

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
    from chalicelib.domain.case import Case
    from chalicelib.domain.money import Money
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementView:
    """The settlement of a case's present round, as read at the instant `at`.

    `outstanding` is what remains after every payment recorded: of the claim, under the agreement in force, or
    of what the court was asked for.
    """

    case: Case
    settlement: Settlement
    outstanding: Money
    account: PayeeAccount | None
    at: datetime


def read_settlement(hub: Hub, actor: Actor, case_id: str) -> SettlementView:
    """Return the settlement; raises NotPermitted for a court's staff, CaseNotFound for outsiders (TY22)."""
    authorise(actor, Action.READ_SETTLEMENT)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.READ_SETTLEMENT, case)
    settlement, at = settlement_of(hub, case), hub.clock.now()
    debt = hub.debts.get(case_id) if settlement.entries and of_the_claim(case) else None
    return SettlementView(
        case=case,
        settlement=settlement,
        outstanding=outstanding(case, settlement, local_date(at), debt),
        account=hub.settlements.account(case),
        at=at,
    )
