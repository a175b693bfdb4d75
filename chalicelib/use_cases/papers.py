"""What a paper is made from: what was asked for, and everything the hub knows that it may need.

Promise: a paper is made from `PaperSources` and nothing else, and `sources_of` is the only place where they
are gathered; nothing personal shows in a repr. Downside: everything is read for every kind of paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from chalicelib.domain.calendar import local_date

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.agreement.draft import Agreement
    from chalicelib.domain.case import Case
    from chalicelib.domain.loan.card import CardContract
    from chalicelib.domain.loan.contract import LoanContract
    from chalicelib.domain.loan.statement import Statement
    from chalicelib.domain.papers import PaperKind
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.use_cases.ports import Hub

Format: TypeAlias = Literal["pdf", "docx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtNames:
    """What a court (人民法院) and its mediation centre (调解组织) are called on paper."""

    court: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeAccount:
    """Where to pay (收款账户); its repr shows nothing."""

    holder: str
    number: str
    bank: str

    def __repr__(self) -> str:
        return "PayeeAccount(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAddress:
    """Where a party is served (送达地址); `electronic` is how and where, None: not accepted."""

    address: str
    recipient: str
    phone: str
    electronic: str | None = None

    def __repr__(self) -> str:
        return "ServiceAddress(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRequest:
    """Which paper somebody wants; `facts` may name people, so its repr shows the kind only."""

    kind: PaperKind
    wanted: Format = "pdf"
    template_id: str | None = None
    party_id: str | None = None
    facts: tuple[str, ...] = ()
    service: ServiceAddress | None = None

    def __repr__(self) -> str:
        return f"PaperRequest({self.kind}, ...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSources:
    """Everything a paper may need; whatever is None is not known (yet).

    `made_on` is the paper's day, which its bytes depend on; `papers` are the kinds the case has already.
    """

    case: Case
    details: tuple[PartyDetails, ...]
    made_on: date
    names: CourtNames
    mediator_name: str | None = None
    agreement: Agreement | None = None
    account: PayeeAccount | None = None
    in_force_on: date | None = None
    statement: Statement | None = None
    contract: LoanContract | CardContract | None = None
    facts: tuple[str, ...] = ()
    service: ServiceAddress | None = None
    party_id: str | None = None
    papers: frozenset[PaperKind] = frozenset()
    signed_document: str | None = None

    def __repr__(self) -> str:
        return f"PaperSources({self.case.case_id}, ...)"


def sources_of(hub: Hub, case: Case, request: PaperRequest) -> PaperSources:
    """Gather what is known of a case, and what the request brings."""
    return PaperSources(
        case=case,
        details=hub.cases.details(case),
        made_on=local_date(hub.clock.now()),
        names=hub.names_of(case.court_id),
        # Until a roster knows names, the appointed mediator's id stands for the name.
        mediator_name=case.mediator_id,
        # `hub.settlements` (agreement): agreement, account, in_force_on, and the SHA-256 of the document that
        # the parties signed as signed_document.
        # `hub.debts` (contract, payments): contract, and the statement assessed from both on the claim's day.
        facts=request.facts,
        service=request.service,
        party_id=request.party_id,
        papers=frozenset(paper.kind for paper in hub.case_documents.list(case.case_id)),
    )
