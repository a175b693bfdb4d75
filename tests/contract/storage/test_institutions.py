"""Enrolments in every storage there is: their versions, their key's answer, and the roll that filings ask."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.capabilities.institutions.service import Listed
from chalicelib.capabilities.institutions.store import DynamoRoll, institutions
from chalicelib.domain.errors import IdempotencyKeyReused, StaleInstitution
from tests.support.fakes import samples
from tests.support.fakes.institutions import enrolment_of, suspended

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.storage.conftest import RawTable, Storage, StoreMaker

FIRST: Final = enrolment_of("new-1")
SECOND: Final = suspended(FIRST)
TWO_DAYS: Final = 48 * 3600


def test_versions_are_kept_and_the_last_one_is_known(storage: Storage) -> None:
    """With accounts and all; nothing is known of who was never enrolled."""
    assert storage.institutions.versions("new-1") == ()
    assert storage.roll.read("new-1") is None
    for number, enrolment in enumerate((FIRST, SECOND)):
        stored = storage.institutions.store(enrolment, samples.key(f"e-{number}"))
        assert (stored.enrolment, stored.replayed) == (enrolment, False)
    assert storage.institutions.versions("new-1") == (FIRST, SECOND)
    known = storage.roll.read("new-1")
    assert known
    assert (known.institution, known.accounts()) == (SECOND.institution, SECOND.private.accounts)


def test_a_key_stores_one_version_and_is_remembered_for_two_days(storage: Storage) -> None:
    """Even when a later version was stored meanwhile; another body is refused."""
    storage.institutions.store(FIRST, samples.key())
    storage.institutions.store(SECOND, samples.key("e-2"))
    again = storage.institutions.store(FIRST, samples.key())
    assert (again.enrolment, again.replayed) == (FIRST, True)
    with pytest.raises(IdempotencyKeyReused):
        storage.institutions.store(FIRST, samples.key(body="another"))
    storage.clock.advance(seconds=TWO_DAYS + 1)
    with pytest.raises(StaleInstitution):
        storage.institutions.store(FIRST, samples.key())


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_follows_the_one_before(storage: Storage, version: int) -> None:
    """Nothing is stored of another, not even its key."""
    storage.institutions.store(FIRST, samples.key())
    wrong = replace(SECOND, version=version)
    for _ in range(2):
        with pytest.raises(StaleInstitution):
            storage.institutions.store(wrong, samples.key("e-2"))
    assert storage.institutions.versions("new-1") == (FIRST,)


def test_a_second_version_needs_a_first(storage: Storage) -> None:
    """An institution begins with its enrolment."""
    with pytest.raises(StaleInstitution):
        storage.institutions.store(SECOND, samples.key())


def test_of_clerks_at_once_one_stores_the_version(storage: Storage) -> None:
    """The others have to read it first."""

    def change(number: int) -> bool:
        try:
            storage.institutions.store(FIRST, samples.key(f"e-{number}"))
        except StaleInstitution:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(change, range(4))) == [False, False, False, True]


def test_pages_list_every_institution_once_by_its_id(storage: Storage) -> None:
    """With its latest version, and no further page behind the last institution."""
    names = [f"new-{number}" for number in range(5)]
    for name in reversed(names):
        storage.institutions.store(enrolment_of(name), samples.key(f"e-{name}"))
    storage.institutions.store(SECOND, samples.key("e-6"))
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
    store.store(FIRST, samples.key())
    another.read("new-1")
    store.store(SECOND, samples.key("e-2"))
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
    institutions(new_store()).store(FIRST, samples.key())
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


def test_contacts_and_accounts_are_sealed(new_store: StoreMaker, table: RawTable) -> None:
    """In no item stands an account's number."""
    institutions(new_store()).store(FIRST, samples.key())
    assert "6217000000000000004" not in repr(table.items())
