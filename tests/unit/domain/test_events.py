"""The chain: any single change of any event shows, and so does a missing, added or moved one."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import ChainBroken
from chalicelib.domain.events import Channel, Event, Link, Stub, verify_chain
from chalicelib.domain.hashing import GENESIS
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import EventType
from tests.support.atlas import atlas
from tests.support.builders import START, instants

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_texts = st.text(min_size=1, max_size=12)
_facts = st.dictionaries(
    _texts, st.none() | st.booleans() | st.integers() | _texts | st.lists(_texts), max_size=4
)


_hex = st.binary(min_size=16, max_size=16).map(bytes.hex)


@st.composite
def chains(draw: st.DrawFn) -> tuple[Event, ...]:
    """Draw a chain of one to six events: of version 1, of version 2, or begun before version 2 came."""
    events: list[Event] = []
    case_id = draw(_texts)
    first_of_version_2 = draw(st.integers(1, 7))
    for sequence in range(1, draw(st.integers(1, 6)) + 1):
        salted = sequence >= first_of_version_2
        event = Event(
            case_id=case_id,
            sequence=sequence,
            type=draw(st.sampled_from(EventType)),
            at=draw(instants),
            role=draw(st.sampled_from(Role)),
            subject=draw(_texts),
            channel=draw(st.sampled_from(Channel)),
            facts=draw(_facts),
            previous=events[-1].hash if events else GENESIS,
            chain_version=2 if salted else 1,
            salt=draw(_hex) if salted else "",
            talk=draw(st.none() | _hex) if salted else None,
        )
        events.append(event.sealed())
    return tuple(events)


def _another(values: Any) -> Callable[[Any], Any]:
    return lambda old: next(value for value in values if value != old)


CHANGES: Final[dict[str, Callable[[Any], Any]]] = {
    "case_id": lambda old: old + "x",
    "sequence": lambda old: old + 1,
    "type": _another(EventType),
    "at": lambda old: old + timedelta(microseconds=1),
    "role": _another(Role),
    "subject": lambda old: old + "x",
    "channel": _another(Channel),
    "facts": lambda old: {**old, "more": True},
    "previous": lambda old: old[:-1] + ("0" if old[-1] != "0" else "1"),
    "chain_version": lambda old: 3 - old,
    "salt": lambda old: old + "00",
    "talk": lambda old: "ab" if old is None else None,
    "hash": lambda old: old[:-1] + ("0" if old[-1] != "0" else "1"),
}


def _detected(events: Sequence[Link], head: str) -> bool:
    """Tell whether the chain or its head gives the change away."""
    try:
        return verify_chain(events) != head
    except ChainBroken:
        return True


def test_the_changes_cover_every_field() -> None:
    """A new field of an event needs its change here."""
    assert set(CHANGES) == {entry.name for entry in fields(Event)}


@given(chains())
def test_a_chain_as_recorded_verifies(events: tuple[Event, ...]) -> None:
    """Its head is the last event's hash."""
    assert verify_chain(events) == events[-1].hash


@pytest.mark.parametrize("name", CHANGES)
@given(events=chains(), data=st.data(), resealed=st.booleans())
def test_any_change_of_any_field_of_any_event_shows(
    name: str, events: tuple[Event, ...], data: st.DataObject, resealed: bool
) -> None:
    """Even if the forger computes the altered event's hash anew, the head differs."""
    index = data.draw(st.integers(0, len(events) - 1))
    forged = replace(events[index], **{name: CHANGES[name](getattr(events[index], name))})
    if resealed and name != "hash":
        forged = _resealed(forged)
    altered = (*events[:index], forged, *events[index + 1 :])
    assert _detected(altered, events[-1].hash)


def _resealed(event: Event) -> Event:
    try:
        return event.sealed()
    except ChainBroken:  # no hash makes a salted event one of version 1
        return event


@given(chains(), st.data())
def test_a_chain_verifies_around_stubs(events: tuple[Event, ...], data: st.DataObject) -> None:
    """Whoever may not see some of the events comes to the same head, and sees a stub's alteration."""
    hidden = data.draw(st.sets(st.integers(0, len(events) - 1), min_size=1))
    links: list[Link] = [event.stub() if at in hidden else event for at, event in enumerate(events)]
    assert verify_chain(links) == events[-1].hash
    at = data.draw(st.sampled_from(sorted(hidden)))
    links[at] = replace(events[at].stub(), hash="0" * 63 + "1")
    assert _detected(links, events[-1].hash)


