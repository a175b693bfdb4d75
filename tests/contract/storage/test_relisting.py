"""Cases of earlier releases come into the lists by stage, once, whatever happens meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.commands import Screen
from chalicelib.domain.stages import Stage
from infra.ops import lists
from tests.contract.storage.steps import act, add
from tests.support.fakes import COURT_ID, samples

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.store import DynamoStore
    from tests.contract.storage.conftest import RawTable


def of_an_earlier_release(table: RawTable, case_id: str) -> None:
    item = table.item(f"CASE#{case_id}", "CASE")
    table.put({name: item[name] for name in item.keys() - {"court_stage", "institution_stage"}})


def test_cases_of_an_earlier_release_are_listed_by_stage_afterwards(
    store: DynamoStore, table: RawTable
) -> None:
    """A court's and an institution's; a second run finds nothing to do."""
    for name in ("C-1", "C-2", "C-3"):
        add(store.cases, name)
    for name in ("C-1", "C-2"):
        of_an_earlier_release(table, name)
    found = list(lists.unlisted(table.client, table.name, COURT_ID))
    assert sorted(item["PK"]["S"] for item in found) == ["CASE#C-1", "CASE#C-2"]
    assert all(lists.list_by_stage(table.client, table.name, COURT_ID, item) for item in found)
    for actor in (samples.CENTRE, samples.INSTITUTION):
        page = store.cases.list_for(actor, Stage.FILED, None, 10)
        assert sorted(case.case_id for case in page.cases) == ["C-1", "C-2", "C-3"]
    assert list(lists.unlisted(table.client, table.name, COURT_ID)) == []


def test_a_case_that_moves_meanwhile_is_left_to_its_act(store: DynamoStore, table: RawTable) -> None:
    """Its act has listed it at its new stage."""
    case = add(store.cases, "C-1")
    of_an_earlier_release(table, "C-1")
    (item,) = lists.unlisted(table.client, table.name, COURT_ID)
    act(store.cases, case, Screen())
    assert not lists.list_by_stage(table.client, table.name, COURT_ID, item)
    assert store.cases.list_for(samples.CENTRE, Stage.FILED, None, 10).cases == ()
    assert len(store.cases.list_for(samples.CENTRE, Stage.SCREENED, None, 10).cases) == 1
