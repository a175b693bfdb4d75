"""What the centre enrolled of an institution (入驻机构), and what follows for its filings and agreements.

Promise: an institution files in its own name or in a branch's, with a court that it is enrolled for, and is
paid to an account that it enrolled; each refusal names the field. A suspended institution files nothing new;
its open cases go on. Downside: names are compared as they are written, without blanks and brackets, so a name
that a court shortens has to be enrolled as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - the table reads the annotations
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.claim import CaseType  # noqa: TC001 - the table reads the annotations
from chalicelib.domain.errors import InstitutionNotEnrolled, InstitutionSuspended, NotAsEnrolled
from chalicelib.domain.id_documents import normalised
from chalicelib.domain.parties import Side
from chalicelib.use_cases.papers import TableColumn  # noqa: TC001 - the table reads the annotations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from chalicelib.domain.agreement.settlement import PayeeAccount
    from chalicelib.domain.commands import FileDispute
    from chalicelib.domain.parties import PartyDetails


class InstitutionState(StrEnum):
    """Whether an institution may file."""

    ACTIVE = "active"  # 正常
    SUSPENDED = "suspended"  # 暂停


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch (分支机构); one without a code of its own has its institution's."""

    name: str
    credit_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRules:
    """A version of the joint rules (共同规则, M5), and the day on which the institution accepted it."""

    version: str
    accepted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementTable:
    """The columns in which a court's platform wants this institution's complaints of a kind (要素表)."""

    table_id: str
    case_type: CaseType
    columns: tuple[TableColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """An institution as the centre enrolled it."""

    institution_id: str
    name: str
    credit_code: str
    state: InstitutionState
    courts: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    joint_rules: tuple[AcceptedRules, ...] = ()
    tables: tuple[ElementTable, ...] = ()

    def columns(self, table_id: str, case_type: CaseType) -> tuple[TableColumn, ...]:
        """Return the columns of one of its tables; none if it has no such table for this kind of case."""
        named = (
            each.columns for each in self.tables if (each.table_id, each.case_type) == (table_id, case_type)
        )
        return next(named, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom the centre rings; its repr shows nothing, so that it can't get into a log."""

    name: str
    phone: str
    duty: str | None = None

    def __repr__(self) -> str:
        return "Contact(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account that may be paid to (收款账户); its repr shows nothing."""

    holder: str
    number: str
    bank: str

    def __repr__(self) -> str:
        return "Account(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """What of an enrolment is stored sealed."""

    contacts: tuple[Contact, ...] = ()
    accounts: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A version of what is enrolled, the first is 1: who stored it when, and for which reason."""

    institution: Institution
    private: Private
    version: int
    reason: str
    by: str
    at: datetime


def check_filing(institution: Institution | None, command: FileDispute) -> None:
    """Refuse a filing that is not the institution's to make, or not in its name.

    Raises InstitutionNotEnrolled, InstitutionSuspended or NotAsEnrolled, which names every field.
    """
    if institution is None:
        raise InstitutionNotEnrolled(command.institution_id)
    if institution.state is not InstitutionState.ACTIVE:
        raise InstitutionSuspended(command.institution_id)
    applicants = frozenset(party.party_id for party in command.parties if party.side is Side.APPLICANT)
    faults = dict(_party_faults(institution, command.details, applicants))
    if command.court_id not in institution.courts:
        faults["court_id"] = "court_not_enrolled"
    if faults:
        raise NotAsEnrolled(faults)


def check_parties(
    institution: Institution | None,
    institution_id: str,
    details: Sequence[PartyDetails],
    applicants: frozenset[str],
) -> None:
    """Refuse corrected details of an applicant that are another's, and an opponent that is the institution.

    Raises InstitutionNotEnrolled, if an applicant is among them, or NotAsEnrolled.
    """
    if institution is None:
        if any(each.party_id in applicants for each in details):
            raise InstitutionNotEnrolled(institution_id)
        return
    faults = dict(_party_faults(institution, details, applicants))
    if faults:
        raise NotAsEnrolled(faults)


def check_payee(
    institution: Institution | None, institution_id: str, accounts: Sequence[Account], payee: PayeeAccount
) -> None:
    """Refuse an account that the institution did not enrol.

    Raises InstitutionNotEnrolled or NotAsEnrolled.
    """
    if institution is None:
        raise InstitutionNotEnrolled(institution_id)
    same = [each for each in accounts if _same(each.number, payee.number)]
    if not same:
        raise NotAsEnrolled({"account.number": "account_not_enrolled"})
    faults = {
        f"account.{field}": "account_differs"
        for field in ("holder", "bank")
        if not any(_same(getattr(each, field), getattr(payee, field)) for each in same)
    }
    if faults:
        raise NotAsEnrolled(faults)


def _party_faults(
    institution: Institution, details: Sequence[PartyDetails], applicants: frozenset[str]
) -> Iterator[tuple[str, str]]:
    enrolled = [(institution.name, institution.credit_code)]
    enrolled += [(branch.name, branch.credit_code) for branch in institution.branches]
    codes = {code for _, code in enrolled}
    for each in details:
        if each.party_id not in applicants:
            # Head office and branches are one person in law: none is another's opponent.
            # With its name and another code it is still the institution, or the code is wrong.
            if each.id_number in codes:
                yield f"{each.party_id}.id_number", "own_opponent"
            elif any(_same(name, each.name) for name, _ in enrolled):
                yield f"{each.party_id}.name", "own_opponent"
            continue
        of_the_name = {code for name, code in enrolled if _same(name, each.name)}
        if not of_the_name:
            yield f"{each.party_id}.name", "applicant_not_enrolled"
        if each.id_number not in (of_the_name or codes):
            yield f"{each.party_id}.id_number", "applicant_not_enrolled"


def _same(one: str, other: str) -> bool:
    return normalised(one) == normalised(other)
