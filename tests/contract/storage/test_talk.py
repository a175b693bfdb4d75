"""Talk and facts beside the case's acts: each finds its place in a log, and none stands in another's way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.capabilities.notes.model import Note, Salts
from chalicelib.capabilities.notes.store import notes
from chalicelib.domain import lifecycle
from chalicelib.domain.case import Case, Change
from chalicelib.domain.commands import Screen, Withdraw
from chalicelib.domain.errors import DuplicateFiling, IdempotencyKeyReused, StaleVersion
from chalicelib.domain.events import verify_chain
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import Role
from chalicelib.domain.settlement_commands import AcceptOffer
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.talk import verify_talk
from chalicelib.use_cases.records import Idempotency
from tests.contract.storage.conftest import RawTable, Storage, StoreMaker
from tests.contract.storage.steps import DUE, act, add, context, insisting
from tests.contract.storage.test_settlements import BORROWER, FIRST, OFFER, change_of, mediating, save
from tests.contract.storage.test_sweep import as_read
from tests.support.fakes import samples
from tests.support.fakes.clock import START

if TYPE_CHECKING:
    from collections.abc import Callable

SAME: Final = "LOAN-1"
FACT: Final = EventType.declare("test_fact_recorded", ())


def note(number: int = 1, text: str = "周三以后有空") -> Note:
    """Make a note."""
    return Note(note_id=f"N-{number}", at=START, role=Role.MEDIATOR, subject="m1", shared=False, text=text)


def salts() -> Salts:
    """Make salts, others each time."""
    return Salts(token_hex(16), token_hex(16))


def key(name: str = "k", body: str = "ab") -> Idempotency:
    """Make a caller's key."""
    return Idempotency(caller="mediator#m1", key=name, body_sha256=body * 32)


def fact(case: Case, number: int = 0) -> Change:
    """Record something that changes nothing of the case."""
    return lifecycle.record(case, FACT, {"number": number}, context(samples.CENTRE))


def ended(storage: Storage) -> Case:
    """File a case and take it back."""
    case = add(storage.cases, "C-1", contract_number=SAME)
    return act(storage.cases, case, Withdraw(), samples.INSTITUTION)


def test_notes_come_back_in_order_and_in_pages(storage: Storage) -> None:
    """Each with its text, and with its entry in the log."""
    case = add(storage.cases, "C-1")
    written = [note(number, f"第{number}条\n备注") for number in range(1, 6)]
    for each in written:
        assert storage.written.add(case, each, salts(), key(each.note_id)).note == each
    page = storage.written.page(case, 0, 3)
    assert list(page.notes) == written[:3]
    assert page.after is not None
    rest = storage.written.page(case, page.after, 3)
    assert (list(rest.notes), rest.after) == (written[3:], None)
    entries = storage.talk.entries("C-1")
    assert [entry.data["note_id"] for entry in entries] == [each.note_id for each in written]
    verify_talk(entries)


def test_a_log_says_nothing_of_what_was_written(storage: Storage) -> None:
    """Not even a digest that could be tried: two notes of one text have different ones."""
    case = add(storage.cases, "C-1")
    for number in (1, 2):
        storage.written.add(case, note(number), salts(), key(f"k-{number}"))
    first, second = storage.talk.entries("C-1")
    assert "周三" not in repr(first)
    assert storage.written.page(case, 0, 2).notes[0].text == storage.written.page(case, 1, 1).notes[0].text
    assert first.hash != second.hash


def test_the_text_is_stored_sealed(new_store: StoreMaker, table: RawTable) -> None:
    """Nothing in the table shows it, and it opens only at its own place."""
    store = new_store()
    case = add(store.cases, "C-1")
    notes(store).add(case, note(text="13800001234 拒接"), salts(), key())
    assert "13800001234" not in repr(table.items())


def test_a_key_stores_one_note(storage: Storage) -> None:
    """The same again is the same note; another body is refused; after two days the key is new."""
    case = add(storage.cases, "C-1")
    storage.written.add(case, note(1), salts(), key())
    again = storage.written.add(case, note(2), salts(), key())
    assert (again.note, again.replayed) == (note(1), True)
    with pytest.raises(IdempotencyKeyReused):
        storage.written.add(case, note(3), salts(), key(body="cd"))
    assert len(storage.talk.entries("C-1")) == 1
    storage.clock.advance(hours=49)
    assert not storage.written.add(case, note(4), salts(), key(body="cd")).replayed


def test_a_case_is_read_with_the_head_of_its_talk(storage: Storage) -> None:
    """Its next event carries it; the case itself is as it was."""
    case = add(storage.cases, "C-1")
    storage.written.add(case, note(), salts(), key())
    (entry,) = storage.talk.entries("C-1")
    found = storage.cases.get("C-1")
    assert found == replace(case, talk=entry.hash)
    act(storage.cases, found, Screen())
    assert [event.talk for event in storage.cases.events("C-1", 0, 9)] == [None, entry.hash]


def test_a_fact_lengthens_the_chain_and_leaves_the_version(storage: Storage) -> None:
    """Also of a case that has ended."""
    case = act(
        storage.cases, add(storage.cases, "C-1", contract_number=SAME), Withdraw(), samples.INSTITUTION
    )
    stored = storage.cases.save(fact(case), DUE)
    assert (stored.version, stored.sequence, stored.stage) == (2, 3, Stage.WITHDRAWN)
    assert storage.cases.get("C-1") == stored
    assert verify_chain(storage.cases.events("C-1", 0, 9)) == stored.last_event_hash


