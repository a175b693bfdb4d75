"""Settle: the mediator draws up the agreement from the accepted offer, and the document for all to sign.

The document is stored before the case names it: a call that fails in between leaves a paper that no case
names, never a case whose paper is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.draft import agree, drafted, drafted_on_the_spot
from chalicelib.domain.agreement.signing import Signing
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.permissions import authorise
from chalicelib.domain.settlement_commands import Settle
from chalicelib.domain.settlement_rules import OFFER_ACCEPTED
from chalicelib.domain.stages import Action
from chalicelib.use_cases.capability_ports import EnrolledInstitution
from chalicelib.use_cases.loading import carry_out, load_for_act
from chalicelib.use_cases.paper_sources import sources_of
from chalicelib.use_cases.papers import AgreedTerms, PaperRequest

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.agreement.draft import DefaultClause, Draft
    from chalicelib.domain.agreement.offer import Offer
    from chalicelib.domain.agreement.settlement import PayeeAccount
    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementTerms:
    """The terms that the accepted offer leaves open; `receipt_ref` is set if it was paid on the spot."""

    account: PayeeAccount
    default_clause: DefaultClause | None
    confirmation_wanted: bool
    receipt_ref: str | None = None


def settle(hub: Hub, actor: Actor, case_id: str, terms: SettlementTerms, *, expected_version: int) -> Case:
    """Draw up the agreement and its document, paid to an account that the institution enrolled.

    Raises ContentUnclear if a court could not confirm it.
    """
    authorise(actor, Action.SETTLE)
    loaded = load_for_act(hub, actor, Action.SETTLE, case_id, expected_version=expected_version)
    case, offer = loaded.case, loaded.settlement.negotiation.accepted
    if offer is None:
        raise OFFER_ACCEPTED.refusal_in(case, loaded.context.at)
    hub.part(EnrolledInstitution).check_payee(case, terms.account)
    agreement = agree(
        replace(
            _draft(offer, loaded.today, terms.receipt_ref),
            account_ref=f"{case_id}-{case.round}",
            default_clause=terms.default_clause,
            confirmation_wanted=terms.confirmation_wanted,
        )
    )
    agreed = AgreedTerms(agreement=agreement, account=terms.account)
    request = PaperRequest(kind=PaperKind.MEDIATION_AGREEMENT)
    paper = hub.renderer.make(request.kind, sources_of(hub, case, request, agreed), request.wanted)
    command = Settle(outcome=agreement.outcome, agreement_sha256=paper.sha256)
    lifecycle.apply(case, command, loaded.context)  # so that a refused act stores no paper
    hub.papers.add(paper, paper.kept(case_id, made_by=actor.role, at=loaded.context.at))
    signing = Signing(document_sha256=paper.sha256, party_ids=case.bound, sign_by=agreement.sign_by)
    settlement = replace(loaded.settlement, agreement=agreement, signing=signing)
    return carry_out(hub, loaded, command, settlement, terms.account)


def _draft(offer: Offer, today: date, receipt_ref: str | None) -> Draft:
    return drafted_on_the_spot(offer, today, receipt_ref) if receipt_ref else drafted(offer, today)
