"""Work lists on every storage: written with what causes the work, read by their time, at a known price."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.dynamo.table import Table
from chalicelib.adapters.dynamo.work import place_of, work_record
from chalicelib.capabilities.sessions.model import Attend, Cancel, Done, Draft, SignMinutes, sheet_of
from chalicelib.capabilities.sessions.service import Minutes
from chalicelib.capabilities.worklists.store import work_lists
from chalicelib.domain import lifecycle
from chalicelib.domain.commands import Accept, Decline, GiveConsent, ReplaceJudge, ReplaceMediator, Withdraw
from chalicelib.domain.notices import NoticeKind, Outcome, call_for, notice_of
from chalicelib.domain.reasons import DeclineReason, ReplacementGround
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.work import Owner, WorkKind, made, work_of
from infra.ops.work import Rebuilding
from tests.contract.storage.steps import act, assigned, context, filed, unresolved
from tests.contract.storage.test_guidance import write
from tests.contract.storage.test_sessions import BEGINS, CAME, does, schedule, session
from tests.contract.storage.test_sessions import BY as _BY
from tests.support.caseload import APPLIED, begun, carried_on
from tests.support.desk import Desk
from tests.support.fakes import COURT_ID, samples
from tests.support.fakes.clock import START
from tests.support.stored_hub import StoredHub

if TYPE_CHECKING:
    import pytest

    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.domain.case import Case
    from chalicelib.domain.work import Work
    from tests.contract.storage.conftest import RawTable, Storage

BY: Final[Any] = {**_BY, "at": BEGINS + timedelta(hours=1)}
MEDIATOR: Final = Owner(role=Role.MEDIATOR, court_id=COURT_ID, person_id="m-1")
CENTRE: Final = Owner(role=Role.CENTRE, court_id=COURT_ID)
JUDGE: Final = Owner(role=Role.JUDGE, court_id=COURT_ID, person_id="j-1")
BANK: Final = Owner(role=Role.INSTITUTION, person_id=samples.INSTITUTION.institution_id)


def listed(storage: Storage, owner: Owner, limit: int = 100) -> tuple[Work, ...]:
    """Read a list page by page."""
    page = storage.work.page(owner, None, limit)
    found = page.works
    while page.after is not None:
        page = storage.work.page(owner, page.after, limit)
        found += page.works
    return found


def kinds(storage: Storage, owner: Owner) -> list[str]:
    """Return what is to be done, in order."""
    return [work.kind for work in listed(storage, owner)]


def test_work_comes_and_goes_with_the_acts_of_a_case(storage: Storage) -> None:
    """An appointment is the mediator's to take up; declined, the centre appoints again."""
    case = assigned(storage.cases, "C-1")
    (work,) = listed(storage, MEDIATOR)
    assert (work.kind, work.case_id, work.due_at) == (WorkKind.ACCEPT_APPOINTMENT, "C-1", case.deadline)
    assert listed(storage, CENTRE) == ()
    act(storage.cases, case, Decline(reason=DeclineReason.UNAVAILABLE), samples.MEDIATOR)
    assert listed(storage, MEDIATOR) == ()
    assert kinds(storage, CENTRE) == ["appoint_mediator"]


def test_a_list_is_read_page_by_page_by_what_ends_first(storage: Storage) -> None:
    """However the cases came, whatever the size of a page, nothing is skipped or shown twice."""
    for number in range(9):
        case_id = f"C-{number}"
        case = assigned(storage.cases, case_id, at=START)
        if number % 2:
            act(storage.cases, case, Accept(), samples.MEDIATOR, START + timedelta(minutes=number))
    whole = listed(storage, MEDIATOR)
    assert len(whole) == 9
    assert [work.due_at for work in whole] == sorted(work.due_at for work in whole)
    for limit in (1, 2, 4):
        assert listed(storage, MEDIATOR, limit) == whole


def test_a_centre_s_list_is_whole_although_it_is_sharded(storage: Storage) -> None:
    """Its pages are merged of all shards."""
    for number in range(13):
        case = assigned(storage.cases, f"C-{number}")
        act(storage.cases, case, Decline(reason=DeclineReason.UNAVAILABLE), samples.MEDIATOR)
    whole = listed(storage, CENTRE)
    assert {work.case_id for work in whole} == {f"C-{number}" for number in range(13)}
    for limit in (1, 3, 5):
        assert listed(storage, CENTRE, limit) == whole


