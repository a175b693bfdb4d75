"""The restore drill: a table as it was at a moment is put back, checked, and its cases come to their ends."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chalicelib.domain.stages import Stage
from infra.local import dynamodb_local, fetched
from infra.local.processes import Supervisor, free_port
from infra.ops import restored
from tests.support.aws import dynamodb
from tests.support.caseload import carried_on, create_table, look_after
from tests.support.desk import Desk
from tests.support.engines import needs
from tests.support.fakes import FakeCourt
from tests.support.fakes.clock import FakeClock
from tests.support.stored_hub import StoredHub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.use_cases.records import Receipt, Submission

TABLE = "drill"
STAGES = (Stage.IN_MEDIATION, Stage.PERFORMING, Stage.SUBMITTED, Stage.CLOSED, Stage.TRANSFERRING)


class StrictCourt(FakeCourt):
    """A court that keeps the contract: what comes again under an id is what came first."""

    def submit(self, submission: Submission) -> Receipt:
        """Take a transfer over."""
        receipt = super().submit(submission)
        assert self.submissions[submission.message_id] == submission
        return receipt


@contextmanager
def served(data: Path, logs: Path) -> Iterator[DynamoDBClient]:
    """Run DynamoDB Local on a data folder."""
    port = free_port()
    command = dynamodb_local.server_command(dynamodb_local.fetch(), port, data)
    url = f"http://127.0.0.1:{port}"
    logs.mkdir(parents=True, exist_ok=True)
    with Supervisor(logs) as supervisor:
        supervisor.start("dynamodb-local", command, env={"DDB_LOCAL_TELEMETRY": "0"}, ready_url=url)
        yield dynamodb(url)


def test_a_restored_table_is_whole_and_nothing_is_filed_twice_at_the_court(tmp_path: Path) -> None:
    """The data folder is copied while cases are under way; the copy is the restore.

    What happened after that moment is lost to the hub, and not to the court: it got a submission that the
    restored table still owes. It comes again under its id and with its content.
    """
    needs("DynamoDB Local", fetched.java_missing())
    data, copy = tmp_path / "data", tmp_path / "copy"
    with served(data, tmp_path / "logs") as client:
        create_table(client, TABLE)
        hub = StoredHub(client, TABLE)
        court = hub.court = StrictCourt(hub.clock)
        desk = Desk(hub)
        cases = {stage: desk.reach(stage, f"LOAN-{stage}") for stage in STAGES}
        moment = hub.clock.now()
        shutil.copytree(data, copy)
        court.down = False
        for case_id in cases.values():
            carried_on(desk, case_id)
        lost = desk.file("LOAN-lost")
        assert {desk.case(case_id).stage.terminal for case_id in cases.values()} == {True}
    sent = set(court.submissions)
    with served(copy, tmp_path / "logs-of-the-copy") as client:
        again = StoredHub(client, TABLE, FakeClock(moment))
        again.restore(())
        again.court = court
        items = restored.items_of(client, TABLE)
        assert list(restored.problems(again, items)) == []
        assert restored.case_ids(items) == sorted(cases.values())
        assert lost not in restored.case_ids(items)
        waiting = cases[Stage.TRANSFERRING]
        assert restored.owed_to_courts(items) == [f"{waiting} submission {waiting}-T1"]
        desk = Desk(again)
        look_after(desk)
        for case_id in cases.values():
            carried_on(desk, case_id)
        assert {desk.case(case_id).stage.terminal for case_id in cases.values()} == {True}
        assert set(court.submissions) == sent
        assert list(restored.problems(again, restored.items_of(client, TABLE))) == []


def test_what_a_restore_does_not_bring_along_is_named(tmp_path: Path) -> None:
    """DynamoDB Local has no point-in-time recovery; stream, expiry and protection can be seen there."""
    needs("DynamoDB Local", fetched.java_missing())
    with served(tmp_path / "data", tmp_path / "logs") as client:
        create_table(client, TABLE)
        before = [line.partition(":")[0] for line in restored.to_do(client, TABLE, "")]
        client.update_table(
            TableName=TABLE,
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        client.update_time_to_live(
            TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
        )
        after = [line.partition(":")[0] for line in restored.to_do(client, TABLE, "")]
    assert before == ["stream", "deletion protection", "expiry", "point-in-time recovery"]
    assert after == ["deletion protection", "point-in-time recovery"]
