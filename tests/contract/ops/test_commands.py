"""The operator's commands on a stack: what they print, move and leave alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from boto3.dynamodb.types import TypeDeserializer
from typer.testing import CliRunner

from chalicelib.adapters.calendar import TABLE
from chalicelib.adapters.dynamo.stored_case import event_record
from chalicelib.capabilities.institutions.service import Institutions
from chalicelib.capabilities.roster.service import Roster
from chalicelib.domain import lifecycle
from chalicelib.domain.calendar import end_of, local_date
from chalicelib.domain.commands import Appoint, Screen
from chalicelib.domain.errors import MediatorNotEligible
from chalicelib.domain.events import verify_chain
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.stages import EventType
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.capability_ports import NamesOfPeople
from chalicelib.use_cases.file_dispute import file_dispute
from chalicelib.use_cases.follow_up import follow_up_time
from infra.ops import chain, deadlines
from infra.ops.__main__ import app
from tests.support.aws import eventually
from tests.support.builders import context_of
from tests.support.fakes import samples
from tests.support.fakes.institutions import enrolment_of

if TYPE_CHECKING:
    from chalicelib.domain.calendar import WorkingCalendar
    from tests.contract.ops.conftest import Deployed


def run(stack: Deployed, *arguments: str) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--stack", stack.name])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 0, result.stderr
    return result


def screened(stack: Deployed) -> str:
    """File a case as an enrolled institution; the hub screens it."""
    stack.hub.part(Institutions).store(enrolment_of())
    filed = file_dispute(stack.hub, samples.INSTITUTION, samples.filing("LOAN-1"), samples.key("LOAN-1"))
    act_on_case(stack.hub, SYSTEM, filed.case_id, Screen())
    return filed.case_id


def test_a_restored_table_is_checked_and_what_is_still_to_do_is_listed(deployed: Deployed) -> None:
    """A whole one passes; the emulator's table has no protection, and nothing reads its stream yet."""
    screened(deployed)
    said = run(deployed, "restore-check").stdout
    assert "1 cases, 0 wrong" in said
    assert "to do 待办: deletion protection" in said
    assert "to do 待办: relay: make deploy with the parameter RelayStream=arn:aws-cn:dynamodb" in said


def test_a_restored_table_that_is_not_whole_ends_the_check_with_an_error(deployed: Deployed) -> None:
    """The case is named, and nothing of a person."""
    case_id = screened(deployed)
    key = {"PK": {"S": f"CASE#{case_id}"}, "SK": {"S": "EVENT#00000002"}}
    boto3.client("dynamodb").delete_item(TableName=deployed.name, Key=key)
    result = CliRunner().invoke(app, ["restore-check", "--stack", deployed.name, "--table", deployed.name])
    assert result.exit_code == 1
    assert f"WRONG 有误: {case_id}: the history is broken" in result.stdout


ENROLMENT: Final = {
    "institution_id": "bank-1",
    "name": "海滨测试银行",
    "unified_social_credit_code": "91350100M000100Y43",
    "courts": ["court-jc"],
    "reason": "升级前登记",
}


def enrolled(stack: Deployed, body: Any, *options: str, court: str = "court-jc") -> Any:
    """Enrol from a file; return what came of it."""
    Path("bank-1.json").write_text(json.dumps(body), encoding="utf-8")
    return CliRunner().invoke(
        app, ["enrol", "bank-1.json", "--court", court, "--stack", stack.name, *options]
    )


def test_institutions_are_enrolled_before_an_upgrade(deployed: Deployed) -> None:
    """From files, which may be repeated; who is enrolled files."""
    assert "bank-1: active (dry run)" in enrolled(deployed, ENROLMENT, "--dry-run").stdout
    institutions = deployed.hub.part(Institutions)
    assert institutions.versions("bank-1") == ()
    for _ in range(2):
        assert "bank-1: active, enrolled" in enrolled(deployed, ENROLMENT).stdout
    assert [each.by for each in institutions.versions("bank-1")] == ["operator"]
    file_dispute(deployed.hub, samples.INSTITUTION, samples.filing("LOAN-1"), samples.key("LOAN-1"))


@pytest.mark.parametrize(
    ("changes", "court", "said"),
    [
        ({"name": ""}, "court-jc", "look at name"),
        ({"courts": ["nowhere"]}, "nowhere", "does not serve the court nowhere"),
        ({}, "court-2", "name court-2"),
    ],
)
def test_an_enrolment_that_does_not_fit_is_one_line(
    deployed: Deployed, changes: dict[str, Any], court: str, said: str
) -> None:
    """It says what to do, and nothing is stored."""
    result = enrolled(deployed, ENROLMENT | changes, court=court)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert deployed.hub.part(Institutions).versions("bank-1") == ()


