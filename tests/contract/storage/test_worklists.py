"""Work lists on every storage: written with what causes the work, read by their time, at a known price."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.commands import Accept, Decline
from chalicelib.domain.reasons import DeclineReason
from chalicelib.domain.roles import Role
from chalicelib.domain.work import Owner, WorkKind
from tests.contract.storage.steps import act, assigned, unresolved
from tests.support.fakes import COURT_ID, samples
from tests.support.fakes.clock import START

if TYPE_CHECKING:
    from chalicelib.domain.work import Work
    from tests.contract.storage.conftest import Storage

MEDIATOR: Final = Owner(role=Role.MEDIATOR, court_id=COURT_ID, person_id="m-1")
CENTRE: Final = Owner(role=Role.CENTRE, court_id=COURT_ID)


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
    bank = samples.INSTITUTION.institution_id
    assert kinds(storage, Owner(role=Role.INSTITUTION, person_id=bank)) == ["decide_on_suit"]
    assigned(storage.cases, "C-2")
    for other in (
        Owner(role=Role.MEDIATOR, court_id=COURT_ID, person_id="m-2"),
        Owner(role=Role.MEDIATOR, court_id="court-2", person_id="m-1"),
        Owner(role=Role.JUDGE, court_id=COURT_ID, person_id="m-1"),
        Owner(role=Role.CENTRE, court_id="court-2"),
        Owner(role=Role.INSTITUTION, person_id="bank-2"),
    ):
        assert listed(storage, other) == ()
