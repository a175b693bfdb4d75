"""Renegotiate: after a rejected confirmation the parties mediate again, about the debt less what was paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.agreement.settlement import owed_again, reopened
from chalicelib.domain.permissions import authorise
from chalicelib.domain.settlement_commands import Renegotiate
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import carry_out, load_for_act

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def renegotiate(hub: Hub, actor: Actor, case_id: str, *, expected_version: int) -> Case:
    """Begin the next round of a case (民事诉讼法 206); the earlier round stays on record."""
    authorise(actor, Action.RENEGOTIATE)
    loaded = load_for_act(hub, actor, Action.RENEGOTIATE, case_id, expected_version=expected_version)
    owed = owed_again(loaded.settlement, loaded.today, hub.debts.get(case_id))
    claim = owed.as_claim(loaded.today)
    return carry_out(hub, loaded, Renegotiate(claim=claim), reopened(loaded.settlement, owed))
