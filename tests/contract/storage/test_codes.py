"""One-time codes: bound to their case, party and document, counted, short-lived, and stored by nobody."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters.dynamo.sealing import hotp
from chalicelib.domain.agreement.errors import (
    AgreementRefused,
    CodeExpired,
    CodeNotVerified,
    CodeOfAnotherText,
    CodeRequestedTooSoon,
    CodesExhausted,
)
from chalicelib.domain.case import Case
from chalicelib.domain.notices import NoticeKind, notice_of
from chalicelib.use_cases.records import Due, IssuedCode
from tests.contract.storage.conftest import RawTable, Storage, StoreMaker
from tests.contract.storage.steps import DUE, add, insisting

DOCUMENT = "a" * 64
ANOTHER = "b" * 64


def issued(storage: Storage, case: Case, party_id: str = "r1", document: str = DOCUMENT) -> str:
    """Issue a code and return its digits, as the message has them."""
    number = storage.codes.issue(case, party_id, document, DUE).number
    digits = storage.codes.code_of(case, party_id, number)
    assert digits is not None
    return digits


def wrong(digits: str) -> str:
    """Return a code that is not this one."""
    return f"{(int(digits) + 1) % 10**6:06}"


def test_a_code_has_six_digits_and_ten_minutes_of_real_time(storage: Storage) -> None:
    """The caller learns its number and its end, never its digits."""
    case = add(storage.cases, "C-1")
    ends = datetime.fromtimestamp(storage.clock.epoch(), UTC) + timedelta(minutes=10)
    assert storage.codes.issue(case, "r1", DOCUMENT, DUE) == IssuedCode(number=1, expires_at=ends)
    digits = storage.codes.code_of(case, "r1", 1)
    assert digits is not None
    assert len(digits) == 6
    assert digits.isdecimal()


def test_a_code_owes_its_message(storage: Storage) -> None:
    """The notice stands in the due index and names the code's number only."""
    case = add(storage.cases, "C-1")
    storage.codes.issue(case, "r1", DOCUMENT, DUE)
    owed = notice_of("C-1", 1, "r1", NoticeKind.SIGNING_CODE, {"number": "1"})
    assert storage.notices.get("C-1", owed.notice_id) == owed
    late = DUE + timedelta(seconds=1)
    overdue = [due for shard in range(storage.due.shards) for due in storage.due.overdue(shard, late)]
    assert Due(consumer="notices", ids=("C-1", owed.notice_id)) in overdue


def test_the_right_code_is_verified_and_a_caller_may_repeat_it(storage: Storage) -> None:
    """What failed after the check can be done again with the same code."""
    case = add(storage.cases, "C-1")
    digits = issued(storage, case)
    storage.codes.verify(case, "r1", DOCUMENT, digits)
    storage.codes.verify(case, "r1", DOCUMENT, digits)


@pytest.mark.parametrize("code", ["", "0", "１２３４５６", "\ud800", "x" * 5000])
def test_a_wrong_code_is_refused_whatever_it_is(storage: Storage, code: str) -> None:
    """Not verified, and nothing worse."""
    case = add(storage.cases, "C-1")
    digits = issued(storage, case)
    for attempt in (code, wrong(digits)):
        with pytest.raises(CodeNotVerified):
            storage.codes.verify(case, "r1", DOCUMENT, attempt)
    storage.codes.verify(case, "r1", DOCUMENT, digits)


def test_a_code_fits_nothing_it_was_not_issued_for(storage: Storage) -> None:
    """Not another document, not another party, not another case, nor what never had one."""
    case, other = add(storage.cases, "C-1"), add(storage.cases, "C-2")
    digits = issued(storage, case)
    issued(storage, case, "a1")
    issued(storage, other)
    with pytest.raises(CodeOfAnotherText):
        storage.codes.verify(case, "r1", ANOTHER, digits)
    for place in ((case, "a1", DOCUMENT), (other, "r1", DOCUMENT), (other, "a1", DOCUMENT)):
        with pytest.raises(CodeNotVerified):
            storage.codes.verify(*place, digits)


