"""Objections (异议) of a person to an act that others recorded in its name.

Promise: as long as something of the case rests on such an act, the person may object within the days that
the court's limits give. The case then stops until the centre decides. Upheld, the case goes back to where it
stood before the act, and everything that rests on the act is undone; dismissed, it goes on. What rests on the
act leaves for the court only when the days are over. Downside: what an objection undoes, others did in
good faith; it stays on record, and they do it again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.calendar import local_date
from chalicelib.domain.stages import Action, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.claim import Claim
    from chalicelib.domain.pending_act import Objection, RecordedAct

_TALKS: Final = frozenset({Stage.IN_MEDIATION})
_IN_FORCE: Final = frozenset({Stage.PERFORMING, Stage.DEFAULTED})
_AGREED: Final = _IN_FORCE | {Stage.SETTLED}
_OFFERED: Final = _TALKS | {Stage.SETTLED}
_BEFORE_TALKS: Final = frozenset({Stage.FILED, Stage.SCREENED, Stage.ASSIGNED})
_ENDED_WITHOUT: Final = frozenset({Stage.UNRESOLVED, Stage.TRANSFERRING})
RESTS: Final[Mapping[str, frozenset[Stage]]] = {
    Action.CONSENT: _BEFORE_TALKS | _TALKS | _AGREED,
    Action.REFUSE_CONSENT: _ENDED_WITHOUT,
    Action.END_MEDIATION: _ENDED_WITHOUT,
    Action.EXTEND: _TALKS,
    Action.OFFER: _TALKS | _AGREED,
    Action.ACCEPT_OFFER: _TALKS | _AGREED,
    Action.DECLINE_OFFER: _TALKS,
    Action.WITHDRAW_OFFER: _TALKS,
    Action.SIGN: _AGREED,
    Action.REFUSE_TO_SIGN: _ENDED_WITHOUT,
    Action.APPLY_FOR_CONFIRMATION: _IN_FORCE,
}
"""At which stages something still rests on an act; an ended case asks nothing more of the person."""
HOLDS: Final = _IN_FORCE | {Stage.TRANSFERRING}
"""At which stages something owed to the court may be held."""
KEEPS_HELD: Final = HOLDS | {Stage.PERFORMED}
"""At which stages it stays so: what was paid may bounce, and then the application still leaves."""
_OF_THE_TALKS: Final = frozenset(
    {Action.OFFER, Action.ACCEPT_OFFER, Action.DECLINE_OFFER, Action.WITHDRAW_OFFER}
)
_REFUSALS: Final = frozenset({Action.REFUSE_CONSENT, Action.END_MEDIATION, Action.REFUSE_TO_SIGN})


def stages_resting_on(act: RecordedAct) -> frozenset[Stage]:
    """Return at which stages something rests on it; none for an act that the person can undo itself."""
    return RESTS.get(act.action, frozenset())


def open_acts(case: Case, at: datetime) -> tuple[RecordedAct, ...]:
    """Return the acts to which the person may still object; time stands still while an objection waits."""
    now = case.objection.at if case.objection else at
    return tuple(act for act in case.recorded if now < act.until)


def resting(case: Case, at: datetime, target: Stage) -> tuple[RecordedAct, ...]:
    """Return those on which something still rests once the case is at this stage."""
    return tuple(act for act in open_acts(case, at) if target in stages_resting_on(act))


def offer_stands(case: Case, at: datetime) -> bool:
    """Tell whether the case's offer may come into force, be it that who refused objects to that."""
    offer = case.offer
    if offer is None or not (offer.accepted or offer.open_at(at)):
        return False
    undoable = any(act.action in _REFUSALS for act in open_acts(case, at))
    return case.stage in _OFFERED or (case.stage in _ENDED_WITHOUT and undoable)


def objection_of(case: Case) -> Objection:
    """Return the objection that waits for its decision; LookupError without one."""
    if case.objection is None:
        raise LookupError("the table offers this only while an objection waits")
    return case.objection


def leads_back_to(case: Case) -> Stage:
    """Return the stage at which the case goes on if the objection is upheld."""
    act = objection_of(case).act
    if act.action == Action.CONSENT:
        return case.stage if case.stage in _BEFORE_TALKS else Stage.ASSIGNED
    if act.action == Action.REFUSE_TO_SIGN:
        return Stage.SETTLED
    if act.action in _REFUSALS:
        return act.stage
    if act.action in _OF_THE_TALKS:
        return Stage.IN_MEDIATION
    if act.action == Action.SIGN:
        # What was paid under the agreement is kept by a new round, as after a rejected confirmation.
        return Stage.IN_MEDIATION if case.repayments else Stage.SETTLED
    return case.stage


