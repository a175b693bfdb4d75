"""The roster: versions follow one another, people are read by their ids, and nobody of another court."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.capabilities.roster.model import PersonState
from chalicelib.capabilities.roster.service import EligibleOnRoster, NamesOnRoster
from chalicelib.capabilities.roster.store import roster
from chalicelib.domain import lifecycle
from chalicelib.domain.appointment import Appointed, Candidate, moved, needs_of, select
from chalicelib.domain.case import Case
from chalicelib.domain.commands import Accept, Appoint, Decline, GiveConsent, Screen
from chalicelib.domain.disclosure import Disclose, DisclosedFact
from chalicelib.domain.errors import MediatorNotEligible, StoreBusy
from chalicelib.domain.reasons import DeclineReason, DisclosureGround
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.appoint_mediator import appoint_mediator
from chalicelib.use_cases.capability_ports import EligibleMediator
from tests.contract.storage.conftest import Storage, StoreMaker
from tests.contract.storage.steps import DUE, act, add, assigned, context, insisting
from tests.support.builders import filed
from tests.support.desk import Desk
from tests.support.fakes import COURT_ID, FakeClock, samples
from tests.support.fakes.roster import person
from tests.support.stored_hub import StoredHub

FIRST = person("m-1")
RENAMED = replace(FIRST, version=2, name="林·和", reason="更正姓名")
JUDGE = person("j-1")


def test_a_person_comes_back_as_it_was_entered(storage: Storage) -> None:
    """With every field; who was never entered is left out."""
    assert storage.roster.add(FIRST)
    assert storage.roster.add(JUDGE)
    asked = [FIRST.who, FIRST.who, (COURT_ID, "m-9"), ("court-2", "m-1")]
    assert storage.roster.find(asked) == {FIRST.who: FIRST}
    assert storage.roster.find([]) == {}


def test_a_change_follows_the_version_it_was_made_from(storage: Storage) -> None:
    """Any other is refused and leaves the entry as it was; each version stays."""
    assert not storage.roster.add(RENAMED)
    assert storage.roster.add(FIRST)
    assert not storage.roster.add(replace(FIRST, name="别人"))
    assert not storage.roster.add(replace(FIRST, version=3))
    assert storage.roster.versions(*FIRST.who) == (FIRST,)
    assert storage.roster.add(RENAMED)
    assert storage.roster.find([FIRST.who]) == {FIRST.who: RENAMED}
    assert storage.roster.versions(*FIRST.who) == (FIRST, RENAMED)


def test_versions_of_a_longer_id_are_somebody_elses(storage: Storage) -> None:
    """Of two ids of which one begins with the other."""
    longer = person("m-1-1")
    assert storage.roster.add(FIRST)
    assert storage.roster.add(longer)
    assert storage.roster.versions(*FIRST.who) == (FIRST,)
    assert storage.roster.versions(*longer.who) == (longer,)
    assert storage.roster.versions(COURT_ID, "m") == ()


def test_of_two_changes_at_once_one_is_made(storage: Storage) -> None:
    """Whoever is second has to read again."""
    storage.roster.add(FIRST)
    changes = [replace(FIRST, version=2, name=f"林{number}") for number in range(4)]

    def made(number: int) -> bool:
        try:
            return storage.roster.add(changes[number])
        except StoreBusy:
            return False

    with ThreadPoolExecutor(len(changes)) as pool:
        outcomes = list(pool.map(made, range(len(changes))))
    assert sum(outcomes) == 1
    assert storage.roster.versions(*FIRST.who) == (FIRST, changes[outcomes.index(True)])


def test_a_court_s_people_come_in_pages(storage: Storage) -> None:
    """By id, as they stand, without another court's."""
    people = [person(f"m-{number:02}") for number in range(5)]
    for each in (*reversed(people), person("m-03", "court-2")):
        storage.roster.add(each)
    storage.roster.add(suspended := replace(people[1], version=2, state=PersonState.SUSPENDED))
    page = storage.roster.page(COURT_ID, None, 2)
    assert (page.people, page.after) == ((people[0], suspended), "m-01")
    rest = storage.roster.page(COURT_ID, "m-01", 9)
    assert (rest.people, rest.after) == (tuple(people[2:]), None)
    assert storage.roster.page(COURT_ID, "m-015", 1).people == (people[2],)
    assert storage.roster.page("court-3", None, 9).people == ()


def test_more_people_than_one_call_reads_are_all_found(storage: Storage) -> None:
    """A page of a hundred cases may name three hundred."""
    people = {each.who: each for each in (person(f"m-{number:03}") for number in range(1_000, 1_130))}
    for each in people.values():
        storage.roster.add(each)
    assert storage.roster.find(people.keys()) == people


