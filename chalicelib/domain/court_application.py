"""What a court receives with a joint application (司法确认) or an application to enforce (强制执行).

Promise: the terms of an agreement reach a court only here, when both sides ask it to confirm the agreement or
when a confirmed one is to be enforced; offers have no field here (TY22). The same facts give the same bytes.
Downside: some lines repeat lines of `dossier`, because its types must not know an agreement at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib.domain.agreement.position import position
from chalicelib.domain.calendar import local_date
from chalicelib.domain.claim import CaseType, Claim, Track
from chalicelib.domain.confirmation_commands import confirmation_of
from chalicelib.domain.dossier import DossierDocument, dispute_sheet, json_document
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.late_performance import LatePerformance, late_performance
from chalicelib.domain.parties import Party, PartyDetails
from chalicelib.domain.transfer import Matter, confirmation_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts:
    """What the court is told: who, which agreement, since when in force, and what is to be paid."""

    matter: Matter
    transfer_id: str
    court_id: str
    institution_id: str
    case_type: CaseType
    track: Track | None
    contract_number: str
    instalment_scope: str
    claim: Claim
    parties: tuple[tuple[Party, PartyDetails], ...]
    mediator_id: str | None
    guiding_judge_id: str | None
    accepted_on: date | None
    agreed_on: date
    agreement_sha256: str
    in_force_on: date
    applied_on: date | None
    confirmation_case_number: str | None
    late: LatePerformance | None = None


def application_to_confirm(
    case: Case, settlement: Settlement, details: Iterable[PartyDetails]
) -> ApplicationFacts:
    """Return the facts of the joint application: the claim is what is to be paid under the agreement."""
    agreement = settlement.performance.agreement
    return _facts(
        case,
        details,
        matter=Matter.CONFIRMATION,
        about=confirmation_id(case.case_id, case.round),
        claim=agreement.kept.as_claim(agreement.agreed_on),
        agreed_on=agreement.agreed_on,
    )


def application_to_enforce(
    case: Case, settlement: Settlement, details: Iterable[PartyDetails]
) -> ApplicationFacts:
    """Return the facts of the application to enforce: the claim is the remaining sum.

    Beside it stands the doubled interest for late performance from the day on which the default was found.
    """
    if case.transfer is None:
        raise LookupError("the case was not transferred")
    default = position(settlement.performance).default
    facts = _facts(
        case,
        details,
        matter=Matter.ENFORCEMENT,
        about=case.transfer.transfer_id,
        claim=case.claim,
        agreed_on=settlement.performance.agreement.agreed_on,
    )
    if default is None:
        return facts
    owed = Amounts.from_claim(case.claim)
    return replace(facts, late=late_performance(owed, default.on, max(default.on, case.claim.as_of)))


def _facts(
    case: Case,
    details: Iterable[PartyDetails],
    *,
    matter: Matter,
    about: str,
    claim: Claim,
    agreed_on: date,
) -> ApplicationFacts:
    confirmation = confirmation_of(case)
    applied = confirmation.applications
    by_id = {entry.party_id: entry for entry in details}
    return ApplicationFacts(
        matter=matter,
        transfer_id=about,
        court_id=case.court_id,
        institution_id=case.institution_id,
        case_type=case.case_type,
        track=case.track,
        contract_number=case.contract_number,
        instalment_scope=case.instalment_scope,
        claim=claim,
        parties=tuple(
            (party, by_id[party.party_id]) for party in case.parties if party.party_id in case.bound
        ),
        mediator_id=case.mediator_id,
        guiding_judge_id=case.judge_id,
        accepted_on=_day(case.accepted_at),
        agreed_on=agreed_on,
        agreement_sha256=case.agreement_sha256 or "",
        in_force_on=local_date(confirmation.in_force_at),
        applied_on=_day(max((each.at for each in applied), default=None)),
        # A ruling may come before the receipt: an application that is sent again must have the same bytes.
        confirmation_case_number=(confirmation.court_case_number if matter is Matter.ENFORCEMENT else None),
    )


def data_document(facts: ApplicationFacts) -> DossierDocument:
    """Make the application's data: the same bytes for the same facts."""
    kind = "confirmation_data" if facts.matter is Matter.CONFIRMATION else "enforcement_data"
    late = {} if facts.late is None else {"late_performance": _late_sheet(facts.late)}
    return json_document("application", kind, dispute_sheet(facts) | late)


def _late_sheet(late: LatePerformance) -> dict[str, Any]:
    return {
        "base": str(late.base),
        "days": late.days,
        "daily_percent": str(late.daily_percent),
        "amount": str(late.amount),
    }


def paper(kind: str, media_type: str, content: bytes, number: str = "") -> DossierDocument:
    """Return a paper as a document of a dossier; `number` distinguishes several of a kind."""
    name = "-".join(filter(None, (kind.replace("_", "-"), "paper", number)))
    return DossierDocument(document_id=name, kind=kind, media_type=media_type, content=content)


def submission(facts: ApplicationFacts) -> dict[str, Any]:
    """Return what the thin message says of the agreement: ids, dates and hashes only."""
    return {
        "agreement_sha256": facts.agreement_sha256,
        "in_force_on": facts.in_force_on.isoformat(),
        "applied_on": facts.applied_on.isoformat() if facts.applied_on else None,
        "confirmation_case_number": facts.confirmation_case_number,
    }


def _day(at: datetime | None) -> date | None:
    return None if at is None else local_date(at)
