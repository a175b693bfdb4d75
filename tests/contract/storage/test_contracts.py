"""Of one contract no instalment is claimed by two open cases, and who files again learns what came before."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.domain.commands import Withdraw
from chalicelib.domain.errors import DuplicateFiling
from chalicelib.use_cases.records import Filed
from tests.contract.storage.conftest import RawTable, Storage
from tests.contract.storage.steps import DUE, act, add, filed, insisting
from tests.support.fakes import samples


def file(storage: Storage | DynamoStore, case_id: str, scope: str, **changes: Any) -> Filed:
    """File some instalments of a contract."""
    change = filed(case_id, **{"contract_number": "L-1", "instalment_scope": scope, **changes})
    return storage.cases.add(change, samples.filing().details, samples.key(f"key-{case_id}"), DUE)


def end(storage: Storage | DynamoStore, case_id: str) -> None:
    """End a case."""
    act(storage.cases, storage.cases.get(case_id), Withdraw(), samples.INSTITUTION)


@pytest.mark.parametrize("scope", ["whole", "6", "3-8", "7-9"])
def test_an_instalment_that_is_claimed_is_not_claimed_again(storage: Storage, scope: str) -> None:
    """The refusal names the open case and what it claims; nothing is stored."""
    file(storage, "C-1", "1-6")
    file(storage, "C-2", "9-12")
    with pytest.raises(DuplicateFiling) as refused:
        file(storage, "C-3", scope, contract_number="ｌ－1")
    existing = ("C-2", "9-12") if scope == "7-9" else ("C-1", "1-6")
    assert (refused.value.existing_case_id, refused.value.existing_instalment_scope) == existing
    assert file(storage, "C-3", "7-8").before == ()


def test_a_debt_is_filed_anew_while_another_case_about_it_is_open(storage: Storage) -> None:
    """Of an instalment it shares; neither its own claim nor one that is over counts."""
    file(storage, "C-1", "1-6")
    first = storage.cases.get("C-1")
    assert not storage.cases.filed_anew(first)
    end(storage, "C-1")
    assert not storage.cases.filed_anew(first)
    file(storage, "C-2", "7-9")
    assert not storage.cases.filed_anew(first)
    file(storage, "C-3", "6")
    assert storage.cases.filed_anew(first)
    assert not storage.cases.filed_anew(storage.cases.get("C-2"))
    end(storage, "C-3")
    assert not storage.cases.filed_anew(first)


def test_who_files_again_is_told_of_the_cases_that_are_over(storage: Storage) -> None:
    """Of those about the same instalments; the same key gets the same answer."""
    for case_id, scope in (("C-1", "1-6"), ("C-2", "7-12")):
        file(storage, case_id, scope)
        end(storage, case_id)
    again = file(storage, "C-3", "6")
    assert [(case.case_id, case.instalment_scope) for case in again.before] == [("C-1", "1-6")]
    repeated = file(storage, "C-3", "6")
    assert (repeated.replayed, repeated.before) == (True, again.before)
    assert [case.case_id for case in file(storage, "C-4", "7").before] == ["C-2"]


def test_a_repeated_filing_is_answered_before_others_of_the_contract_are_looked_at(storage: Storage) -> None:
    """Its own case claims the instalments, and another case of the contract came since."""
    first = file(storage, "C-1", "1-6")
    file(storage, "C-2", "7")
    assert file(storage, "C-1", "1-6").case_id == first.case_id


def test_many_filings_of_one_contract_at_once_share_no_instalment(storage: Storage) -> None:
    """Of those that would, one is stored; the others are all stored."""
    scopes = ["1-2", "3-4", "5-6", "7-8", "2-3", "6-7"]

    def attempt(number: int) -> str | None:
        try:
            insisting(lambda: file(storage, f"C-{number}", scopes[number]))
        except DuplicateFiling:
            return None
        return scopes[number]

    with ThreadPoolExecutor(3) as pool:
        stored = [scope for scope in pool.map(attempt, range(len(scopes))) if scope]
    claimed = [part for scope in stored for part in scope.split("-")]
    assert len(set(claimed)) == len(claimed)
    assert len(stored) >= 3


def test_a_case_that_an_earlier_release_ended_does_not_refuse_for_ever(
    store: DynamoStore, table: RawTable
) -> None:
    """That release freed the claim and left the entry in the contract's record."""
    file(store, "C-1", "1-6")
    before = table.item("CONTRACT#bank-1#L-1", "FILINGS")
    end(store, "C-1")
    table.put(before)
    assert [case.case_id for case in file(store, "C-2", "3").before] == ["C-1"]
    assert table.item("CONTRACT#bank-1#L-1", "FILINGS")["open"] == {"SS": ["2026-03-02=3=C-2"]}


def test_a_case_that_an_earlier_release_filed_ends_with_the_others(
    store: DynamoStore, table: RawTable
) -> None:
    """It has no record of its contract; its claim is known by itself and freed."""
    file(store, "C-1", "1-6")
    key = {"PK": {"S": "CONTRACT#bank-1#L-1"}, "SK": {"S": "FILINGS"}}
    table.client.delete_item(TableName=table.name, Key=key)
    with pytest.raises(DuplicateFiling):
        file(store, "C-2", "1-6")
    assert store.cases.filed_anew(filed("C-9", contract_number="L-1", instalment_scope="1-6").case)
    assert not store.cases.filed_anew(store.cases.get("C-1"))
    end(store, "C-1")
    assert table.item("CONTRACT#bank-1#L-1", "FILINGS")["ended"] == {"SS": ["2026-03-02=1-6=C-1"]}
    assert [case.case_id for case in file(store, "C-3", "1-6").before] == ["C-1"]


def test_a_filing_is_one_call_and_one_more_if_the_contract_was_filed_before(
    store: DynamoStore, counting: Any
) -> None:
    """And a look at each open case that stands against it."""
    add(store.cases, "C-0")
    with counting() as calls:
        file(store, "C-1", "1-6")
    assert calls == {"TransactWriteItems": 1}
    with counting() as calls:
        file(store, "C-2", "7")
    assert calls == {"TransactWriteItems": 2}
    with counting() as calls, pytest.raises(DuplicateFiling):
        file(store, "C-3", "5")
    assert calls == {"TransactWriteItems": 1, "Query": 1}