def test_an_institution_that_is_enrolled_is_changed_over_the_api(deployed: Deployed) -> None:
    """Another file does not replace what the centre may have changed."""
    enrolled(deployed, ENROLMENT)
    again = enrolled(deployed, ENROLMENT | {"state": "suspended"})
    assert (again.exit_code, "change it over the API" in again.stderr) == (2, True)


PEOPLE: Final = [
    {"person_id": "m-1", "name": "林和", "role": "mediator", "reason": "升级前登记"},
    {"person_id": "j-1", "name": "周正", "role": "judge", "reason": "升级前登记"},
]


def entered(stack: Deployed, people: Any, *options: str, court: str = "court-jc") -> Any:
    """Enter people from a file; return what came of it."""
    Path("people.json").write_text(json.dumps(people), encoding="utf-8")
    return CliRunner().invoke(
        app, ["enter-people", "people.json", "--court", court, "--stack", stack.name, *options]
    )


def test_people_are_entered_before_an_upgrade(deployed: Deployed) -> None:
    """From a file, which may be repeated; who stands there already stays as it is, and no name is shown."""
    case_id = screened(deployed)
    appointment = Appoint(mediator_id="m-1", judge_id="j-1")
    assert "m-1: would be entered as mediator, active" in entered(deployed, PEOPLE, "--dry-run").stdout
    with pytest.raises(MediatorNotEligible):
        act_on_case(deployed.hub, samples.CENTRE, case_id, appointment)
    for _ in range(2):
        said = entered(deployed, PEOPLE).stdout
        assert said.splitlines() == ["m-1: entered as mediator, active", "j-1: entered as judge, active"]
    renamed = entered(deployed, [{**PEOPLE[0], "name": "别人"}])
    assert renamed.stdout == "m-1: stands there already, unchanged\n"
    assert [each.changed_by for each in deployed.hub.part(Roster).versions("court-jc", "m-1")] == ["operator"]
    act_on_case(deployed.hub, samples.CENTRE, case_id, appointment)
    assert deployed.hub.part(NamesOfPeople).printed([("court-jc", "m-1")]) == {("court-jc", "m-1"): "林和"}


@pytest.mark.parametrize(
    ("people", "court", "said"),
    [
        ([{**PEOPLE[0], "role": "borrower"}], "court-jc", "look at 0/role"),
        ([PEOPLE[0], {"person_id": "j-1"}], "court-jc", "look at 1/name, 1/reason, 1/role"),
        (PEOPLE[0], "court-jc", "look at the file"),
        (PEOPLE, "nowhere", "does not serve the court nowhere"),
    ],
)
def test_people_who_do_not_fit_are_one_line(deployed: Deployed, people: Any, court: str, said: str) -> None:
    """It says what to do, and nobody is entered."""
    result = entered(deployed, people, court=court)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert deployed.hub.part(Roster).versions("court-jc", "m-1") == ()


