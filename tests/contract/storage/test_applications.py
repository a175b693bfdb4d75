"""Applications of borrowers: their steps, lists and counts, what is sealed, and what a filing writes."""

from dataclasses import replace
from typing import Any, Final

import pytest

from chalicelib.capabilities.applications.model import (
    KEPT_SECONDS,
    TO_ANSWER,
    Application,
    ApplicationState,
    Ask,
    Content,
    DeclineGround,
    Hardship,
    Limit,
    Step,
    received,
)
from chalicelib.capabilities.applications.service import Page
from chalicelib.capabilities.applications.store import applications
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.errors import Contended, IdempotencyKeyReused, RuleViolated
from chalicelib.domain.events import Channel
from chalicelib.domain.money import Money
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.talk import verify_talk
from chalicelib.use_cases.records import Due, Filed, Idempotency
from tests.contract.storage.conftest import RawTable, Storage, StoreMaker
from tests.contract.storage.steps import DUE, FAR, filed, insisting
from tests.support.fakes import COURT_ID, samples
from tests.support.fakes.clock import START
from tests.support.fakes.samples import CENTRE, INSTITUTION

KEY: Final = Idempotency(caller="applicant:1", key="k-1", body_sha256="a" * 64)
CONTENT: Final = Content(
    name="张试",
    id_number="11010519491231002X",
    phone="13800001234",
    lender="海滨测试银行",
    asks=(Ask.INSTALMENTS, Ask.LESS_INTEREST),
    amount=Money.parse("80000.00"),
    hardship=Hardship.HARVEST,
    reason="今年遭了灾\n希望分期还",
)
LIMIT: Final = Limit(working_days=10, calendar=WorkingCalendar())
SALT: Final = "5" * 32


def first(application_id: str = "A-1", mark: str = "m" * 64, number: int = 1) -> Step:
    """Return the first step of an application."""
    application = Application(
        application_id=application_id,
        court_id=COURT_ID,
        number=f"2026-{number:06}",
        mark=mark,
        channel=Channel.ONLINE,
        received_at=START,
        changed_at=START,
    )
    return received(application, CONTENT, SYSTEM, SALT)


def entered(storage: Storage, application_id: str = "A-1", **more: Any) -> Application:
    """Store an application."""
    step = first(application_id, **more)
    stored, replayed = storage.applications.add(step, replace(KEY, key=application_id), DUE)
    assert not replayed
    return stored


def asked(storage: Storage, application_id: str = "A-1", **more: Any) -> Application:
    """Store an application of which an institution is asked."""
    step = entered(storage, application_id, **more).taken_up("bank-1", CENTRE, START, LIMIT)
    assert storage.applications.save(replace(step, salt=SALT), DUE)
    return step.after


def known(storage: Storage, application_id: str = "A-1") -> Application:
    """Read an application."""
    found = storage.applications.find(application_id)
    assert found is not None
    return found[0]


def file(storage: Storage, step: Step, case_id: str = "C-1", key: str = "f-1", **changes: Any) -> Filed:
    """Store a filing that joins an application."""
    change = filed(case_id, **changes).with_records(replace(step, salt=SALT))
    idempotency = Idempotency(caller="bank-1", key=key, body_sha256="b" * 64)
    return storage.cases.add(change, samples.filing().details, idempotency, DUE)


def listed(storage: Storage, shelf: str = "open") -> list[str]:
    """Return the ids in a court's list."""
    page = storage.applications.of_court(COURT_ID, shelf, None, 50)
    return [each.application_id for each in page.applications]


def to_answer(storage: Storage) -> list[tuple[str, ApplicationState]]:
    """Return what the bank is asked."""
    page = storage.applications.of_institution("bank-1", None, 50)
    return [(each.application_id, each.state) for each in page.applications]


