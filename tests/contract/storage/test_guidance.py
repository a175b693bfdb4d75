"""Guidance is stored sealed, once, in order, with its entries and the list of open questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest

from chalicelib.adapters.dynamo.errors import SealBroken
from chalicelib.capabilities.guidance.model import Advice, DraftAct, Salts
from chalicelib.capabilities.guidance.store import StoredDraftsSeen, guidance
from chalicelib.domain.errors import IdempotencyKeyReused, RuleViolated
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import verify_talk
from chalicelib.use_cases.records import Idempotency
from tests.contract.storage.steps import add
from tests.support.fakes.clock import START

if TYPE_CHECKING:
    from chalicelib.capabilities.guidance.service import Added
    from chalicelib.domain.case import Case
    from tests.contract.storage.conftest import RawTable, Storage, StoreMaker

DRAFT = "ab" * 32


def advice(number: int = 1) -> Advice:
    """Make a question of the mediator's."""
    return Advice(
        entry_id=f"G-{number}",
        at=START + timedelta(minutes=number),
        role=Role.MEDIATOR,
        subject="mediator-1",
        person_id="m-1",
        text=f"第{number}问\n13800001234",
    )


def salts() -> Salts:
    """Make salts, others each time."""
    return Salts(token_hex(16), token_hex(16))


def key(name: str = "k", body: str = "ab") -> Idempotency:
    """Make a caller's key."""
    return Idempotency(caller="mediator#mediator-1", key=name, body_sha256=body * 32)


def write(storage: Storage, case: Case, number: int, *, asks: bool = True) -> Added:
    """Store a question, or an advice."""
    name = f"{case.case_id}-{number}"
    return storage.guidance.add(case, advice(number), salts(), key(name), asks=asks)


def consent(*parties: str, given: bool = True, draft: str = DRAFT) -> DraftAct:
    """Let parties decide about the draft."""
    return DraftAct(
        at=START, role=Role.BORROWER, subject="b-1", draft=draft, parties=frozenset(parties), given=given
    )


def look(judge_id: str) -> DraftAct:
    """Let a judge see the draft."""
    return DraftAct(at=START, role=Role.JUDGE, subject=judge_id, draft=DRAFT, judge_id=judge_id)


def test_guidance_comes_back_in_order_and_in_pages(storage: Storage) -> None:
    """Each with its text, and with its entry in the log, which does not show it."""
    case = add(storage.cases, "C-1")
    for number in range(1, 5):
        assert write(storage, case, number).advice == advice(number)
    page = storage.guidance.page(case, 0, 3)
    assert page.after == 3
    rest = storage.guidance.page(case, page.after, 3)
    assert ({**page.entries, **rest.entries}, rest.after) == ({n: advice(n) for n in range(1, 5)}, None)
    entries = storage.talk.entries("C-1")
    assert [entry.data["entry_id"] for entry in entries] == ["G-1", "G-2", "G-3", "G-4"]
    assert "13800001234" not in repr(entries)
    verify_talk(entries)


def test_a_key_stores_one_question(storage: Storage) -> None:
    """The same again is the same question; another body is refused."""
    case = add(storage.cases, "C-1")
    storage.guidance.add(case, advice(1), salts(), key(), asks=True)
    again = storage.guidance.add(case, advice(2), salts(), key(), asks=True)
    assert (again.advice, again.replayed) == (advice(1), True)
    with pytest.raises(IdempotencyKeyReused):
        storage.guidance.add(case, advice(3), salts(), key(body="cd"), asks=True)
    assert storage.guidance.knows(key())
    assert not storage.guidance.knows(key("other"))
    assert storage.guidance.consultation("C-1").entries == len(storage.talk.entries("C-1")) == 1


