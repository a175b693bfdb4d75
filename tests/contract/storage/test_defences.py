"""Statements of defence are stored sealed, once, in order, with their entries in the log of talk."""

from dataclasses import replace
from secrets import token_hex

import pytest

from chalicelib.adapters.dynamo.errors import SealBroken
from chalicelib.capabilities.defences.model import Defence, Salts
from chalicelib.capabilities.defences.store import StoredDefencesForCourt, defences
from chalicelib.domain.errors import IdempotencyKeyReused
from chalicelib.domain.notices import NoticeKind, notice_of_talk
from chalicelib.domain.talk import verify_talk
from chalicelib.use_cases.records import Idempotency
from tests.contract.storage.conftest import RawTable, Storage, StoreMaker
from tests.contract.storage.steps import DUE, add
from tests.support.fakes.clock import START


def defence(number: int = 1, party_id: str = "r1", *, for_court: bool = False) -> Defence:
    """Make a statement."""
    return Defence(
        defence_id=f"D-{number}",
        party_id=party_id,
        at=START,
        subject="borrower-1",
        for_court=for_court,
        text=f"第{number}次\n13800001234",
    )


def salts() -> Salts:
    """Make salts, others each time."""
    return Salts(token_hex(16), token_hex(16))


def key(name: str = "k", body: str = "ab") -> Idempotency:
    """Make a caller's key."""
    return Idempotency(caller="borrower#borrower-1", key=name, body_sha256=body * 32)


def test_statements_come_back_in_order_and_in_pages(storage: Storage) -> None:
    """Each with its text, and with its entry in the log, which does not show it."""
    case = add(storage.cases, "C-1")
    made = [defence(number, for_court=number == 2) for number in range(1, 5)]
    for each in made:
        assert storage.defences.add(case, each, salts(), key(each.defence_id), DUE).defence == each
    page = storage.defences.page(case, 0, 3)
    assert page.after is not None
    rest = storage.defences.page(case, page.after, 3)
    assert ([*page.defences, *rest.defences], rest.after) == (made, None)
    entries = storage.talk.entries("C-1")
    assert [entry.data["defence_id"] for entry in entries] == ["D-1", "D-2", "D-3", "D-4"]
    assert "13800001234" not in repr(entries)
    verify_talk(entries)


def test_what_an_agent_said_owes_its_party_a_message(storage: Storage) -> None:
    """Under an id that no notice of an event has; what the party says itself owes none."""
    case = add(storage.cases, "C-1")
    storage.defences.add(case, defence(1), salts(), key("k-1"), DUE)
    storage.defences.add(case, replace(defence(2), agent_id="g1"), salts(), key("k-2"), DUE)
    notice = notice_of_talk("C-1", 2, "r1", NoticeKind.AGENT_ACTED, {"act": "state_defence"})
    assert notice.notice_id == "C-1-T2-r1-agent_acted"
    assert storage.notices.get("C-1", notice.notice_id) == notice
    assert storage.notices.get("C-1", "C-1-T1-r1-agent_acted") is None


def test_a_key_stores_one_statement(storage: Storage) -> None:
    """The same again is the same statement; another body is refused; after two days the key is new."""
    case = add(storage.cases, "C-1")
    storage.defences.add(case, defence(1), salts(), key(), DUE)
    again = storage.defences.add(case, defence(2), salts(), key(), DUE)
    assert (again.defence, again.replayed) == (defence(1), True)
    with pytest.raises(IdempotencyKeyReused):
        storage.defences.add(case, defence(3), salts(), key(body="cd"), DUE)
    assert len(storage.talk.entries("C-1")) == 1
    storage.clock.advance(hours=49)
    assert not storage.defences.add(case, defence(4), salts(), key(body="cd"), DUE).replayed


def test_for_a_dossier_every_statement_is_looked_at(storage: Storage) -> None:
    """However many a party made: its last one counts, another party's beside it."""
    case = add(storage.cases, "C-1")
    for number in range(1, 54):
        storage.defences.add(case, defence(number, for_court=number == 53), salts(), key(f"k-{number}"), DUE)
    storage.defences.add(case, defence(54, "r2", for_court=True), salts(), key("k-54"), DUE)
    documents = StoredDefencesForCourt(storage.defences).documents(case)
    assert [(each.document_id, each.kind) for each in documents] == [
        ("defence-r1", "defence"),
        ("defence-r2", "defence"),
    ]
    assert "第53次" in next(iter(documents)).content.decode()


def test_the_text_is_stored_sealed_for_its_place(new_store: StoreMaker, table: RawTable) -> None:
    """Nothing in the table shows it; moved to another place, it does not open."""
    store = new_store()
    case = add(store.cases, "C-1")
    defences(store).add(case, defence(), salts(), key(), DUE)
    assert "13800001234" not in repr(table.items())
    table.put({**table.item("CASE#C-1", "DEFENCE#00000001"), "SK": {"S": "DEFENCE#00000002"}})
    with pytest.raises(SealBroken):
        defences(store).page(replace(case), 1, 1)
