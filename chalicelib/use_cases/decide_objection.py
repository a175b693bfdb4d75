"""Decide an objection: the centre undoes the act, with the terms that rest on it, or lets the case go on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.performance import recorded_in
from chalicelib.domain.agreement.settlement import begun_anew, owed_again, unsigned
from chalicelib.domain.objection_commands import DecideObjection
from chalicelib.domain.objections import begins_anew, objection_of
from chalicelib.domain.permissions import authorise
from chalicelib.domain.received import given_back, owed_now
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import carry_out, load_for_act

if TYPE_CHECKING:
    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.case import Case
    from chalicelib.domain.loan.components import Amounts
    from chalicelib.domain.reasons import ObjectionFinding
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.loading import LoadedCase
    from chalicelib.use_cases.ports import Hub


def decide_objection(
    hub: Hub, actor: Actor, case_id: str, reason: ObjectionFinding, *, expected_version: int
) -> Case:
    """Decide the objection that waits; raises the refusals of `act_on_case`."""
    authorise(actor, Action.DECIDE_OBJECTION)
    loaded = load_for_act(hub, actor, Action.DECIDE_OBJECTION, case_id, expected_version=expected_version)
    command = DecideObjection(reason=reason)
    lifecycle.apply(loaded.case, command, loaded.context)  # so that its refusals come first
    if not reason.upholds:
        return carry_out(hub, loaded, command)
    command, settlement = _undone(hub, loaded, command)
    return carry_out(hub, loaded, command, settlement)


def _undone(
    hub: Hub, loaded: LoadedCase, command: DecideObjection
) -> tuple[DecideObjection, Settlement | None]:
    """Return the decision, and the terms without what the act led to if that changes them."""
    case = loaded.case
    terms, claimed = given_back(case, loaded.settlement)
    command = replace(command, claim=claimed)
    act = objection_of(case).act
    if begins_anew(case):
        if not recorded_in(terms.entries):
            return command, begun_anew(terms)
        owed = _owed(hub, loaded, terms)
        return replace(command, claim=owed.as_claim(loaded.today)), begun_anew(terms, owed)
    if act.action not in {Action.SIGN, Action.REFUSE_TO_SIGN} or terms.agreement is None:
        return command, None if terms is loaded.settlement else terms
    again = unsigned(terms, act.party_id)
    return (
        replace(
            command,
            outcome=terms.agreement.outcome,
            agreement_sha256=again.to_sign.document_sha256,
        ),
        again,
    )


def _owed(hub: Hub, loaded: LoadedCase, terms: Settlement) -> Amounts:
    case, debt = loaded.case, hub.debts.get(loaded.case.case_id)
    if case.confirmation is not None:
        return owed_again(terms, loaded.today, debt)
    return owed_now(case, terms, loaded.today, debt)
