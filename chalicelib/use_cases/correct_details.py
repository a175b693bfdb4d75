"""Correct a party's details at an open stage, for a stated reason; what was signed stays as it was."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.parties import PartyDetails, held_by_another, remembering_phone
from chalicelib.domain.party_commands import CorrectDetails
from chalicelib.domain.permissions import authorise
from chalicelib.domain.rules import NUMBER_OF_ONE_PARTY
from chalicelib.use_cases.capability_ports import EnrolledInstitution
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import change_by, context_of, load_with_details

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.reasons import CorrectionReason
    from chalicelib.domain.representatives import Representative, RepresentativeKind
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub

_WHO_IT_IS: Final = frozenset({"name", "id_number"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What is right: fields of `PartyDetails` by name, and all representatives of the given kinds."""

    values: Mapping[str, Any] = field(default_factory=dict)
    beside: tuple[Representative, ...] = ()
    kinds: frozenset[RepresentativeKind] = frozenset()

    def __repr__(self) -> str:
        return "Corrected(...)"

    def of(self, details: PartyDetails) -> PartyDetails:
        """Return the details as they should be; agents are recorded and revoked, not corrected."""
        kept = tuple(each for each in details.representatives if each.kind not in self.kinds)
        return replace(details, **self.values, representatives=(*self.beside, *kept))


def correct_details(
    hub: Hub,
    actor: Actor,
    case_id: str,
    party_id: str,
    corrected: Corrected,
    reason: CorrectionReason,
    *,
    expected_version: int | None = None,
) -> Case:
    """Correct a party's details at an open stage; agreements and papers that were made stay as they are.

    Raises NotPermitted, CaseNotFound, StaleVersion, ActionNotAvailable, RuleViolated, or what
    `EnrolledInstitution` refuses.
    """
    authorise(actor, CorrectDetails.action)
    case, details = load_with_details(hub, actor, CorrectDetails.action, case_id, expected_version)
    known = next((entry for entry in details if entry.party_id == party_id), None)
    after = corrected.of(known) if known else None
    differing = tuple(_differing(known, after)) if known and after else ()
    command = CorrectDetails(party_id=party_id, fields=differing, reason=reason)
    change = change_by(hub, case, command, context_of(hub, actor, case.court_id))
    if after and held_by_another(details, after):
        raise NUMBER_OF_ONE_PARTY.refusal()
    if after and _WHO_IT_IS & set(differing):
        hub.part(EnrolledInstitution).check_parties(case, (after,))
    sequence = change.event.sequence
    corrections = (remembering_phone(known, after, sequence),) if known and after else ()
    return hub.cases.save(change, follow_up_time(hub), corrections)


def _differing(before: PartyDetails, after: PartyDetails) -> list[str]:
    names = (each.name for each in fields(PartyDetails))
    return [name for name in names if getattr(before, name) != getattr(after, name)]
