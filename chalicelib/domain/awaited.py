"""What an action that is refused for now waits for, by name: whose consent, which stage, whose signature.

Promise: of an action that its case may still come to, it names what has to come first, and last what the
action itself lacks. Each entry is a code, with the party it is about behind a colon: `consent:r1`. Downside:
of several ways to an action it names the shortest.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.stages import Action, Stage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain.case import Case

_ENDED: Final = (Stage.UNRESOLVED, "mediation_ended")

WAYS: Final[Mapping[Stage, tuple[tuple[Stage, str], ...]]] = {
    Stage.FILED: ((Stage.SCREENED, "screening"), _ENDED),
    Stage.SCREENED: ((Stage.ASSIGNED, "appointment"), _ENDED),
    Stage.ASSIGNED: ((Stage.IN_MEDIATION, "mediation"), _ENDED),
    Stage.IN_MEDIATION: ((Stage.SETTLED, "agreement"), _ENDED),
    Stage.SETTLED: (_ENDED, (Stage.PERFORMING, "agreement_in_force"), (Stage.PAID, "agreement_in_force")),
    Stage.PERFORMING: ((Stage.DEFAULTED, "default"),),
    Stage.DEFAULTED: ((Stage.TRANSFERRING, "transfer"),),
    Stage.UNRESOLVED: ((Stage.TRANSFERRING, "transfer"),),
    Stage.TRANSFERRING: ((Stage.SUBMITTED, "receipt"), (Stage.RETURNED, "return")),
    Stage.SUBMITTED: ((Stage.RETURNED, "return"),),
    Stage.RETURNED: ((Stage.CORRECTED, "correction"),),
    Stage.CORRECTED: ((Stage.TRANSFERRING, "resubmission"),),
}
"""The ways forward, and what each is called.

An objection, a challenge or a bounced payment leads back: nobody waits for that.
"""

_LACKS: Final = {Action.DECIDE_OBJECTION: "objection", Action.DECIDE_CHALLENGE: "challenge"}
"""What an action lacks that no stage brings."""

_NEEDS_WORDS: Final = frozenset({"agreement", "agreement_in_force"})
"""Steps that come by what parties say, within a time."""

_IN_COURT: Final = frozenset({Stage.SUBMITTED, Stage.RETURNED, Stage.CORRECTED})
_OVER: Final[Mapping[Action, frozenset[Stage]]] = {
    # An agreement in force is performed, sued on or enforced; the mediation can't be taken back any more.
    Action.WITHDRAW: frozenset({Stage.PERFORMING, Stage.DEFAULTED}),
    # What the court has once received was not objected to in time.
    Action.OBJECT: _IN_COURT,
    Action.DECIDE_OBJECTION: _IN_COURT,
}
"""Where an action does not come again, although its case could return to a stage that has it."""


def awaited(case: Case, action: Action, offered_at: Collection[Stage], at: datetime) -> tuple[str, ...]:
    """Return what has to come before an action that the stages `offered_at` have; nothing if it is past."""
    way = _way(case, offered_at) if case.stage not in _OVER.get(action, ()) else ()
    if not way:
        return ()
    lacks = _LACKS.get(action, way[-1])
    first = _first(case, way[0], at)
    if not first and way[0] in _NEEDS_WORDS:
        return ()  # The time for an offer, or for a signature, is over.
    # Where acceptance, consents or signatures are all that is missing, what they bring adds nothing.
    told = len(way) == 1 and lacks in {"mediation", "agreement_in_force"}
    return _once((*first, *_consents_on(case, way), *(() if told else (lacks,))))


def acceptance(case: Case, _at: datetime) -> tuple[str, ...]:
    """Return that the mediator's acceptance is missing, if it is."""
    return () if case.accepted_at else ("mediator_acceptance",)


def agreement(case: Case, at: datetime) -> tuple[str, ...]:
    """Return what the agreement waits for: an offer, the answers to it, or its being drawn up."""
    offer = case.offer
    if offer is not None and offer.accepted:
        return ("agreement",) if offer.may_be_signed(at) or not offer.in_parts else ()
    if case.deadline is not None and at >= case.deadline:
        return ()
    if offer is None or not offer.open_at(at):
        return ("offer",)
    return _each("answer", offer.awaits or case.party_ids - case.of_side(offer.side))


def another_mediator(case: Case, _at: datetime) -> tuple[str, ...]:
    """Return that a mediator is missing, if the one before was challenged with success."""
    return () if case.mediator_id else ("appointment",)


def waivers(case: Case, _at: datetime) -> tuple[str, ...]:
    """Return who has not waived the mediator's relation to the case; another mediator, if nobody may."""
    open_relations = case.unwaived(case.mediator_id)
    if any(not each.may_be_waived for each in open_relations):
        return ("appointment",)
    missing = {party_id for each in open_relations for party_id in case.party_ids - each.waived_by}
    return _each("waiver", missing)


def signatures(case: Case, at: datetime) -> tuple[str, ...]:
    """Return whose signatures the agreement waits for, and who has to be known before it signs online.

    Nobody's once its time to be signed is over.
    """
    on_the_spot = case.outcome is SettlementOutcome.PAID_ON_THE_SPOT
    if case.offer is None or on_the_spot or case.offer.may_be_signed(at):
        unsigned = case.bound - case.signatures
        known = {party.party_id for party in case.parties if party.identified}
        before = (*another_mediator(case, at), *_each("identity", unsigned & case.respondent_ids - known))
        return *before, *_each("signature", unsigned)
    return ()


def _way(case: Case, offered_at: Collection[Stage]) -> tuple[str, ...]:
    """Return the shortest way to a stage that has the action, as the names of its steps."""
    queue = deque([(case.stage, tuple[str, ...]())])
    met = {case.stage}
    while queue:
        stage, way = queue.popleft()
        if stage in offered_at:
            return way
        for target, name in WAYS.get(stage, ()):
            if target not in met and _leads(case, target):
                met.add(target)
                queue.append((target, (*way, name)))
    return ()


def _leads(case: Case, target: Stage) -> bool:
    """Tell whether a way is open: an agreement is either paid on the spot or performed later."""
    if case.stage is not Stage.SETTLED or target not in {Stage.PERFORMING, Stage.PAID}:
        return True
    return (target is Stage.PAID) is (case.outcome is SettlementOutcome.PAID_ON_THE_SPOT)


def _first(case: Case, step: str, at: datetime) -> tuple[str, ...]:
    """Return what has to come now for the first step of a way."""
    if case.objection is not None:
        return ("objection_decision",)
    match step:
        case "mediation":
            return acceptance(case, at)
        case "agreement":
            return agreement(case, at)
        case "agreement_in_force":
            return signatures(case, at)
    return (step,)


def _consents_on(case: Case, way: tuple[str, ...]) -> tuple[str, ...]:
    return _each("consent", case.party_ids - case.consents) if "mediation" in way else ()


def _each(what: str, party_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{what}:{party_id}" for party_id in sorted(party_ids))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
