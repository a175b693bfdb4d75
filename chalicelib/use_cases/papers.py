"""The sources of a paper, and the ports that make papers and store them.

Promise: a paper is made from `PaperSources` and nothing else; no repr of a source shows personal data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from chalicelib.domain.case_number import DEFAULT_FORM
from chalicelib.domain.claim import CaseType
from chalicelib.domain.papers import PaperKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from chalicelib.domain.agreement.draft import Agreement
    from chalicelib.domain.agreement.settlement import PayeeAccount
    from chalicelib.domain.case import Case
    from chalicelib.domain.loan.card import CardContract
    from chalicelib.domain.loan.contract import LoanContract
    from chalicelib.domain.loan.statement import Statement
    from chalicelib.domain.papers import Paper, StoredPaper
    from chalicelib.domain.parties import PartyDetails

    _Need: TypeAlias = tuple[str, Callable[["PaperSources"], bool]]

Format: TypeAlias = Literal["pdf", "docx", "xlsx", "json"]
TABLES: Final = frozenset[Format]({"xlsx", "json"})
"""The formats of an element table (要素表), which only a complaint has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column of an institution's own element table (要素表): its name, and what stands in it.

    That is the element of this `code`, or of a party's (`defendants.1.name`), or `text`, or nothing.
    """

    name: str
    code: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtNames:
    """The names of a court (人民法院) and of its mediation centre (调解组织) in papers.

    `case_number` is the form of its cases' numbers.
    """

    court: str
    organisation: str
    case_number: str = DEFAULT_FORM


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAddress:
    """A party's address for service (送达地址); `electronic`: the way and the address; None: not accepted."""

    address: str
    recipient: str
    phone: str
    electronic: str | None = None

    def __repr__(self) -> str:
        return "ServiceAddress(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRequest:
    """The paper that somebody asks for; `facts` may name people, so its repr shows the kind only."""

    kind: PaperKind
    wanted: Format = "pdf"
    template_id: str | None = None
    party_id: str | None = None
    facts: tuple[str, ...] = ()
    service: ServiceAddress | None = None
    table_id: str | None = None

    def __repr__(self) -> str:
        return f"PaperRequest({self.kind}, ...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSources:
    """Everything a paper may need; None means not known (yet).

    `made_on` is the paper's day, which changes its bytes; `papers` are the kinds that the case already has.
    `confirmed` are the parties' addresses for service as they confirmed them, `columns` those of the
    institution's own element table, if it is asked for.
    """

    case: Case
    details: tuple[PartyDetails, ...]
    made_on: date
    names: CourtNames
    mediator_name: str | None = None
    judge_name: str | None = None
    agreement: Agreement | None = None
    account: PayeeAccount | None = None
    in_force_on: date | None = None
    statement: Statement | None = None
    contract: LoanContract | CardContract | None = None
    facts: tuple[str, ...] = ()
    service: ServiceAddress | None = None
    confirmed: Mapping[str, ServiceAddress] = field(default_factory=dict)
    party_id: str | None = None
    papers: frozenset[PaperKind] = frozenset()
    signed_document: str | None = None
    columns: tuple[TableColumn, ...] = ()

    def __repr__(self) -> str:
        return f"PaperSources({self.case.case_id}, ...)"


class Renderer(Protocol):
    """Makes papers from what is known of a case, and signs them for the hub."""

    def make(
        self, kind: PaperKind, sources: PaperSources, wanted: Format, template_id: str | None = None
    ) -> Paper:
        """Make a paper; the same sources give the same bytes.

        Raises PaperNotPossible with the names of what is missing (`template` for an unknown `template_id`).
        """
        ...

    def sign(self, agreement: bytes, sources: PaperSources, template_id: str) -> Paper:
        """Sign an agreement's PDF with the hub's key; it holds the real time, so no two are the same.

        Raises PaperNotPossible naming `signing_certificate` if the hub has none.
        """
        ...


class Papers(Protocol):
    """The papers of each case: content-addressed, written once, never changed."""

    def add(self, paper: Paper, record: StoredPaper) -> StoredPaper:
        """Store the bytes, then their record (`Paper.kept`).

        For bytes already stored in the case, return their first record.
        """
        ...

    def list(self, case_id: str) -> tuple[StoredPaper, ...]:
        """List a case's papers, the oldest first."""
        ...

    def get(self, case_id: str, document_id: str) -> tuple[StoredPaper, bytes]:
        """Read a paper's record and bytes; raises PaperNotFound."""
        ...

    def link(self, case_id: str, document_id: str) -> str:
        """Return an address that gives a paper's bytes for a minute, to whoever has it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedTerms:
    """An agreement and the account to pay to."""

    agreement: Agreement
    account: PayeeAccount | None


def what_is_missing(kind: PaperKind, sources: PaperSources) -> tuple[str, ...]:
    """Return the names of what this kind of paper needs and the sources do not have."""
    return tuple(name for name, held in _NEEDS[kind] if not held(sources))


def _named_party(sources: PaperSources) -> bool:
    return sources.party_id in sources.case.party_ids


def _account_known(sources: PaperSources) -> bool:
    # If all was paid on the spot, no account is needed; without an agreement, only the agreement is missing.
    agreement = sources.agreement
    return agreement is None or agreement.on_the_spot or sources.account is not None


def _contract_fits(sources: PaperSources) -> bool:
    if sources.contract is None:
        return False
    from chalicelib.domain.loan.card import CardContract  # noqa: PLC0415 - for cases with a debt

    return isinstance(sources.contract, CardContract) == (sources.case.case_type is CaseType.CREDIT_CARD)


_AGREEMENT: Final[_Need] = ("agreement", lambda sources: sources.agreement is not None)
_MEDIATOR: Final[_Need] = ("mediator", lambda sources: bool(sources.mediator_name))

_NEEDS: Final[Mapping[PaperKind, tuple[_Need, ...]]] = {
    PaperKind.MEDIATION_AGREEMENT: (_AGREEMENT, ("account", _account_known), _MEDIATOR),
    PaperKind.CONFIRMATION_APPLICATION: (
        _AGREEMENT,
        ("in_force_on", lambda sources: sources.in_force_on is not None),
        _MEDIATOR,
    ),
    PaperKind.COMPLAINT: (
        ("contract", _contract_fits),
        # The statement is computed from the contract; without a contract, only the contract is missing.
        ("statement", lambda sources: sources.statement is not None or not _contract_fits(sources)),
    ),
    PaperKind.SERVICE_ADDRESS: (
        ("party_id", _named_party),
        ("service", lambda sources: sources.service is not None),
    ),
    PaperKind.UNDISPUTED_FACTS: (("facts", lambda sources: bool(sources.facts)), _MEDIATOR),
    PaperKind.MEDIATION_REPORT: (
        ("accepted_at", lambda sources: sources.case.mediating_since is not None),
        ("ended_at", lambda sources: sources.case.ended_at is not None),
        _MEDIATOR,
    ),
    PaperKind.CALCULATION: (("statement", lambda sources: sources.statement is not None),),
    # Not drawn but signed: see `Renderer.sign`.
    PaperKind.SIGNED_AGREEMENT: (("signatures", lambda _sources: False),),
}
