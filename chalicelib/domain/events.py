"""Events: what happened to a case, chained by hash so that a later alteration shows.

Promise: each event's hash covers its content and its predecessor's hash; `verify_chain` needs nothing
but the events. An event holds ids and codes only, nothing personal. Downside: the chain proves what
happened after it was recorded, not that what was recorded was true.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.errors import ChainBroken
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable


GENESIS: Final = "0" * 64
"""The predecessor of a case's first event."""


class Channel(StrEnum):
    """How a step was taken; the report counts trips per party (最多跑一趟)."""

    ONLINE = "online"
    IN_PERSON = "in_person"


class EventType(StrEnum):
    """What happened, in the past tense."""

    CASE_FILED = "case_filed"
    CASE_SCREENED = "case_screened"
    SCREENING_OVERDUE = "screening_overdue"
    MEDIATOR_APPOINTED = "mediator_appointed"
    ASSIGNMENT_OVERDUE = "assignment_overdue"
    APPOINTMENT_ACCEPTED = "appointment_accepted"
    APPOINTMENT_DECLINED = "appointment_declined"
    APPOINTMENT_LAPSED = "appointment_lapsed"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REFUSED = "consent_refused"
    CONSENT_EXPIRED = "consent_expired"
    MEDIATION_BEGUN = "mediation_begun"
    EXTENSION_PROPOSED = "extension_proposed"
    MEDIATION_EXTENDED = "mediation_extended"
    OFFER_MADE = "offer_made"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_DECLINED = "offer_declined"
    OFFER_WITHDRAWN = "offer_withdrawn"
    SETTLEMENT_REACHED = "settlement_reached"
    MEDIATION_FAILED = "mediation_failed"
    MEDIATION_EXPIRED = "mediation_expired"
    SIGNATURE_RECORDED = "signature_recorded"
    SIGNING_REFUSED = "signing_refused"
    AGREEMENT_SIGNED = "agreement_signed"
    AGREEMENT_PAID = "agreement_paid"
    SIGNING_EXPIRED = "signing_expired"
    REPAYMENT_RECORDED = "repayment_recorded"
    REPAYMENT_REVERSED = "repayment_reversed"
    PERFORMANCE_WATCHED = "performance_watched"
    AGREEMENT_PERFORMED = "agreement_performed"
    DEFAULT_DECLARED = "default_declared"
    DEFAULT_LIFTED = "default_lifted"
    CONFIRMATION_AWAITS_OTHER_SIDE = "confirmation_awaits_other_side"
    CONFIRMATION_APPLIED_FOR = "confirmation_applied_for"
    CONFIRMATION_TRANSFERRED = "confirmation_transferred"
    CONFIRMATION_RULED = "confirmation_ruled"
    MEDIATION_REOPENED = "mediation_reopened"
    ENFORCEMENT_REQUESTED = "enforcement_requested"
    CASE_WITHDRAWN = "case_withdrawn"
    LITIGATION_DROPPED = "litigation_dropped"
    DECISION_EXPIRED = "decision_expired"
    TRANSFER_REQUESTED = "transfer_requested"
    SUBMISSION_OVERDUE = "submission_overdue"
    TRANSFER_SUBMITTED = "transfer_submitted"
    RECEIPT_RECORDED = "receipt_recorded"
    REVIEW_RECORDED = "review_recorded"
    COURT_REVIEW_OVERDUE = "court_review_overdue"
    TRANSFER_RETURNED = "transfer_returned"
    CORRECTION_OVERDUE = "correction_overdue"
    TRANSFER_CORRECTED = "transfer_corrected"
    RESUBMISSION_OVERDUE = "resubmission_overdue"
    CASE_DOCKETED = "case_docketed"
    FILING_REFUSED = "filing_refused"


CONFIDENTIAL: Final = frozenset(
    {EventType.OFFER_MADE, EventType.OFFER_ACCEPTED, EventType.OFFER_DECLINED, EventType.OFFER_WITHDRAWN}
)
"""What must not come to a court's knowledge, not even that it happened (TY22)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One link of a case's chain; `sequence` starts at 1 and equals the case's version after it."""

    case_id: str
    sequence: int
    type: EventType
    at: datetime
    role: Role
    subject: str
    channel: Channel
    facts: Mapping[str, Any]
    previous: str
    hash: str = ""

    def sealed(self) -> Event:
        """Return the event with its hash filled in."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return Event(**{**values, "hash": self.digest()})

    def digest(self) -> str:
        """SHA-256 (hex) over the canonical JSON of everything but the hash itself."""
        content = {
            "case_id": self.case_id,
            "sequence": self.sequence,
            "type": self.type,
            "at": self.at.isoformat(),
            "role": self.role,
            "subject": self.subject,
            "channel": self.channel,
            "facts": self.facts,
            "previous": self.previous,
        }
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def verify_chain(events: Iterable[Event]) -> str:
    """Check a case's whole chain from its first event on; return the head's hash, or raise ChainBroken."""
    previous, case_id = GENESIS, None
    for expected, event in enumerate(events, start=1):
        if event.sequence != expected:
            raise ChainBroken(event.sequence, f"expected event {expected}")
        if event.case_id != (case_id or event.case_id):
            raise ChainBroken(event.sequence, "belongs to another case")
        if event.previous != previous:
            raise ChainBroken(event.sequence, "does not follow its predecessor")
        if event.hash != event.digest():
            raise ChainBroken(event.sequence, "its content was altered")
        previous, case_id = event.hash, event.case_id
    return previous
