"""Looks at contacts: stored once, found by case and by day, gone after three years and never before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from secrets import token_hex

from chalicelib.capabilities.contacts.model import Look, Salts
from chalicelib.capabilities.contacts.store import looks
from chalicelib.domain.case import Case
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import verify_talk
from tests.contract.storage.conftest import RawTable, Storage, StoreMaker
from tests.contract.storage.steps import add
from tests.support.fakes.clock import START
from tests.support.fakes.hub import COURT_ID

DAY = date(2026, 3, 2)


def look(number: int = 1, *, case_id: str = "C-1", hours: int = 0) -> Look:
    """Make a look."""
    return Look(
        look_id=f"L-{number}",
        case_id=case_id,
        at=START + timedelta(hours=hours),
        role=Role.MEDIATOR,
        subject="m1",
        purpose="serve_papers",
        fields=("name", "phone"),
        parties=("r1",),
    )


def store_look(storage: Storage, case: Case, entry: Look) -> None:
    """Store a look with salts of its own."""
    storage.looks.add(case, entry, Salts(token_hex(16), token_hex(16)))


def test_looks_are_found_by_their_case_and_by_their_day_in_china(storage: Storage) -> None:
    """In order and in pages; each once in either list."""
    first, other = add(storage.cases, "C-1"), add(storage.cases, "C-2", contract_number="LOAN-2")
    made = [look(1), look(2, case_id="C-2", hours=1), look(3, hours=2), look(4, hours=20)]
    for entry in made:
        store_look(storage, first if entry.case_id == "C-1" else other, entry)
    page = storage.looks.of_day(COURT_ID, DAY, None, 2)
    rest = storage.looks.of_day(COURT_ID, DAY, page.after, 2)
    assert (page.looks, rest.looks, rest.after) == (tuple(made[:2]), (made[2],), None)
    assert storage.looks.of_day(COURT_ID, date(2026, 3, 3), None, 9).looks == (made[3],)
    assert storage.looks.of_day("court-2", DAY, None, 9).looks == ()
    page = storage.looks.at_case("C-1", None, 2)
    rest = storage.looks.at_case("C-1", page.after, 2)
    assert (page.looks, rest.looks, rest.after) == ((made[0], made[2]), (made[3],), None)


def test_looks_at_the_same_time_are_all_kept(storage: Storage) -> None:
    """Each in the log behind the other; the case's version stays."""
    case = add(storage.cases, "C-1")
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(partial(store_look, storage, case), map(look, range(6))))
    log = storage.talk.entries("C-1")
    verify_talk(log)
    assert len(log) == len(storage.looks.at_case("C-1", None, 9).looks) == 6
    assert storage.cases.get("C-1").version == case.version


def test_a_look_leaves_after_three_years_and_its_entry_stays(new_store: StoreMaker, table: RawTable) -> None:
    """Both records name when; the log of talk has no end."""
    store = new_store()
    case = add(store.cases, "C-1")
    now = int(store.now())
    looks(store).add(case, look(), Salts(token_hex(16), token_hex(16)))
    leaving = {
        item["SK"]["S"].partition("#")[0]: item["expires_at"]["N"]
        for item in table.items()
        if "expires_at" in item
    }
    assert int(leaving["LOOK"]) - now in range(3 * 365 * 86_400, 3 * 366 * 86_400)
    kinds = [item["SK"]["S"] for item in table.items() if item["SK"]["S"].startswith(("LOOK", "TALK"))]
    assert len(kinds) == 3
    assert all("expires_at" not in item for item in table.items() if item["SK"]["S"].startswith("TALK"))
