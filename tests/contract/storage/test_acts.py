"""A change is known again by the very act that asked for it, on every storage."""

from dataclasses import replace

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.commands import Screen, Withdraw
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.events import verify_chain
from chalicelib.domain.stages import EventType
from tests.contract.storage.conftest import Storage, StoreMaker
from tests.contract.storage.steps import DUE, add, context
from tests.support.fakes import samples

ACT = b'{"phone":"13800001234"}'


def test_a_stored_act_is_known_and_no_other(storage: Storage) -> None:
    """Neither another act on the case nor the same act on another case."""
    case, other = add(storage.cases, "C-1"), add(storage.cases, "C-2")
    assert not storage.cases.carried_out(case, ACT)
    change = lifecycle.apply(case, Screen(), context(samples.CENTRE))
    stored = storage.cases.save(replace(change, act=ACT), DUE)
    assert storage.cases.carried_out(stored, ACT)
    assert not storage.cases.carried_out(stored, ACT + b" ")
    assert not storage.cases.carried_out(other, ACT)


def test_an_act_that_was_refused_is_not_known(storage: Storage) -> None:
    """What lost against another act left nothing behind."""
    case = add(storage.cases, "C-1")
    storage.cases.save(lifecycle.apply(case, Screen(), context(samples.CENTRE)), DUE)
    late = lifecycle.apply(case, Withdraw(), context(samples.INSTITUTION))
    with pytest.raises(StaleVersion):
        storage.cases.save(replace(late, act=ACT), DUE)
    assert not storage.cases.carried_out(case, ACT)


def test_an_act_is_known_behind_what_was_recorded_meanwhile(storage: Storage) -> None:
    """Its event moves, and what it is known by goes with it; the chain verifies without it."""
    case = add(storage.cases, "C-1")
    change = lifecycle.apply(case, Screen(), context(samples.CENTRE))
    fact = lifecycle.record(case, EventType("evidence_added"), {}, context(samples.CENTRE))
    storage.cases.save(fact, DUE)
    stored = storage.cases.save(replace(change, act=ACT), DUE)
    assert stored.sequence == 3
    assert storage.cases.carried_out(stored, ACT)
    assert verify_chain(storage.cases.events("C-1", 0, 10)) == stored.last_event_hash


def test_nothing_of_an_act_is_stored_in_the_clear(new_store: StoreMaker) -> None:
    """Only a hash under the institution's key."""
    store = new_store()
    case = add(store.cases, "C-1")
    change = lifecycle.apply(case, Screen(), context(samples.CENTRE))
    store.cases.save(replace(change, act=ACT), DUE)
    assert "13800001234" not in repr(replace(change, act=ACT))
    items = store.table.items("CASE#C-1", "EVENT#")
    mark = items["EVENT#00000002"]["act"]["S"]
    assert (len(mark), "act" in items["EVENT#00000001"]) == (64, False)
    assert "13800001234" not in repr(items)