def test_a_code_expires_to_the_second(storage: Storage) -> None:
    """Its last second is the one before its ten minutes are over; then it is not sent either."""
    case = add(storage.cases, "C-1")
    digits = issued(storage, case)
    storage.clock.advance(seconds=599)
    storage.codes.verify(case, "r1", DOCUMENT, digits)
    storage.clock.advance(seconds=1)
    with pytest.raises(CodeExpired):
        storage.codes.verify(case, "r1", DOCUMENT, digits)
    assert storage.codes.code_of(case, "r1", 1) is None


def test_five_attempts_are_all_a_code_has(storage: Storage) -> None:
    """After five even the right one is refused, until another is issued."""
    case = add(storage.cases, "C-1")
    digits = issued(storage, case)
    for _ in range(5):
        with pytest.raises(CodeNotVerified):
            storage.codes.verify(case, "r1", DOCUMENT, wrong(digits))
    with pytest.raises(CodesExhausted):
        storage.codes.verify(case, "r1", DOCUMENT, digits)
    assert storage.codes.code_of(case, "r1", 1) is None
    storage.clock.advance(seconds=60)
    storage.codes.verify(case, "r1", DOCUMENT, issued(storage, case))


def test_attempts_made_at_once_are_counted_together(storage: Storage) -> None:
    """Twelve guesses in parallel: five are compared, seven refused unread."""
    case = add(storage.cases, "C-1")
    guess = wrong(issued(storage, case))

    def attempt(_: int) -> type[AgreementRefused] | None:
        try:
            insisting(lambda: storage.codes.verify(case, "r1", DOCUMENT, guess))
        except AgreementRefused as refused:
            return type(refused)
        return None

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(attempt, range(12)))
    assert (answers.count(CodeNotVerified), answers.count(CodesExhausted)) == (5, 7)


def test_a_new_code_ends_the_one_before(storage: Storage) -> None:
    """Only the latest number is sent and verified, for the latest document."""
    case = add(storage.cases, "C-1")
    first = issued(storage, case)
    storage.clock.advance(seconds=60)
    second = storage.codes.issue(case, "r1", ANOTHER, DUE)
    assert second.number == 2
    assert storage.codes.code_of(case, "r1", 1) is None
    with pytest.raises(CodeOfAnotherText):
        storage.codes.verify(case, "r1", DOCUMENT, first)


def test_another_code_is_to_be_had_after_a_minute(storage: Storage) -> None:
    """Sooner the refusal says how long it takes; nothing is issued and nothing owed."""
    case = add(storage.cases, "C-1")
    digits = issued(storage, case)
    storage.clock.advance(seconds=43)
    with pytest.raises(CodeRequestedTooSoon) as refused:
        storage.codes.issue(case, "r1", DOCUMENT, DUE)
    assert refused.value.retry_after_seconds == 17
    assert storage.notices.get("C-1", "C-1-N2-r1-signing_code") is None
    storage.codes.verify(case, "r1", DOCUMENT, digits)
    assert issued(storage, case, "a1")


def test_of_many_requests_at_once_one_is_answered(storage: Storage) -> None:
    """A button pressed six times sends one message."""
    case = add(storage.cases, "C-1")

    def ask(_: int) -> int:
        try:
            return insisting(lambda: storage.codes.issue(case, "r1", DOCUMENT, DUE)).number
        except CodeRequestedTooSoon:
            return 0

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(ask, range(6))) == [0, 0, 0, 0, 0, 1]


def test_no_code_is_stored(new_store: StoreMaker, table: RawTable) -> None:
    """Neither the code's record nor its notice holds the digits; another process makes them again."""
    store = new_store()
    case = add(store.cases, "C-1")
    number = store.codes.issue(case, "r1", DOCUMENT, DUE).number
    digits = store.codes.code_of(case, "r1", number)
    assert digits is not None
    kept = [item for item in table.items() if item["SK"]["S"].startswith(("CODE#", "NOTICE#"))]
    assert len(kept) == 2
    assert digits not in json.dumps(kept)
    assert new_store().codes.code_of(case, "r1", number) == digits


