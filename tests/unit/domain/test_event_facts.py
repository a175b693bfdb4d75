"""The names of what events record are pinned: they are stored, hashed and published."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from chalicelib.domain.stages import EventType
from tests.support.atlas import atlas
from tests.support.builders import filed

FACTS: Final[dict[str, tuple[str, ...]]] = {
    "case_filed": ("case_type claim_total court_id online parties way_in",),
    "case_screened": ("", "case_number"),
    "mediator_appointed": ("judge_id mediator_id", "mediator_id party_id"),
    "appointment_declined": ("reason",),
    "consent_given": ("online party_id",),
    "consent_refused": ("party_id",),
    "mediation_begun": ("", "online party_id"),
    "act_recorded": ("action party_id",),
    "objection_raised": ("act party_id",),
    "objection_upheld": ("reason",),
    "objection_dismissed": ("reason",),
    "mediator_challenged": ("ground party_id",),
    "challenge_upheld": ("reason",),
    "challenge_dismissed": ("reason",),
    "relation_disclosed": ("ground mediator_id",),
    "waiver_recorded": ("ground mediator_id party_id",),
    "recusal_waived": ("ground mediator_id party_id",),
    "mediators_recommended": ("recommended",),
    "mediator_named": ("mediator_id party_id",),
    "judge_replaced": ("ground judge_id",),
    "mediator_replaced": ("ground mediator_id",),
    "mediation_ended": ("party_id",),
    "deadline_moved": ("after before rule since",),
    "details_corrected": ("fields party_id reason",),
    "identity_checked": ("how party_id",),
    "agent_recorded": ("authority party_id",),
    "agent_confirmed": ("agent_id party_id",),
    "agent_revoked": ("agent_id party_id",),
    "extension_proposed": ("days side", "days party_id side"),
    "mediation_extended": ("days side", "days party_id side"),
    "mediation_failed": ("reason",),
    "signature_recorded": ("party_id",),
    "signing_refused": ("party_id",),
    "agreement_signed": ("party_id",),
    "agreement_paid": ("party_id",),
    "repayment_recorded": ("amount on reference",),
    "repayment_reversed": ("amount on reference",),
    "agreement_reopened": ("amount on reference",),
    "performance_watched": ("reminders",),
    "agreement_performed": ("amount on reference",),
    "default_declared": ("amount on reference", "line"),
    "default_lifted": ("amount on reference",),
    "confirmation_awaits_other_side": ("party_id side",),
    "confirmation_applied_for": ("party_id side",),
    "confirmation_transferred": ("receipt_id transfer_id",),
    "confirmation_ruled": ("court_case_number filing_id ground judge_id ruled_on ruling transfer_id",),
    "mediation_reopened": ("claim_total",),
    "enforcement_requested": ("claim_total",),
    "transfer_submitted": ("receipt_id transfer_id",),
    "receipt_recorded": ("receipt_id transfer_id",),
    "review_recorded": ("filing_id reasons result transfer_id",),
    "court_review_overdue": ("", "reminders"),
    "transfer_returned": ("filing_id reasons result transfer_id",),
    "transfer_corrected": ("claim_total parties",),
    "case_docketed": ("court_case_number filing_id judge_id official_filing_date procedure transfer_id",),
    "filing_refused": ("code filing_id transfer_id",),
}
"""By the event's type; where two acts lead to it, the names of both. What is not here records nothing."""


def test_each_event_records_the_facts_named_here() -> None:
    """Of every kind of event that any act on any case can lead to; of an offer nothing is told (TY22)."""
    found = defaultdict[str, set[str]](set)
    for change in (filed(), *(step.change for step in atlas().steps)):
        found[str(change.event.type)].add(" ".join(sorted(change.event.facts)))
    assert set(found) == {str(kind) for kind in EventType}
    assert found == {kind: set(FACTS.get(kind, ("",))) for kind in found}
