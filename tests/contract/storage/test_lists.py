"""A list shows its reader's cases, all of them, each once, newest first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.errors import RecordTooNew, RecordUnreadable
from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.domain.case import Case
from chalicelib.domain.commands import Appoint, Decline, Screen
from chalicelib.domain.parties import Party, PartyKind, Side
from chalicelib.domain.reasons import DeclineReason
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.ports import Cases
from tests.contract.storage.conftest import RawTable, Storage
from tests.contract.storage.steps import act, add, assigned
from tests.support.fakes import samples
from tests.support.fakes.clock import START


def pages(store: Cases, actor: Actor, stage: Stage | None = None, limit: int = 3) -> list[list[Case]]:
    """Read a whole list, page by page."""
    read: list[list[Case]] = []
    after: str | None = None
    while True:
        page = store.list_for(actor, stage, after, limit)
        assert len(page.cases) <= limit
        read.append(list(page.cases))
        if page.after is None:
            return read
        assert after is None or page.after < after, "a list that does not move on never ends"
        after = page.after


def ids(store: Cases, actor: Actor, stage: Stage | None = None, limit: int = 3) -> list[str]:
    """Read the ids of a whole list."""
    return [case.case_id for page in pages(store, actor, stage, limit) for case in page]


def test_numbers_are_counted_by_court_and_year_and_never_given_twice(storage: Storage) -> None:
    """However many ask at the same time."""
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: storage.cases.next_number("court-jc", 2026), range(12)))
    assert sorted(given) == list(range(1, 13))
    assert storage.cases.next_number("court-jc", 2027) == 1
    assert storage.cases.next_number("court-2", 2026) == 1


def test_a_case_is_found_by_its_number_from_its_screening_on(storage: Storage) -> None:
    """With the brackets that somebody typed; a number that two courts write is both cases'."""
    assert storage.cases.find_by_number("蕉调〔2026〕7号") == ()
    case = act(storage.cases, add(storage.cases, "C-1"), Screen(case_number="蕉调〔2026〕7号"))
    act(storage.cases, case, Appoint(mediator_id="m-1", judge_id="j-1"), samples.CENTRE)
    assert storage.cases.find_by_number("蕉调（2026）第7号") == ("C-1",)
    act(storage.cases, add(storage.cases, "C-2"), Screen(case_number="蕉调2026-7"))
    assert storage.cases.find_by_number("蕉调〔2026〕7号") == ("C-1", "C-2")
    assert storage.cases.find_by_number("蕉调〔2026〕8号") == ()


def file_some(storage: Storage, count: int) -> list[str]:
    """File cases a minute apart; return their ids, newest first."""
    names = [f"C-{number:02}" for number in range(count)]
    for number, name in enumerate(names):
        add(storage.cases, name, at=START + timedelta(minutes=number))
    return names[::-1]


@pytest.mark.parametrize("actor", [samples.INSTITUTION, samples.CENTRE, samples.COURT, samples.OPS])
@pytest.mark.parametrize("limit", [1, 3, 50])
def test_a_list_is_complete_and_newest_first(storage: Storage, actor: Actor, limit: int) -> None:
    """Page by page every case comes once, however the pages are cut and the court's list is sharded."""
    newest_first = file_some(storage, 9)
    assert ids(storage.cases, actor, limit=limit) == newest_first


def test_cases_filed_in_the_same_instant_all_come(storage: Storage) -> None:
    """Equal times don't hide a case behind another."""
    for number in range(7):
        add(storage.cases, f"C-{number}")
    assert sorted(ids(storage.cases, samples.CENTRE, limit=2)) == [f"C-{number}" for number in range(7)]


def test_a_full_last_page_says_that_it_is_the_last(storage: Storage) -> None:
    """A list whose length is the page's ends without an empty page."""
    file_some(storage, 3)
    assert len(pages(storage.cases, samples.INSTITUTION, limit=3)) == 1
    assert pages(storage.cases, replace(samples.INSTITUTION, institution_id="nobody")) == [[]]