def test_a_stub_says_nothing_but_its_place() -> None:
    """Sequence and two hashes: neither what happened, nor when, nor who did it."""
    event = _event(1, GENESIS)
    assert event.stub() == Stub(sequence=1, previous=GENESIS, hash=event.hash)
    assert {entry.name for entry in fields(Stub)} == {"sequence", "previous", "hash"}


def test_a_salted_event_can_not_be_found_by_trying() -> None:
    """Two events that say the same have different hashes, each by its own salt."""
    said = replace(_event(1, GENESIS), chain_version=2)
    assert replace(said, salt="00" * 16).digest() != replace(said, salt="01" * 16).digest()


def test_hashes_of_both_chain_versions_are_fixed() -> None:
    """An event of each version has the hash that was written down here when the version was made."""
    old = _event(1, GENESIS)
    assert old.hash == "dac18cf91d4c575176fc4fd8be42fc1bf3083bca03b7c6878ac2ab3ba9aec91c"
    new = replace(old, chain_version=2, salt="00" * 16, talk="ab" * 32)
    assert new.digest() == "92f6cecb85f1fe7ef1b9ceb6433447e6ccd67d52d99978093680bade7ad0f383"


def test_a_chain_version_of_a_later_release_is_named() -> None:
    """It is not called altered: an older release can't tell."""
    with pytest.raises(ChainBroken, match="chain version 3 is not known"):
        replace(_event(1, GENESIS), chain_version=3).digest()


@given(chains(), st.data())
def test_removing_adding_or_moving_an_event_shows(events: tuple[Event, ...], data: st.DataObject) -> None:
    """Against the head that the case keeps, a cut-off end shows too."""
    index = data.draw(st.integers(0, len(events) - 1))
    head = events[-1].hash
    assert _detected((*events[:index], *events[index + 1 :]), head)
    assert _detected((*events[:index], events[index], *events[index:]), head)
    other = data.draw(st.integers(0, len(events) - 1))
    if other != index:
        moved = list(events)
        moved[index], moved[other] = moved[other], moved[index]
        assert _detected(tuple(moved), head)


def test_the_first_event_that_does_not_fit_is_named() -> None:
    """An auditor is told where to look, and why."""
    step = next(step for step in atlas().steps if step.change.event.sequence == 2)
    second = step.change.event
    with pytest.raises(ChainBroken, match="event 2: expected event 1") as broken:
        verify_chain([second])
    assert broken.value.sequence == 2


def test_two_cases_do_not_make_one_chain() -> None:
    """An event of another case does not continue this one, even if its hashes fit."""
    first = _event(1, GENESIS)
    second = replace(_event(2, first.hash), case_id="C-2").sealed()
    with pytest.raises(ChainBroken, match="another case"):
        verify_chain([first, second])


def test_every_reason_is_told() -> None:
    """A foreign predecessor and an altered content are told apart."""
    first = _event(1, GENESIS)
    with pytest.raises(ChainBroken, match="does not follow"):
        verify_chain([first, _event(2, GENESIS)])
    with pytest.raises(ChainBroken, match="altered"):
        verify_chain([replace(first, subject="somebody else")])


def test_a_case_without_events_has_no_head() -> None:
    """The head of nothing is where every chain begins."""
    assert verify_chain([]) == GENESIS


def test_the_hash_survives_storage_as_json() -> None:
    """What a store makes of facts (tuples become lists, enums become strings) leaves the hash as it is."""
    event = replace(_event(1, GENESIS), facts={"type": EventType.CASE_FILED, "ids": ("a", "b"), "n": None})
    stored = replace(event, facts=json.loads(json.dumps(dict(event.facts))))
    assert event.digest() == stored.digest()


def test_every_event_the_domain_writes_is_json_of_codes() -> None:
    """Facts hold strings, numbers, booleans, None and lists of strings: no type of ours needs a decoder."""
    for step in atlas().steps:
        for value in step.change.event.facts.values():
            plain = [value] if not isinstance(value, list) else value
            assert all(entry is None or isinstance(entry, str | int | bool) for entry in plain)


def _event(sequence: int, previous: str) -> Event:
    return Event(
        case_id="C-1",
        sequence=sequence,
        type=EventType.CASE_SCREENED,
        at=START,
        role=Role.SYSTEM,
        subject="hub",
        channel=Channel.ONLINE,
        facts={},
        previous=previous,
    ).sealed()