@pytest.fixture
def table(moto_table: Any) -> Any:
    """Count on one engine: the calls are the adapter's, not the engine's."""
    moto_table.empty()
    return moto_table


def test_an_appointment_asks_the_roster_once_however_many_stand_on_it(
    new_store: StoreMaker, counting: Callable[[], Any]
) -> None:
    """Mediator and judge are read together, by their ids."""
    store = new_store()
    for each in (FIRST, JUDGE, *(person(f"m-{number}") for number in range(200, 260))):
        roster(store).add(each)
    eligible = EligibleOnRoster(roster(new_store()))
    with counting() as calls:
        eligible.check("m-1", "j-1", replace(filed().case, court_id=COURT_ID), context(samples.CENTRE))
    assert calls == {"BatchGetItem": 1}


def given(storage: Storage, case_id: str, limit: int | None = None, mediator_id: str = "m-1") -> Case:
    """Appoint a mediator to a new case, in the transaction that counts it."""
    case = act(storage.cases, add(storage.cases, case_id), Screen())
    appointed = lifecycle.apply(
        case, Appoint(mediator_id=mediator_id, judge_id="j-1", start=4), context(samples.CENTRE)
    )
    change = appointed.with_records(moved(case, appointed.case, limit, start=4))
    return insisting(lambda: storage.cases.save(change, DUE))


def load_of(storage: Storage, mediator_id: str = "m-1") -> tuple[int | None, int]:
    (found,) = (each for each in storage.roster.candidates(COURT_ID) if each.person_id == mediator_id)
    return found.given, found.open


def test_a_mediators_cases_are_counted_with_them(storage: Storage) -> None:
    """A newcomer's from where it starts; declined, a case was given and is in no hand any more."""
    for each in (FIRST, JUDGE, person("m-2", "court-2")):
        storage.roster.add(each)
    assert [each.person_id for each in storage.roster.candidates(COURT_ID)] == ["m-1"]
    assert load_of(storage) == (None, 0)
    case = given(storage, "C-1")
    assert load_of(storage) == (5, 1)
    given(storage, "C-2")
    assert load_of(storage) == (6, 2)
    declined = lifecycle.apply(case, Decline(reason=DeclineReason.WORKLOAD), context(samples.MEDIATOR))
    storage.cases.save(declined.with_records(moved(case, declined.case)), DUE)
    assert load_of(storage) == (6, 1)


def test_a_case_counted_by_no_earlier_release_is_taken_off_nobody(storage: Storage) -> None:
    """A mediator's first change of hands may be the end of such a case."""
    storage.roster.add(FIRST)
    case = assigned(storage.cases, "C-1")
    declined = lifecycle.apply(case, Decline(reason=DeclineReason.WORKLOAD), context(samples.MEDIATOR))
    storage.cases.save(declined.with_records(moved(case, declined.case)), DUE)
    assert load_of(storage) == (None, 0)


def test_no_two_appointments_at_once_exceed_a_limit(storage: Storage) -> None:
    """Of six for two places two are made; the others are refused by name and change nothing."""
    storage.roster.add(FIRST)

    def outcome(number: int) -> str:
        try:
            return given(storage, f"C-{number}", limit=2).stage
        except MediatorNotEligible as refused:
            return refused.why

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(outcome, range(6)))
    assert sorted(outcomes) == ["assigned"] * 2 + ["at_limit"] * 4
    assert load_of(storage) == (6, 2)
    stages = [storage.cases.get(f"C-{number}").stage for number in range(6)]
    assert sorted(stages) == ["assigned"] * 2 + ["screened"] * 4


def test_why_somebody_was_appointed_is_kept_with_the_case(storage: Storage) -> None:
    """One after the other; of another case nothing is read."""
    case = act(storage.cases, add(storage.cases, "C-1"), Screen())
    add(storage.cases, "C-11")
    selection = select([Candidate(person_id="m-1", version=3, open=2)], needs_of(case, date(2026, 3, 2)))
    why = Appointed(case_id="C-1", version=3, chosen="m-1", selection=selection)
    change = lifecycle.apply(case, Appoint(mediator_id="m-1", judge_id="j-1"), context(samples.CENTRE))
    storage.cases.save(change.with_records(why), DUE)
    assert storage.roster.appointed("C-1") == (why,)
    assert storage.roster.appointed("C-11") == ()