def _table_before(day: date) -> Path:
    """Write a table of holidays in which a day was off that is worked."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    table.setdefault(str(day.year), {"days_off": [], "make_up_days": []})["days_off"].append(day.isoformat())
    file = Path("before.json")
    file.write_text(json.dumps(table), encoding="utf-8")
    return file


def _screened_under(stack: Deployed, before: WorkingCalendar) -> str:
    """File and screen a case when the calendar was another one."""
    hub = stack.hub
    filed = file_dispute(hub, samples.INSTITUTION, samples.filing("LOAN-1"), samples.key("LOAN-1"))
    case = hub.cases.get(filed.case_id)
    context = context_of(SYSTEM, hub.clock.now(), calendar=before, limits=hub.limits_of("court-jc"))
    hub.cases.save(lifecycle.apply(case, Screen(), context), follow_up_time(hub))
    return filed.case_id


def test_work_lists_are_made_anew_and_a_dry_run_writes_nothing(deployed: Deployed) -> None:
    """What a case of an earlier release asks for is written once."""
    case_id = screened(deployed)
    (item,) = _work_in(deployed)
    boto3.client("dynamodb").delete_item(
        TableName=deployed.name, Key={name: item[name] for name in ("PK", "SK")}
    )
    said = run(deployed, "rebuild-work", "--dry-run").stdout
    assert "court-jc: looked at 1 cases, would write 1, would remove 0 (dry run)" in said
    assert _work_in(deployed) == []
    assert "court-jc: looked at 1 cases, wrote 1, removed 0" in run(deployed, "rebuild-work").stdout
    (found,) = _work_in(deployed)
    assert (found["case_id"], found["work"]) == ({"S": case_id}, {"S": "appoint_mediator"})
    assert "wrote 0, removed 0" in run(deployed, "rebuild-work").stdout


def _work_in(stack: Deployed) -> list[Any]:
    items: list[Any] = boto3.client("dynamodb").scan(TableName=stack.name, ConsistentRead=True)["Items"]
    return [item for item in items if item["PK"]["S"].startswith("WORK#")]


def test_deadlines_move_once_and_a_dry_run_moves_nothing(deployed: Deployed) -> None:
    """The third working day to appoint was the fourth while the second one was off."""
    deployed.hub.part(Institutions).store(enrolment_of())
    hub, today = deployed.hub, local_date(deployed.hub.clock.now())
    second, third = (hub.calendar.add_working_days(today, count) for count in (2, 3))
    file = _table_before(second)
    case_id = _screened_under(deployed, deadlines.read(file))
    before = hub.cases.get(case_id)
    asked = ("move-deadlines", "--before", str(file))
    said = run(deployed, *asked, "--dry-run").stdout
    assert f"{case_id}: assignment_working_days, {before.deadline} -> {end_of(third)} (dry run)" in said
    assert "looked at 1, would move 1, left 0 (dry run)" in said
    assert hub.cases.get(case_id) == before
    assert "looked at 1, moved 1, left 0" in run(deployed, *asked).stdout
    after = hub.cases.get(case_id)
    assert (after.deadline, after.version) == (end_of(third), before.version + 1)
    assert "looked at 1, moved 0, left 0" in run(deployed, *asked, "--court", "court-jc").stdout
    events = hub.cases.events(case_id, after=0)
    assert (events[-1].type, verify_chain(events)) == (EventType.DEADLINE_MOVED, after.last_event_hash)


def test_a_deadline_that_stays_is_named(deployed: Deployed) -> None:
    """Its events are not whole."""
    deployed.hub.part(Institutions).store(enrolment_of())
    file = _table_before(deployed.hub.calendar.add_working_days(local_date(deployed.hub.clock.now()), 2))
    case_id = _screened_under(deployed, deadlines.read(file))
    key = {"PK": {"S": f"CASE#{case_id}"}, "SK": {"S": "EVENT#00000002"}}
    boto3.client("dynamodb").delete_item(TableName=deployed.name, Key=key)
    said = run(deployed, "move-deadlines", "--before", str(file)).stdout
    assert f"{case_id}: stays 未调整, entry_unclear" in said
    assert "looked at 1, moved 0, left 1" in said


def test_a_year_that_has_its_table_counts_against_what_was_known_before(deployed: Deployed) -> None:
    """Nothing was stored for 2020."""
    assert "looked at 0, moved 0, left 0" in run(deployed, "move-deadlines", "--year", "2020").stdout
    before = deadlines.without(deployed.hub.calendar, 2020)
    assert not before.knows(date(2020, 1, 2))
    assert not before.is_working_day(date(2020, 1, 1))
    assert before.is_working_day(date(2020, 1, 30))  # the festival was made longer that year


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "say which table has come"),
        (("--year", "2020", "--before", "before.json"), "say which table has come"),
        (("--year", "2098"), "the table of 2098 is not there yet"),
        (("--before", "other.json"), "other.json is no table of holidays"),
        (("--year", "2020", "--court", "nowhere"), "does not serve the court nowhere"),
    ],
)
def test_a_table_that_does_not_fit_is_one_line(
    deployed: Deployed, options: tuple[str, ...], said: str
) -> None:
    """It says what to do, and nothing is moved."""
    _table_before(date(2020, 1, 2))
    Path("other.json").write_text('{"2027": {"days_off": []}}', encoding="utf-8")
    result = CliRunner().invoke(app, ["move-deadlines", *options, "--stack", deployed.name])
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def held(url: str) -> list[str]:
    """Take what a queue holds."""
    client, bodies = boto3.client("sqs"), []
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get(
        "Messages"
    ):
        bodies += [message["Body"] for message in messages]
    return bodies


def test_follow_tells_a_cases_story_and_nothing_personal(deployed: Deployed) -> None:
    """Its events in order, its execution, and its dead letters, which stay where they are."""
    case_id = screened(deployed)
    dead = deployed.url("court-dlq")
    for body in ({"case_id": case_id, "dispatch_id": "D1"}, {"case_id": "another", "dispatch_id": "D2"}):
        boto3.client("sqs").send_message(QueueUrl=dead, MessageBody=json.dumps(body))
    told = run(deployed, "follow", case_id).stdout
    lines = told.splitlines()
    assert lines[0].startswith(f"case {case_id}: stage screened, version 2, events 2")
    assert "case_filed  by institution, online" in lines[1]
    assert "case_screened  by system" in lines[2]
    assert f"execution {case_id}-1: has ended, waits nowhere" in told
    assert f"queue {deployed.name}-court: about 0 waiting; 1 of 2 dead letters are of this case" in told
    for value in (samples.BORROWER_DETAILS.name, samples.BORROWER_DETAILS.phone, "LOAN-1"):
        assert value not in told
    attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=dead, AttributeNames=["All"])["Attributes"]
    kept = int(attributes["ApproximateNumberOfMessages"])
    assert kept + int(attributes["ApproximateNumberOfMessagesNotVisible"]) == 2


def test_an_export_has_every_event_however_many_there_are(deployed: Deployed) -> None:
    """More than a page of them, which is a thousand."""
    hub = deployed.hub
    case = hub.cases.get(screened(deployed))
    table = boto3.resource("dynamodb").Table(deployed.environment["HUB_TABLE"])
    with table.batch_writer() as batch:
        for _ in range(1010):
            change = lifecycle.record(case, EventType("something_seen"), {}, context_of(SYSTEM))
            case = change.case
            batch.put_item(Item=_stored(change.event))
    text = run(deployed, "export-chain", case.case_id).stdout
    links = chain.from_json(text)
    assert (len(links), verify_chain(links)) == (1012, case.last_event_hash)


def _stored(event: Any) -> dict[str, Any]:
    """Return the item of an event, as DynamoDB's resource takes it."""
    stored: dict[str, Any] = event_record(event).serialize()
    return {name: TypeDeserializer().deserialize(value) for name, value in stored.items()}