def test_lists_are_their_owners_alone(storage: Storage) -> None:
    """Another mediator's, another court's and another institution's hold nothing of it."""
    unresolved(storage.cases, "C-1")
    assert kinds(storage, BANK) == ["decide_on_suit"]
    assigned(storage.cases, "C-2")
    for other in (
        Owner(role=Role.MEDIATOR, court_id=COURT_ID, person_id="m-2"),
        Owner(role=Role.MEDIATOR, court_id="court-2", person_id="m-1"),
        Owner(role=Role.JUDGE, court_id=COURT_ID, person_id="m-1"),
        Owner(role=Role.CENTRE, court_id="court-2"),
        Owner(role=Role.INSTITUTION, person_id="bank-2"),
    ):
        assert listed(storage, other) == ()


def mediating(storage: Storage, case_id: str = "C-1") -> Case:
    """Bring a case into its mediation."""
    case = act(storage.cases, assigned(storage.cases, case_id), Accept(), samples.MEDIATOR)
    return act(storage.cases, case, GiveConsent(party_id="r1", online=True), samples.borrower(case_id))


def test_a_session_is_held_then_its_minutes_are_drafted_and_signed(storage: Storage) -> None:
    """Each by whom it concerns; a signature on paper waits for its second record."""
    case = mediating(storage)
    schedule(storage, case, session("s1"))
    held, _ = listed(storage, MEDIATOR)
    assert (held.kind, held.due_at, held.about) == (WorkKind.HOLD_SESSION, BEGINS, "s1")
    does(storage, case, "s1", Attend(done=Done.ATTENDED, attendance=CAME, **BY))
    assert kinds(storage, MEDIATOR) == ["draft_minutes", "conclude_talks"]
    minutes = Minutes("0" * 32, "text")
    sheet = sheet_of(minutes.salt, minutes.text)
    does(storage, case, "s1", Draft(done=Done.MINUTES_DRAFTED, sheet=sheet, **BY), minutes)
    assert kinds(storage, MEDIATOR) == ["obtain_minutes_signatures", "conclude_talks"]
    signs: Any = {"done": Done.MINUTES_SIGNED, "party_id": "r1", "sheet": sheet, "on_paper": True}
    does(storage, case, "s1", SignMinutes(**signs, **BY))
    assert kinds(storage, MEDIATOR) == ["conclude_talks"]
    assert [(work.kind, work.about) for work in listed(storage, CENTRE)] == [("confirm_minutes", "s1.r1")]
    does(storage, case, "s1", SignMinutes(**signs, **{**BY, "role": Role.CENTRE, "subject": "centre-2"}))
    assert kinds(storage, CENTRE) == []


def test_the_institution_signs_the_minutes_of_what_it_was_at(storage: Storage) -> None:
    """Until its own signature is there."""
    case = mediating(storage)
    schedule(storage, case, session("s1"))
    both = (replace(CAME[0], party_id="a1"), *CAME)
    does(storage, case, "s1", Attend(done=Done.ATTENDED, attendance=both, **BY))
    minutes = Minutes("0" * 32, "text")
    sheet = sheet_of(minutes.salt, minutes.text)
    does(storage, case, "s1", Draft(done=Done.MINUTES_DRAFTED, sheet=sheet, **BY), minutes)
    assert kinds(storage, BANK) == ["sign_minutes"]
    signs: Any = {"done": Done.MINUTES_SIGNED, "party_id": "a1", "sheet": sheet}
    does(storage, case, "s1", SignMinutes(**signs, **BY))
    assert kinds(storage, BANK) == []
    assert kinds(storage, MEDIATOR) == ["obtain_minutes_signatures", "conclude_talks"]


def test_a_cancelled_session_asks_for_nothing(storage: Storage) -> None:
    """Nor does one of a case that is over."""
    case = mediating(storage)
    schedule(storage, case, session("s1"))
    schedule(storage, case, session("s2", 3))
    does(storage, case, "s1", Cancel(done=Done.CANCELLED, **BY))
    assert [work.about for work in listed(storage, MEDIATOR)] == ["s2", ""]
    act(storage.cases, storage.cases.get("C-1"), Withdraw(), samples.INSTITUTION)
    assert listed(storage, MEDIATOR) == ()


