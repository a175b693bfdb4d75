"""A caseload with a case in every stage, and how each goes on to its end; for tests of two builds on a table.

`python -m tests.support.caseload FILE`, in a checkout of some revision, writes the table as that revision
fills it: the golden tables in `tests/golden/tables` were made so. Promise: people, keys and time are made up
and always the same. Downside: executions and messages are not in a table, so a case that goes on from there
is one whose executions were lost.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
from moto import mock_aws

from chalicelib.domain.commands import Accept, Appoint, Correct, GiveConsent
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.request_transfer import request_transfer
from infra.template import build
from tests.contract.storage.pinned.items import to_json
from tests.support.desk import PATHS, Desk, docketed
from tests.support.fakes import FakeClock
from tests.support.fakes.samples import BORROWER_DETAILS, INSTITUTION, claim
from tests.support.settling import agrees, all_sign, applies, pays_everything
from tests.support.stored_hub import StoredHub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

APPLIED: Final = "performing, both sides have applied for confirmation"
_MOST_STEPS: Final = 12


def reached(desk: Desk, stages: Iterable[Stage]) -> dict[str, str]:
    """Bring one case to each of these stages; return their ids by stage."""
    # A default takes days to come, in which the other cases' limits would pass: it comes first.
    in_order = sorted(stages, key=lambda stage: stage is not Stage.DEFAULTED)
    found = {str(stage): desk.reach(stage, f"LOAN-{stage}") for stage in in_order}
    desk.hub.court.down = False
    return found


def begun(desk: Desk) -> dict[str, str]:
    """Bring one case to each stage there is, and one to an application for confirmation."""
    found = reached(desk, PATHS)
    found[APPLIED] = desk.reach(Stage.PERFORMING, "LOAN-applied")
    applies(desk.hub, found[APPLIED])
    desk.run()
    return found


def carried_on(desk: Desk, case_id: str) -> None:
    """Let everybody do their part until the case is over."""
    for _ in range(_MOST_STEPS):
        case = desk.case(case_id)
        if case.stage.terminal:
            return
        _NEXT[case.stage](desk, case_id)
        desk.run()
    raise AssertionError(f"{case_id} does not come to an end: {desk.case(case_id).stage}")


def _accept(desk: Desk, case_id: str) -> None:
    desk.act(case_id, Role.MEDIATOR, Accept())
    desk.act(case_id, Role.BORROWER, GiveConsent(party_id="r1", online=True))


def _insist(desk: Desk, case_id: str) -> None:
    request_transfer(desk.hub, INSTITUTION, case_id, expected_version=desk.case(case_id).version)


def look_after(desk: Desk) -> None:
    """Let the time pass in which the reconciler finds whatever was lost, and let it find it."""
    desk.hub.clock.advance(seconds=timedelta(hours=26).total_seconds())
    reconcile(desk.hub)
    desk.run()


def _docket(desk: Desk, case_id: str) -> None:
    transfer = desk.case(case_id).transfer
    assert transfer is not None
    desk.call_back(case_id, docketed(transfer.transfer_id), callback_id=f"CB-{transfer.transfer_id}")


_CORRECTED: Final = Correct(
    claim=claim("90000.00"), details=(replace(BORROWER_DETAILS, phone="13900000009"),)
)
_NEXT: Final[Mapping[Stage, Callable[[Desk, str], object]]] = {
    Stage.SCREENED: lambda desk, id_: desk.act(id_, Role.CENTRE, Appoint(mediator_id="m-1", judge_id="j-1")),
    Stage.ASSIGNED: _accept,
    Stage.IN_MEDIATION: lambda desk, id_: agrees(desk.hub, id_),
    Stage.SETTLED: lambda desk, id_: all_sign(desk.hub, id_),
    Stage.PERFORMING: lambda desk, id_: pays_everything(desk.hub, id_),
    Stage.DEFAULTED: _insist,
    Stage.UNRESOLVED: _insist,
    Stage.TRANSFERRING: lambda desk, _: look_after(desk),
    Stage.SUBMITTED: _docket,
    Stage.RETURNED: lambda desk, id_: desk.act(id_, Role.INSTITUTION, _CORRECTED),
}


def create_table(client: Any, name: str) -> None:
    """Make a table with the keys and indexes of the packaged template."""
    properties = build("dev")["Resources"]["Table"]["Properties"]
    taken = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    client.create_table(TableName=name, **{key: properties[key] for key in taken})


def printed() -> str:
    """Return the caseload's table as JSON: a line for each item, and when it was written."""
    with mock_aws():
        client: Any = boto3.session.Session("test", "test", region_name="cn-north-1").client("dynamodb")
        create_table(client, "caseload")
        hub = StoredHub(client, "caseload")
        cases = begun(Desk(hub))
        items = sorted(hub.items(), key=lambda item: (item["PK"]["S"], item["SK"]["S"]))
    lines = ",\n".join(json.dumps(to_json(item), ensure_ascii=False, sort_keys=True) for item in items)
    head = json.dumps({"at": hub.clock.now().isoformat(), "cases": cases}, ensure_ascii=False)
    return f'{head[:-1]}, "items": [\n{lines}\n]}}\n'


def clock_of(table: Mapping[str, Any]) -> FakeClock:
    """Return a clock that stands where the table was written."""
    return FakeClock(datetime.fromisoformat(table["at"]))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(printed(), encoding="utf-8")
