"""Enrolments in every storage there is: their versions, and the roll that filings ask."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.capabilities.institutions.service import AsksTheRoll, Listed
from chalicelib.capabilities.institutions.store import DynamoRoll, institutions
from chalicelib.domain.errors import InstitutionNotEnrolled, NotAsEnrolled
from tests.support.fakes import samples
from tests.support.fakes.institutions import enrolment_of, suspended

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.storage.conftest import RawTable, Storage, StoreMaker

FIRST: Final = enrolment_of("new-1")
SECOND: Final = suspended(FIRST)


def test_versions_are_kept_and_the_last_one_is_known(storage: Storage) -> None:
    """With accounts and all; nothing is known of who was never enrolled."""
    assert storage.institutions.versions("new-1") == ()
    assert storage.institutions.latest("new-1") is None
    assert storage.roll.read("new-1") is None
    assert storage.institutions.store(FIRST)
    assert storage.institutions.store(SECOND)
    assert storage.institutions.versions("new-1") == (FIRST, SECOND)
    assert storage.institutions.latest("new-1") == SECOND
    known = storage.roll.read("new-1")
    assert known
    assert (known.institution, known.accounts()) == (SECOND.institution, SECOND.private.accounts)


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_follows_the_one_before(storage: Storage, version: int) -> None:
    """Nothing is stored of another."""
    storage.institutions.store(FIRST)
    assert not storage.institutions.store(replace(SECOND, version=version))
    assert storage.institutions.versions("new-1") == (FIRST,)


def test_a_second_version_needs_a_first(storage: Storage) -> None:
    """An institution begins with its enrolment."""
    assert not storage.institutions.store(SECOND)
    assert storage.institutions.versions("new-1") == ()


def test_of_clerks_at_once_one_stores_the_version(storage: Storage) -> None:
    """The others have to read it first."""
    with ThreadPoolExecutor(4) as pool:
        stored = pool.map(storage.institutions.store, [FIRST] * 4)
        assert sorted(stored) == [False, False, False, True]


def test_pages_list_every_institution_once_by_its_id(storage: Storage) -> None:
    """With its latest version, and no further page behind the last institution."""
    names = [f"new-{number}" for number in range(5)]
    for name in reversed(names):
        storage.institutions.store(enrolment_of(name))
    storage.institutions.store(SECOND)
    found, after = list[Listed](), "bank-9"
    for _ in range(4):
        page = storage.institutions.page(after, 2)
        found += page.institutions
        if page.after is None:
            break
        after = page.after
    assert [each.institution.institution_id for each in found] == names
    assert [each.version for each in found] == [1, 2, 1, 1, 1]


def test_a_suspension_holds_after_a_minute_in_every_process(new_store: StoreMaker, clock: Any) -> None:
    """What was read is relied on for sixty seconds and no longer, however often it is asked."""
    store, another = institutions(new_store()), DynamoRoll(new_store())
    store.store(FIRST)
    another.read("new-1")
    store.store(SECOND)
    for _ in range(6):
        clock.advance(seconds=10)
        kept = another.kept("new-1")
        assert kept
        assert kept.institution == FIRST.institution
    clock.advance(seconds=1)
    assert another.kept("new-1") is None
    read = another.read("new-1")
    assert read
    assert read.institution == SECOND.institution


def test_an_institution_and_its_key_are_one_read(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """In a new process; the key is kept longer, and is not read again with the institution."""
    institutions(new_store()).store(FIRST)
    store = new_store()
    roll = DynamoRoll(store)
    with counting() as counted:
        known = roll.read("new-1")
        assert known
        store.data_keys.for_sealing("new-1")
        known.accounts()
    assert counted == Counter({"BatchGetItem": 1, "Decrypt": 1})
    with counting() as counted:
        assert roll.kept("new-1") == known
    assert counted == Counter()
    with counting() as counted:
        roll.read("new-1")
    assert counted == Counter({"BatchGetItem": 1})


def test_nobody_is_refused_from_memory(new_store: StoreMaker) -> None:
    """Who was enrolled, or let in again, or whose court was added a moment ago, files at once."""
    centre, asked = institutions(new_store()), AsksTheRoll(DynamoRoll(new_store()))
    filing = samples.filing(institution_id="new-1")
    with pytest.raises(InstitutionNotEnrolled):
        asked.check(filing)
    elsewhere = enrolment_of("new-1", courts=("court-2",))
    centre.store(elsewhere)
    with pytest.raises(NotAsEnrolled):
        asked.check(filing)
    centre.store(replace(FIRST, version=2))
    asked.check(filing)
    centre.store(replace(SECOND, version=3))
    asked.check(filing)  # relies on what it read a moment ago


def test_contacts_and_accounts_are_sealed(new_store: StoreMaker, table: RawTable) -> None:
    """In no item stands an account's number."""
    institutions(new_store()).store(FIRST)
    assert "6217000000000000004" not in repr(table.items())
