"""Sessions are stored once, hold time against each other, and change over their version only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest

from chalicelib.capabilities.sessions.model import (
    Attend,
    Attendance,
    Came,
    Cancel,
    Done,
    Draft,
    IdentityCheck,
    Meeting,
    Move,
    Session,
    SessionAct,
    SessionKind,
    SessionState,
    sheet_of,
)
from chalicelib.capabilities.sessions.service import Minutes, Scheduled
from chalicelib.capabilities.sessions.store import sessions
from chalicelib.domain.errors import IdempotencyKeyReused, RuleViolated, SessionNotFound
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import verify_talk
from chalicelib.use_cases.records import Idempotency
from tests.contract.storage.steps import add
from tests.support.fakes.clock import START

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from tests.contract.storage.conftest import RawTable, Storage, StoreMaker

BEGINS = START.replace(minute=0, second=0, microsecond=0) + timedelta(days=5)
CAME = (Attendance(party_id="r1", came=Came.IN_PERSON, identity=IdentityCheck.DOCUMENT_SEEN),)
BY = {"at": START, "role": Role.MEDIATOR, "subject": "mediator-1"}


def session(name: str, hours: int = 0, mediator_id: str = "m-1", room: str | None = "room-1") -> Session:
    """Make a session of an hour."""
    return Session(
        session_id=name,
        kind=SessionKind.IN_PERSON if room else SessionKind.VIDEO,
        starts_at=BEGINS + timedelta(hours=hours),
        minutes=60,
        room=room,
        mediator_id=mediator_id,
        invited=("a1", "r1"),
    )


def schedule(storage: Storage, case: Case, made: Session, key: str = "", body: str = "ab") -> Scheduled:
    """Store a session."""
    idempotency = Idempotency(caller="m", key=key or made.session_id, body_sha256=body * 32)
    act = SessionAct(done=Done.SCHEDULED, **BY)  # type: ignore[arg-type]
    return storage.sessions.add(case, made, act, token_hex(16), idempotency, START)


def does(storage: Storage, case: Case, name: str, act: SessionAct, minutes: Minutes | None = None) -> Session:
    """Store an act."""
    return storage.sessions.act(case, name, act, token_hex(16), START, minutes)


def test_a_key_stores_one_session(storage: Storage) -> None:
    """Another body is refused; nobody else's session is found."""
    case = add(storage.cases, "C-1")
    first = schedule(storage, case, session("s1"), "k")
    again = schedule(storage, case, session("s2", 3), "k")
    assert (again.session, again.replayed, first.replayed) == (first.session, True, False)
    assert [each.session_id for each in storage.sessions.all_of("C-1")] == ["s1"]
    with pytest.raises(IdempotencyKeyReused):
        schedule(storage, case, session("s3", 3), "k", "cd")
    with pytest.raises(SessionNotFound):
        storage.sessions.get("C-1", "s2")
    verify_talk(storage.talk.entries("C-1"))


@pytest.mark.parametrize(
    ("mediator_id", "room", "rule"),
    [("m-1", None, "mediator_free"), ("m-2", "room-1", "room_free"), ("m-2", "room-2", None)],
)
def test_time_is_held_across_cases(
    storage: Storage, mediator_id: str, room: str | None, rule: str | None
) -> None:
    """Against whoever would have the same mediator or the same room, until it is given back."""
    here, there = add(storage.cases, "C-1"), add(storage.cases, "C-2")
    schedule(storage, here, session("s1"))
    other = session("s2", 0, mediator_id, room)
    if rule is None:
        assert schedule(storage, there, other).session.session_id == "s2"
        return
    with pytest.raises(RuleViolated) as refused:
        schedule(storage, there, other)
    assert refused.value.rule == rule
    does(storage, here, "s1", Cancel(done=Done.CANCELLED, **BY))  # type: ignore[arg-type]
    assert schedule(storage, there, other).session.session_id == "s2"


def test_of_many_at_once_one_holds_the_time(storage: Storage) -> None:
    """Whatever case each is in."""
    cases = [add(storage.cases, f"C-{number}") for number in range(1, 6)]

    def attempt(number: int) -> bool:
        try:
            schedule(storage, cases[number], session(f"s{number}"))
        except RuleViolated:
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(attempt, range(5))) == 1


def test_a_session_moves_over_its_own_time(storage: Storage) -> None:
    """By half of its length; the reminder moves with it."""
    case = add(storage.cases, "C-1")
    before = schedule(storage, case, session("s1")).session
    to = Meeting(
        kind=SessionKind.IN_PERSON,
        starts_at=BEGINS + timedelta(minutes=30),
        minutes=60,
        room="room-1",
    )
    move = Move(done=Done.MOVED, to=to, mediator_id="m-1", **BY)  # type: ignore[arg-type]
    moved = does(storage, case, "s1", move)
    assert (moved.starts_at, moved.version, moved.moves) == (to.starts_at, 2, 1)
    assert moved.reminder != before.reminder
    assert storage.notices.get("C-1", before.reminder or "") is None
    assert storage.notices.get("C-1", moved.reminder or "") is not None
    assert does(storage, case, "s1", move) == moved
    assert len(storage.talk.entries("C-1")) == 2
    early = replace(session("s2"), starts_at=BEGINS - timedelta(minutes=30))
    assert schedule(storage, case, early).session.held


def test_minutes_come_back_and_show_nowhere_else(storage: Storage) -> None:
    """Their digest stands in the log; before a draft there are none."""
    case = add(storage.cases, "C-1")
    schedule(storage, case, session("s1"))
    assert storage.sessions.minutes(case, "s1") is None
    late = {**BY, "at": BEGINS}
    does(storage, case, "s1", Attend(done=Done.ATTENDED, attendance=CAME, **late))  # type: ignore[arg-type]
    minutes = Minutes("ab" * 16, "机密\n13800001234")
    sheet = sheet_of(minutes.salt, minutes.text)
    does(storage, case, "s1", Draft(done=Done.MINUTES_DRAFTED, sheet=sheet, **BY), minutes)  # type: ignore[arg-type]
    found = storage.sessions.minutes(case, "s1")
    assert found is not None
    assert (found.salt, found.text) == (minutes.salt, minutes.text)
    entries = storage.talk.entries("C-1")
    assert entries[-1].data["sheet"] == sheet
    assert "13800001234" not in repr(entries)


def test_minutes_are_sealed_on_the_table(new_store: StoreMaker, table: RawTable) -> None:
    """No item shows their words."""
    store = new_store()
    case = add(store.cases, "C-1")
    drafted = replace(session("s1"), attendance=CAME, state=SessionState.SCHEDULED)
    act = SessionAct(done=Done.SCHEDULED, **BY)  # type: ignore[arg-type]
    key = Idempotency(caller="m", key="k", body_sha256="ab" * 32)
    stored = sessions(store)
    stored.add(case, drafted, act, "ab" * 16, key, START)
    draft = Draft(done=Done.MINUTES_DRAFTED, sheet="ab" * 32, **BY)  # type: ignore[arg-type]
    stored.act(case, "s1", draft, "ab" * 16, START, Minutes("ab" * 16, "SECRET-WORDS"))
    assert "SECRET-WORDS" not in repr(table.items())
    minutes = stored.minutes(case, "s1")
    assert minutes is not None
    assert minutes.text == "SECRET-WORDS"
