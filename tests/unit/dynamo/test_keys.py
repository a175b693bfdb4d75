"""Two different things never share a key, and text order is time order."""

from collections import Counter
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.records import (
    LAST_SEQUENCE,
    EventRecord,
    IdempotencyRecord,
    OpenClaimRecord,
    PolicyRecord,
    Record,
)
from tests.unit.dynamo.strategies import INSTANTS

PART = st.text(st.sampled_from("ab#%23"), max_size=5)
TRIPLE = st.tuples(PART, PART, PART)


def _same_key(
    kind: type[Record], names: tuple[str, ...], one: tuple[str, ...], other: tuple[str, ...]
) -> bool:
    first, second = (kind.place(**dict(zip(names, ids, strict=True))) for ids in (one, other))
    return first == second


@given(TRIPLE, TRIPLE)
@example(("a#", "b", ""), ("a", "#b", ""))
@example(("a#", "b", ""), ("a%23", "b", ""))
def test_two_claims_have_two_keys(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    """However separators and escapes are mixed into contract numbers."""
    names = ("institution_id", "contract_number", "instalment_scope")
    assert _same_key(OpenClaimRecord, names, one, other) == (one == other)


@given(st.tuples(PART, PART), st.tuples(PART, PART))
@example(("a#", "b"), ("a", "#b"))
@example(("a#", "b"), ("a%23", "b"))
def test_two_callers_keys_are_two(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Nobody can make an idempotency key that reads as another caller's."""
    assert _same_key(IdempotencyRecord, ("caller", "key"), one, other) == (one == other)


@pytest.mark.parametrize(
    ("place", "key"),
    [
        (
            OpenClaimRecord.place(institution_id="b#1", contract_number="L%1#2", instalment_scope="#"),
            ("OPEN#b%231#L%251%232#%23", "OPEN"),
        ),
        (IdempotencyRecord.place(caller="c#", key="%k"), ("IDEM#c%23#%25k", "IDEM")),
        (PolicyRecord.place(institution_id="b#1%", version=2), ("POLICY#b%231%25", "V#00000002")),
    ],
)
def test_free_text_is_stored_in_keys_like_this(place: tuple[str, str], key: tuple[str, str]) -> None:
    """What is stored is found under these keys for ever."""
    assert place == key


@given(PART, PART, st.integers(1, 99_999_998))
def test_two_institutions_policies_are_two(one: str, other: str, version: int) -> None:
    """Whatever ids they have; and an institution's versions stand in their order."""
    first = PolicyRecord.place(institution_id=one, version=version)
    assert (first == PolicyRecord.place(institution_id=other, version=version)) == (one == other)
    assert first < PolicyRecord.place(institution_id=one, version=version + 1)


@given(INSTANTS, INSTANTS)
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    """In whatever offset an instant was written."""
    assert (keys.sortable(one) < keys.sortable(other)) == (one < other)
    assert (keys.filed_key(one, "z") < keys.filed_key(other, "a")) == (one < other)


@given(st.integers(1, 99_999_998))
def test_events_are_in_order(sequence: int) -> None:
    """The ninth comes before the tenth."""
    numbers = (sequence, sequence + 1, LAST_SEQUENCE)
    places = [EventRecord.place(case_id="C-1", sequence=number) for number in numbers]
    assert places[0] < places[1] <= places[2]


def test_shards_are_used_evenly() -> None:
    """No shard gets a fifth more than its share of the load."""
    names = [f"{number:032x}" for number in range(4000)]
    courts = Counter(keys.court_list("court-jc", name) for name in names)
    assert courts.keys() == set(keys.court_lists("court-jc"))
    assert max(courts.values()) < 1200
    due = Counter(map(keys.due_shard, names))
    assert due.keys() == {"0", "1", "2", "3", "4", "5", "6", "7"}
    assert max(due.values()) < 600


def test_a_shard_never_changes() -> None:
    """The function is part of the stored data: for the same number of shards these values must stay."""
    names = ("C-1", "C-2", "C-3", "C-4")
    assert [keys.court_list("c", name) for name in names] == ["c#2", "c#0", "c#2", "c#1"]
    assert [keys.due_shard(name) for name in names] == ["6", "4", "2", "1"]
