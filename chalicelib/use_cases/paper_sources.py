"""Reads everything that a paper is made from.

Promise: papers get their sources only here. Downside: except for the debt, all is read for every paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.calendar import local_date
from chalicelib.domain.papers import PaperKind
from chalicelib.use_cases.papers import AgreedTerms, PaperSources

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.case import Case
    from chalicelib.domain.loan.debt import Debt
    from chalicelib.domain.loan.statement import Statement
    from chalicelib.use_cases.papers import PaperRequest
    from chalicelib.use_cases.ports import Hub

_FROM_THE_DEBT: Final = frozenset({PaperKind.COMPLAINT, PaperKind.CALCULATION})


def sources_of(hub: Hub, case: Case, request: PaperRequest, terms: AgreedTerms | None = None) -> PaperSources:
    """Return what is known of a case, and what the request adds.

    `terms` are terms that are not stored yet; without them the stored ones are read.
    """
    present = terms or _stored_terms(hub, case)
    confirmation = case.confirmation
    debt = hub.debts.get(case.case_id) if request.kind in _FROM_THE_DEBT else None
    return PaperSources(
        case=case,
        details=hub.cases.details(case),
        made_on=local_date(hub.clock.now()),
        names=hub.names_of(case.court_id),
        # The hub has no list of mediators' names yet, so the appointed mediator's id is used.
        mediator_name=case.mediator_id,
        agreement=present.agreement if present else None,
        account=present.account if present else None,
        in_force_on=local_date(confirmation.in_force_at) if confirmation else None,
        contract=debt.contract if debt else None,
        statement=_statement(debt, case.claim.as_of) if debt else None,
        facts=request.facts,
        service=request.service,
        party_id=request.party_id,
        papers=frozenset(paper.kind for paper in hub.papers.list(case.case_id)),
        signed_document=case.agreement_sha256,
    )


def _stored_terms(hub: Hub, case: Case) -> AgreedTerms | None:
    settlement = hub.settlements.get(case)
    if settlement is None or settlement.agreement is None:
        return None
    return AgreedTerms(agreement=settlement.agreement, account=hub.settlements.account(case))


def _statement(debt: Debt, cut_off: date) -> Statement:
    from chalicelib.domain.loan.debt import assess  # noqa: PLC0415 - the arithmetic, for cases with a debt

    return assess(debt, cut_off)