def test_an_application_is_stored_once_for_its_key(storage: Storage) -> None:
    """It is read back whole; the same key answers, and refuses another body."""
    step = first()
    assert not storage.applications.knows(KEY)
    assert storage.applications.add(step, KEY, DUE) == (step.after, False)
    assert storage.applications.knows(KEY)
    assert storage.applications.add(first("A-2"), KEY, DUE) == (step.after, True)
    with pytest.raises(IdempotencyKeyReused):
        storage.applications.add(first("A-3"), replace(KEY, body_sha256="c" * 64), DUE)
    assert storage.applications.find("A-1") == (step.after, CONTENT)
    assert storage.applications.standing("A-1") == step.after
    assert storage.applications.find("A-2") is None
    assert storage.applications.standing("A-2") is None
    assert storage.applications.of_visitor("m" * 64) == ((step.after, CONTENT),)
    assert storage.applications.of_visitor("n" * 64) == ()
    assert listed(storage) == ["A-1"]


def test_a_step_is_stored_on_what_it_was_decided_on_and_on_nothing_else(storage: Storage) -> None:
    """Of two decisions the second finds the application changed."""
    application = entered(storage)
    taken = replace(application.taken_up("bank-1", CENTRE, START, LIMIT), salt=SALT)
    declined = application.declined(DeclineGround.REPEATED, CONTENT, "重复", CENTRE, START)
    assert storage.applications.save(taken, DUE)
    assert not storage.applications.save(taken, DUE)
    assert not storage.applications.save(replace(declined, salt=SALT), DUE)
    assert known(storage) == taken.after
    assert to_answer(storage) == [("A-1", ApplicationState.ASKED)]
    due = [each for shard in range(storage.due.shards) for each in storage.due.overdue(shard, FAR)]
    assert Due(consumer="deadline", ids=("A-1", "application_answer")) in due
    deadline = storage.deadlines.get("A-1", "application_answer")
    assert deadline == taken.deadline


def test_messages_are_owed_with_the_step_that_causes_them(storage: Storage) -> None:
    """As to the parties of a case, under the application's id."""
    application = asked(storage)
    told = [(each.party_id, str(each.kind), each.state) for each in storage.calls.notices("A-1")]
    assert sorted(told) == [
        ("applicant", "application_received", "owed"),
        ("applicant", "application_taken_up", "owed"),
        ("institution", "application_asked", "owed"),
    ]
    notice = storage.notices.get("A-1", f"A-1-N{application.version}-institution-application_asked")
    assert notice is not None
    assert notice.values == {"application": "2026-000001", "until": "2026-03-16"}


def test_what_is_declined_leaves_the_list_with_its_reason(storage: Storage) -> None:
    """The text is the applicant's to read, so it is kept with what the applicant wrote."""
    application = entered(storage)
    step = application.declined(DeclineGround.OTHER, CONTENT, "请到窗口说明", CENTRE, START)
    assert storage.applications.save(replace(step, salt=SALT), DUE)
    found = storage.applications.find("A-1")
    assert found == (step.after, replace(CONTENT, declined_because="请到窗口说明"))
    assert (listed(storage), listed(storage, "ended")) == ([], ["A-1"])


def test_a_filing_joins_in_its_own_transaction(storage: Storage) -> None:
    """Case and application both say so, or neither."""
    application = asked(storage)
    step = application.joined("C-1", INSTITUTION, START)
    assert file(storage, step).case_id == "C-1"
    assert known(storage) == step.after
    assert (known(storage).state, known(storage).joined_by) == (ApplicationState.JOINED, "C-1")
    assert to_answer(storage) == []
    assert (listed(storage), listed(storage, "ended")) == ([], ["A-1"])
    assert file(storage, step).replayed


def test_a_filing_that_joins_nothing_any_more_is_not_stored(storage: Storage) -> None:
    """Withdrawn meanwhile, it says to try again; joined by another, it is refused."""
    application = asked(storage)
    step = application.joined("C-1", INSTITUTION, START)
    assert storage.applications.save(replace(application.withdrawn(SYSTEM, START), salt=SALT), DUE)
    with pytest.raises(Contended):
        file(storage, step)
    with pytest.raises(RuleViolated, match="application_to_answer"):
        file(storage, replace(step, refused=TO_ANSWER.refusal()))
    assert known(storage).state is ApplicationState.WITHDRAWN
    assert storage.workflows.get("C-1") is None
    other = asked(storage, "A-2", number=2)
    assert file(storage, replace(other.joined("C-1", INSTITUTION, START))).case_id == "C-1"


