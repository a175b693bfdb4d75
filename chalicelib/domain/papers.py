"""The papers of a case (文书): which kinds there are, and which roles may have them made or see them.

Promise: one table decides both, for every role and every kind; a paper's id is the SHA-256 of its bytes.
Downside: the table knows roles, not stages; whether a case has what a paper needs is checked elsewhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON: Final = "application/json"


ADDRESS_RECORD: Final = "service_address_record/1"
"""The template of the record beside a confirmation of address: its data, which no role sees as a paper."""


class PaperKind(StrEnum):
    """What kind of paper."""

    MEDIATION_AGREEMENT = "mediation_agreement"  # 调解协议书
    CONFIRMATION_APPLICATION = "confirmation_application"  # 司法确认申请书
    COMPLAINT = "complaint"  # 民事起诉状
    SERVICE_ADDRESS = "service_address"  # 送达地址确认书
    UNDISPUTED_FACTS = "undisputed_facts"  # 无争议事实记载
    MEDIATION_REPORT = "mediation_report"  # 调解情况报告
    CALCULATION = "calculation"  # 计算说明
    SIGNED_AGREEMENT = "signed_agreement"  # 调解协议书（经枢纽电子签名）


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as it was made; its repr hides the bytes."""

    kind: PaperKind
    template_id: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    def kept(
        self, case_id: str, *, made_by: Role, at: datetime, party_id: str | None = None, of: str | None = None
    ) -> StoredPaper:
        """Return the record under which a case keeps it."""
        return StoredPaper(
            document_id=self.sha256,
            case_id=case_id,
            kind=self.kind,
            template_id=self.template_id,
            media_type=self.media_type,
            size=len(self.content),
            made_by=made_by,
            made_at=at,
            party_id=party_id,
            of=of,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPaper:
    """A paper as a case keeps it; `party_id` is the party it belongs to, `of` the paper that it signs."""

    document_id: str
    case_id: str
    kind: PaperKind
    template_id: str
    media_type: str
    size: int
    made_by: Role
    made_at: datetime
    party_id: str | None = None
    of: str | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, which is its id."""
        return self.document_id


@dataclass(frozen=True, slots=True)
class Access:
    """Who may have a kind of paper made, and who may see it."""

    make: frozenset[Role]
    see: frozenset[Role]


_OF_THE_MEDIATION: Final = frozenset({Role.MEDIATOR, Role.CENTRE})
_ALL_IN_THE_CASE: Final = _OF_THE_MEDIATION | {Role.INSTITUTION, Role.BORROWER}
_COMMON: Final = Access(make=_ALL_IN_THE_CASE, see=_ALL_IN_THE_CASE)
_CONFIRMED_TOGETHER: Final = Access(make=_OF_THE_MEDIATION, see=_ALL_IN_THE_CASE)

ACCESS: Final[Mapping[PaperKind, Access]] = {
    PaperKind.MEDIATION_AGREEMENT: _COMMON,
    PaperKind.CALCULATION: _COMMON,
    PaperKind.CONFIRMATION_APPLICATION: _COMMON,
    PaperKind.SIGNED_AGREEMENT: _COMMON,
    # Only the institution may see what it would say in a suit while the parties still talk (TY22).
    PaperKind.COMPLAINT: Access(make=frozenset({Role.INSTITUTION}), see=frozenset({Role.INSTITUTION})),
    PaperKind.SERVICE_ADDRESS: _CONFIRMED_TOGETHER,
    PaperKind.UNDISPUTED_FACTS: _CONFIRMED_TOGETHER,
    PaperKind.MEDIATION_REPORT: Access(make=_OF_THE_MEDIATION, see=_OF_THE_MEDIATION),
}
"""Courts and judges are in no row: a court gets what it may know of a mediation with the dossier."""


def may_make(role: Role, kind: PaperKind) -> bool:
    """Tell whether the role may have this kind of paper made."""
    return role in ACCESS[kind].make


def may_see(actor: Actor, case: Case, paper: StoredPaper) -> bool:
    """Tell whether an actor who sees the case may see this paper; a borrower sees no other party's paper.

    Nobody sees the record beside a confirmation of address, which says what the confirmation says.
    """
    if paper.template_id == ADDRESS_RECORD or actor.role not in ACCESS[paper.kind].see:
        return False
    return paper.party_id in {None, actor.party_in(case.case_id)} or actor.role is not Role.BORROWER
