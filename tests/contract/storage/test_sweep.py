"""The sweep on the stores that there are: what is read and moved together, and what it costs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.errors import RecordTooNew, RecordUnreadable
from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.domain.errors import CaseNotFound, StoreBusy
from chalicelib.domain.steps import Step
from chalicelib.use_cases.ports import DueIndex
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.records import Arrival, Due
from tests.contract.storage.conftest import RawTable, Storage, StoreMaker
from tests.contract.storage.steps import DUE, FAR, LATER, add
from tests.support.fakes import FakeHub
from tests.support.fakes.clock import FakeClock

POISONED = 1000
_BATCH = 25


def every(due: DueIndex) -> list[Due]:
    """Return everything in the index."""
    return [one for shard in range(due.shards) for one in due.overdue(shard, FAR)]


def as_read(due: DueIndex) -> set[tuple[object, object, int]]:
    """Return what is in the index: whose, when, and after how many failures."""
    return {(one.ids[0], one.at, one.failures) for one in every(due)}


def test_works_are_moved_together_with_their_failures(storage: Storage) -> None:
    """Each to its own time; the count is read back, and is gone once anybody else sets a time."""
    for name in ("C-1", "C-2", "C-3"):
        add(storage.cases, name)
    works = sorted(every(storage.due), key=lambda one: str(one.ids))
    assert as_read(storage.due) == {("C-1", DUE, 0), ("C-2", DUE, 0), ("C-3", DUE, 0)}
    to = [replace(one, at=LATER, failures=number) for number, one in enumerate(works)]
    assert set(storage.due.move(list(zip(works, to, strict=True)))) == set(works)
    assert as_read(storage.due) == {("C-1", LATER, 0), ("C-2", LATER, 1), ("C-3", LATER, 2)}
    storage.workflows.set_follow_up("C-3", LATER)
    assert as_read(storage.due) == {("C-1", LATER, 0), ("C-2", LATER, 1), ("C-3", LATER, 0)}


def test_what_is_not_due_as_it_was_read_stays_and_holds_up_no_other(storage: Storage) -> None:
    """One was moved meanwhile, one has ended, one failed meanwhile, one never was: the fifth is moved."""
    for name in ("C-1", "C-2", "C-3", "C-4"):
        add(storage.cases, name)
    works = sorted(every(storage.due), key=lambda one: str(one.ids))
    storage.workflows.set_follow_up("C-1", FAR - timedelta(days=1))
    storage.workflows.end("C-2", 1)
    storage.due.move([(works[2], replace(works[2], failures=1))])
    works.append(replace(works[0], ids=("C-5",)))
    moved = storage.due.move([(one, replace(one, at=LATER)) for one in works])
    assert [one.ids for one in moved] == [("C-4",)]
    assert as_read(storage.due) == {
        ("C-1", FAR - timedelta(days=1), 0),
        ("C-3", DUE, 1),
        ("C-4", LATER, 0),
    }


def test_what_failed_stays_in_the_order_of_time(storage: Storage) -> None:
    """The count in the index does not change which is older, nor whether it is overdue."""
    add(storage.cases, "C-1")
    (work,) = every(storage.due)
    failed = replace(work, failures=7)
    storage.due.move([(work, failed)])
    shards = range(storage.due.shards)
    assert [one for shard in shards for one in storage.due.overdue(shard, DUE)] == []
    later = DUE + timedelta(microseconds=1)
    assert [one for shard in shards for one in storage.due.overdue(shard, later)] == [work]


def test_cases_are_read_together_each_on_its_own(storage: Storage) -> None:
    """As one by one; an unknown one has nothing that drives it."""
    add(storage.cases, "C-1")
    add(storage.cases, "C-2")
    read = storage.cases.driven(["C-1", "C-2", "C-3"])
    assert read.keys() == {"C-1", "C-2", "C-3"}
    for case_id in ("C-1", "C-2"):
        driven = read[case_id]()
        assert driven is not None
        assert driven.case == storage.cases.get(case_id)
        assert driven.record == storage.workflows.get(case_id)
    assert read["C-3"]() is None


def test_a_case_that_can_not_be_read_spoils_no_other(new_store: StoreMaker, table: RawTable) -> None:
    """Of a later schema, of a stage that nobody knows, or without its case."""
    store = new_store()
    for name in ("C-1", "C-2", "C-3", "C-4"):
        add(store.cases, name)
    table.put({**table.item("CASE#C-1", "CASE"), "schema": {"N": "9"}})
    table.put({**table.item("CASE#C-2", "CASE"), "stage": {"S": "resting"}})
    table.client.delete_item(TableName=table.name, Key={"PK": {"S": "CASE#C-3"}, "SK": {"S": "CASE"}})
    read = store.cases.driven(["C-1", "C-2", "C-3", "C-4"])
    for name, error in (("C-1", RecordTooNew), ("C-2", RecordUnreadable), ("C-3", CaseNotFound)):
        with pytest.raises(error):
            read[name]()
    driven = read["C-4"]()
    assert driven is not None
    assert driven.case == store.cases.get("C-4")


class Reluctant:
    """A table's client that answers some calls in its own way first."""

    def __init__(self, client: Any, **answers: list[Any]) -> None:
        self._client, self._answers = client, answers

    def __getattr__(self, name: str) -> Any:
        """Give the next answer that is left for a call, or the client's method."""
        left = self._answers.get(name)
        if not left:
            return getattr(self._client, name)
        answer = left.pop(0)
        return lambda **arguments: answer(self._client, arguments)