def test_codes_follow_the_institutions_key(new_store: StoreMaker, table: RawTable) -> None:
    """The same case under another key has other codes: a few of twenty may agree by chance, not all."""

    def made() -> list[str | None]:
        table.empty()
        store = new_store()
        case = add(store.cases, "C-1")
        parties = [f"r{number}" for number in range(20)]
        for party_id in parties:
            store.codes.issue(case, party_id, DOCUMENT, DUE)
        return [store.codes.code_of(case, party_id, 1) for party_id in parties]

    first, second = made(), made()
    assert len(set(first)) > 10
    assert first != second


RFC_4226_APPENDIX_D = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489"


@pytest.mark.parametrize(("number", "digits"), [*enumerate(RFC_4226_APPENDIX_D.split())])
def test_the_digits_are_hotp(number: int, digits: str) -> None:
    """As the vectors of RFC 4226 appendix D have them."""
    assert hotp(b"12345678901234567890", number) == digits


def test_a_code_that_is_good_once_opens_once(storage: Storage) -> None:
    """Replayed, it is as spent as one with too many attempts; its last attempt counts too."""
    case = add(storage.cases, "C-1")
    digits = issued(storage, case)
    for _ in range(4):
        with pytest.raises(CodeNotVerified):
            storage.codes.verify(case, "r1", DOCUMENT, wrong(digits), once=True)
    storage.codes.verify(case, "r1", DOCUMENT, digits, once=True)
    with pytest.raises(CodesExhausted):
        storage.codes.verify(case, "r1", DOCUMENT, digits, once=True)
    assert storage.codes.code_of(case, "r1", 1) is None


def test_of_two_who_have_a_code_one_gets_in(storage: Storage) -> None:
    """At the same time too."""
    case = add(storage.cases, "C-1")
    digits = issued(storage, case)

    def enters(_: int) -> bool:
        try:
            storage.codes.verify(case, "r1", DOCUMENT, digits, once=True)
        except AgreementRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(enters, range(4))) == 1


def test_a_code_on_paper_is_made_once_for_its_document_and_owes_no_message(storage: Storage) -> None:
    """It lasts for two weeks; another document gets another one, a minute later at the earliest."""
    case = add(storage.cases, "C-1")
    digits = storage.codes.on_paper(case, "r1.paper", DOCUMENT)
    assert digits is not None
    assert storage.codes.on_paper(case, "r1.paper", DOCUMENT) == digits
    with pytest.raises(CodeRequestedTooSoon):
        storage.codes.on_paper(case, "r1.paper", ANOTHER)
    storage.clock.advance(days=13)
    storage.codes.verify(case, "r1.paper", DOCUMENT, digits)
    storage.clock.advance(days=1)
    with pytest.raises(CodeExpired):
        storage.codes.verify(case, "r1.paper", DOCUMENT, digits)
    assert storage.codes.on_paper(case, "r1.paper", DOCUMENT) is None
    late = DUE + timedelta(days=400)
    overdue = [due for shard in range(storage.due.shards) for due in storage.due.overdue(shard, late)]
    assert not [due for due in overdue if due.consumer == "notices"]
    assert storage.codes.on_paper(case, "r1.paper", ANOTHER) not in {None, digits}


def test_a_sign_in_code_owes_the_message_it_is_told(storage: Storage) -> None:
    """The notice is the one that the caller makes for the code's number."""
    case = add(storage.cases, "C-1")
    told = notice_of("C-1", 1, "r1", NoticeKind.SIGN_IN_CODE, {"number": "1", "person": "r1"})
    storage.codes.issue(case, "r1.sign_in", DOCUMENT, DUE, told=lambda _: told)
    assert storage.notices.get("C-1", told.notice_id) == told