def test_an_act_is_stored_behind_facts_recorded_meanwhile(storage: Storage) -> None:
    """It was decided on the case as it was; nothing of that has changed."""
    case = add(storage.cases, "C-1")
    storage.cases.save(fact(case), DUE)
    stored = act(storage.cases, case, Screen())
    assert (stored.version, stored.sequence, stored.stage) == (2, 3, Stage.SCREENED)
    assert storage.cases.get("C-1") == stored
    assert [event.type for event in storage.cases.events("C-1", 0, 9)][1:] == [FACT, "case_screened"]
    assert verify_chain(storage.cases.events("C-1", 0, 9)) == stored.last_event_hash


def test_a_fact_is_stored_behind_an_act_that_was_faster(storage: Storage) -> None:
    """It is about the case, whatever the case has become; the act is not undone."""
    case = add(storage.cases, "C-1")
    act(storage.cases, case, Screen())
    stored = storage.cases.save(fact(case), DUE)
    assert (stored.version, stored.sequence, stored.stage) == (2, 3, Stage.SCREENED)
    assert storage.cases.get("C-1") == stored


def test_an_act_is_stale_behind_another_act_and_a_fact(storage: Storage) -> None:
    """Facts in between hide no act."""
    case = add(storage.cases, "C-1")
    storage.cases.save(fact(act(storage.cases, case, Screen())), DUE)
    with pytest.raises(StaleVersion):
        act(storage.cases, case, Withdraw(), samples.INSTITUTION)


def test_notes_and_facts_while_an_offer_is_accepted_all_succeed(storage: Storage) -> None:
    """The acceptance keeps the version its caller read; chain and log verify afterwards."""
    case = save(storage, change_of(mediating(storage), OFFER), FIRST)
    accepted = change_of(case, AcceptOffer(side=Side.RESPONDENT), BORROWER)
    jobs: list[Callable[[], object]] = [
        *(partial(storage.written.add, case, note(n), salts(), key(f"k-{n}")) for n in range(8)),
        *(partial(storage.cases.save, fact(case, n), DUE) for n in range(3)),
        partial(storage.cases.save, accepted, DUE),
    ]
    with ThreadPoolExecutor(len(jobs)) as pool:
        for job in [pool.submit(insisting, job) for job in jobs]:
            job.result()
    found = storage.cases.get("C-1")
    assert found.offer is not None
    assert found.offer.accepted
    assert (found.version, found.sequence) == (case.version + 1, case.sequence + 4)
    events = storage.cases.events("C-1", 0, 99)
    assert verify_chain(events) == found.last_event_hash
    assert {event.facts["number"] for event in events if event.type is FACT} == {0, 1, 2}
    entries = storage.talk.entries("C-1")
    assert {entry.data["note_id"] for entry in entries} == {f"N-{number}" for number in range(8)}
    assert verify_talk(entries)[-1] == found.talk


def reopened(case: Case) -> Change:
    """Reopen an ended case, as a reversal will."""
    change = lifecycle.record(case, FACT, {}, context(samples.INSTITUTION))
    open_again = replace(change.case, stage=Stage.SCREENED, version=case.version + 1)
    return replace(change, case=open_again, follow_up_at=DUE)


def test_a_reopened_case_is_due_again_and_whoever_read_it_ended_takes_it_out_no_more(
    storage: Storage,
) -> None:
    """The sweep read it, then it was opened again, then the sweep ends what it had read."""
    ended = act(storage.cases, add(storage.cases, "C-1"), Withdraw(), samples.INSTITUTION)
    storage.workflows.end("C-1", ended.version)
    assert as_read(storage.due) == set()
    case = storage.cases.save(reopened(ended), DUE)
    assert as_read(storage.due) == {("C-1", DUE, 0)}
    storage.workflows.end("C-1", ended.version)
    assert as_read(storage.due) == {("C-1", DUE, 0)}
    storage.workflows.end("C-1", case.version + 1)
    assert as_read(storage.due) == set()


def test_a_reopened_case_takes_its_claim_again(storage: Storage) -> None:
    """Then nobody else can file it."""
    case = act(
        storage.cases, add(storage.cases, "C-1", contract_number=SAME), Withdraw(), samples.INSTITUTION
    )
    storage.cases.save(reopened(case), DUE)
    with pytest.raises(DuplicateFiling) as refused:
        add(storage.cases, "C-2", contract_number=SAME)
    assert refused.value.existing_case_id == "C-1"


def test_a_case_whose_claim_was_filed_anew_stays_ended(storage: Storage) -> None:
    """The refusal names the newer case, and nothing is stored."""
    case = act(
        storage.cases, add(storage.cases, "C-1", contract_number=SAME), Withdraw(), samples.INSTITUTION
    )
    add(storage.cases, "C-2", contract_number=SAME)
    with pytest.raises(DuplicateFiling) as refused:
        storage.cases.save(reopened(case), DUE)
    assert refused.value.existing_case_id == "C-2"
    assert storage.cases.get("C-1") == case


def test_a_fact_after_the_end_leaves_the_claim_with_its_new_holder(storage: Storage) -> None:
    """Recording is no reopening, and no second end."""
    case = act(
        storage.cases, add(storage.cases, "C-1", contract_number=SAME), Withdraw(), samples.INSTITUTION
    )
    add(storage.cases, "C-2", contract_number=SAME)
    storage.cases.save(fact(case), DUE)
    with pytest.raises(DuplicateFiling) as refused:
        add(storage.cases, "C-3", contract_number=SAME)
    assert refused.value.existing_case_id == "C-2"
