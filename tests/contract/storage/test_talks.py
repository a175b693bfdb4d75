"""Messages are stored sealed, once, in order, with their entries, the threads' record and who is told."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest

from chalicelib.adapters.dynamo.errors import SealBroken
from chalicelib.capabilities.talks.model import Done, Message, Need, Salts, ThreadAct
from chalicelib.capabilities.talks.store import messages
from chalicelib.domain.errors import IdempotencyKeyReused, RuleViolated
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import verify_talk
from chalicelib.use_cases.records import Due, Idempotency
from tests.contract.storage.steps import add
from tests.support.fakes.clock import START

if TYPE_CHECKING:
    from chalicelib.capabilities.talks.service import Added
    from chalicelib.domain.case import Case
    from tests.contract.storage.conftest import RawTable, Storage, StoreMaker


def message(number: int = 1, thread: str = "r1") -> Message:
    """Make a message of the mediator's."""
    return Message(
        message_id=f"M-{number}",
        thread=thread,
        author="mediator",
        at=START,
        role=Role.MEDIATOR,
        subject="mediator-1",
        text=f"第{number}条\n13800001234",
    )


def salts() -> Salts:
    """Make salts, others each time."""
    return Salts(token_hex(16), token_hex(16))


def key(name: str = "k", body: str = "ab") -> Idempotency:
    """Make a caller's key."""
    return Idempotency(caller="mediator#mediator-1", key=name, body_sha256=body * 32)


def write(storage: Storage, case: Case, number: int, thread: str = "r1") -> Added:
    """Store a message of the mediator's."""
    return storage.messages.add(case, message(number, thread), salts(), key(f"k-{number}"), START)


def marking(done: Done, need: Need | None = None) -> ThreadAct:
    """Make an act of the centre's about r1."""
    party_id = "r1" if done in {Done.NEED_MARKED, Done.NEED_REMOVED} else None
    return ThreadAct(done=done, at=START, role=Role.CENTRE, subject="clerk-1", party_id=party_id, need=need)


def test_messages_come_back_in_order_and_in_pages(storage: Storage) -> None:
    """Each with its text, and with its entry in the log, which does not show it."""
    case = add(storage.cases, "C-1")
    for number in range(1, 5):
        assert write(storage, case, number).message == message(number)
    page = storage.messages.page(case, 0, 3)
    assert page.after == 3
    rest = storage.messages.page(case, page.after, 3)
    assert ({**page.messages, **rest.messages}, rest.after) == ({n: message(n) for n in range(1, 5)}, None)
    entries = storage.talk.entries("C-1")
    assert [entry.data["message_id"] for entry in entries] == ["M-1", "M-2", "M-3", "M-4"]
    assert "13800001234" not in repr(entries)
    verify_talk(entries)


def test_a_key_stores_one_message(storage: Storage) -> None:
    """The same again is the same message; another body is refused; after two days the key is new."""
    case = add(storage.cases, "C-1")
    storage.messages.add(case, message(1), salts(), key(), START)
    again = storage.messages.add(case, message(2), salts(), key(), START)
    assert (again.message, again.replayed) == (message(1), True)
    with pytest.raises(IdempotencyKeyReused):
        storage.messages.add(case, message(3), salts(), key(body="cd"), START)
    assert storage.messages.threads("C-1").messages == len(storage.talk.entries("C-1")) == 1
    storage.clock.advance(hours=49)
    assert not storage.messages.add(case, message(4), salts(), key(body="cd"), START).replayed


def test_a_party_is_told_once_until_it_was_shown_the_message(storage: Storage) -> None:
    """The notice is stored with its message, and due if it stays unsent."""
    case = add(storage.cases, "C-1")
    write(storage, case, 1)
    write(storage, case, 2)
    storage.messages.shown("C-1", "r1", 2)
    storage.messages.shown("C-1", "r1", 1)
    write(storage, case, 3)
    write(storage, case, 4, thread="applicant")
    assert [storage.notices.get("C-1", f"C-1-N{n}-r1-message_written") is not None for n in range(1, 5)] == [
        True,
        False,
        True,
        False,
    ]
    found = {due for shard in range(storage.due.shards) for due in storage.due.overdue(shard, START)}
    assert Due(consumer="notices", ids=("C-1", "C-1-N1-r1-message_written")) not in found
    assert storage.messages.threads("C-1").read == {"r1": 2}