def test_sessions_and_questions_go_with_the_case_to_another_mediator_and_judge(storage: Storage) -> None:
    """The former ones have nothing left of them."""
    case = mediating(storage)
    schedule(storage, case, session("s1"))
    write(storage, case, 1)
    assert kinds(storage, JUDGE) == ["answer_question"]
    replaces = ReplaceMediator(mediator_id="m-2", ground=ReplacementGround.UNABLE)
    case = act(storage.cases, storage.cases.get("C-1"), replaces, samples.CENTRE)
    assert listed(storage, MEDIATOR) == ()
    other = Owner(role=Role.MEDIATOR, court_id=COURT_ID, person_id="m-2")
    assert "hold_session" in kinds(storage, other)
    replaced = ReplaceJudge(judge_id="j-2", ground=ReplacementGround.UNABLE)
    case = act(storage.cases, storage.cases.get("C-1"), replaced, samples.CENTRE)
    assert listed(storage, JUDGE) == ()
    second = Owner(role=Role.JUDGE, court_id=COURT_ID, person_id="j-2")
    assert kinds(storage, second) == ["answer_question"]
    write(storage, case, 2, asks=False)
    assert listed(storage, second) == ()


def test_somebody_whom_no_message_reaches_is_rung(storage: Storage) -> None:
    """Until the call was made."""
    case = mediating(storage)
    notice = notice_of("C-1", 3, "r1", NoticeKind.INVITED, {})
    call = call_for(notice, "r1", COURT_ID, case.case_number, START)
    change = lifecycle.record(case, EventType.ACT_RECORDED, {}, context(samples.CENTRE))
    storage.cases.save(change.with_records(notice), START)
    assert listed(storage, CENTRE) == ()
    storage.notices.ended(notice, {"r1": Outcome.NOT_REACHABLE}, (call,), START)
    (work,) = listed(storage, CENTRE)
    assert (work.kind, work.case_id, work.due_at) == (WorkKind.RING, "C-1", START)
    for _ in range(2):
        storage.calls.end(COURT_ID, call.call_id, "clerk-1", START)
        assert listed(storage, CENTRE) == ()


def test_a_list_of_fifty_costs_at_most_eight_read_units(
    request: pytest.FixtureRequest, kms: Any, kms_key_id: str
) -> None:
    """On DynamoDB itself, of a centre and of a mediator, whatever stands behind them."""
    from chalicelib.adapters.dynamo.store import DynamoStore  # noqa: PLC0415 - this test makes its own

    raw: RawTable = request.getfixturevalue("dynamodb_local_table")
    raw.empty()
    store = DynamoStore(raw.client, raw.name, kms=lambda: kms, kms_key_id=kms_key_id, now=lambda: 0.0)
    put_many(store, raw, 400)
    spent: list[float] = []
    events = raw.client.meta.events
    events.register("before-parameter-build.dynamodb.Query", _asks_for_the_price, unique_id="price")
    events.register(
        "after-call.dynamodb.Query",
        lambda parsed, **_: spent.append(parsed["ConsumedCapacity"]["CapacityUnits"]),
        unique_id="spent",
    )
    try:
        for owner in (CENTRE, MEDIATOR, BANK):
            spent.clear()
            page = work_lists(store).page(owner, None, 50)
            assert len(page.works) == 50
            assert page.after is not None
            assert sum(spent) <= 8, (owner, spent)
    finally:
        events.unregister("before-parameter-build.dynamodb.Query", unique_id="price")
        events.unregister("after-call.dynamodb.Query", unique_id="spent")
        raw.empty()


def test_work_that_only_a_later_release_knows_is_left_out(moto_table: RawTable, kms: Any) -> None:
    """The list goes on behind it."""
    from chalicelib.adapters.dynamo.store import DynamoStore  # noqa: PLC0415 - this test makes its own

    moto_table.empty()
    store = DynamoStore(moto_table.client, moto_table.name, kms=lambda: kms, kms_key_id="", now=lambda: 0.0)
    case = replace(filed("C-1").case, mediator_id="m-1")
    for number, kind in enumerate((WorkKind.OBTAIN_CONSENTS, WorkKind.HOLD_SESSION)):
        (work,) = made(case, kind, START + timedelta(days=number))
        item = work_record(work).serialize()
        moto_table.put({**item, "work": {"S": "a_later_one"}} if number == 0 else item)
    first = work_lists(store).page(MEDIATOR, None, 1)
    assert first.works == ()
    assert [work.kind for work in work_lists(store).page(MEDIATOR, first.after, 1).works] == ["hold_session"]


