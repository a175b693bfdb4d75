"""What each operation asks of AWS: the budget of design §9, counted at the wire."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.domain import lifecycle
from chalicelib.domain.commands import Correct, RequestTransfer, Screen, Withdraw
from chalicelib.domain.court_commands import RecordReview
from chalicelib.domain.errors import DuplicateFiling, StaleVersion
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.notices import NoticeKind, Outcome, notice_of
from chalicelib.domain.roles import Actor
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import ReviewResult
from chalicelib.use_cases.records import Arrival, CourtCallback
from tests.contract.storage.conftest import RawTable, StoreMaker
from tests.contract.storage.steps import DUE, LATER, act, add, context, filed, transferring, unresolved
from tests.support.fakes import COURT_ID, samples
from tests.support.fakes.clock import START
from tests.unit.domain.loan.support import g1

Calls = dict[str, int]


@pytest.fixture
def table(moto_table: RawTable) -> RawTable:
    """Count on one engine: the calls are the adapter's, not the engine's."""
    moto_table.empty()
    return moto_table


def warm(new_store: StoreMaker) -> DynamoStore:
    """Make a store that has the institution's key in memory."""
    store = new_store()
    add(store.cases, "C-0")
    return store


def file(store: DynamoStore, case_id: str = "C-1", **changes: Any) -> None:
    """File a case through the port."""
    store.cases.add(filed(case_id, **changes), samples.filing().details, samples.key(f"k-{case_id}"), DUE)


