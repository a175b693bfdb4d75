"""Request the transfer to the court: the institution insists on a suit (TY21, OL21).

If an agreement was in force, the claim is computed from the settlement, never taken from the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.agreement.confirmation import ConfirmationState
from chalicelib.domain.agreement.settlement import claimable, owed_again
from chalicelib.domain.commands import RequestTransfer
from chalicelib.domain.confirmation_commands import confirmation_of
from chalicelib.domain.permissions import authorise
from chalicelib.domain.received import deducted, owed_now
from chalicelib.domain.stages import Action, Stage
from chalicelib.use_cases.loading import carry_out, debt_of, load_for_act

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.claim import Claim
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.loading import LoadedCase
    from chalicelib.use_cases.ports import Hub


def request_transfer(hub: Hub, actor: Actor, case_id: str, *, expected_version: int) -> Case:
    """Request a suit for the claim, or for what is still owed if an agreement was in force."""
    authorise(actor, Action.TRANSFER)
    loaded = load_for_act(hub, actor, Action.TRANSFER, case_id, expected_version=expected_version)
    command = RequestTransfer(claim=_owed(hub, loaded))
    return carry_out(hub, loaded, command, deducted(loaded.case, loaded.settlement))


def _owed(hub: Hub, loaded: LoadedCase) -> Claim | None:
    match loaded.case.stage:
        case Stage.DEFAULTED if confirmation_of(loaded.case).state is not ConfirmationState.REJECTED:
            return claimable(loaded.settlement, loaded.today, debt_of(hub, loaded)).as_claim(loaded.today)
        case Stage.PERFORMING | Stage.DEFAULTED:
            debt = hub.debts.get(loaded.case.case_id)
            return owed_again(loaded.settlement, loaded.today, debt).as_claim(loaded.today)
        case _ if loaded.settlement.entries:
            debt = hub.debts.get(loaded.case.case_id)
            day = loaded.case.claim.as_of if debt is None else loaded.today
            return owed_now(loaded.case, loaded.settlement, loaded.today, debt).as_claim(day)
        case _:
            return None
