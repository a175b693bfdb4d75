"""Reading: a case, its events, lists, look-ups; each caller sees its own, and a stranger nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.errors import CaseNotFound, NotPermitted
from chalicelib.domain.roles import SYSTEM, Actor, Role
from chalicelib.domain.stages import Action, Stage
from chalicelib.use_cases.list_cases import list_cases
from chalicelib.use_cases.look_up_person import look_up_person
from chalicelib.use_cases.read_case import read_case
from chalicelib.use_cases.read_events import read_events
from tests.support.builders import insiders, strangers
from tests.support.desk import Desk
from tests.support.fakes.samples import BORROWER_DETAILS, INSTITUTION, MEDIATOR, borrower

if TYPE_CHECKING:
    from chalicelib.domain.case import Case


@pytest.fixture
def desk() -> Desk:
    """Return a desk with a case in mediation."""
    desk = Desk()
    desk.reach(Stage.IN_MEDIATION)
    return desk


@pytest.fixture
def case(desk: Desk) -> Case:
    """Return that case."""
    return desk.case("C-0001")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM, Role.DATA_PROTECTION}))
def test_everybody_concerned_reads_the_case(desk: Desk, case: Case, role: Role) -> None:
    """With the parties' details where the role needs them, and with what it could do next."""
    actor = next(actor for actor in insiders(case) if actor.role is role)
    view = read_case(desk.hub, actor, case.case_id)
    assert view.case == case
    assert bool(view.details) is (role in Action.READ_PARTIES.roles)
    assert all(role in action.roles for action in view.allowed_actions)
    events = read_events(desk.hub, actor, case.case_id, after=0, limit=100).events
    assert [event.sequence for event in events] == list(range(1, case.version + 1))


def test_an_institution_is_told_what_it_may_do(desk: Desk, case: Case) -> None:
    """In mediation it may offer, extend and withdraw; the mediator may fail, and settle what is accepted."""
    assert read_case(desk.hub, INSTITUTION, case.case_id).allowed_actions == (
        Action.END_MEDIATION,
        Action.CHALLENGE,
        Action.EXTEND,
        Action.WITHDRAW,
        Action.OFFER,
        Action.RECORD_REPAYMENT,
        Action.CORRECT_DETAILS,
        Action.RECORD_AGENT,
    )
    own = read_case(desk.hub, MEDIATOR, case.case_id).allowed_actions
    assert own == (
        Action.END_MEDIATION,
        Action.EXTEND,
        Action.FAIL,
        Action.DISCLOSE,
        Action.OFFER,
        Action.CHECK_IDENTITY,
    )


def test_strangers_get_the_answer_of_an_unknown_case(desk: Desk, case: Case) -> None:
    """By any way of reading; the text of the refusal is the same but for the id asked for."""
    for stranger in strangers(case):
        with pytest.raises(CaseNotFound) as hidden:
            read_case(desk.hub, stranger, case.case_id)
        with pytest.raises(CaseNotFound) as unknown:
            read_case(desk.hub, stranger, "C-9999")
        assert str(hidden.value).replace(case.case_id, "C-9999") == str(unknown.value)
        with pytest.raises(CaseNotFound):
            read_events(desk.hub, stranger, case.case_id, after=0, limit=100)


def test_events_come_in_pages(desk: Desk, case: Case) -> None:
    """After a sequence number, at most so many."""
    page = read_events(desk.hub, INSTITUTION, case.case_id, after=2, limit=2)
    assert [event.sequence for event in page.events] == [3, 4]
    assert repr(page) == "EventPage(2 events)", "names get into no log"


def test_a_list_holds_what_the_caller_sees_and_no_more(desk: Desk) -> None:
    """Each role's list is the cases it could read one by one; a cursor goes on where the page ended."""
    desk.reach(Stage.SCREENED, "LOAN-2")
    desk.reach(Stage.PAID, "LOAN-3")
    every = [desk.case(f"C-000{n}") for n in (1, 2, 3)]
    for actor in (*insiders(every[0]), *strangers(every[0])):
        if actor.role in {Role.BORROWER, Role.SYSTEM, Role.DATA_PROTECTION}:
            with pytest.raises(NotPermitted):
                list_cases(desk.hub, actor, None, None, 10)
            continue
        listed = {entry.case_id for entry in list_cases(desk.hub, actor, None, None, 10).cases}
        assert listed == {entry.case_id for entry in every if _reads(desk, actor, entry)}
    first = list_cases(desk.hub, INSTITUTION, None, None, 2)
    rest = list_cases(desk.hub, INSTITUTION, None, first.after, 2)
    assert (len(first.cases), len(rest.cases), rest.after) == (2, 1, None)
    signed = list_cases(desk.hub, INSTITUTION, Stage.PAID, None, 10).cases
    assert [entry.stage for entry in signed] == [Stage.PAID]


def _reads(desk: Desk, actor: Actor, case: Case) -> bool:
    try:
        read_case(desk.hub, actor, case.case_id)
    except CaseNotFound:
        return False
    return True


def test_an_institution_finds_its_own_cases_against_a_person(desk: Desk, case: Case) -> None:
    """However the number is written; never another institution's, never by another role."""
    number = BORROWER_DETAILS.id_number
    assert look_up_person(desk.hub, INSTITUTION, number) == (case.case_id,)
    assert look_up_person(desk.hub, INSTITUTION, number.lower()) == (case.case_id,)
    other = replace(INSTITUTION, institution_id="bank-2")
    assert look_up_person(desk.hub, other, number) == ()
    for actor in (replace(INSTITUTION, institution_id=None), borrower(case.case_id), SYSTEM):
        with pytest.raises(NotPermitted):
            look_up_person(desk.hub, actor, number)


def test_a_case_of_a_retired_court_can_still_be_read(desk: Desk, case: Case) -> None:
    """Its limits are gone from the configuration; whoever may see the case still does."""
    desk.hub.court_limits.clear()
    assert read_case(desk.hub, MEDIATOR, case.case_id).case == case
