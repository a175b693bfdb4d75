"""Reads everything that a paper is made from.

Promise: papers get their sources only here, and of papers that are made together each source is read once.
Downside: except for the debt, all is read for every paper.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from chalicelib.domain.calendar import local_date
from chalicelib.domain.papers import PaperKind
from chalicelib.use_cases.capability_ports import NamesOfPeople
from chalicelib.use_cases.papers import AgreedTerms, PaperSources
from chalicelib.use_cases.service_addresses import confirmed_addresses

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chalicelib.domain.case import Case
    from chalicelib.domain.loan.debt import Debt
    from chalicelib.domain.loan.statement import Statement
    from chalicelib.domain.papers import StoredPaper
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.use_cases.capability_ports import Who
    from chalicelib.use_cases.papers import PaperRequest, ServiceAddress
    from chalicelib.use_cases.ports import Hub

_FROM_THE_DEBT: Final = frozenset({PaperKind.COMPLAINT, PaperKind.CALCULATION})


def sources_of(hub: Hub, case: Case, request: PaperRequest, terms: AgreedTerms | None = None) -> PaperSources:
    """Return what is known of a case, and what the request adds.

    `terms` are terms that are not stored yet; without them the stored ones are read.
    """
    return CaseSources(hub, case, terms).of(request)


class CaseSources:
    """What the papers of a case are made from; each part is read when it is first needed, and kept."""

    def __init__(self, hub: Hub, case: Case, terms: AgreedTerms | None = None) -> None:
        """`terms` are terms that are not stored yet; without them the stored ones are read."""
        self._hub, self._case, self._given = hub, case, terms

    @cached_property
    def details(self) -> tuple[PartyDetails, ...]:
        """The parties' personal data."""
        return self._hub.cases.details(self._case)

    @cached_property
    def papers(self) -> tuple[StoredPaper, ...]:
        """The case's stored papers."""
        return self._hub.papers.list(self._case.case_id)

    @cached_property
    def _confirmed(self) -> Mapping[str, ServiceAddress]:
        return confirmed_addresses(self._hub, self._case.case_id, self.papers)

    @cached_property
    def _names(self) -> Mapping[Who, str]:
        court_id = self._case.court_id
        people = [(court_id, each) for each in (self._case.mediator_id, self._case.judge_id) if each]
        return self._hub.part(NamesOfPeople).printed(people) if people else {}

    def _name_of(self, person_id: str | None) -> str | None:
        """Return the name to print; of somebody who is not on the roster, the id, which the centre knows."""
        return self._names.get((self._case.court_id, person_id), person_id) if person_id else None

    @cached_property
    def _debt(self) -> Debt | None:
        return self._hub.debts.get(self._case.case_id)

    @cached_property
    def _terms(self) -> AgreedTerms | None:
        if self._given is not None:
            return self._given
        settlement = self._hub.settlements.get(self._case)
        if settlement is None or settlement.agreement is None:
            return None
        account = self._hub.settlements.account(self._case)
        return AgreedTerms(agreement=settlement.agreement, account=account)

    def of(self, request: PaperRequest) -> PaperSources:
        """Return the sources of one paper, and what the request adds."""
        case, terms, confirmation = self._case, self._terms, self._case.confirmation
        debt = self._debt if request.kind in _FROM_THE_DEBT else None
        return PaperSources(
            case=case,
            details=self.details,
            made_on=local_date(self._hub.clock.now()),
            names=self._hub.names_of(case.court_id),
            mediator_name=self._name_of(case.mediator_id),
            judge_name=self._name_of(case.judge_id),
            agreement=terms.agreement if terms else None,
            account=terms.account if terms else None,
            in_force_on=local_date(confirmation.in_force_at) if confirmation else None,
            contract=debt.contract if debt else None,
            statement=_statement(debt, case.claim.as_of) if debt else None,
            facts=request.facts,
            service=request.service or self._confirmed.get(request.party_id or ""),
            confirmed=self._confirmed,
            party_id=request.party_id,
            papers=frozenset(paper.kind for paper in self.papers),
            signed_document=case.agreement_sha256,
        )


def _statement(debt: Debt, cut_off: date) -> Statement:
    from chalicelib.domain.loan.debt import assess  # noqa: PLC0415 - the arithmetic, for cases with a debt

    return assess(debt, cut_off)