def test_a_filing_is_one_transaction(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """With the key in memory a filing is one call; in a new process two, and one to KMS."""
    store = warm(new_store)
    with counting() as calls:
        file(store)
    assert calls == {"TransactWriteItems": 1}
    with counting() as calls:
        file(new_store(), "C-2")
    assert calls == {"GetItem": 1, "Decrypt": 1, "TransactWriteItems": 1}


def test_a_debt_costs_a_filing_no_call(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """It is stored in the filing's transaction, and read in one call."""
    store = warm(new_store)
    debt = Debt(contract=g1())
    with counting() as calls:
        file(store, debt=debt)
    assert calls == {"TransactWriteItems": 1}
    with counting() as calls:
        assert store.debts.get("C-1") == debt
    assert calls == {"GetItem": 1}


def test_an_institutions_first_filing_makes_its_key(
    new_store: StoreMaker, counting: Callable[[], Any]
) -> None:
    """Once in an institution's life a filing costs a write more."""
    with counting() as calls:
        file(new_store())
    assert calls == {"GetItem": 1, "GenerateDataKey": 1, "PutItem": 1, "TransactWriteItems": 1}


def test_a_refusal_costs_no_second_call(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """What stood against a filing comes back with its refusal."""
    store = warm(new_store)
    with counting() as calls:
        replayed = store.cases.add(filed("C-8"), samples.filing().details, samples.key("key-C-0"), DUE)
        with pytest.raises(DuplicateFiling):
            file(store, "C-9", contract_number="C-0")
    assert replayed.replayed
    assert calls == {"TransactWriteItems": 2}


def test_a_change_is_one_transaction(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """Whatever a change brings with it: an event, a transfer, a freed claim."""
    store = warm(new_store)
    case = store.cases.get("C-0")
    ready = unresolved(store.cases, "C-1")
    with counting() as calls:
        screened = act(store.cases, case, Screen())
        act(store.cases, screened, Withdraw(), samples.INSTITUTION)
        act(store.cases, ready, RequestTransfer(), samples.INSTITUTION)
        with pytest.raises(StaleVersion):
            act(store.cases, case, Screen())
    assert calls == {"TransactWriteItems": 4}


def test_a_number_is_one_write_and_finding_a_case_by_it_one_query(
    new_store: StoreMaker, counting: Callable[[], Any]
) -> None:
    """The screening that stores it stays one transaction."""
    store = new_store()
    case = add(store.cases, "C-1")
    with counting() as calls:
        assert store.cases.next_number("court-jc", 2026) == 1
        act(store.cases, case, Screen(case_number="调〔2026〕1号"))
        assert store.cases.find_by_number("调〔2026〕1号") == ("C-1",)
    assert calls == {"UpdateItem": 1, "TransactWriteItems": 1, "Query": 1}


def test_a_correction_reads_the_parties_first(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """One read more, to keep the other parties as they are."""
    store = warm(new_store)
    case = transferring(store.cases, "C-1")
    rejected = RecordReview(transfer_id="C-1-T1", result=ReviewResult.REJECTED)
    case = act(store.cases, case, rejected, samples.COURT)
    change = lifecycle.apply(case, Correct(details=(samples.BORROWER_DETAILS,)), context(samples.INSTITUTION))
    with counting() as calls:
        store.cases.save(change, DUE, (replace(samples.BORROWER_DETAILS, phone="13900005678"),))
    assert calls == {"GetItem": 1, "TransactWriteItems": 1}


def test_reads_are_one_call_each(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """A case, its details, its events, a person, a transfer: one call each."""
    store = warm(new_store)
    case = transferring(store.cases, "C-1")
    with counting() as calls:
        store.cases.get("C-1")
        store.cases.details(case)
        store.workflows.get("C-1")
        store.transfers.get("C-1-T1")
        store.dispatches.get("C-1", f"C-1-D{case.version}")
    assert calls == {"GetItem": 4, "Query": 1}  # the case comes with the head of its talk, in one query
    with counting() as calls:
        store.cases.events("C-1", 0, 100)
        store.cases.find_by_id_number("bank-1", samples.BORROWER_DETAILS.id_number)
        list(store.due.overdue(0, LATER))
    assert calls == {"Query": 3}


def test_reads_by_key_are_consistent(new_store: StoreMaker, table: RawTable) -> None:
    """The rendezvous needs what was committed, not what an emulator happens to show at once."""
    store = warm(new_store)
    consistent: list[bool] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        consistent.append(params.get("ConsistentRead", False))

    for operation in ("GetItem", "Query"):
        table.client.meta.events.register(f"provide-client-params.dynamodb.{operation}", note)
    store.cases.get("C-0")
    store.workflows.get("C-0")
    store.cases.events("C-0", 0, 5)
    store.cases.find_by_id_number("bank-1", "x")
    for operation in ("GetItem", "Query"):
        table.client.meta.events.unregister(f"provide-client-params.dynamodb.{operation}", note)
    assert consistent == [True] * 4


@pytest.mark.parametrize(
    ("actor", "stage", "calls_made"),
    [
        (samples.INSTITUTION, None, {"Query": 1, "BatchGetItem": 1}),
        (samples.INSTITUTION, Stage.FILED, {"Query": 1, "BatchGetItem": 1}),
        (samples.INSTITUTION, Stage.DOCKETED, {"Query": 1}),
        (samples.MEDIATOR, Stage.FILED, {"Query": 1}),
        (samples.JUDGE, None, {"Query": 1}),
        (samples.CENTRE, None, {"Query": 4}),
        (samples.CENTRE, Stage.FILED, {"Query": 1, "BatchGetItem": 1}),
        (samples.CENTRE, Stage.DOCKETED, {"Query": 1}),
    ],
)
def test_a_list_is_one_query_per_partition(
    new_store: StoreMaker,
    counting: Callable[[], Any],
    actor: Actor,
    stage: Stage | None,
    calls_made: dict[str, int],
) -> None:
    """A court's list has four; what an index of keys shows is read in one call more."""
    store = warm(new_store)
    with counting() as calls:
        store.cases.list_for(actor, stage, None, 50)
    assert calls == calls_made


def test_a_case_and_what_stands_beside_it_are_read_in_one_call(
    new_store: StoreMaker, counting: Callable[[], Any]
) -> None:
    """With its parties for who looks at it, with what drives it for who drives it."""
    store = warm(new_store)
    with counting() as calls:
        case, details = store.cases.with_details("C-0")
        assert [entry.party_id for entry in details()] == [party.party_id for party in case.parties]
    assert calls == {"BatchGetItem": 1}
    with counting() as calls:
        assert store.cases.driven(["C-0"])["C-0"]() is not None
    assert calls == {"BatchGetItem": 1}


def test_driving_is_one_write_each(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """The rendezvous, the reconciler and the dispatcher each change a record without reading it."""
    store = warm(new_store)
    case = transferring(store.cases, "C-1")
    dispatch_id = f"C-1-D{case.version}"
    arrival = Arrival(case_id="C-1", generation=1, step=Step.SUBMISSION, since=case.version, token="t")
    with counting() as calls:
        store.workflows.arrive(arrival)
        store.workflows.set_follow_up("C-1", LATER)
        store.workflows.restart("C-1", 1, LATER)
        store.workflows.end("C-1", 1)
        store.dispatches.delivered("C-1", dispatch_id)
    assert calls == {"UpdateItem": 5}
    with counting() as calls:
        store.transfers.fix_manifest("C-1-T1", ())
    assert calls == {"UpdateItem": 1}


def test_codes_and_notices_cost_what_they_must(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """Issuing reads and writes once, an attempt reads and counts, sending reads the notice and the code."""
    store = warm(new_store)
    case = store.cases.get("C-0")
    with counting() as calls:
        number = store.codes.issue(case, "r1", "a" * 64, DUE).number
    assert calls == {"GetItem": 1, "TransactWriteItems": 1}
    notice_id = f"C-0-N{number}-r1-signing_code"
    with counting() as calls:
        digits = store.codes.code_of(case, "r1", number)
        store.notices.get("C-0", notice_id)
        notice = notice_of("C-0", number, "r1", NoticeKind.SIGNING_CODE, {"number": str(number)})
        store.notices.ended(notice, {"r1": Outcome.SENT}, (), LATER)
    assert calls == {"GetItem": 2, "UpdateItem": 1}
    with counting() as calls:
        store.codes.verify(case, "r1", "a" * 64, digits or "")
    assert calls == {"GetItem": 1, "UpdateItem": 1}


def test_applying_a_callback_needs_no_key(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """A process that only applies callbacks never asks KMS."""
    callback = CourtCallback(
        callback_id=f"{COURT_ID}#m-1",
        court_id=COURT_ID,
        transfer_id="C-1-T1",
        occurred_at=START,
        command=RecordReview(transfer_id="C-1-T1", result=ReviewResult.RECEIVED),
        raw=b"{}",
    )
    new_store().callbacks.add(callback, DUE)
    store = new_store()
    with counting() as calls:
        store.callbacks.get(callback.callback_id)
        store.callbacks.settle(callback.callback_id, "applied")
    assert calls == {"GetItem": 1, "UpdateItem": 1}
    with counting() as calls:
        assert store.callbacks.add(callback, DUE) is False
        assert store.callbacks.add(callback, DUE) is False
    assert calls == {"GetItem": 1, "Decrypt": 1, "PutItem": 2}


def test_a_page_reads_no_more_than_it_shows_and_one(new_store: StoreMaker, table: RawTable) -> None:
    """The cost of a page does not grow with the list behind it."""
    store = warm(new_store)
    for number in range(1, 8):
        add(store.cases, f"C-{number}")
    evaluated: list[int] = []

    def note(parsed: Any, **_: Any) -> None:
        evaluated.append(parsed["ScannedCount"])

    table.client.meta.events.register("after-call.dynamodb.Query", note, unique_id="evaluated")
    store.cases.list_for(samples.INSTITUTION, None, None, 2)
    table.client.meta.events.unregister("after-call.dynamodb.Query", unique_id="evaluated")
    assert evaluated == [3]


def evaluated_for(table: RawTable, read: Callable[[], object]) -> list[int]:
    """Return how many entries each query of a reading evaluated."""
    evaluated: list[int] = []

    def note(parsed: Any, **_: Any) -> None:
        evaluated.append(parsed["ScannedCount"])

    table.client.meta.events.register("after-call.dynamodb.Query", note, unique_id="evaluated")
    read()
    table.client.meta.events.unregister("after-call.dynamodb.Query", unique_id="evaluated")
    return evaluated


def test_a_courts_page_reads_little_more_than_it_shows(new_store: StoreMaker, table: RawTable) -> None:
    """Each shard's share first, then only what the page still lacks: 60 records for 40, not 164."""
    store = warm(new_store)
    for number in range(1, 121):
        add(store.cases, f"C-{number}", at=START + timedelta(minutes=number))
    evaluated = evaluated_for(table, lambda: store.cases.list_for(samples.CENTRE, None, None, 40))
    assert evaluated[:4] == [11] * 4
    assert 40 < sum(evaluated) <= 60


@pytest.mark.parametrize("actor", [samples.INSTITUTION, samples.CENTRE])
def test_a_rare_stage_is_found_without_reading_the_others(
    new_store: StoreMaker, table: RawTable, actor: Actor
) -> None:
    """Only cases at the stage are evaluated, and the page that shows them is the first and the last."""
    store = warm(new_store)
    for number in range(1, 40):
        add(store.cases, f"C-{number}")
    screened = act(store.cases, add(store.cases, "C-99"), Screen())
    pages = []
    evaluated = evaluated_for(
        table, lambda: pages.append(store.cases.list_for(actor, Stage.SCREENED, None, 10))
    )
    assert sum(evaluated) == 1
    assert [(page.cases, page.after) for page in pages] == [((screened,), None)]


@pytest.mark.parametrize("actor", [samples.MEDIATOR, samples.JUDGE])
def test_a_filtered_page_evaluates_a_bounded_number(
    new_store: StoreMaker, table: RawTable, actor: Actor
) -> None:
    """At most 1,000 of the reader's own, however few of them are shown."""
    limits: list[int] = []

    def note(params: dict[str, int], **_: Any) -> None:
        limits.append(params["Limit"])

    table.client.meta.events.register("provide-client-params.dynamodb.Query", note, unique_id="limits")
    new_store().cases.list_for(actor, Stage.DOCKETED, None, 2)
    table.client.meta.events.unregister("provide-client-params.dynamodb.Query", unique_id="limits")
    assert limits == [1000]


def test_a_key_is_kept_for_an_hour(new_store: StoreMaker, counting: Callable[[], Any], clock: Any) -> None:
    """Then KMS is asked again, so that a revoked grant takes effect."""
    store = warm(new_store)
    case = store.cases.get("C-0")
    clock.advance(minutes=60)
    with counting() as calls:
        store.cases.details(case)
    assert calls == {"GetItem": 1}
    clock.advance(seconds=1)
    with counting() as calls:
        store.cases.details(case)
    assert calls == {"GetItem": 2, "Decrypt": 1}
