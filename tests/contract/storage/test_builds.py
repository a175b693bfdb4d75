"""Two builds on one table: a case begins on one and ends on the next, and one step back loses nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.adapters.court.circuit import Circuit, Status
from chalicelib.domain import lifecycle
from chalicelib.domain.commands import Screen
from chalicelib.domain.events import verify_chain
from chalicelib.domain.stages import Stage
from infra.ops import lists
from tests.contract.storage.pinned.desk import Desk as Stores
from tests.contract.storage.pinned.items import Item, from_json
from tests.contract.storage.steps import DUE, act, add, context
from tests.contract.storage.test_deadlines import EVIDENCE
from tests.contract.storage.test_talk import FACT, key, note, salts
from tests.support.caseload import APPLIED, carried_on, clock_of, look_after, reached
from tests.support.desk import Act, Desk
from tests.support.fakes import samples
from tests.support.fakes.clock import START
from tests.support.fakes.samples import BORROWER_DETAILS
from tests.support.stored_hub import StoredHub

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.storage.conftest import RawTable

TABLES: Final = Path(__file__).parents[2] / "golden" / "tables"
LATER: Final = "of_a_later_build"
ENDS: Final = {
    Stage.SCREENED: Stage.PERFORMED,
    Stage.ASSIGNED: Stage.PERFORMED,
    Stage.IN_MEDIATION: Stage.PERFORMED,
    Stage.SETTLED: Stage.PERFORMED,
    Stage.PAID: Stage.PAID,
    Stage.PERFORMING: Stage.PERFORMED,
    Stage.PERFORMED: Stage.PERFORMED,
    Stage.DEFAULTED: Stage.DOCKETED,
    Stage.UNRESOLVED: Stage.DOCKETED,
    Stage.CLOSED: Stage.CLOSED,
    Stage.WITHDRAWN: Stage.WITHDRAWN,
    Stage.TRANSFERRING: Stage.DOCKETED,
    Stage.SUBMITTED: Stage.DOCKETED,
    Stage.RETURNED: Stage.DOCKETED,
    Stage.DOCKETED: Stage.DOCKETED,
    Stage.REFUSED: Stage.REFUSED,
    APPLIED: Stage.PERFORMED,
}
"""Where a case of each stage ends when everybody does their part."""


@pytest.mark.parametrize("name", sorted(path.stem for path in TABLES.glob("*.json")))
def test_what_a_build_before_began_this_one_ends(moto_table: RawTable, name: str) -> None:
    """Every case of its table; what it recorded is as it was, in one chain with what follows."""
    before = json.loads((TABLES / f"{name}.json").read_text(encoding="utf-8"))
    assert before["cases"].keys() == ENDS.keys()
    moto_table.empty()
    hub = StoredHub(moto_table.client, moto_table.name, clock_of(before))
    hub.restore(map(from_json, before["items"]))
    desk = Desk(hub)
    # Before anything is written anew: only lists by stage depend on what this build stores (decision 25).
    assert set(before["cases"].values()) <= set(listed(hub, None))
    court_id = hub.cases.get(before["cases"][Stage.SCREENED]).court_id
    for item in lists.unlisted(moto_table.client, moto_table.name, court_id):
        assert lists.list_by_stage(moto_table.client, moto_table.name, court_id, item)
    for stage, case_id in before["cases"].items():
        assert stage == APPLIED or case_id in listed(hub, Stage(stage))
    look_after(desk)  # the executions of the build before are gone
    for case_id in before["cases"].values():
        carried_on(desk, case_id)
    ended = {stage: desk.case(case_id).stage for stage, case_id in before["cases"].items()}
    assert ended == ENDS
    after = {(item["PK"]["S"], item["SK"]["S"]): item for item in hub.items()}
    recorded = [from_json(item) for item in before["items"] if item["SK"]["S"].startswith("EVENT#")]
    assert [after[item["PK"]["S"], item["SK"]["S"]] for item in recorded] == recorded
    for case_id in before["cases"].values():
        case = hub.cases.get(case_id)
        assert verify_chain(hub.cases.events(case_id, after=0)) == case.last_event_hash
        assert BORROWER_DETAILS.name in [details.name for details in hub.cases.details(case)]
    assert [item for item in after.values() if item["PK"]["S"].startswith("OPEN#")] == []


def listed(hub: StoredHub, stage: Stage | None) -> list[str]:
    """Return the cases that the institution, the centre and the mediator all find in their lists."""
    readers = (samples.INSTITUTION, samples.CENTRE, samples.MEDIATOR)
    of_each = [{case.case_id for case in hub.cases.list_for(who, stage, None, 50).cases} for who in readers]
    with_mediator = of_each[0] & of_each[1] if stage is Stage.SCREENED else set.intersection(*of_each)
    return sorted(with_mediator if stage is not None else of_each[0] & of_each[1])


class LaterBuild(Desk):
    """A desk whose table a later build works on too: each record gets what only that build knows."""

    def __init__(self, hub: StoredHub, table: RawTable) -> None:
        super().__init__(hub)
        self.table = table
        self.marked: set[tuple[str, str]] = set()
        self.lost: set[tuple[str, str]] = set()

    def play(self, case_id: str, step: Act) -> None:
        """Carry out one step, after the later build has written to every record of the case."""
        self.look(self.table.items_of(f"CASE#{case_id}"))
        super().play(case_id, step)

    def look(self, items: list[Item]) -> None:
        """Note which records lost a mark, then mark all of them."""
        for item in items:
            place = item["PK"]["S"], item["SK"]["S"]
            if place in self.marked and not has_marks(item):
                self.lost.add(place)
            if not has_marks(item):
                self.table.put(marked(item))
            self.marked.add(place)


def marked(item: Item) -> Item:
    """Return an item with an attribute more, one more in each party, and a key more in a rewritten text."""
    more: Item = {LATER: {"S": "x"}}
    if "parties" in item:
        parties = [{"M": {**party["M"], LATER: {"B": b"sealed"}}} for party in item["parties"]["L"]]
        more["parties"] = {"L": parties}
    if "content" in item:
        more["content"] = {"S": json.dumps({**json.loads(item["content"]["S"]), LATER: {"n": [1]}})}
    return {**item, **more}


def has_marks(item: Item) -> bool:
    """Tell whether an item has all of them."""
    parties: list[Any] = item.get("parties", {}).get("L", [])
    texts = [json.loads(item["content"]["S"])] if "content" in item else []
    return LATER in item and all(LATER in each for each in [*(party["M"] for party in parties), *texts])


def test_a_build_keeps_what_a_later_one_stored(moto_table: RawTable) -> None:
    """In every record of three cases, through all their acts: attributes, parties, and the JSON texts."""
    moto_table.empty()
    desk = LaterBuild(StoredHub(moto_table.client, moto_table.name), moto_table)
    # On their ways these come through every stage, paid on the spot and withdrawn aside.
    cases = reached(desk, (Stage.SCREENED, Stage.DEFAULTED, Stage.RETURNED))
    desk.look(moto_table.items())
    for case_id in cases.values():
        carried_on(desk, case_id)
    desk.look(moto_table.items())
    assert desk.lost == set()
    assert {desk.case(case_id).stage for case_id in cases.values()} == {Stage.PERFORMED, Stage.DOCKETED}
    kinds = " ".join(sorted({sort.partition("#")[0] for _, sort in desk.marked}))
    assert kinds == (
        "CALLBACK CASE CODE COUNTER DISPATCH DUE EVENT FILINGS IDEM KEY LOAD NOTICE OPEN PARTIES PAYEE "
        "SETTLEMENT TRANSFER WORKFLOW"
    )


def _set_a_deadline(desk: Stores) -> None:
    case = act(desk.store.cases, add(desk.store.cases, "C-1"), Screen())
    for number in (1, 2):
        change = lifecycle.record(case, FACT, {"number": number}, context(samples.CENTRE))
        deadline = replace(EVIDENCE, due_at=EVIDENCE.due_at + timedelta(days=number))
        case = desk.store.cases.save(change.with_records(deadline), DUE)
        _mark_the_first(desk.raw, number)


def _talk(desk: Stores) -> None:
    case = add(desk.store.cases, "C-1")
    for number in (1, 2):
        desk.notes.add(case, note(number), salts(), key(f"k-{number}"))
        _mark_the_first(desk.raw, number)


def _open_a_circuit(desk: Stores) -> None:
    for number in (1, 2):
        assert desk.circuits.put("court-jc", Circuit(status=Status.OPEN, until=START, version=number))
        _mark_the_first(desk.raw, number)


def _mark_the_first(table: RawTable, number: int) -> None:
    """Let the later build write to every record, before the second value is stored."""
    for item in table.items() if number == 1 else ():
        table.put(marked(item))


@pytest.mark.parametrize(
    ("rewrite", "key"),
    [
        (_set_a_deadline, ("CASE#C-1", "DEADLINE#evidence")),
        (_talk, ("CASE#C-1", "CASE#TALK")),
        (_open_a_circuit, ("CIRCUIT#court-jc", "CIRCUIT")),
    ],
    ids=["deadline", "talk", "circuit"],
)
def test_a_record_beside_the_cases_keeps_it_too(
    table: RawTable, rewrite: Callable[[Stores], None], key: tuple[str, str]
) -> None:
    """What a later build put beside the first value is still there beside the second."""
    rewrite(Stores(table))
    assert has_marks(table.item(*key))
