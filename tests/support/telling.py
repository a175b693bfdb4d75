"""Who must have been told what after a life of a case; written out here, and computed from no table."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from chalicelib.domain.notices import PartyNotice
from chalicelib.domain.parties import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.case import Case, Change

_TOLD_TO_ALL: Final = {
    "mediator_appointed": "mediator_appointed",
    "mediator_replaced": "mediator_appointed",
    "relation_disclosed": "relation_disclosed",
    "mediators_recommended": "mediator_choice",
    "settlement_reached": "agreement_ready",
    "agreement_signed": "agreement_in_force",
    "agreement_paid": "agreement_in_force",
    "confirmation_applied_for": "confirmation_applied",
    "confirmation_ruled": "confirmation_ruled",
    "transfer_requested": "transferred",
    "enforcement_requested": "transferred",
    "case_docketed": "docketed",
    "litigation_dropped": "closed",
    "decision_expired": "closed",
    "filing_refused": "closed",
    "agreement_performed": "closed",
    "agreement_reopened": "reopened",
}
"""By event: what every respondent whom the case is about then is told."""
_LEAVES: Final = {
    ("confirmation_applied_for", "performing"),
    ("confirmation_applied_for", "defaulted"),
    ("transfer_requested", "transferring"),
    ("enforcement_requested", "transferring"),
}
"""What goes to the court at once, or is held until the days to object are over."""
_TOLD_TO_SOME: Final = {
    "case_screened": {"invited", "agent_named"},
    "appointment_accepted": {"consent_asked", "consent_lapsing"},
    "offer_made": {"offer_made"},
    "offer_accepted": {"offer_answered"},
    "offer_declined": {"offer_answered"},
    "offer_withdrawn": {"offer_answered"},
    "case_withdrawn": {"closed"},
    "performance_watched": {"payment_due", "payment_late", "confirmation_window"},
    "default_declared": {"default_declared"},
    "deadline_moved": {"deadline_moved", "consent_asked", "consent_lapsing", "agreement_ready"},
    "details_corrected": {"details_corrected"},
    "transfer_corrected": {"details_corrected"},
    "challenge_upheld": {"challenge_decided"},
    "challenge_dismissed": {"challenge_decided"},
    "objection_upheld": {"objection_decided", "consent_asked", "consent_lapsing", "agreement_ready"},
    "objection_dismissed": {"objection_decided", "consent_asked", "consent_lapsing", "agreement_ready"},
    "objection_raised": {"objection_raised"},
}
_ANY_EVENT: Final = {"act_recorded", "agent_acted", "decision_due"}
_NO_PARTYS_WORD: Final = {"details_corrected", "transfer_corrected"}
"""Events that name a party, and are somebody else's own act about it."""


def check_told(changes: Sequence[Change]) -> None:
    """Check that each event told each person each thing once, and nobody else anything."""
    invited: list[str] = []
    for before, change in pairwise(changes):
        told = [
            (str(notice.kind), party_id)
            for notice in change.of(PartyNotice)
            if notice.kind not in {"payment_due", "payment_late"}  # several lines may be due
            for party_id in notice.party_ids
        ]
        assert len(told) == len(set(told))
        _check_event(before.case, change, set(told))
        invited += [party_id for kind, party_id in told if kind == "invited"]
    assert len(invited) == len(set(invited))


def _check_in_whose_name(change: Change, told: set[tuple[str, str]]) -> None:
    """Check that a respondent is told of what mediator or centre does in its name, whatever the act."""
    event = change.event
    recorded = event.channel == "in_person" and event.role in {"mediator", "centre"}
    named = set() if str(event.type) in _NO_PARTYS_WORD else {event.facts.get("party_id")}
    respondents = {party.party_id for party in change.case.parties if party.side is Side.RESPONDENT}
    expected = named & respondents if recorded else set()
    heard = {party_id for kind, party_id in told if kind == "act_recorded"}
    assert heard >= expected, (event.type, told)
    assert recorded or not heard, (event.type, told)


def _told_to_all(event: str, case: Case) -> str | None:
    if event == "days_to_object_over":
        return "transferred" if str(case.stage) == "transferring" else "confirmation_applied"
    if (event, str(case.stage)) in _LEAVES and case.held_until is not None:
        return None
    return _TOLD_TO_ALL.get(event)


def _check_event(before: Case, change: Change, told: set[tuple[str, str]]) -> None:
    event, case = str(change.event.type), change.case
    about = {party.party_id for party in case.parties if party.side is Side.RESPONDENT}
    signed_by_all = case.agreement_sha256 is not None and case.signatures >= case.bound
    if (signed_by_all or event == "settlement_reached") and case.offer is not None:
        about -= case.offer.left_out
    _check_in_whose_name(change, told)
    everything = {kind for kind, _ in told}
    to_all = _told_to_all(event, case)
    expected = {to_all} if to_all else _TOLD_TO_SOME.get(event, set())
    assert everything <= expected | _ANY_EVENT, (event, everything)
    if to_all:
        assert {party_id for kind, party_id in told if kind == to_all} == about
    institutions = {party.party_id for party in case.parties if party.side is Side.APPLICANT}
    for kind, party_id in told:
        if kind not in {"act_recorded", "agent_acted", "confirmation_window"}:
            assert party_id in (institutions if kind == "decision_due" else about), (event, kind)
    if event in {"case_screened", "appointment_accepted"}:
        asked = {party_id for kind, party_id in told if kind in {"invited", "consent_asked"}}
        assert asked == about - before.consents
    if event == "offer_made" and case.offer is not None:
        assert {party for kind, party in told if kind == "offer_made"} == about & case.offer.awaits