def test_what_was_disclosed_is_kept_with_the_case_and_sealed(storage: Storage) -> None:
    """One after the other, each under the version of its event; of another case nothing is read."""
    case, other = (act(storage.cases, add(storage.cases, name), Screen()) for name in ("C-1", "C-11"))
    told = []
    for text in ("三年前在申请机构任职。", "其配偶亦在该机构任职。"):
        command = Disclose(mediator_id="m-1", ground=DisclosureGround.INSTITUTION_LINK)
        change = lifecycle.apply(case, command, context(samples.CENTRE))
        fact = DisclosedFact(
            case_id="C-1",
            version=change.case.version,
            mediator_id="m-1",
            ground="institution_link",
            at=change.event.at,
            role=samples.CENTRE.role,
            subject="centre-1",
            text=text,
        )
        assert text not in repr(fact)
        case = storage.cases.save(change.with_records(fact), DUE)
        told.append(fact)
    assert storage.roster.facts(case) == tuple(told)
    assert storage.roster.facts(other) == ()
    (known,) = storage.cases.get("C-1").disclosures
    assert (known.mediator_id, known.ground, known.waived_by) == ("m-1", "institution_link", frozenset())


def test_an_appointment_from_two_hundred_reads_thrice(
    table: Any, new_store: StoreMaker, counting: Callable[[], Any]
) -> None:
    """The case, the roster with its counts, and the one who was chosen with the judge."""
    desk, store = Desk(StoredHub(table.client, table.name)), new_store()
    for each in (JUDGE, *(person(f"m-{number}") for number in range(200, 400))):
        roster(store).add(each)
    desk.hub.parts[EligibleMediator] = EligibleOnRoster(roster(store))
    case_id = desk.reach(Stage.SCREENED)
    version = desk.case(case_id).version
    with counting() as calls:
        case = appoint_mediator(
            desk.hub, samples.CENTRE, case_id, "j-1", area=None, language=None, expected_version=version
        )
    assert case.mediator_id == "m-200"
    assert calls == {"Query": 2, "BatchGetItem": 1, "TransactWriteItems": 1}


def test_a_change_is_one_transaction(new_store: StoreMaker, counting: Callable[[], Any]) -> None:
    """Nothing is read before."""
    store = new_store()
    with counting() as calls:
        roster(store).add(FIRST)
    assert calls == {"TransactWriteItems": 1}


def test_an_appointment_over_the_api_reads_the_case_and_its_people(
    table: Any, new_store: StoreMaker, counting: Callable[[], Any]
) -> None:
    """Two calls read, one writes; an act without people asks for none."""
    desk, store = Desk(StoredHub(table.client, table.name)), new_store()
    for each in (FIRST, JUDGE):
        roster(store).add(each)
    desk.hub.parts[EligibleMediator] = EligibleOnRoster(roster(store))
    case_id = desk.reach(Stage.SCREENED)
    with counting() as calls:
        desk.act(case_id, Role.CENTRE, Appoint(mediator_id="m-1", judge_id="j-1"))
    assert calls == {"Query": 1, "BatchGetItem": 1, "TransactWriteItems": 1}
    with counting() as calls:
        desk.act(case_id, Role.MEDIATOR, Accept())
    assert calls == {"Query": 1, "BatchGetItem": 1, "TransactWriteItems": 1}
    with counting() as calls:
        desk.act(case_id, Role.BORROWER, GiveConsent(party_id="r1", online=True))
    assert calls == {"Query": 1, "TransactWriteItems": 1}


def test_a_suspension_holds_at_once_in_every_process(new_store: StoreMaker) -> None:
    """Who may be given a case is read each time, also where the name is kept."""
    stores = [new_store() for _ in range(2)]
    for each in (FIRST, JUDGE):
        roster(stores[0]).add(each)
    eligible = EligibleOnRoster(roster(stores[1]))
    case, now = replace(filed().case, court_id=COURT_ID), context(samples.CENTRE)
    eligible.check("m-1", "j-1", case, now)
    roster(stores[0]).add(replace(FIRST, version=2, state=PersonState.SUSPENDED))
    with pytest.raises(MediatorNotEligible):
        eligible.check("m-1", "j-1", case, now)


def test_names_that_are_shown_are_read_once_a_minute(
    new_store: StoreMaker, counting: Callable[[], Any], clock: FakeClock
) -> None:
    """Also that somebody has none; those for papers are read each time."""
    store = new_store()
    roster(store).add(FIRST)
    names, asked = NamesOnRoster(roster(store), store.now), [FIRST.who, (COURT_ID, "m-9")]
    with counting() as calls:
        assert [names.shown(asked) for _ in range(3)] == [{FIRST.who: "林和"}] * 3
    assert calls == {"BatchGetItem": 1}
    with counting() as calls:
        assert [names.printed(asked) for _ in range(3)] == [{FIRST.who: "林和"}] * 3
    assert calls == {"BatchGetItem": 3}
    roster(store).add(RENAMED)
    clock.advance(seconds=59)
    assert names.shown(asked) == {FIRST.who: "林和"}
    clock.advance(seconds=1)
    assert names.shown(asked) == {FIRST.who: "林·和"}