def test_the_log_of_an_application_is_a_chain(storage: Storage) -> None:
    """Each step once, in order, the filing's too."""
    application = asked(storage)
    file(storage, application.joined("C-1", INSTITUTION, START))
    entries = storage.talk.entries("A-1")
    assert [(each.kind, each.role, dict(each.data)) for each in entries] == [
        ("application_received", "system", {"version": "1", "channel": "online"}),
        (
            "application_taken_up",
            "centre",
            {"version": "2", "institution_id": "bank-1", "until": "2026-03-16"},
        ),
        ("application_joined", "institution", {"version": "3", "case_id": "C-1"}),
    ]
    assert verify_talk(entries)


def test_steps_are_counted_in_the_month_of_the_application(storage: Storage) -> None:
    """A step that is refused counts nothing."""
    silent = asked(storage)
    assert silent.answer_by is not None
    step = silent.silent(SYSTEM, silent.answer_by)
    assert step is not None
    assert storage.applications.save(replace(step, salt=SALT), DUE)
    assert not storage.applications.save(replace(step, salt=SALT), DUE)
    file(storage, step.after.joined("C-1", INSTITUTION, silent.answer_by))
    entered(storage, "A-2", number=2)
    assert storage.applications.figures(COURT_ID, "2026-03") == {
        "received": 2,
        "taken_up": 1,
        "unanswered": 1,
        "joined": 1,
        "joined_late": 1,
    }
    assert storage.applications.figures(COURT_ID, "2026-04") == {}
    assert storage.applications.figures("court-x", "2026-03") == {}


def test_a_list_is_read_page_by_page(storage: Storage) -> None:
    """The oldest first, each once, for court and institution."""
    for number in range(1, 6):
        asked(storage, f"A-{number}", mark=f"{number}" * 64, number=number)
    stored = storage.applications

    def of_court(after: str | None) -> Page:
        return stored.of_court(COURT_ID, "open", after, 2)

    def of_institution(after: str | None) -> Page:
        return stored.of_institution("bank-1", after, 2)

    for read in (of_court, of_institution):
        found: list[str] = []
        page = read(None)
        while page.after is not None:
            found += [each.application_id for each in page.applications]
            page = read(page.after)
        found += [each.application_id for each in page.applications]
        assert found == ["A-1", "A-2", "A-3", "A-4", "A-5"]
    assert storage.applications.of_court("court-x", "open", None, 2).applications == ()
    assert storage.applications.of_institution("bank-2", None, 2).applications == ()


def test_numbers_count_up_by_court_and_year(storage: Storage) -> None:
    """Apart from the numbers of cases."""
    assert storage.cases.next_number(COURT_ID, 2026) == 1
    assert [storage.applications.next_number(COURT_ID, year) for year in (2026, 2026, 2027)] == [1, 2, 1]
    assert storage.applications.next_number("court-x", 2026) == 1
    assert storage.cases.next_number(COURT_ID, 2026) == 2


def test_a_phone_has_one_mark_and_is_kept_for_an_hour(storage: Storage) -> None:
    """The mark does not tell the phone."""
    visitor = storage.applications.visitor_of("13800001234")
    assert visitor == storage.applications.visitor_of("13800001234")
    assert visitor.mark != storage.applications.visitor_of("13800001235").mark
    assert storage.applications.phone_of(visitor.mark) is None
    storage.applications.keep_phone(visitor)
    storage.clock.advance(minutes=59)
    assert storage.applications.phone_of(visitor.mark) == "13800001234"
    storage.clock.advance(minutes=1)
    assert storage.applications.phone_of(visitor.mark) is None


