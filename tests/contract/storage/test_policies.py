"""Concession policies: append-only, one winner per version, and read in full with one Query."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.domain.errors import StalePolicy
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.concession import DEFAULT_TIERS, Repayment, Tier, Waiver
from chalicelib.domain.loan.concession_policy import ConcessionPolicy, PolicyBook
from chalicelib.domain.money import Money
from chalicelib.use_cases.records import Publication
from tests.contract.storage.conftest import RawTable, Storage
from tests.support.fakes.clock import START

CAMPAIGN = Tier(
    name="spring",
    repayment=Repayment.INSTALMENTS,
    waivers=(Waiver(Component.PENALTY_INTEREST, Decimal("33.330000")), Waiver(Component.FEES, Decimal(0))),
    paid_within_days=0,
    instalments_up_to=12,
    claim_up_to=Money(20_000_000),
    cap=Money(0),
)


def publication(version: int, institution_id: str = "bank-1", by: str = "clerk-1") -> Publication:
    policy = ConcessionPolicy(
        institution_id=institution_id,
        version=version,
        valid_from=date(2026, 3, version),
        valid_to=date(2026, 12, 31) if version % 2 else None,
        tiers=(CAMPAIGN, *DEFAULT_TIERS),
    )
    return Publication(policy=policy, published_by=by, published_at=START)


def test_an_institution_that_published_nothing_has_the_models_default(storage: Storage) -> None:
    """Version 1 needs no record."""
    assert storage.policies.book("bank-1") == PolicyBook.of("bank-1")
    assert storage.policies.publications("bank-1") == ()


def test_what_was_published_comes_back_as_it_was(storage: Storage) -> None:
    """In the order of versions, with who published it when, to the last digit of a percentage."""
    published = tuple(publication(version) for version in range(2, 13))
    for entry in published:
        storage.policies.publish(entry)
    assert storage.policies.publications("bank-1") == published
    read = storage.policies.publications("bank-1")[0].policy.tiers[0]
    assert str(read.waivers[0].percent) == "33.330000"
    book = storage.policies.book("bank-1")
    assert book == PolicyBook.of("bank-1", (entry.policy for entry in published))
    assert book.latest_version == 12


def test_a_version_is_written_once(storage: Storage) -> None:
    """The second to publish it is refused, and the first one's stays as it was."""
    storage.policies.publish(publication(2))
    with pytest.raises(StalePolicy):
        storage.policies.publish(publication(2, by="clerk-2"))
    assert storage.policies.publications("bank-1") == (publication(2),)


def test_of_many_at_once_one_publishes(storage: Storage) -> None:
    """However close they come."""

    def publish(clerk: int) -> bool:
        try:
            storage.policies.publish(publication(2, by=f"clerk-{clerk}"))
        except StalePolicy:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(publish, range(8)))
    assert Counter(won) == {True: 1, False: 7}
    (kept,) = storage.policies.publications("bank-1")
    assert kept.published_by == f"clerk-{won.index(True)}"


def test_each_institution_has_a_book_of_its_own(storage: Storage) -> None:
    """Also one whose id begins like another's, or contains the separator."""
    ids = ("bank-1", "bank-10", "bank", "bank-1#V")
    for number, institution_id in enumerate(ids):
        storage.policies.publish(publication(2, institution_id, by=f"clerk-{number}"))
    for number, institution_id in enumerate(ids):
        (own,) = storage.policies.publications(institution_id)
        assert (own.policy.institution_id, own.published_by) == (institution_id, f"clerk-{number}")


def test_a_book_is_one_query_and_a_publication_one_put(
    store: DynamoStore, table: RawTable, counted: Callable[[], Counter[str]]
) -> None:
    """Reading to publish costs no more than reading."""
    store.policies.publish(publication(2))
    store.policies.book("bank-1")
    store.policies.publications("bank-1")
    assert counted() == {"PutItem": 1, "Query": 2}
    assert set(table.item("POLICY#bank-1", "V#00000002")) >= {"published_by", "published_at", "tiers"}


def test_a_book_beyond_one_page_is_read_in_full(store: DynamoStore, table: RawTable) -> None:
    """A page ends at 1 MB, the book does not."""
    store.policies.publish(publication(2))
    item = table.item("POLICY#bank-1", "V#00000002")
    text = item["tiers"]["S"]
    for version in (3, 4, 5):
        padded = text[:-1] + " " * 390_000 + text[-1]
        number = {"version": {"N": str(version)}, "SK": {"S": f"V#{version:08}"}}
        table.put({**item, **number, "tiers": {"S": padded}})
    assert store.policies.book("bank-1").latest_version == 5


@pytest.fixture
def counted(table: RawTable) -> Any:
    """Count what is sent to the table, by operation."""
    found: Counter[str] = Counter()

    def note(model: Any, **_: Any) -> None:
        found[model.name] += 1

    table.client.meta.events.register("before-call", note, unique_id="policies")
    yield lambda: found
    table.client.meta.events.unregister("before-call", unique_id="policies")