def conflict(client: Any, arguments: Any) -> Any:
    """Cancel a transaction, as for items that others write."""
    reasons = [{"Code": "TransactionConflict"}, *({"Code": "None"} for _ in arguments["TransactItems"][1:])]
    response: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
    raise client.exceptions.TransactionCanceledException(response, "TransactWriteItems")


def busy(_client: Any, _arguments: Any) -> Any:
    """Refuse a write, since a transaction is on the item."""
    raise ClientError({"Error": {"Code": "TransactionConflictException"}}, "UpdateItem")


def reluctant(table: RawTable, clock: FakeClock, **answers: list[Any]) -> DynamoStore:
    """Make a store whose client answers some calls in its own way first; it needs no key."""
    client: Any = Reluctant(table.client, **answers)
    no_kms: Any = None
    return DynamoStore(client, table.name, kms=no_kms, kms_key_id="", now=clock.epoch)


def test_works_in_conflict_are_moved_one_by_one(
    store: DynamoStore, table: RawTable, clock: FakeClock
) -> None:
    """Those that stay in conflict are not moved, and hold up no other."""
    for name in ("C-1", "C-2", "C-3"):
        add(store.cases, name)
    works = sorted(every(store.due), key=lambda one: str(one.ids))
    due = reluctant(table, clock, transact_write_items=[conflict], update_item=[busy]).due
    assert [one.ids for one in due.move([(one, replace(one, at=LATER)) for one in works])] == [
        ("C-2",),
        ("C-3",),
    ]
    assert as_read(due) == {("C-1", DUE, 0), ("C-2", LATER, 0), ("C-3", LATER, 0)}


def unread(client: Any, arguments: Any) -> Any:
    """Read one item only, and leave the others for another call."""
    ((table, asked),) = arguments["RequestItems"].items()
    first = {table: {**asked, "Keys": asked["Keys"][:1]}}
    left = {table: {**asked, "Keys": asked["Keys"][1:]}}
    return {**client.batch_get_item(RequestItems=first), "UnprocessedKeys": left}


def never_read(_client: Any, arguments: Any) -> Any:
    """Read nothing."""
    return {"Responses": {}, "UnprocessedKeys": arguments["RequestItems"]}