def _asks_for_the_price(params: dict[str, Any], **_: Any) -> None:
    params["ReturnConsumedCapacity"] = "TOTAL"


def put_many(store: DynamoStore, raw: RawTable, number: int) -> None:
    """Put work of many cases with numbers as long as courts give them, half of them in a moment."""
    case = replace(assigned(store.cases, "C-1"), case_number="（2026）粤1481诉前调12345号")
    works = [
        work
        for each in range(number)
        for kind in (WorkKind.DECIDE_OBJECTION, WorkKind.OBTAIN_CONSENTS, WorkKind.DECIDE_ON_SUIT)
        for work in made(
            replace(case, case_id=f"{each:032x}"), kind, START + timedelta(seconds=each * (each % 2))
        )
    ]
    for start in range(0, len(works), 25):
        puts: Any = [
            {"PutRequest": {"Item": work_record(work).serialize()}} for work in works[start : start + 25]
        ]
        raw.client.batch_write_item(RequestItems={raw.name: puts})


def stored_work(raw: RawTable) -> set[tuple[str, str]]:
    """Return the keys of all work in a table."""
    return {(item["PK"]["S"], item["SK"]["S"]) for item in raw.items() if item["PK"]["S"].startswith("WORK#")}


def asked_work(hub: StoredHub, raw: RawTable) -> set[tuple[str, str]]:
    """Return the keys of what the stored cases ask for."""
    ids = {item["PK"]["S"].removeprefix("CASE#") for item in raw.items() if item["SK"]["S"] == "CASE"}
    return {place_of(work) for case_id in ids for work in work_of(hub.cases.get(case_id))}


def test_whatever_way_a_case_goes_the_lists_hold_what_it_asks(moto_table: RawTable) -> None:
    """Cases of each stage, carried on to their ends: nothing is left over, nothing is missing."""
    moto_table.empty()
    hub = StoredHub(moto_table.client, moto_table.name)
    desk = Desk(hub)
    cases = begun(desk)
    assert stored_work(moto_table) == asked_work(hub, moto_table) != set()
    for stage in (*(stage for stage in Stage if stage in cases), APPLIED):
        carried_on(desk, cases[stage])
        assert stored_work(moto_table) == asked_work(hub, moto_table), stage
    assert stored_work(moto_table) == set()


def test_lists_are_made_anew_from_the_cases(moto_table: RawTable) -> None:
    """What an earlier release lacks is written, what other rules left is removed; a dry run only counts."""
    moto_table.empty()
    hub = StoredHub(moto_table.client, moto_table.name)
    begun(Desk(hub))
    table = Table(moto_table.client, moto_table.name)
    before = stored_work(moto_table)
    case = next(case for case in cases_of(hub, moto_table) if case.mediator_id and case.stage.terminal)
    (left_over,) = made(case, WorkKind.HOLD_SESSION, START, "s-1")
    lost = sorted(before)[::2]
    table.transact([*(table.to_delete(place) for place in lost), table.to_put(work_record(left_over))])
    damaged = stored_work(moto_table)
    counted = Rebuilding(hub, table, COURT_ID, dry_run=True).run()
    assert (counted.written, counted.removed) == (len(lost), 1)
    assert stored_work(moto_table) == damaged
    done = Rebuilding(hub, table, COURT_ID, dry_run=False).run()
    assert (done.written, done.removed) == (len(lost), 1)
    assert stored_work(moto_table) == before
    again = Rebuilding(hub, table, COURT_ID, dry_run=False).run()
    assert (again.cases, again.written, again.removed) == (done.cases, 0, 0)


def cases_of(hub: StoredHub, raw: RawTable) -> list[Case]:
    """Return every stored case."""
    ids = {item["PK"]["S"].removeprefix("CASE#") for item in raw.items() if item["SK"]["S"] == "CASE"}
    return [hub.cases.get(case_id) for case_id in sorted(ids)]
