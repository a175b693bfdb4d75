"""Enrol institutions and read them, and answer the core's questions about them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from chalicelib.capabilities.institutions.declaration import (
    ENROL_INSTITUTION,
    LIST_INSTITUTIONS,
    READ_INSTITUTION,
)
from chalicelib.capabilities.institutions.model import (
    Enrolment,
    check_filing,
    check_parties,
    check_payee,
)
from chalicelib.domain.errors import Conflict, InstitutionNotFound, NotAsEnrolled, StaleInstitution
from chalicelib.domain.permissions import authorise
from chalicelib.domain.roles import Role
from chalicelib.use_cases.capability_ports import EnrolledInstitution

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from chalicelib.capabilities.institutions.model import Account, ElementTable, Institution, Private
    from chalicelib.domain.agreement.settlement import PayeeAccount
    from chalicelib.domain.case import Case
    from chalicelib.domain.commands import FileDispute
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.papers import TableColumn
    from chalicelib.use_cases.ports import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An institution in a list: without contacts and accounts, which are sealed."""

    institution: Institution
    version: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionPage:
    """Institutions by their ids; `after` continues the list."""

    institutions: tuple[Listed, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the core asks about: the institution, and its accounts, which are opened by the call."""

    institution: Institution
    accounts: Callable[[], Sequence[Account]]


class Institutions(Protocol):
    """The enrolled institutions, and every version of what was enrolled."""

    def store(self, enrolment: Enrolment) -> bool:
        """Store the next version; False, and nothing is stored, unless the latest is the one before."""
        ...

    def versions(self, institution_id: str) -> tuple[Enrolment, ...]:
        """Read every version as last committed, the first one first; none of who is not enrolled."""
        ...

    def latest(self, institution_id: str) -> Enrolment | None:
        """Read the version in force as last committed; None of who is not enrolled."""
        ...

    def page(self, after: str, limit: int) -> InstitutionPage:
        """Read at most `limit` institutions whose ids come after this one; "" starts with the first."""
        ...


class Roll(Protocol):
    """The roll as filings ask it: it costs a filing no call while it is in memory."""

    def kept(self, institution_id: str) -> Known | None:
        """Return what was read of an institution at most 60 seconds ago; None if nothing was."""
        ...

    def read(self, institution_id: str) -> Known | None:
        """Read an institution as last committed; None if it is not enrolled."""
        ...


class AsksTheRoll(EnrolledInstitution):
    """The core's port, answered from the roll.

    What is kept in memory may allow something, for at most 60 seconds; before anything is refused the roll is
    read anew. So who was enrolled just now is not sent away.
    """

    def __init__(self, roll: Roll) -> None:
        self._roll = roll

    def check(self, command: FileDispute) -> None:
        """Refuse who is not enrolled, is suspended, or files in another's name or with another court."""
        self._ask(command.institution_id, lambda known: check_filing(_institution(known), command))

    def check_parties(self, case: Case, details: Sequence[PartyDetails]) -> None:
        """Refuse corrected applicants that are not the institution, and opponents that are."""

        def check(known: Known | None) -> None:
            check_parties(_institution(known), case.institution_id, details, case.applicant_ids)

        self._ask(case.institution_id, check)

    def columns(self, case: Case, table_id: str) -> Sequence[TableColumn]:
        """Return the columns that the institution enrolled under this name for this kind of case."""
        known = self._roll.read(case.institution_id)
        return known.institution.columns(table_id, case.case_type) if known else ()

    def check_payee(self, case: Case, payee: PayeeAccount) -> None:
        """Refuse an account that the institution did not enrol."""

        def check(known: Known | None) -> None:
            accounts = known.accounts() if known else ()
            check_payee(_institution(known), case.institution_id, accounts, payee)

        self._ask(case.institution_id, check)

    def _ask(self, institution_id: str, check: Callable[[Known | None], None]) -> None:
        kept = self._roll.kept(institution_id)
        if kept is not None:
            with suppress(Conflict, NotAsEnrolled):
                check(kept)
                return
        check(self._roll.read(institution_id))


def _institution(known: Known | None) -> Institution | None:
    return known.institution if known else None


def enrol(
    hub: Hub,
    actor: Actor,
    institution: Institution,
    private: Private,
    *,
    tables: tuple[ElementTable, ...] | None = None,
    expected_version: int,
    reason: str,
) -> Enrolment:
    """Enrol an institution (`expected_version` 0), or change what is enrolled; every version is kept.

    Its `tables` stay as they are where none are given.
    A centre enrols for its own court only: it neither adds nor removes another court, and changes nothing of
    an institution that was never enrolled for its own. The same change by the same person again returns the
    first one. Raises NotPermitted, NotAsEnrolled or StaleInstitution.
    """
    authorise(actor, ENROL_INSTITUTION)
    institutions = hub.part(Institutions)
    versions = institutions.versions(institution.institution_id)
    earlier = set(versions[-1].institution.courts) if versions else set[str]()
    now = set(institution.courts)
    if (earlier ^ now) - {actor.court_id} or actor.court_id not in earlier | now:
        raise NotAsEnrolled({"courts": "courts_of_others"})
    if tables is None:
        tables = versions[-1].institution.tables if versions else ()
    enrolment = Enrolment(
        institution=replace(institution, tables=tables),
        private=private,
        version=expected_version + 1,
        reason=reason,
        by=actor.subject,
        at=hub.clock.now(),
    )
    if institutions.store(enrolment):
        return enrolment
    for stored in institutions.versions(institution.institution_id):
        if replace(enrolment, at=stored.at) == stored:
            return stored
    raise StaleInstitution(institution.institution_id)


def read_institution(hub: Hub, actor: Actor, institution_id: str) -> tuple[Enrolment, ...]:
    """Return every version of what is enrolled, the last is in force; raises InstitutionNotFound.

    An institution reads its own only.
    """
    authorise(actor, READ_INSTITUTION)
    own = actor.role is not Role.INSTITUTION or actor.institution_id == institution_id
    found = hub.part(Institutions).versions(institution_id) if own else ()
    if not found:
        raise InstitutionNotFound(institution_id)
    return found


def list_enrolled(hub: Hub, actor: Actor, after: str, limit: int) -> InstitutionPage:
    """Return a page of the enrolled institutions; raises NotPermitted."""
    authorise(actor, LIST_INSTITUTIONS)
    return hub.part(Institutions).page(after, limit)