def test_what_was_not_read_at_once_is_asked_for_again(
    store: DynamoStore, table: RawTable, clock: FakeClock
) -> None:
    """Up to five times; a part of a case is never taken for the whole."""
    case = add(store.cases, "C-1")
    driven = reluctant(table, clock, batch_get_item=[unread]).cases.driven(["C-1"])["C-1"]()
    assert driven is not None
    assert (driven.case, driven.record.case_id) == (case, "C-1")
    with pytest.raises(StoreBusy):
        reluctant(table, clock, batch_get_item=[never_read] * 5).cases.driven(["C-1"])


def on(store: DynamoStore, clock: FakeClock) -> FakeHub:
    """Return a hub whose records are in a store, and whose engine and queues are fakes."""
    hub: Any = FakeHub(clock)
    for part in ("cases", "workflows", "due", "deadlines", "settlements", "dispatches", "callbacks"):
        setattr(hub, part, getattr(store, part))
    made: FakeHub = hub
    return made


@pytest.mark.parametrize("table", ["moto"], indirect=True)
def test_a_healthy_case_behind_a_thousand_poisoned_ones_is_looked_after_in_the_same_run(
    new_store: StoreMaker, table: RawTable, clock: FakeClock
) -> None:
    """All of one shard, the poisoned ones, of a later release's schema, due first."""
    hub = on(new_store(), clock)
    add(hub.cases, "C-0")
    shard = keys.due_shard("C-0")
    names = (f"B-{number}" for number in range(18 * POISONED))
    poisoned = [name for name in names if keys.due_shard(name) == shard][:POISONED]
    case = {**table.item("CASE#C-0", "CASE"), "schema": {"N": "9"}}
    record = {**table.item("CASE#C-0", "WORKFLOW"), "due_at": {"S": keys.sortable(DUE - timedelta(hours=1))}}
    requests: list[Any] = [
        {"PutRequest": {"Item": {**item, "PK": {"S": f"CASE#{name}"}}}}
        for name in poisoned
        for item in (case, record)
    ]
    for start in range(0, len(requests), _BATCH):
        table.client.batch_write_item(RequestItems={table.name: requests[start : start + _BATCH]})
    clock.advance(hours=2)
    failures: list[str] = []
    assert reconcile(hub, failed=lambda failure, _: failures.append(type(failure).__name__)) == POISONED + 1
    assert hub.engine.running("C-0", 2)
    assert failures == ["RecordTooNew"] * POISONED
    assert hub.metrics.counts["SweepFailedRecordTooNew"] == POISONED
    assert reconcile(hub) == 0
    put_off = {(one.at - clock.now(), one.failures) for one in every(hub.due) if one.ids != ("C-0",)}
    assert put_off == {(timedelta(hours=1) / 64, 1)}


@pytest.mark.parametrize("table", ["moto"], indirect=True)
def test_looking_after_a_driven_case_costs_its_execution_and_little_more(
    new_store: StoreMaker, clock: FakeClock, counting: Callable[[], Any]
) -> None:
    """Of 101 cases in one shard: two queries, a read and two writes for every 25, a query of each other."""
    store = new_store()
    hub = on(store, clock)
    names = [name for name in (f"C-{number}" for number in range(1200)) if keys.due_shard(name) == "0"][:101]
    for name in names:
        case = add(store.cases, name)
        since = case.entered_at_version
        arrival = Arrival(case_id=name, generation=1, step=case.step, since=since, token=name)
        store.workflows.arrive(arrival)
        hub.engine.start(name, 1, {"step": str(Step.SCREENING)})
    clock.advance(hours=2)
    with counting() as calls:
        assert reconcile(hub) == 101
    assert calls == {"Query": 9, "BatchGetItem": 5, "TransactWriteItems": 10}
    assert as_read(hub.due) == {(name, clock.now() + timedelta(hours=1), 0) for name in names}