def test_a_list_holds_what_was_last_stored(storage: Storage) -> None:
    """A case is listed as it stands, not as it was filed."""
    case = assigned(storage.cases, "C-1")
    assert pages(storage.cases, samples.INSTITUTION) == [[case]]


def test_nobody_sees_another_tenants_cases(storage: Storage) -> None:
    """Institution, court, mediator and judge each see their own only."""
    add(storage.cases, "C-1")
    add(storage.cases, "C-2", institution_id="bank-2")
    add(storage.cases, "C-3", court_id="court-2")
    assigned(storage.cases, "C-4", mediator_id="m-2")
    assert sorted(ids(storage.cases, samples.INSTITUTION)) == ["C-1", "C-3", "C-4"]
    assert ids(storage.cases, replace(samples.INSTITUTION, institution_id="bank-2")) == ["C-2"]
    assert sorted(ids(storage.cases, samples.CENTRE)) == ["C-1", "C-2", "C-4"]
    assert ids(storage.cases, samples.MEDIATOR) == []
    assert ids(storage.cases, replace(samples.MEDIATOR, mediator_id="m-2")) == ["C-4"]
    assert ids(storage.cases, samples.JUDGE) == ["C-4"]
    assert ids(storage.cases, replace(samples.JUDGE, judge_id="j-2")) == []
    assert ids(storage.cases, replace(samples.JUDGE, court_id="court-2")) == []


@pytest.mark.parametrize("role", Role)
def test_an_actor_without_an_id_sees_nothing(storage: Storage, role: Role) -> None:
    """A token that lacks its claim opens no list, nor does a role that has none."""
    add(storage.cases, "C-1")
    assert ids(storage.cases, Actor(role=role, subject="somebody")) == []


@pytest.mark.parametrize("actor", [samples.INSTITUTION, samples.CENTRE, samples.JUDGE])
def test_a_list_can_be_narrowed_to_a_stage(storage: Storage, actor: Actor) -> None:
    """Only cases at the stage come, and the list still ends."""
    for number in range(6):
        case = assigned(storage.cases, f"C-{number}", at=START + timedelta(minutes=number))
        assert case.stage is Stage.ASSIGNED
    act(storage.cases, add(storage.cases, "C-9"), Screen())
    assert ids(storage.cases, actor, Stage.ASSIGNED, 2) == [f"C-{number}" for number in range(5, -1, -1)]
    assert ids(storage.cases, actor, Stage.DOCKETED) == []


def test_a_case_leaves_the_list_of_a_mediator_who_declines(storage: Storage) -> None:
    """A mediator's list holds what the mediator has, not what the mediator once had."""
    case = assigned(storage.cases, "C-1")
    assert ids(storage.cases, samples.MEDIATOR) == ["C-1"]
    act(storage.cases, case, Decline(reason=DeclineReason.WORKLOAD), samples.MEDIATOR)
    assert ids(storage.cases, samples.MEDIATOR) == []
    assert ids(storage.cases, samples.CENTRE) == ["C-1"]


@pytest.mark.parametrize(
    ("after", "shown"), [("", 0), ("0", 0), ("z", 2), ("z" * 5000, 2), ("\ud800", 2), ("案", 2)]
)
def test_a_made_up_place_in_a_list_does_no_harm(storage: Storage, after: str, shown: int) -> None:
    """A cursor is no secret: whatever place it names, the list goes on from there or is over."""
    file_some(storage, 2)
    for actor in (samples.INSTITUTION, samples.CENTRE):
        assert len(storage.cases.list_for(actor, None, after, 10).cases) == shown


