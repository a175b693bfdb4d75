"""Deadlines beside a case are stored with the event that sets them, and brought up at their next time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import registry
from chalicelib.adapters.dynamo.beside import Saving
from chalicelib.adapters.dynamo.records import Record
from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.adapters.dynamo.table import Write
from chalicelib.domain import lifecycle
from chalicelib.domain.case_deadline import CaseDeadline
from chalicelib.domain.commands import Screen, Withdraw
from chalicelib.domain.court_commands import MoveDeadline
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.roles import SYSTEM
from chalicelib.registry import Capability
from chalicelib.use_cases.records import Due
from tests.contract.storage.conftest import RawTable, Storage
from tests.contract.storage.steps import DUE, act, add, context, put_off
from tests.support.fakes import samples

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVIDENCE = CaseDeadline(
    case_id="C-1", kind="evidence", rule="TY15", due_at=DUE + 10 * DAY, remind_at=DUE + 7 * DAY
)
SESSION = CaseDeadline(case_id="C-1", kind="session", rule="court-jc", due_at=DUE + 5 * DAY)


def setting(storage: Storage, *deadlines: CaseDeadline) -> None:
    """File case C-1 and let its second event set deadlines."""
    change = lifecycle.apply(add(storage.cases, "C-1"), Screen(), context(SYSTEM))
    storage.cases.save(change.with_records(*deadlines), DUE)


def overdue(storage: Storage, after: timedelta) -> list[str]:
    """Return the kinds of deadlines that are overdue so long after DUE."""
    every = [due for shard in range(storage.due.shards) for due in storage.due.overdue(shard, DUE + after)]
    deadlines = [due.ids for due in every if due.consumer == "deadline"]
    assert {case_id for case_id, _ in deadlines} <= {"C-1"}
    return sorted(str(kind) for _, kind in deadlines)


def test_a_case_has_several_deadlines_each_due_at_its_own_time(storage: Storage) -> None:
    """One by its day, the other by its reminder; both are read back as they were."""
    setting(storage, EVIDENCE, SESSION)
    assert storage.deadlines.get("C-1", "evidence") == EVIDENCE
    assert storage.deadlines.get("C-1", "session") == SESSION
    assert overdue(storage, 5 * DAY) == []
    assert overdue(storage, 5 * DAY + HOUR) == ["session"]
    assert overdue(storage, 7 * DAY + HOUR) == ["evidence", "session"]


def test_after_its_reminder_a_deadline_is_due_on_its_day_and_then_never_again(storage: Storage) -> None:
    """The other deadline of the case stays as it is."""
    setting(storage, EVIDENCE, SESSION)
    storage.deadlines.handled(EVIDENCE)
    reminded = storage.deadlines.get("C-1", "evidence")
    assert reminded == replace(EVIDENCE, reminded=True)
    assert overdue(storage, 10 * DAY) == ["session"]
    assert overdue(storage, 10 * DAY + HOUR) == ["evidence", "session"]
    storage.deadlines.handled(reminded)
    assert storage.deadlines.get("C-1", "evidence") is None
    assert overdue(storage, 99 * DAY) == ["session"]
    assert storage.deadlines.get("C-1", "session") == SESSION


def test_handling_a_reminder_twice_does_not_handle_the_day(storage: Storage) -> None:
    """Two reconcilers at once, or one after the other's crash; a late one does not bring it back."""
    setting(storage, EVIDENCE)
    reminded = replace(EVIDENCE, reminded=True)
    storage.deadlines.handled(EVIDENCE)
    storage.deadlines.handled(EVIDENCE)
    assert storage.deadlines.get("C-1", "evidence") == reminded
    assert overdue(storage, 10 * DAY + HOUR) == ["evidence"]
    storage.deadlines.handled(reminded)
    storage.deadlines.handled(EVIDENCE)
    assert storage.deadlines.get("C-1", "evidence") is None
    assert overdue(storage, 99 * DAY) == []


def test_handling_a_day_twice_is_fine(storage: Storage) -> None:
    """And putting it off afterwards does not bring it back."""
    setting(storage, SESSION)
    storage.deadlines.handled(SESSION)
    storage.deadlines.handled(SESSION)
    put_off(storage.due, Due(consumer="deadline", ids=("C-1", "session")), DUE)
    assert storage.deadlines.get("C-1", "session") is None
    assert overdue(storage, 99 * DAY) == []


