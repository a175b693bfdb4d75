"""Read a settlement: offers, agreement, signatures and payments, for the parties and the mediators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import settlement_of

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementView:
    """The settlement of a case's present round, as read at the instant `at`."""

    case: Case
    settlement: Settlement
    account: PayeeAccount | None
    at: datetime


def read_settlement(hub: Hub, actor: Actor, case_id: str) -> SettlementView:
    """Return the settlement; raises NotPermitted for a court's staff, CaseNotFound for outsiders (TY22)."""
    authorise(actor, Action.READ_SETTLEMENT)
    case = hub.cases.get(case_id)
    authorise_on(actor, Action.READ_SETTLEMENT, case)
    return SettlementView(
        case=case,
        settlement=settlement_of(hub, case),
        account=hub.settlements.account(case),
        at=hub.clock.now(),
    )
