"""What drives a case, what is owed to the court, and what the court sent: each ends once and stays ended."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.agreement.confirmation import RejectionGround, Ruling
from chalicelib.domain.court_commands import RecordDocketing, RecordRefusal, RecordReview, RecordRuling
from chalicelib.domain.dossier import ManifestEntry
from chalicelib.domain.errors import CallbackNotFound, TransferNotFound
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import Docketing, Procedure, ReviewReason, ReviewResult
from chalicelib.use_cases.records import Arrival, CourtCallback, Due, WorkflowRecord
from tests.contract.storage.conftest import RawTable, Storage, StoreMaker
from tests.contract.storage.steps import DUE, LATER, add, insisting, put_off, transferring
from tests.support.fakes import COURT_ID
from tests.support.fakes.clock import START

WORKFLOW = Due(consumer="workflow", ids=("C-1",))


def arrival(step: Step = Step.SCREENING, **changes: int | str | None) -> Arrival:
    """Make an arrival of case C-1."""
    values = {"case_id": "C-1", "generation": 1, "step": step, "since": 1, "token": "t-1", **changes}
    return Arrival(**values)  # type: ignore[arg-type]  # each test names a field that exists


def overdue(storage: Storage, at: timedelta = timedelta(days=1)) -> list[Due]:
    """Return what is overdue in all shards."""
    return [due for shard in range(storage.due.shards) for due in storage.due.overdue(shard, DUE + at)]


def test_an_arrival_is_kept_and_looked_after_when_it_was_due_before(storage: Storage) -> None:
    """The record has the token and the usual next step, and the due index stays as it is."""
    add(storage.cases, "C-1")
    storage.workflows.set_follow_up("C-1", LATER)
    assert storage.workflows.arrive(arrival(usual_next=Step.ASSIGNMENT))
    assert storage.workflows.get("C-1") == WorkflowRecord(
        case_id="C-1", generation=1, step=Step.SCREENING, since=1, token="t-1", usual_next=Step.ASSIGNMENT
    )
    assert overdue(storage, LATER - DUE) == []
    assert overdue(storage) == [WORKFLOW]


def test_the_last_arrival_at_a_step_counts(storage: Storage) -> None:
    """A step re-entered by the same execution has a new token."""
    add(storage.cases, "C-1")
    assert storage.workflows.arrive(arrival(token="t-1", usual_next=Step.ASSIGNMENT))
    assert storage.workflows.arrive(arrival(token="t-2"))
    assert storage.workflows.arrive(arrival(Step.ASSIGNMENT, since=2, token="t-3"))
    record = storage.workflows.get("C-1")
    assert record is not None
    assert (record.step, record.token, record.usual_next) == (Step.ASSIGNMENT, "t-3", None)


def test_a_late_message_does_not_put_an_earlier_step_back(storage: Storage) -> None:
    """An arrival delivered twice, the second time after the next one, changes nothing."""
    add(storage.cases, "C-1")
    storage.workflows.arrive(arrival(Step.ASSIGNMENT, since=2, token="t-2"))
    assert not storage.workflows.arrive(arrival(since=1, token="t-1"))
    record = storage.workflows.get("C-1")
    assert record is not None
    assert record.token == "t-2"


def test_an_arrival_of_another_generation_is_refused(storage: Storage) -> None:
    """After a restart the old execution drives no more, and the new one starts without a token."""
    add(storage.cases, "C-1")
    storage.workflows.arrive(arrival(since=3))
    assert storage.workflows.restart("C-1", 1, LATER)
    assert storage.workflows.get("C-1") == WorkflowRecord(case_id="C-1", generation=2)
    assert not storage.workflows.arrive(arrival(since=4))
    assert storage.workflows.arrive(arrival(since=3, generation=2))


def test_of_many_restarts_one_happens(storage: Storage) -> None:
    """Two reconcilers at once start one execution."""
    add(storage.cases, "C-1")
    with ThreadPoolExecutor(4) as pool:
        restarted = list(
            pool.map(lambda _: insisting(lambda: storage.workflows.restart("C-1", 1, LATER)), range(6))
        )
    assert restarted.count(True) == 1
    record = storage.workflows.get("C-1")
    assert record is not None
    assert record.generation == 2


def test_an_ended_case_never_comes_back_into_the_due_index(storage: Storage) -> None:
    """Its record stays, and nothing that comes late makes it due again."""
    add(storage.cases, "C-1")
    storage.workflows.arrive(arrival())
    storage.workflows.end("C-1", 1)
    storage.workflows.end("C-1", 1)
    storage.workflows.set_follow_up("C-1", LATER)
    assert not storage.workflows.arrive(arrival(since=5, token="t-5"))
    assert not storage.workflows.restart("C-1", 1, LATER)
    assert overdue(storage) == []
    record = storage.workflows.get("C-1")
    assert record is not None
    assert (record.generation, record.token) == (1, "t-1")


def test_an_unknown_case_has_no_record_and_gets_none(storage: Storage) -> None:
    """Nothing but a filing makes a workflow record."""
    storage.workflows.set_follow_up("C-1", LATER)
    storage.workflows.end("C-1", 1)
    assert not storage.workflows.arrive(arrival())
    assert not storage.workflows.restart("C-1", 1, LATER)
    assert storage.workflows.get("C-1") is None


def test_postponing_moves_what_is_due(storage: Storage) -> None:
    """What was looked after is due again at its new time."""
    add(storage.cases, "C-1")
    storage.workflows.set_follow_up("C-1", DUE + timedelta(days=2))
    assert overdue(storage) == []
    assert overdue(storage, timedelta(days=3)) == [WORKFLOW]


def number_of(due: Due) -> int:
    """Return the number in the case's id."""
    return int(str(due.ids[0])[2:])


