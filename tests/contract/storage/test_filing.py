"""A filing is stored as a whole, once, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.commands import Withdraw
from chalicelib.domain.errors import CaseNotFound, DuplicateFiling, IdempotencyKeyReused
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.records import Due, Filed, WorkflowRecord
from tests.contract.storage.conftest import Storage
from tests.contract.storage.steps import DUE, LATER, act, add, filed, insisting
from tests.support.fakes import samples
from tests.support.fakes.clock import START

HOURS = 3600


def test_a_filing_is_read_back_whole(storage: Storage) -> None:
    """Case, event, details and workflow record are there, and the workflow is looked after in time."""
    change = filed("C-1")
    answer = storage.cases.add(change, samples.filing().details, samples.key(), DUE)
    assert answer == Filed(case_id="C-1", stage=Stage.FILED, filed_at=START, version=1)
    assert storage.cases.get("C-1") == change.case
    assert storage.cases.events("C-1", 0, 10) == (change.event,)
    assert storage.cases.details(change.case) == samples.filing().details
    assert storage.workflows.get("C-1") == WorkflowRecord(case_id="C-1", generation=1)
    shards = range(storage.due.shards)
    assert [due for shard in shards for due in storage.due.overdue(shard, DUE)] == []
    assert [due for shard in shards for due in storage.due.overdue(shard, LATER)] == [
        Due(consumer="workflow", ids=("C-1",))
    ]


def test_details_come_in_the_order_of_the_parties(storage: Storage) -> None:
    """However the details were given, they are read in the order of the case's parties."""
    case = add(storage.cases, "C-1", details=(samples.BORROWER_DETAILS, samples.BANK_DETAILS))
    assert storage.cases.details(case) == (samples.BANK_DETAILS, samples.BORROWER_DETAILS)


def test_the_same_key_and_body_get_the_same_answer(storage: Storage) -> None:
    """A repeated filing is answered as before, and its new case is not stored."""
    first = storage.cases.add(filed("C-1"), samples.filing().details, samples.key(), DUE)
    again = storage.cases.add(filed("C-2"), samples.filing().details, samples.key(), DUE)
    assert again == replace(first, replayed=True)
    with pytest.raises(CaseNotFound):
        storage.cases.get("C-2")


def test_a_repeated_filing_is_answered_before_it_is_called_a_duplicate(storage: Storage) -> None:
    """The claim is open under its own first filing, which is what the answer says."""
    storage.cases.add(filed("C-1", contract_number="L-1"), samples.filing().details, samples.key(), DUE)
    again = storage.cases.add(
        filed("C-2", contract_number="L-1"), samples.filing().details, samples.key(), DUE
    )
    assert again.case_id == "C-1"


def test_a_key_is_not_taken_for_another_body(storage: Storage) -> None:
    """The same key with another body is refused, and nothing is stored."""
    storage.cases.add(filed("C-1"), samples.filing().details, samples.key(body="one"), DUE)
    with pytest.raises(IdempotencyKeyReused):
        storage.cases.add(filed("C-2"), samples.filing().details, samples.key(body="two"), DUE)
    with pytest.raises(CaseNotFound):
        storage.cases.get("C-2")


def test_keys_of_two_callers_are_two_keys(storage: Storage) -> None:
    """A caller neither gets nor blocks another caller's answer; a separator in a name changes nothing."""
    storage.cases.add(filed("C-1"), samples.filing().details, samples.key("k", caller="a#b"), DUE)
    other = storage.cases.add(filed("C-2"), samples.filing().details, samples.key("b#k", caller="a"), DUE)
    assert (other.case_id, other.replayed) == ("C-2", False)


def test_a_key_is_forgotten_after_48_hours(storage: Storage) -> None:
    """Up to 48 hours a key is answered the same way; then it counts as new, deleted yet or not."""
    storage.cases.add(filed("C-1"), samples.filing().details, samples.key(), DUE)
    storage.clock.advance(seconds=48 * HOURS - 1)
    assert storage.cases.add(filed("C-2"), samples.filing().details, samples.key(), DUE).replayed
    storage.clock.advance(seconds=1)
    assert storage.cases.add(filed("C-3"), samples.filing().details, samples.key(), DUE).case_id == "C-3"


def test_an_open_claim_is_not_filed_twice(storage: Storage) -> None:
    """The refusal names the open case; nothing is stored, and the key stays free for a better filing."""
    add(storage.cases, "C-1", contract_number="L-1")
    with pytest.raises(DuplicateFiling) as refusal:
        storage.cases.add(
            filed("C-2", contract_number="L-1"), samples.filing().details, samples.key("k2"), DUE
        )
    assert refusal.value.existing_case_id == "C-1"
    with pytest.raises(CaseNotFound):
        storage.cases.get("C-2")
    assert storage.cases.add(filed("C-3"), samples.filing().details, samples.key("k2"), DUE).case_id == "C-3"


@pytest.mark.parametrize(
    "other",
    [
        {"contract_number": "L-2"},
        {"instalment_scope": "13-24"},
        {"contract_number": "L", "instalment_scope": "1#1-12"},
        {"contract_number": "L%231"},
    ],
)
def test_another_claim_is_no_duplicate(storage: Storage, other: dict[str, Any]) -> None:
    """Contract and scope together make a claim, whatever signs they are written with."""
    add(storage.cases, "C-1", contract_number="L#1", instalment_scope="1-12")
    assert add(storage.cases, "C-2", **{"instalment_scope": "1-12", **other}).case_id == "C-2"


def test_a_claim_may_be_filed_again_once_its_case_is_over(storage: Storage) -> None:
    """Only an open case holds its claim."""
    case = add(storage.cases, "C-1", contract_number="L-1")
    act(storage.cases, case, Withdraw(), samples.INSTITUTION)
    assert add(storage.cases, "C-2", contract_number="L-1").case_id == "C-2"


def test_of_many_filings_of_one_claim_at_once_one_is_stored(storage: Storage) -> None:
    """Concurrency makes neither two cases of one claim nor none."""

    def file(number: int) -> str | None:
        change = filed(f"C-{number}", contract_number="L-1")
        key = samples.key(f"key-{number}")
        try:
            return insisting(lambda: storage.cases.add(change, samples.filing().details, key, DUE)).case_id
        except DuplicateFiling as duplicate:
            refused.append(duplicate.existing_case_id)
            return None

    refused: list[str] = []
    with ThreadPoolExecutor(4) as pool:
        stored = [case_id for case_id in pool.map(file, range(8)) if case_id is not None]
    assert len(stored) == 1
    assert set(refused) == set(stored)


def test_one_filing_sent_many_times_at_once_is_stored_once(storage: Storage) -> None:
    """Whoever comes second gets the first one's answer."""

    def file(number: int) -> Filed:
        change = filed(f"C-{number}")
        return insisting(lambda: storage.cases.add(change, samples.filing().details, samples.key(), DUE))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(file, range(8)))
    assert len({answer.case_id for answer in answers}) == 1
    assert [answer.replayed for answer in answers].count(False) == 1