@pytest.mark.parametrize(
    "replacing",
    [
        replace(EVIDENCE, due_at=EVIDENCE.due_at + DAY),
        replace(EVIDENCE, remind_at=DUE + 8 * DAY),
        replace(EVIDENCE, remind_at=None),
    ],
    ids=["day", "reminder", "no reminder"],
)
def test_a_deadline_that_replaced_the_handled_one_stays(storage: Storage, replacing: CaseDeadline) -> None:
    """What is called when a deadline is due may set the next one of its kind."""
    setting(storage, EVIDENCE)
    change = lifecycle.apply(storage.cases.get("C-1"), Withdraw(), context(samples.INSTITUTION))
    storage.cases.save(change.with_records(replacing), DUE)
    storage.deadlines.handled(EVIDENCE)
    assert storage.deadlines.get("C-1", "evidence") == replacing
    assert overdue(storage, replacing.follow_up_at - DUE) == []
    assert overdue(storage, replacing.follow_up_at - DUE + HOUR) == ["evidence"]


@pytest.mark.parametrize(
    "read", [replace(EVIDENCE, remind_at=None), replace(EVIDENCE, reminded=True)], ids=["none", "over"]
)
def test_a_deadline_that_was_given_a_reminder_stays(storage: Storage, read: CaseDeadline) -> None:
    """What was read had none, or had it behind itself, so it is not what is stored now."""
    setting(storage, EVIDENCE)
    storage.deadlines.handled(read)
    assert storage.deadlines.get("C-1", "evidence") == EVIDENCE


def test_a_deadline_is_put_off(storage: Storage) -> None:
    """Whoever can't handle it now looks again later; the deadline itself stays the same."""
    setting(storage, SESSION)
    put_off(storage.due, Due(consumer="deadline", ids=("C-1", "session")), DUE + 6 * DAY)
    assert overdue(storage, 6 * DAY) == []
    assert overdue(storage, 6 * DAY + HOUR) == ["session"]
    assert storage.deadlines.get("C-1", "session") == SESSION


def test_an_unknown_deadline_is_nowhere(storage: Storage) -> None:
    """Neither handling nor putting it off makes one."""
    storage.deadlines.handled(SESSION)
    put_off(storage.due, Due(consumer="deadline", ids=("C-1", "session")), DUE)
    assert storage.deadlines.get("C-1", "session") is None
    assert overdue(storage, 99 * DAY) == []


def test_an_event_that_is_refused_sets_no_deadline(storage: Storage) -> None:
    """It belongs to its event's transaction."""
    case = add(storage.cases, "C-1")
    act(storage.cases, case, Screen())
    stale = lifecycle.apply(case, Withdraw(), context(samples.INSTITUTION))
    with pytest.raises(StaleVersion):
        storage.cases.save(stale.with_records(SESSION), DUE)
    assert storage.deadlines.get("C-1", "session") is None
    assert overdue(storage, 99 * DAY) == []


class Tally(int):
    """What a capability of these tests stores beside a case."""


class TallyRecord(Record):
    """Its record."""

    key = "TALLY#{tally}", "{case_id}"


def tally_writes(tally: Tally, saving: Saving) -> list[Write]:
    """Return a tally's writes, as the declaration below names it."""
    return [saving.table.to_put(TallyRecord(pk=f"TALLY#{tally}", sk=saving.case.case_id))]


def test_what_a_capability_declares_is_stored_with_the_event(
    store: DynamoStore, table: RawTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the function that its declaration names for the type; a type that nobody names is refused."""
    case = add(store.cases, "C-1")
    change = lifecycle.apply(case, Screen(), context(SYSTEM)).with_records(Tally(7))
    with pytest.raises(TypeError, match="Tally"):
        store.cases.save(change, DUE)
    assert store.cases.get("C-1") == case
    declared = Capability(
        name="tallies",
        zh="计数",
        en="tallies",
        writers={f"{__name__}:Tally": f"{__name__}:tally_writes"},
    )
    monkeypatch.setattr(registry, "capabilities", lambda: (declared,))
    store.cases.save(change, DUE)
    assert "TALLY#7" in {item["PK"]["S"] for item in table.items()}


def test_a_deadline_that_moves_is_stored_with_its_event_and_only_once(storage: Storage) -> None:
    """The case's own: another move of the same reading is stale; what it was and is stands in the event."""
    case = act(storage.cases, add(storage.cases, "C-1"), Screen())
    assert case.deadline is not None
    command = MoveDeadline(rule="r", before=case.deadline, after=case.deadline + DAY, since=case.version)
    change = lifecycle.apply(case, command, context(SYSTEM))
    storage.cases.save(change, DUE)
    with pytest.raises(StaleVersion):
        storage.cases.save(change, DUE)
    moved = storage.cases.get("C-1")
    assert (moved.deadline, moved.entered_at_version) == (case.deadline + DAY, moved.version)
    event = storage.cases.events("C-1", after=case.sequence)[0]
    assert dict(event.facts) == dict(command.event_data())
