"""All cases of a mediator go to others on the real engine: once each, even if the run is killed."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pytest

from chalicelib.capabilities.roster.service import EligibleOnRoster
from chalicelib.capabilities.roster.store import roster
from chalicelib.domain import lifecycle
from chalicelib.domain.appointment import moved
from chalicelib.domain.case import Case, Change
from chalicelib.domain.commands import Appoint, Screen
from chalicelib.domain.reasons import ReplacementGround
from chalicelib.domain.stages import EventType
from chalicelib.use_cases.capability_ports import EligibleMediator
from infra.ops import people
from tests.contract.storage.conftest import StoreMaker
from tests.contract.storage.steps import DUE, act, add, context
from tests.support.fakes import COURT_ID, FakeHub, samples
from tests.support.fakes.roster import person
from tests.support.stored_hub import StoredHub

CASES: Final = 60
"""More than two pages of an operator's run; each kill falls into another place of a page."""
DIES_AFTER: Final = 23


class KilledError(Exception):
    """The process is gone."""


@dataclass
class Dying:
    """The cases of a process that is killed when it has stored so many changes, before it can go on."""

    stored: Any
    left: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stored, name)

    def save(self, change: Change, due_at: datetime) -> Case:
        """Store a change, and perhaps die of it."""
        case: Case = self.stored.save(change, due_at)
        self.left -= 1
        if not self.left:
            raise KilledError
        return case


@pytest.fixture
def table(moto_table: Any) -> Any:
    moto_table.empty()
    return moto_table


def caseload(store: Any) -> set[str]:
    """Give one mediator many cases, as an appointment does, beside three others who have none."""
    for each in ("m-1", "m-2", "m-3", "m-4", "j-1"):
        roster(store).add(person(each, COURT_ID))
    case_ids = {f"C-{number}" for number in range(CASES)}
    for case_id in case_ids:
        case = act(store.cases, add(store.cases, case_id), Screen())
        given = lifecycle.apply(case, Appoint(mediator_id="m-1", judge_id="j-1"), context(samples.CENTRE))
        store.cases.save(given.with_records(moved(case, given.case)), DUE)
    return case_ids


def run(hub: FakeHub, *, dry_run: bool = False) -> dict[str, str]:
    """Run the operator's command to its end; return who was given what."""
    found: dict[str, str] = {}
    for page in people.reassigned(hub, COURT_ID, "m-1", ReplacementGround.UNABLE, dry_run=dry_run):
        assert not page.left
        assert not found.keys() & page.moved.keys()
        found |= page.moved
    return found


def test_a_run_that_is_killed_is_begun_again_and_moves_each_case_once(
    table: Any, new_store: StoreMaker
) -> None:
    """None is lost, none is moved twice, all are counted, and those alike are given as many."""
    store, hub = new_store(), StoredHub(table.client, table.name)
    hub.parts[EligibleMediator] = EligibleOnRoster(roster(store))
    case_ids = caseload(store)
    before = sorted(map(repr, table.items()))
    assert run(hub, dry_run=True).keys() == case_ids
    assert sorted(map(repr, table.items())) == before
    stored, runs = hub.cases, 0
    while True:
        runs += 1
        hub.cases = Dying(stored, DIES_AFTER)  # type: ignore[assignment]
        try:
            run(hub)
        except KilledError:
            continue
        break
    assert runs == -(-CASES // DIES_AFTER)
    assert run(hub) == {}
    takers = Counter(stored.get(each).mediator_id for each in case_ids)
    assert takers == {"m-2": CASES // 3, "m-3": CASES // 3, "m-4": CASES // 3}
    for each in case_ids:
        types = [event.type for event in stored.events(each, after=0)]
        assert types.count(EventType.MEDIATOR_REPLACED) == 1
    counted = {each.person_id: each.open for each in roster(store).candidates(COURT_ID)}
    assert counted == {"m-1": 0, "m-2": CASES // 3, "m-3": CASES // 3, "m-4": CASES // 3}
