"""Request enforcement (申请强制执行) of a confirmed agreement in default, for the remaining sum only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.agreement.settlement import claimable
from chalicelib.domain.permissions import authorise
from chalicelib.domain.received import deducted
from chalicelib.domain.settlement_commands import RequestEnforcement
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import carry_out, debt_of, load_for_act

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def request_enforcement(hub: Hub, actor: Actor, case_id: str, *, expected_version: int) -> Case:
    """Hand the agreement to the court for enforcement (民事诉讼法 206, 250)."""
    authorise(actor, Action.ENFORCE)
    loaded = load_for_act(hub, actor, Action.ENFORCE, case_id, expected_version=expected_version)
    claim = claimable(loaded.settlement, loaded.today, debt_of(hub, loaded)).as_claim(loaded.today)
    return carry_out(hub, loaded, RequestEnforcement(claim=claim), deducted(loaded.case, loaded.settlement))