def test_a_marked_party_is_rung_once_until_the_call_is_made(storage: Storage) -> None:
    """Its call is on the court's list; no notice is owed."""
    case = add(storage.cases, "C-1")
    assert storage.messages.act("C-1", marking(Done.NEED_MARKED, Need.NO_MOBILE), token_hex(16)).needs == {
        "r1": "no_mobile"
    }
    write(storage, case, 2)
    write(storage, case, 3)
    (call,) = storage.calls.page(case.court_id, None, 10).calls
    assert (call.party_id, call.kind, call.notice_id) == (
        "r1",
        "message_written",
        "C-1-N2-r1-message_written",
    )
    storage.calls.end(case.court_id, call.call_id, "clerk-1", START)
    write(storage, case, 4)
    (call,) = storage.calls.page(case.court_id, None, 10).calls
    assert call.notice_id == "C-1-N4-r1-message_written"
    assert storage.notices.get("C-1", "C-1-N2-r1-message_written") is None


def test_an_act_that_changes_nothing_stores_nothing(storage: Storage) -> None:
    """The log has who opened the joint thread, once."""
    case = add(storage.cases, "C-1")
    with pytest.raises(RuleViolated):
        write(storage, case, 1, thread="joint")
    for _ in range(2):
        assert storage.messages.act("C-1", marking(Done.JOINT_OPENED), token_hex(16)).joint_open
    write(storage, case, 1, thread="joint")
    entries = storage.talk.entries("C-1")
    assert [(entry.kind, entry.subject) for entry in entries] == [
        ("message_act", "clerk-1"),
        ("message", "mediator-1"),
    ]
    assert entries[0].data == {"done": "joint_opened"}


def test_a_repeat_is_answered_even_where_the_thread_is_closed_by_then(storage: Storage) -> None:
    """It was stored while it could be."""
    case = add(storage.cases, "C-1")
    storage.messages.act("C-1", marking(Done.JOINT_OPENED), token_hex(16))
    write(storage, case, 1, thread="joint")
    storage.messages.act("C-1", marking(Done.JOINT_CLOSED), token_hex(16))
    assert write(storage, case, 1, thread="joint").replayed
    with pytest.raises(RuleViolated):
        write(storage, case, 2, thread="joint")


def test_a_message_is_stored_on_the_threads_as_they_are(new_store: StoreMaker) -> None:
    """If the party reads in between, the message begins again, and tells the phone."""
    store = new_store()
    case = add(store.cases, "C-1")
    stored = messages(store)
    stored.add(case, message(1), salts(), key("k-1"), START)
    append, seen = store.talk.append_once, list[int]()

    def late(*arguments: object, **told: object) -> object:
        if not seen:
            seen.append(1)
            stored.shown("C-1", "r1", 1)
        return append(*arguments, **told)  # type: ignore[arg-type]  # handed on as given

    store.talk.append_once = late  # type: ignore[method-assign, assignment]  # somebody who comes between
    stored.add(case, message(2), salts(), key("k-2"), START)
    assert store.notices.get("C-1", "C-1-N2-r1-message_written") is not None
    assert stored.threads("C-1").read == {"r1": 1}


def test_a_case_has_room_for_so_many_messages(new_store: StoreMaker, table: RawTable) -> None:
    """A repeat is answered nevertheless."""
    store = new_store()
    case = add(store.cases, "C-1")
    stored = messages(store)
    stored.add(case, message(1), salts(), key(), START)
    table.put({**table.item("CASE#C-1", "THREADS"), "messages": {"N": "2000"}})
    assert stored.add(case, message(1), salts(), key(), START).replayed
    with pytest.raises(RuleViolated):
        stored.add(case, message(2), salts(), key("k-2"), START)


def test_the_text_is_stored_sealed_for_its_place(new_store: StoreMaker, table: RawTable) -> None:
    """Nothing in the table shows it; moved to another place, it does not open."""
    store = new_store()
    case = add(store.cases, "C-1")
    messages(store).add(case, message(), salts(), key(), START)
    assert "13800001234" not in repr(table.items_of("CASE#C-1")[-1:])
    table.put({**table.item("CASE#C-1", "MESSAGE#00000001"), "SK": {"S": "MESSAGE#00000002"}})
    with pytest.raises(SealBroken):
        messages(store).page(replace(case), 1, 1)
