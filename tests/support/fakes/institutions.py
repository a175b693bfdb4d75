"""Institutions in memory, with those that tests file for enrolled from the start.

Promise: a test whose institution is well known needs no enrolment of its own; one that nobody enrolled is
refused like anywhere else. Downside: nothing is kept, so no test of a use case sees the last minute's roll.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from chalicelib.capabilities.institutions.model import (
    Account,
    Branch,
    Enrolment,
    Institution,
    InstitutionState,
    Private,
)
from chalicelib.capabilities.institutions.service import (
    AsksTheRoll,
    InstitutionPage,
    Known,
    Listed,
)
from tests.support.fakes.memory import Memory

ACCOUNT: Final = Account(holder="海滨测试银行", number="6217000000000000004", bank="测试支行")
_OF_THE_GUIDES: Final = replace(ACCOUNT, bank="海滨测试银行蕉城支行")


def enrolment_of(
    institution_id: str = "bank-1",
    *,
    courts: tuple[str, ...] = ("court-jc",),
    accounts: tuple[Account, ...] = (ACCOUNT, _OF_THE_GUIDES),
) -> Enrolment:
    """Return the first enrolment of a test's institution."""
    return Enrolment(
        institution=Institution(
            institution_id=institution_id,
            name="海滨测试银行",
            credit_code="91350100M000100Y43",
            state=InstitutionState.ACTIVE,
            courts=courts,
        ),
        private=Private(accounts=accounts),
        version=1,
        reason="签订入驻协议",
        by="centre-1",
        at=datetime(2026, 1, 5, 1, 30, tzinfo=UTC),
    )


def suspended(enrolment: Enrolment) -> Enrolment:
    """Return the next version, which suspends the institution."""
    institution = replace(enrolment.institution, state=InstitutionState.SUSPENDED)
    return replace(enrolment, institution=institution, version=enrolment.version + 1, reason="违反共同规则")


class FakeInstitutions:
    """Each write is all or nothing, as one transaction."""

    def __init__(self, memory: Memory, _real_seconds: Callable[[], float]) -> None:
        self._memory = memory

    def store(self, enrolment: Enrolment) -> bool:
        """Store the next version."""
        with self._memory.lock:
            institution_id = enrolment.institution.institution_id
            versions = self._memory.institutions.get(institution_id, [])
            if enrolment.version != len(versions) + 1:
                return False
            self._memory.institutions[institution_id] = [*versions, enrolment]
            return True

    def versions(self, institution_id: str) -> tuple[Enrolment, ...]:
        """Return every version."""
        return tuple(self._memory.institutions.get(institution_id, ()))

    def latest(self, institution_id: str) -> Enrolment | None:
        """Return the version in force."""
        return next(reversed(self.versions(institution_id)), None)

    def page(self, after: str, limit: int) -> InstitutionPage:
        """Return a page."""
        stored = self._memory.institutions
        found = sorted(institution_id for institution_id in stored if institution_id > after)
        latest = [stored[institution_id][-1] for institution_id in found[:limit]]
        return InstitutionPage(
            institutions=tuple(
                Listed(institution=each.institution, version=each.version, at=each.at) for each in latest
            ),
            after=found[limit - 1] if len(found) > limit else None,
        )


class FakeRoll:
    """Reads anew each time."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def kept(self, _institution_id: str) -> Known | None:
        """Return nothing: nothing is kept."""
        return None

    def read(self, institution_id: str) -> Known | None:
        """Return the latest version."""
        versions = self._memory.institutions.get(institution_id)
        if not versions:
            return None
        latest = versions[-1]
        return Known(institution=latest.institution, accounts=lambda: latest.private.accounts)


def fake_enrolled(memory: Memory, _real_seconds: Callable[[], float]) -> AsksTheRoll:
    """Make the answer to the core's port."""
    return AsksTheRoll(FakeRoll(memory))


def well_known(courts: tuple[str, ...]) -> dict[str, list[Enrolment]]:
    """Return the institutions that tests file for; their branches are the names in which samples file."""
    return {
        institution_id: [_with_samples(enrolment_of(institution_id, courts=courts))]
        for institution_id in (f"bank-{number}" for number in range(10))
    }


def _with_samples(enrolment: Enrolment) -> Enrolment:
    branches = tuple(Branch(name=name, credit_code=code) for name, code in _SAMPLES)
    return replace(enrolment, institution=replace(enrolment.institution, branches=branches))


_SAMPLES: Final = (
    ("姓名之a1", "证号之a1"),
    ("姓名之a2", "证号之a2"),
    ("银·行", "91350100M000100Y43"),
    ("示例农村商业银行股份有限公司", "91350100M000100Y43"),
)