def test_the_relays_dead_letters_are_relayed_again(deployed: Deployed) -> None:
    """A position holds no record: its records are read from the stream again and reach their queues."""
    case_id = screened(deployed)
    position = eventually(lambda: _position(deployed))
    dead = deployed.url("relay-dlq")
    boto3.client("sqs").send_message(QueueUrl=dead, MessageBody=json.dumps({"DDBStreamBatchInfo": position}))
    before = run(deployed, "redrive", "relay", "--dry-run").stdout
    assert "holds about 1 (dry run)" in before
    assert held(deployed.url("workflow")) == []
    told = run(deployed, "redrive", "relay").stdout
    assert f"relayed 1 positions again, {position['batchSize']} records" in told
    sent = [json.loads(body) for body in held(deployed.url("workflow"))]
    assert [(message["case_id"], message["sequence"]) for message in sent] == [(case_id, 1), (case_id, 2)]
    assert held(dead) == []


def _position(stack: Deployed) -> dict[str, Any]:
    """Return where the table's stream stands, in the form of a poller's report."""
    arn = boto3.client("dynamodb").describe_table(TableName=stack.environment["HUB_TABLE"])["Table"][
        "LatestStreamArn"
    ]
    client = boto3.client("dynamodbstreams")
    (shard,) = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = client.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    numbers = [
        record["dynamodb"]["SequenceNumber"]
        for record in client.get_records(ShardIterator=iterator)["Records"]
    ]
    if not numbers:
        return {}
    return {
        "streamArn": arn,
        "shardId": shard["ShardId"],
        "startSequenceNumber": numbers[0],
        "endSequenceNumber": numbers[-1],
        "batchSize": len(numbers),
    }


def test_a_dry_run_of_the_sweep_changes_nothing(deployed: Deployed) -> None:
    case_id = screened(deployed)
    hub = deployed.hub
    hub.workflows.set_follow_up(case_id, context_of(SYSTEM).at)
    told = run(deployed, "sweep", "--dry-run").stdout
    assert "would look after 1" in told
    record = hub.workflows.get(case_id)
    assert record is not None
    assert record.generation == 1


def test_one_unknown_case_among_several_lets_nothing_be_sent(deployed: Deployed) -> None:
    case_id = screened(deployed)
    result: Any = CliRunner().invoke(app, ["reemit", case_id, "C-nowhere", "--stack", deployed.name])
    assert (result.exit_code, "C-nowhere" in result.stderr) == (2, True)
    assert held(deployed.url("workflow")) == []
