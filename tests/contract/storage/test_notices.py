"""Messages owed to parties are stored with what caused them, and each ends once and stays ended."""

from datetime import timedelta

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.commands import Screen, Withdraw
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.notices import NoticeKind, PartyNotice, notice_of
from chalicelib.domain.roles import SYSTEM
from chalicelib.use_cases.records import Due
from tests.contract.storage.conftest import Storage
from tests.contract.storage.steps import DUE, LATER, act, add, context, put_off
from tests.support.fakes import samples

VALUES = {
    NoticeKind.SIGNING_CODE: {"number": "3"},
    NoticeKind.PAYMENT_DUE: {"line": "1", "due_on": "2026-06-20", "amount": "1250.00"},
    NoticeKind.PAYMENT_LATE: {"line": "12", "due_on": "2026-06-20", "amount": "0.01"},
    NoticeKind.DEFAULT_DECLARED: {"line": "2", "remaining": "107330.56"},
    NoticeKind.CONFIRMATION_WINDOW: {"closes_on": "2026-05-08"},
    NoticeKind.ACT_RECORDED: {"act": "accept_offer"},
}


def notice(kind: NoticeKind = NoticeKind.PAYMENT_DUE, party_id: str = "r1") -> PartyNotice:
    """Make what event 2 of case C-1 owes a party."""
    return notice_of("C-1", 2, party_id, kind, VALUES[kind])


def owing(storage: Storage, *notices: PartyNotice) -> None:
    """File case C-1 and make its second event owe messages."""
    change = lifecycle.apply(add(storage.cases, "C-1"), Screen(), context(SYSTEM))
    storage.cases.save(change.with_records(*notices), DUE)


def owed(storage: Storage, at: timedelta = timedelta(days=1)) -> list[Due]:
    """Return the overdue notices of all shards."""
    every = [due for shard in range(storage.due.shards) for due in storage.due.overdue(shard, DUE + at)]
    return [due for due in every if due.consumer == "notices"]


def due(entry: PartyNotice) -> Due:
    """Return how the due index knows a notice."""
    return Due(consumer="notices", ids=(entry.case_id, entry.notice_id))


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_is_read_back_as_it_was(storage: Storage, kind: NoticeKind) -> None:
    """Every kind, with its values."""
    owing(storage, notice(kind))
    assert storage.notices.get("C-1", notice(kind).notice_id) == notice(kind)


def test_a_change_owes_each_party_its_own(storage: Storage) -> None:
    """Several messages of one event are all due, each of its own."""
    mine, other = notice(party_id="r1"), notice(party_id="r2")
    owing(storage, mine, other)
    assert sorted(entry.ids[1] for entry in owed(storage)) == [mine.notice_id, other.notice_id]
    storage.notices.delivered("C-1", mine.notice_id)
    assert owed(storage) == [due(other)]
    assert storage.notices.get("C-1", other.notice_id) == other


def test_a_notice_is_owed_until_it_is_delivered(storage: Storage) -> None:
    """Delivering it twice is fine; postponing it afterwards does not bring it back."""
    owing(storage, notice())
    notice_id = notice().notice_id
    put_off(storage.due, due(notice()), DUE + timedelta(days=2))
    assert owed(storage) == []
    assert owed(storage, timedelta(days=3)) == [due(notice())]
    storage.notices.delivered("C-1", notice_id)
    storage.notices.delivered("C-1", notice_id)
    put_off(storage.due, due(notice()), LATER)
    assert storage.notices.get("C-1", notice_id) is None
    assert owed(storage, timedelta(days=3)) == []


def test_an_unknown_notice_is_not_owed(storage: Storage) -> None:
    """Neither delivering nor postponing makes one."""
    storage.notices.delivered("C-1", "C-1-N1-r1-payment_due")
    put_off(storage.due, Due(consumer="notices", ids=("C-1", "C-1-N1-r1-payment_due")), LATER)
    assert storage.notices.get("C-1", "C-1-N1-r1-payment_due") is None
    assert owed(storage) == []


def test_a_change_that_is_not_stored_owes_nothing(storage: Storage) -> None:
    """A notice belongs to its event's transaction."""
    case = add(storage.cases, "C-1")
    act(storage.cases, case, Screen())
    stale = lifecycle.apply(case, Withdraw(), context(samples.INSTITUTION))
    with pytest.raises(StaleVersion):
        storage.cases.save(stale.with_records(notice()), DUE)
    assert storage.notices.get("C-1", notice().notice_id) is None
    assert owed(storage) == []