def test_the_oldest_is_due_first(storage: Storage) -> None:
    """Within a shard the longest overdue comes first; over all shards nothing is missing."""
    for number in range(12):
        add(storage.cases, f"C-{number}")
        storage.workflows.set_follow_up(f"C-{number}", DUE + timedelta(seconds=100 - number))
    assert sorted(due.ids[0] for due in overdue(storage)) == sorted(f"C-{number}" for number in range(12))
    for shard in range(storage.due.shards):
        found = [number_of(due) for due in storage.due.overdue(shard, DUE + timedelta(days=1))]
        assert found == sorted(found, reverse=True)


def test_what_a_newer_version_left_in_the_index_is_passed_over(
    new_store: StoreMaker, table: RawTable
) -> None:
    """Nobody here knows what it is; the others are found all the same."""
    store = new_store()
    add(store.cases, "C-1")
    known = table.item("CASE#C-1", "WORKFLOW")
    table.put({**known, "SK": {"S": "FOUNDLING#1"}})
    shard = int(known["due_shard"]["S"])
    assert list(store.due.overdue(shard, DUE + timedelta(days=1))) == [WORKFLOW]


def test_a_dispatch_is_owed_until_it_is_delivered(storage: Storage) -> None:
    """Delivering it twice is fine; postponing it afterwards does not bring it back."""
    case = transferring(storage.cases, "C-1")
    dispatch_id = f"C-1-D{case.version}"
    due = Due(consumer="court", ids=("C-1", dispatch_id))
    assert due in overdue(storage)
    put_off(storage.due, due, DUE + timedelta(days=2))
    assert due not in overdue(storage)
    assert due in overdue(storage, timedelta(days=3))
    assert storage.dispatches.get("C-1", dispatch_id) is not None
    storage.dispatches.delivered("C-1", dispatch_id)
    storage.dispatches.delivered("C-1", dispatch_id)
    put_off(storage.due, due, LATER)
    assert storage.dispatches.get("C-1", dispatch_id) is None
    assert due not in overdue(storage, timedelta(days=3))


def test_an_unknown_dispatch_is_not_owed(storage: Storage) -> None:
    """Neither delivering nor postponing makes one."""
    storage.dispatches.delivered("C-1", "C-1-D1")
    put_off(storage.due, Due(consumer="court", ids=("C-1", "C-1-D1")), LATER)
    assert storage.dispatches.get("C-1", "C-1-D1") is None
    assert overdue(storage) == []


def manifest(size: int) -> tuple[ManifestEntry, ...]:
    """Make a manifest of two documents."""
    return tuple(
        ManifestEntry(document_id=name, kind="k", media_type="text/plain", size=size, sha256="0" * 64)
        for name in ("one", "two")
    )


def test_the_first_manifest_stays(storage: Storage) -> None:
    """Whoever fixes a manifest later is told the first one."""
    transferring(storage.cases, "C-1")
    assert storage.transfers.fix_manifest("C-1-T1", manifest(1)) == manifest(1)
    assert storage.transfers.fix_manifest("C-1-T1", manifest(2)) == manifest(1)
    assert storage.transfers.get("C-1-T1").manifest == manifest(1)