def test_a_case_is_on_its_courts_list_from_the_first_question_to_the_advice(storage: Storage) -> None:
    """Once, by the time of its oldest open question."""
    first, second = add(storage.cases, "C-1"), add(storage.cases, "C-2")
    write(storage, second, 1)
    write(storage, first, 2)
    write(storage, second, 3)
    page = storage.guidance.questions(first.court_id, None, 1)
    assert [(each.case_id, each.asked_at) for each in page.questions] == [("C-2", advice(1).at)]
    rest = storage.guidance.questions(first.court_id, page.after, 2)
    assert ([each.case_id for each in rest.questions], rest.after) == (["C-1"], None)
    assert storage.guidance.questions("court-else", None, 5).questions == ()
    write(storage, second, 4, asks=False)
    assert [each.case_id for each in storage.guidance.questions(first.court_id, None, 5).questions] == ["C-1"]
    assert storage.guidance.consultation("C-2").asked_at is None


def test_consents_are_those_to_one_draft(storage: Storage) -> None:
    """Another draft begins without any; the same again stores nothing; judges who saw one stay."""
    case = add(storage.cases, "C-1")
    act = storage.guidance.act
    assert act("C-1", consent("a1"), token_hex(16)).consents == {"a1"}
    assert act("C-1", consent("r1"), token_hex(16)).consents == {"a1", "r1"}
    act("C-1", consent("r1"), token_hex(16))
    assert act("C-1", look("j-1"), token_hex(16)).seen_by == ("j-1",)
    act("C-1", look("j-1"), token_hex(16))
    assert act("C-1", consent("r1", given=False), token_hex(16)).consents == {"a1"}
    assert act("C-1", consent("r1", draft="cd" * 32), token_hex(16)).consents == {"r1"}
    stands = storage.guidance.consultation("C-1")
    assert (stands.draft, stands.seen_by) == ("cd" * 32, ("j-1",))
    assert [entry.kind for entry in storage.talk.entries("C-1")] == [
        "draft_consent",
        "draft_consent",
        "draft_seen",
        "draft_consent",
        "draft_consent",
    ]
    assert StoredDraftsSeen(storage.guidance).judges(case) == ("j-1",)


def test_a_question_is_stored_on_the_guidance_as_it_is(new_store: StoreMaker) -> None:
    """If a party consents in between, it begins again, and neither is lost."""
    store = new_store()
    case = add(store.cases, "C-1")
    stored = guidance(store)
    append, seen = store.talk.append_once, list[int]()

    def late(*arguments: object, **told: object) -> object:
        if not seen:
            seen.append(1)
            stored.act("C-1", consent("r1"), token_hex(16))
        return append(*arguments, **told)  # type: ignore[arg-type]  # handed on as given

    store.talk.append_once = late  # type: ignore[method-assign, assignment]  # somebody who comes between
    stored.add(case, advice(1), salts(), key(), asks=True)
    stands = stored.consultation("C-1")
    assert (stands.entries, stands.consents) == (1, frozenset({"r1"}))


def test_a_case_has_room_for_so_many_entries(new_store: StoreMaker, table: RawTable) -> None:
    """A repeat is answered nevertheless."""
    store = new_store()
    case = add(store.cases, "C-1")
    stored = guidance(store)
    stored.add(case, advice(1), salts(), key(), asks=True)
    table.put({**table.item("CASE#C-1", "CONSULTATION"), "entries": {"N": "500"}})
    assert stored.add(case, advice(1), salts(), key(), asks=True).replayed
    with pytest.raises(RuleViolated):
        stored.add(case, advice(2), salts(), key("k-2"), asks=True)


def test_the_text_is_stored_sealed_for_its_place(new_store: StoreMaker, table: RawTable) -> None:
    """Nothing in the table shows it; moved to another place, it does not open."""
    store = new_store()
    case = add(store.cases, "C-1")
    guidance(store).add(case, advice(), salts(), key(), asks=True)
    assert "13800001234" not in repr(table.items_of("CASE#C-1")[-1:])
    table.put({**table.item("CASE#C-1", "GUIDANCE#00000001"), "SK": {"S": "GUIDANCE#00000002"}})
    with pytest.raises(SealBroken):
        guidance(store).page(replace(case), 1, 1)
