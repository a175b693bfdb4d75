"""A judicial confirmation (司法确认) as it is stored within a case, and a ruling as a callback holds it.

Promise: decoding what was encoded gives an equal value. Why apart from `records` and `codec`: both are as
long as one reads in one sitting. Downside: a new field is written down three times, as in `codec`.
"""

from __future__ import annotations

from pynamodb.attributes import ListAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Code, Day, Instant, Map, optional
from chalicelib.domain.agreement.confirmation import Application, Confirmation, RejectionGround, Ruling
from chalicelib.domain.parties import Side


class ApplicationMap(Map):
    """A side's application."""

    side = Code(Side)
    party_id = UnicodeAttribute()
    at = Instant()


class RulingMap(Map):
    """The court's ruling; without a ground it confirms."""

    on = Day()
    rejected_for = optional(Code(RejectionGround))


class ConfirmationMap(Map):
    """The confirmation of the agreement in force."""

    in_force_at = Instant()
    applications = ListAttribute(of=ApplicationMap)
    transfer_id = optional(UnicodeAttribute())
    transferred_at = optional(Instant())
    ruling = RulingMap(null=True)
    court_case_number = optional(UnicodeAttribute())


def encode_confirmation(confirmation: Confirmation | None) -> ConfirmationMap | None:
    """Write a confirmation."""
    if confirmation is None:
        return None
    return ConfirmationMap(
        in_force_at=confirmation.in_force_at,
        applications=[
            ApplicationMap(side=entry.side, party_id=entry.party_id, at=entry.at)
            for entry in confirmation.applications
        ],
        transfer_id=confirmation.transfer_id,
        transferred_at=confirmation.transferred_at,
        ruling=encode_ruling(confirmation.ruling) if confirmation.ruling else None,
        court_case_number=confirmation.court_case_number,
    )


def decode_confirmation(stored: ConfirmationMap | None) -> Confirmation | None:
    """Read a confirmation."""
    if stored is None:
        return None
    ruling: RulingMap | None = stored.ruling
    return Confirmation(
        in_force_at=stored.in_force_at,
        applications=tuple(
            Application(side=entry.side, party_id=entry.party_id, at=entry.at)
            for entry in stored.applications
        ),
        transfer_id=stored.transfer_id,
        transferred_at=stored.transferred_at,
        ruling=None if ruling is None else decode_ruling(ruling),
        court_case_number=stored.court_case_number,
    )


def encode_ruling(ruling: Ruling) -> RulingMap:
    """Write a ruling."""
    return RulingMap(on=ruling.on, rejected_for=ruling.rejected_for)


def decode_ruling(stored: RulingMap) -> Ruling:
    """Read a ruling."""
    return Ruling(on=stored.on, rejected_for=stored.rejected_for)