def test_a_pass_holds_for_half_an_hour(storage: Storage) -> None:
    """It is known by a hash."""
    visitor = storage.applications.visitor_of("13800001234")
    until = storage.applications.open_visit(visitor, "f" * 64)
    assert until == int(storage.clock.epoch()) + 1800
    assert storage.applications.visitor("e" * 64) is None
    storage.clock.advance(minutes=29)
    assert storage.applications.visitor("f" * 64) == visitor
    storage.clock.advance(minutes=1)
    assert storage.applications.visitor("f" * 64) is None


def test_a_source_has_sixty_codes_an_hour(storage: Storage) -> None:
    """Another source has its own."""
    assert all(storage.applications.count_source("10.0.0.1") for _ in range(60))
    assert not storage.applications.count_source("10.0.0.1")
    assert storage.applications.count_source("10.0.0.2")
    storage.clock.advance(hours=1)
    assert storage.applications.count_source("10.0.0.1")


def test_codes_of_a_phone_are_good_like_those_of_a_party(storage: Storage) -> None:
    """Under the phone's mark in a case's place."""
    place = storage.applications.visitor_of("13800001234").place
    issued = storage.codes.issue(place, "applicant", "d" * 64, DUE)
    code = storage.codes.code_of(place, "applicant", issued.number)
    assert code is not None
    insisting(lambda: storage.codes.verify(place, "applicant", "d" * 64, code, once=True))


def test_what_an_applicant_tells_is_sealed(new_store: StoreMaker, table: RawTable) -> None:
    """Nor is its phone or the address of a connection to be read; what has ended is kept for three years."""
    store = new_store()
    stored = applications(store)
    visitor = stored.visitor_of(CONTENT.phone)
    stored.keep_phone(visitor)
    stored.open_visit(visitor, "f" * 64)
    stored.count_source("10.0.0.1")
    application, _ = stored.add(first(mark=visitor.mark), KEY, DUE)
    assert stored.save(replace(application.withdrawn(SYSTEM, START), salt=SALT), DUE)
    text = str(table.items())
    secrets = (CONTENT.name, CONTENT.id_number, CONTENT.phone, CONTENT.lender, "80000", "遭了灾", "10.0.0.1")
    assert not any(secret in text for secret in secrets)
    until = {"N": str(int(START.timestamp()) + KEPT_SECONDS)}
    assert table.item("CASE#A-1", "APPLICATION")["expires_at"] == until
    assert (
        table.item(f"APPLICANT#{visitor.mark}", f"APPLICATION#{application.listed_at}")["expires_at"] == until
    )
    assert table.item(f"APPLICATIONS#{COURT_ID}", f"ENDED#{application.listed_at}")["expires_at"] == until


def test_looking_after_a_limit_deletes_nothing_and_opens_nothing(new_store: StoreMaker) -> None:
    """The reconciler's function may neither delete nor use the key that seals."""
    store = new_store()
    stored = applications(store)
    application, _ = stored.add(first(), KEY, DUE)
    taken = replace(application.taken_up("bank-1", CENTRE, START, LIMIT), salt=SALT)
    assert stored.save(taken, DUE)
    kept, sent = store.table.transact, list[Any]()

    def noting(writes: Any) -> None:
        sent.extend(writes)
        kept(writes)

    store.table.transact = noting  # type: ignore[method-assign]
    store.data_keys.for_opening = _never  # type: ignore[method-assign, assignment]
    found = stored.standing("A-1")
    assert found is not None
    assert found.answer_by is not None
    for step in (found.reminding(SYSTEM, START), replace(found).silent(SYSTEM, found.answer_by)):
        assert step is not None
        current = stored.standing("A-1")
        assert current is not None
        follows = replace(step, before=current, after=replace(step.after, version=current.version + 1))
        assert stored.save(replace(follows, salt=SALT), DUE)
    assert sent
    assert not [write for write in sent if "Delete" in write]


def _never(*_arguments: object) -> Any:
    raise AssertionError("the reconciler opens nothing that is sealed")
