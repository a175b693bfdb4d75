"""The check of a restored table finds what is not whole, and names the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.stages import Stage
from infra.ops import restored
from tests.support.desk import Desk
from tests.support.stored_hub import StoredHub

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.storage.conftest import RawTable


@pytest.fixture(scope="module")
def caseload(moto_table: RawTable) -> tuple[str, str, list[dict[str, Any]]]:
    """Return a case that waits for the court, one that is over, and their records."""
    moto_table.empty()
    desk = Desk(StoredHub(moto_table.client, moto_table.name))
    over = desk.reach(Stage.CLOSED, "LOAN-over")
    waits = desk.reach(Stage.TRANSFERRING, "LOAN-waits")
    return waits, over, moto_table.items()


@pytest.fixture
def table(moto_table: RawTable, caseload: tuple[str, str, list[dict[str, Any]]]) -> RawTable:
    """Give the caseload's table, as it was."""
    moto_table.empty()
    for item in caseload[2]:
        moto_table.put(item)
    return moto_table


def found(table: RawTable) -> list[str]:
    """Return what the check finds."""
    hub = StoredHub(table.client, table.name)
    return list(restored.problems(hub, restored.items_of(table.client, table.name)))


def drop(table: RawTable, pk: str, sk: str) -> None:
    """Delete a record."""
    table.client.delete_item(TableName=table.name, Key={"PK": {"S": pk}, "SK": {"S": sk}})


def change(table: RawTable, pk: str, sk: str, **attributes: Any) -> None:
    """Change a record; None takes an attribute away."""
    item = {**table.item(pk, sk), **attributes}
    table.put({name: value for name, value in item.items() if value is not None})


def _swap_parties(table: RawTable, waits: str, over: str) -> None:
    change(table, f"CASE#{waits}", "PARTIES", parties=table.item(f"CASE#{over}", "PARTIES")["parties"])


def claim_of(table: RawTable) -> str:
    """Return the key of the claim that is held, as the contract's number is written: not in capitals."""
    return max(str(item["PK"]["S"]) for item in table.items() if item["SK"]["S"] == "OPEN")


def _hold_another_claim(table: RawTable, _: str, over: str) -> None:
    held = table.item(claim_of(table), "OPEN")
    table.put({**held, "PK": {"S": "OPEN#bank-1#LOAN-over#whole"}, "case_id": {"S": over}})


def test_a_whole_table_passes_and_what_is_owed_to_the_court_is_named(
    table: RawTable, caseload: tuple[str, str, list[dict[str, Any]]]
) -> None:
    assert found(table) == []
    items = restored.items_of(table.client, table.name)
    assert restored.owed_to_courts(items) == [f"{caseload[0]} submission {caseload[0]}-T1"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda t, waits, _: drop(t, f"CASE#{waits}", "EVENT#00000003"), "waits: the history is broken"),
        (lambda t, waits, _: drop(t, f"CASE#{waits}", "EVENT#00000007"), "waits: the history is broken"),
        (lambda t, waits, _: change(t, f"CASE#{waits}", "CASE", head={"S": "0" * 64}), "waits: the history"),
        (lambda t, _, over: change(t, f"CASE#{over}", "CASE", schema={"N": "99"}), "over: record_too_new"),
        (
            lambda t, *_: drop(t, claim_of(t), "OPEN"),
            "waits: it is open and does not hold",
        ),
        (_hold_another_claim, "over: it holds a claim and is over"),
        (
            lambda t, waits, _: change(t, f"CASE#{waits}", "WORKFLOW", due_at=None),
            "waits: it is open and not due",
        ),
        (
            lambda t, waits, _: change(t, f"CASE#{waits}", "WORKFLOW", due_shard={"S": "9"}),
            "waits: it is due in no shard",
        ),
        (
            lambda t, _, over: change(
                t, f"CASE#{over}", "WORKFLOW", due_at={"S": "2026"}, due_shard={"S": "0"}
            ),
            "over: it is over and still due",
        ),
        (lambda t, waits, _: drop(t, f"TRANSFER#{waits}-T1", "TRANSFER"), "waits: transfer_not_found"),
        (lambda t, waits, _: drop(t, f"CASE#{waits}", "PARTIES"), "waits: case_not_found"),
        (_swap_parties, "waits: seal_broken"),
    ],
    ids=[
        "event within",
        "last event",
        "head",
        "later schema",
        "claim gone",
        "claim too many",
        "not due",
        "wrong shard",
        "due for ever",
        "transfer gone",
        "parties gone",
        "parties swapped",
    ],
)
def test_what_is_not_whole_is_named_with_its_case(
    table: RawTable,
    caseload: tuple[str, str, list[dict[str, Any]]],
    damage: Callable[[RawTable, str, str], None],
    said: str,
) -> None:
    waits, over, _ = caseload
    damage(table, waits, over)
    expected = said.replace("waits:", f"{waits}:").replace("over:", f"{over}:")
    assert any(line.startswith(expected) for line in found(table)), found(table)
