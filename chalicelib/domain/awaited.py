"""What a case waits for at its stage, by name: whose consent, whose answer, whose signature.

It tells a caller whose act is refused for now what has to come first. Each entry is a code, with the party
it is about behind a colon: `consent:r1`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.case import Case


def awaited(case: Case, at: datetime) -> tuple[str, ...]:
    """Return what has to come before the case goes on; nothing at a stage that waits for nobody's word."""
    match case.stage:
        case Stage.FILED:
            return "screening", *_consents(case)
        case Stage.SCREENED:
            return "appointment", *_consents(case)
        case Stage.ASSIGNED:
            return *(() if case.accepted_at else ("mediator_acceptance",)), *_consents(case)
        case Stage.IN_MEDIATION:
            return _agreement(case, at)
        case Stage.SETTLED:
            given_to_another = () if case.mediator_id else ("appointment",)
            return *given_to_another, *_each("signature", case.party_ids - case.signatures)
    return ()


def _consents(case: Case) -> tuple[str, ...]:
    return _each("consent", case.party_ids - case.consents)


def _agreement(case: Case, at: datetime) -> tuple[str, ...]:
    offer = case.offer
    if offer is not None and offer.accepted:
        return ("agreement",)
    if offer is None or not offer.open_at(at):
        return ("offer",)
    return _each("answer", offer.awaits or case.party_ids - case.of_side(offer.side))


def _each(what: str, party_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{what}:{party_id}" for party_id in sorted(party_ids))