def begins_anew(case: Case) -> bool:
    """Tell whether an upheld objection begins a new round of talks, so that nothing of this one stands."""
    target = leads_back_to(case)
    action = objection_of(case).act.action
    parted = action == Action.CONSENT and (target is not case.stage or case.interruption is not None)
    return parted or (action not in _REFUSALS | {Action.EXTEND} and target is Stage.IN_MEDIATION)


def undone(case: Case, claim: Claim | None, context: Context) -> Mapping[str, Any]:
    """Return the fields of the case without the act objected to, and without what rested on it."""
    act = objection_of(case).act
    target = leads_back_to(case)
    left = replace(case, recorded=tuple(each for each in case.recorded if _stands_without(each, act)))
    owed = claim or case.claim
    fields: dict[str, Any] = {
        **_given_back(case, act.at, context),
        "recorded": _later(left, context, target),
        "held_until": None,
        "claim": owed,
    }
    if begins_anew(case):
        if act.action == Action.SIGN:
            # The time of the talks may have passed before the signature: the new round has its own.
            fields = {**fields, **case.next_round(owed, context.at)}
        else:
            anew = case.next_round(owed, case.accepted_at or context.at)
            fields = {**anew, "extended_days": case.extended_days, **fields, **_still_waiting(case)}
    return {**fields, **_without(case, act)}


def _still_waiting(case: Case) -> Mapping[str, Any]:
    """Return the fields of a case that waits for another mediator, without what was said in its talks."""
    if case.interruption is None:
        return {}
    return {"accepted_at": None, "interruption": replace(case.interruption, recorded=())}


def _stands_without(each: RecordedAct, undone_act: RecordedAct) -> bool:
    # A consent is each party's own; what else was recorded later may rest on the act.
    return each.number < undone_act.number or (each != undone_act and each.action == Action.CONSENT)


def _without(case: Case, act: RecordedAct) -> Mapping[str, Any]:
    named = {act.party_id}
    if act.action == Action.CONSENT:
        return {"consents": case.consents - named}
    if act.action in _REFUSALS:
        ended = case.ended_at if act.action == Action.REFUSE_TO_SIGN else None
        return {"failure": None, "ended_at": ended, "transfer": None}
    if act.action == Action.SIGN and not case.repayments:
        return {
            "signatures": case.signatures - named,
            "confirmation": None,
            "follow_up_on": None,
            "repayments": None,
        }
    if act.action == Action.APPLY_FOR_CONFIRMATION and case.confirmation:
        left = tuple(each for each in case.confirmation.applications if each.party_id not in named)
        return {"confirmation": replace(case.confirmation, applications=left, transfer_id=None)}
    return _without_extension(case, act) if act.action == Action.EXTEND else {}


def _without_extension(case: Case, act: RecordedAct) -> Mapping[str, Any]:
    proposal = case.extension
    if proposal is None:
        return {"extended_days": max(0, case.extended_days - (act.days or 0))}
    agreed = proposal.agreed - {act.party_id}
    return {"extension": replace(proposal, agreed=agreed) if agreed else None}


def carried_on(case: Case, context: Context) -> Mapping[str, Any]:
    """Return the fields of a case whose objection is dismissed: it goes on, and the time given is kept."""
    objection = objection_of(case)
    left = replace(case, recorded=tuple(each for each in case.recorded if each != objection.act))
    later = _later(left, context, case.stage)
    held = max((act.until for act in later), default=context.at) if case.held_until else None
    return {**_given_back(case, objection.at, context), "recorded": later, "held_until": held}


def _given_back(case: Case, since: datetime, context: Context) -> dict[str, Any]:
    # Days without a mediator are given back when the next one accepts.
    days = 0 if case.interruption else (local_date(context.at) - local_date(since)).days
    return {"objection": None, "held_days": (case.held_days or 0) + days}


def _later(case: Case, context: Context, target: Stage) -> tuple[RecordedAct, ...]:
    """Return the other acts that may be objected to, each for as long as before the case stopped."""
    stopped = context.at - objection_of(case).at
    return tuple(replace(act, until=act.until + stopped) for act in resting(case, context.at, target))