@pytest.mark.parametrize("actor", [samples.INSTITUTION, samples.CENTRE, samples.MEDIATOR])
@pytest.mark.parametrize(
    ("spoiled", "code"),
    [
        ({"schema": {"N": "99"}}, "record_too_new"),
        ({"stage": {"S": "arbitrated"}}, "record_unreadable"),
        ({"content": {"S": "{}"}}, "record_unreadable"),
        ({"content": {"S": "no JSON"}}, "record_unreadable"),
    ],
)
def test_a_case_that_cannot_be_read_spoils_no_page(
    store: DynamoStore, table: RawTable, actor: Actor, spoiled: dict[str, Any], code: str
) -> None:
    """Its page names it and shows the rest, the list goes on; acts on it are refused by that name."""
    names = [f"C-{number}" for number in range(5)]
    for name in names:
        assigned(store.cases, name)
    table.put({**table.item("CASE#C-2", "CASE"), **spoiled})
    shown, named, after, pages = [], [], None, 0
    while pages == 0 or after:
        page = store.cases.list_for(actor, None, after, 2)
        shown += [case.case_id for case in page.cases]
        named += [(each.case_id, each.code) for each in page.unreadable]
        after, pages = page.after, pages + 1
    assert sorted(shown) == ["C-0", "C-1", "C-3", "C-4"]
    assert named == [("C-2", code)]
    with pytest.raises((RecordTooNew, RecordUnreadable)) as refused:
        store.cases.get("C-2")
    assert refused.value.code == code
    assert "arbitrated" not in str(refused.value)


def test_a_person_is_found_by_id_number_however_it_is_typed(storage: Storage) -> None:
    """Upper or lower case, full-width or spaced: it is the same number."""
    add(storage.cases, "C-1")
    add(storage.cases, "C-2")
    for typed in (
        "11010519491231002X",
        "11010519491231002x",
        "110105 19491231 002X",
        "１１０１０５19491231002Ｘ",
    ):
        assert storage.cases.find_by_id_number("bank-1", typed) == ("C-1", "C-2")


def test_a_person_is_found_by_the_own_institution_only(storage: Storage) -> None:
    """The same person's cases of another institution stay that institution's."""
    add(storage.cases, "C-1")
    add(storage.cases, "C-2", institution_id="bank-2")
    number = samples.BORROWER_DETAILS.id_number
    assert storage.cases.find_by_id_number("bank-1", number) == ("C-1",)
    assert storage.cases.find_by_id_number("bank-2", number) == ("C-2",)
    assert storage.cases.find_by_id_number("bank-3", number) == ()
    assert storage.cases.find_by_id_number("bank-1", "350902199003070016") == ()


def test_guarantors_are_found_and_applicants_are_not(storage: Storage) -> None:
    """The look-up is for the debtor's side; an institution's own number would name all its cases."""
    guarantor = Party(party_id="r2", side=Side.RESPONDENT, kind=PartyKind.PERSON)
    details = replace(samples.BORROWER_DETAILS, party_id="r2", id_number="350902199003070016")
    add(
        storage.cases,
        "C-1",
        parties=(samples.BANK_PARTY, samples.BORROWER_PARTY, guarantor),
        details=(*samples.filing().details, details),
    )
    assert storage.cases.find_by_id_number("bank-1", "350902199003070016") == ("C-1",)
    assert storage.cases.find_by_id_number("bank-1", samples.BANK_DETAILS.id_number) == ()


def test_two_parties_with_one_number_are_stored(storage: Storage) -> None:
    """A number given twice by mistake is no reason to lose the filing."""
    twin = Party(party_id="r2", side=Side.RESPONDENT, kind=PartyKind.PERSON)
    add(
        storage.cases,
        "C-1",
        parties=(samples.BANK_PARTY, samples.BORROWER_PARTY, twin),
        details=(*samples.filing().details, replace(samples.BORROWER_DETAILS, party_id="r2")),
    )
    assert storage.cases.find_by_id_number("bank-1", samples.BORROWER_DETAILS.id_number) == ("C-1",)