def test_an_unknown_transfer_gets_no_manifest(storage: Storage) -> None:
    """Fixing a manifest does not make a transfer."""
    with pytest.raises(TransferNotFound):
        storage.transfers.fix_manifest("C-1-T1", manifest(1))
    with pytest.raises(TransferNotFound):
        storage.transfers.get("C-1-T1")


REVIEW = RecordReview(
    transfer_id="C-1-T1",
    result=ReviewResult.PARTIALLY_ACCEPTED,
    filing_id=None,
    reasons=(ReviewReason(document_id="complaint", code="unclear"), ReviewReason(document_id="d", code="x")),
)
RULING = RecordRuling(
    transfer_id="C-1-T1",
    filing_id="F-1",
    court_case_number="（2026）闽0902诉前调确12号",
    judge_id="j-1",
    ruling=Ruling(on=date(2026, 3, 9)),
)
DOCKETING = RecordDocketing(
    transfer_id="C-1-T1",
    filing_id="F-1",
    docketing=Docketing(
        court_case_number="（2026）闽0902民初123号",
        judge_id="j-1",
        procedure=Procedure.SMALL_CLAIMS,
        official_filing_date=date(2026, 3, 9),
    ),
)
Command = RecordReview | RecordDocketing | RecordRefusal | RecordRuling
COMMANDS: dict[str, Command] = {
    "review": REVIEW,
    "plain review": replace(REVIEW, result=ReviewResult.RECEIVED, filing_id="F-1", reasons=()),
    "docketing": DOCKETING,
    "docketing of an enforcement": replace(DOCKETING, docketing=replace(DOCKETING.docketing, procedure=None)),
    "ruling": RULING,
    "rejection": replace(
        RULING, ruling=Ruling(on=date(2026, 3, 9), rejected_for=RejectionGround.CONTENT_UNCLEAR)
    ),
    "refusal": RecordRefusal(transfer_id="C-1-T1", filing_id="F-1", code="not_competent"),
}


def callback(command: Command = REVIEW, name: str = "m-1") -> CourtCallback:
    """Make a court's message."""
    return CourtCallback(
        callback_id=f"{COURT_ID}#{name}",
        court_id=COURT_ID,
        transfer_id="C-1-T1",
        occurred_at=START,
        command=command,
        raw='{"message": "张试的地址不明"}'.encode(),
    )


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_callback_is_read_back(storage: Storage, command: Command) -> None:
    """Every kind of message comes back as it was, its bytes only on demand."""
    stored = callback(command)
    assert storage.callbacks.add(stored, DUE)
    assert storage.callbacks.get(stored.callback_id) == replace(stored, raw=b"")
    assert storage.callbacks.raw(stored.callback_id) == stored.raw
    assert overdue(storage) == [Due(consumer="callbacks", ids=(stored.callback_id,))]


def test_a_callback_is_stored_once(storage: Storage) -> None:
    """The same id again is a duplicate, whatever it holds; the first one stays."""
    assert storage.callbacks.add(callback(), DUE)
    assert not storage.callbacks.add(callback(COMMANDS["refusal"]), LATER)
    kept = storage.callbacks.get(callback().callback_id)
    assert kept is not None
    assert kept.command == REVIEW


def test_a_callback_is_settled_once_and_stays_settled(storage: Storage) -> None:
    """Settled, it is neither read again nor due again, not even by a late duplicate; its bytes are kept."""
    callback_id = callback().callback_id
    storage.callbacks.add(callback(), DUE)
    put_off(storage.due, Due(consumer="callbacks", ids=(callback_id,)), DUE + timedelta(days=2))
    assert overdue(storage) == []
    storage.callbacks.settle(callback_id, "applied")
    storage.callbacks.settle(callback_id, "ignored:late")
    put_off(storage.due, Due(consumer="callbacks", ids=(callback_id,)), LATER)
    assert storage.callbacks.get(callback_id) is None
    assert overdue(storage, timedelta(days=3)) == []
    assert not storage.callbacks.add(callback(), LATER)
    assert storage.callbacks.get(callback_id) is None
    assert storage.callbacks.raw(callback_id) == callback().raw


def test_an_unknown_callback_is_not_found(storage: Storage) -> None:
    """Nothing but `add` makes one."""
    storage.callbacks.settle("nobody#1", "applied")
    put_off(storage.due, Due(consumer="callbacks", ids=("nobody#1",)), LATER)
    for read in (storage.callbacks.get, storage.callbacks.raw):
        with pytest.raises(CallbackNotFound):
            read("nobody#1")
